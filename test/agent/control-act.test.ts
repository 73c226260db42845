/** Acts over a real socket: the way of the command line, open to the agent's user alone. */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ActDesk } from "../../agent/acts/desk.ts";
import { askAgent, serveControl } from "../../agent/control.ts";
import { incident, shop } from "./acts/shop.ts";

let folder: string;
let server: Server | null = null;
const path = (): string => join(folder, "agent.sock");

async function serve(acts?: ActDesk): Promise<void> {
  const nobody = () => Promise.reject(new Error("not asked"));
  const desk = { picture: () => ({ at: "", assets: [] }), read: nobody, identify: nobody };
  server = await serveControl(path(), { status: async () => ({}), desk, ...(acts && { acts }) });
}

const ask = (document: unknown): Promise<unknown> =>
  askAgent(path(), { ask: "act", document }, 2_000);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "control-"));
});
afterEach(async () => {
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  server = null;
  rmSync(folder, { recursive: true });
});

test("an act goes in, its answer comes back, once", async () => {
  const { desk, submitted } = shop();
  await serve(desk);
  const document = { id: "a-1", act: "respond", asset: "press-01", by: "Jo" };
  expect(await ask(document)).toMatchObject({
    id: "a-1",
    answer: "accepted",
    incident: "i-4",
  });
  expect(await ask(document)).toMatchObject({ id: "a-1", answer: "already-done" });
  expect(submitted).toEqual([expect.objectContaining({ via: "cli", act: "respond", by: "Jo" })]);
});

test("a refusal is an answer, not an error", async () => {
  await serve(shop().desk);
  expect(await ask({ act: "respond", asset: "press-9", by: "Jo" })).toMatchObject({
    answer: "refused",
    what: "there is no asset press-9",
  });
  expect(await ask(null)).toMatchObject({ answer: "refused" });
});

test("incidents are listed", async () => {
  await serve(shop().desk);
  expect(await askAgent(path(), { ask: "incidents" }, 2_000)).toEqual({ incidents: [incident()] });
});

test("an agent without a desk says so", async () => {
  await serve();
  await expect(ask({})).rejects.toMatchObject({ code: "USAGE_INVALID" });
});

test("the socket is the owner's alone", async () => {
  await serve(shop().desk);
  expect(statSync(path()).mode & 0o777).toBe(0o600);
});

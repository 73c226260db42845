/** Asking a running agent: who may not ask hears that, and not that no agent runs. */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { askStatus } from "../../agent/control.ts";

const NOBODY = 65_534;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "control-"));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

/** Root passes every door: for the time of the call it is somebody else. */
function asOther<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

test("a socket that is not there is no agent", async () => {
  expect(await askStatus(join(folder, "agent.sock"), 2000)).toBeNull();
});

test("a socket behind a closed door is refused, not taken for absent", async () => {
  chmodSync(folder, 0o000);
  const asked = asOther(() => askStatus(join(folder, "agent.sock"), 2000));
  await expect(asked).rejects.toMatchObject({ code: "AGENT_DENIED" });
});

test("an agent that is there and silent is not taken for absent", async () => {
  const path = join(folder, "agent.sock");
  const server = createServer(() => {});
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await expect(askStatus(path, 50)).rejects.toMatchObject({ code: "AGENT_LATE" });
  } finally {
    server.close();
  }
});

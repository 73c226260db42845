/** A month under contract, by hand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { replayCommand } from "../../../agent/cli/replay.ts";
import { verifyCommand } from "../../../agent/cli/verify.ts";
import { PLANT } from "./plant.ts";
import { END, recordedMonth } from "./record.ts";

const folder = "/tmp/monthdir";
const file = (name: string): string => join(folder, name);
let seconds = 0;

beforeAll(async () => {
  writeFileSync(file("plant.yaml"), PLANT);
  writeFileSync(file("input.ndjson"), `${recordedMonth().join("\n")}\n`);
  const begun = process.cpuUsage();
  await replayCommand({
    config: file("plant.yaml"),
    input: file("input.ndjson"),
    until: new Date(END).toISOString(),
    out: file("out.ndjson"),
  });
  const replayed = process.cpuUsage(begun);
  console.log("replay", (replayed.user + replayed.system) / 1e6);
  await verifyCommand([file("out.ndjson")], { config: file("plant.yaml") } as never);
  const { user, system } = process.cpuUsage(begun);
  seconds = (user + system) / 1e6;
  console.log("both", seconds);
}, 100_000);
test("x", () => {
  const out = readFileSync(file("out.ndjson"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const finals = out.filter(
    (r) => r.payload.schema === "uptime.contract/1" && r.payload.contract.final,
  );
  console.log(
    out.length,
    JSON.stringify(
      finals.map((f) => f.payload),
      null,
      1,
    ),
  );
  writeFileSync("/tmp/month-out.ndjson", readFileSync(file("out.ndjson")));
});

/** What a visitor runs first: `demo` and `simulate`, as they ship, without a terminal. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { cli, endProcesses } from "../support/cli.ts";
import { onceEach, type Payload, sequenceFaults, violations } from "../support/records.ts";

const folders: string[] = [];
afterEach(async () => {
  await endProcesses();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const linesOf = <T>(text: string): T[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);

describe("without a terminal", () => {
  test("demo plays a shift, prints sound records and sums it up", { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await cli(["demo", "--duration", "1h"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("every hour closed, by machine:")]);
    const lines = linesOf<{ topic: string; payload: Payload }>(stdout);
    const payloads = lines.map(({ payload }) => payload);
    expect(violations(payloads)).toEqual([]);
    expect(sequenceFaults(onceEach(payloads))).toEqual({ missing: [], shared: [] });
    expect(lines.every(({ topic }) => topic.startsWith("uptime1/acme/ulm/"))).toBe(true);
    const windows = payloads.filter(({ schema }) => schema === "uptime.window/1");
    const finals = windows.filter(({ window }) => (window as { final: boolean }).final);
    expect(new Set(finals.map(({ asset }) => asset)).size).toBe(4);
    for (const machine of ["press-01", "pack-01", "cnc-01", "comp-01"])
      expect(stderr).toMatch(new RegExp(`^${machine} .*%$`, "m"));
    expect(stderr).not.toMatch(/"level":"(warn|error)"/);
  });

  test("demo refuses options it does not know", async () => {
    const { code, stdout, stderr } = await cli(["demo", "--durration", "1h"]);
    expect([code, stdout]).toEqual([64, ""]);
    expect(stderr).toContain("--durration");
  });

  test("simulate ends after its duration and writes the truth", async () => {
    const folder = mkdtempSync(join(tmpdir(), "uptime-simulate-"));
    folders.push(folder);
    const file = join(folder, "truth.ndjson");
    const args = ["--port", "0", "--speed", "36000", "--duration", "2h", "--truth", file];
    const { code, stderr } = await cli(["simulate", "--scenario", "demo", ...args]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("serving demo")]);
    const truth = linesOf<{ asset: string; from: string; to: string }>(readFileSync(file, "utf8"));
    expect(new Set(truth.map(({ asset }) => asset)).size).toBe(4);
    expect(truth[0]?.from).toBe("2026-11-23T05:00:00.000Z");
    expect(Date.parse(truth.at(-1)?.to ?? "")).toBeGreaterThanOrEqual(
      Date.parse("2026-11-23T07:00:00Z"),
    );
  });
});

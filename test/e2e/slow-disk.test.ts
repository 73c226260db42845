/** A memory card that takes 300 ms for every sync: no poll notices, nothing becomes silent, everything is kept. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readRaw } from "../../agent/store/raw-reader.ts";
import { cli, endProcesses, said, startCli } from "../support/cli.ts";
import { newSite, type Site } from "../support/site.ts";
import { startToggling, type Toggling } from "../support/toggling.ts";

const POLL = 200;
const RUN = 4_000;
const hasCompiler = spawnSync("cc", ["--version"]).status === 0;
if (!hasCompiler) {
  if (process.env["UPTIME_PEERS"] === "required") throw new Error("cc is required, but missing");
  console.warn("skipped, not installed: cc (UPTIME_PEERS=required fails instead)");
}

let folder = "";
let plant: Toggling;
let site: Site;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "uptime-slow-disk-"));
  plant = await startToggling(350);
  site = newSite({ modbus: plant.port, poll: `${POLL}ms` });
});
afterEach(endProcesses);
afterAll(async () => {
  await plant.close();
  site.remove();
  rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(!hasCompiler)("every sync takes 300 ms longer", () => {
  test("polls go on in time and all of them are kept", { timeout: 40_000 }, async () => {
    const library = join(folder, "slow-disk.so");
    const source = join(import.meta.dirname, "fixtures/slow-disk.c");
    const made = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]);
    expect([made.status, String(made.stderr)]).toEqual([0, ""]);

    const log = join(folder, "syncs");
    const env = { LD_PRELOAD: library, SLOW_DISK_LOG: log };
    const agent = startCli(["run", "-c", site.config], env);
    await said(agent, '"polling"');
    const began = Date.now();
    await new Promise((resolve) => setTimeout(resolve, RUN));
    const status = await site.status();
    const polled = Date.now() - began;
    agent.child.kill("SIGTERM");
    expect(await agent.exit).toEqual({ code: 0, signal: null });
    const syncs = statSync(log).size;
    expect(syncs).toBeGreaterThan(10);

    expect(status?.local.poller.missed).toBe(0);
    expect(agent.stderr()).not.toMatch(/"level":"error"|stood still/);
    const expected = Math.floor(polled / POLL) - 2;
    for (const asset of ["press-01", "pack-01"]) {
      const cycles = [...readRaw(site.raw)].filter(
        (input) => input.kind === "cycle" && input.asset === asset,
      );
      expect(cycles.length).toBeGreaterThanOrEqual(expected);
      expect(cycles.filter((input) => input.kind === "cycle" && input.failure !== null)).toEqual(
        [],
      );
    }
    const { stdout } = await cli(["replay", "--raw", site.raw]);
    const causes = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).payload.state?.cause ?? null);
    // The only unknown time is that after the stop.
    expect(new Set(causes)).toEqual(new Set([null, "agent-stopped"]));
    expect(causes.filter((cause) => cause !== null)).toHaveLength(2);
  });
});

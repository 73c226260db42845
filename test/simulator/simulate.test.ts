import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { simulate } from "../../simulator/simulate.ts";
import { wire } from "./wire.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "simulate-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts it; `ended` gives the exit code and everything it said. */
function run(...args: string[]) {
  const stop = new AbortController();
  let [stdout, stderr] = ["", ""];
  let writeTruth = (): void => {};
  const code = simulate(args, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    stop: stop.signal,
    onTruthRequest: (write) => {
      writeTruth = write;
    },
  });
  return {
    stop: () => stop.abort(),
    writeTruth: () => writeTruth(),
    said: () => ({ stdout, stderr }),
    ended: async () => ({ code: await code, stdout, stderr }),
  };
}

const linesOf = (file: string) =>
  readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

describe("simulate", () => {
  test("serves until told to stop, and answers on the wire", async () => {
    const running = run("--scenario", "shift", "--port", "0", "--json");
    await expect.poll(() => running.said().stdout).toContain("serving");
    const served = JSON.parse(running.said().stdout);
    expect(served).toMatchObject({ event: "serving", scenario: "shift", host: "127.0.0.1" });
    expect(served.units).toContainEqual({ unit: 1, asset: "press-01", kind: "press" });
    const client = await wire(served.port);
    expect(await client.ask("0001 0000 0006 01 03 0000 0001", 11)).toMatch(/^00010000000501030200/);
    client.socket.destroy();
    running.stop();
    const { code, stdout } = await running.ended();
    expect(code).toBe(0);
    expect(JSON.parse(stdout.trim().split("\n")[1] ?? "")).toMatchObject({
      event: "ended",
      requests: 1,
      refused: 0,
    });
  });

  test("writes the truth per hour and machine for the duration it ran", async () => {
    const truth = join(folder, "truth.ndjson");
    const args = ["--port", "0", "--speed", "100000", "--duration", "2.5h", "--truth", truth];
    const { code, stdout, stderr } = await run("--scenario", "fault", ...args).ended();
    expect([code, stdout]).toEqual([0, ""]);
    expect(stderr).toContain("serving fault at modbus-tcp 127.0.0.1:");
    const lines = linesOf(truth);
    expect(lines.slice(0, 4).map(({ asset, from, to }) => [asset, from, to])).toEqual([
      ["press-01", "2026-11-23T05:00:00.000Z", "2026-11-23T06:00:00.000Z"],
      ["pack-01", "2026-11-23T05:00:00.000Z", "2026-11-23T06:00:00.000Z"],
      ["press-01", "2026-11-23T06:00:00.000Z", "2026-11-23T07:00:00.000Z"],
      ["pack-01", "2026-11-23T06:00:00.000Z", "2026-11-23T07:00:00.000Z"],
    ]);
    for (const { from, to, conditionMs, counts, recipes, runs } of lines) {
      const length = Date.parse(to) - Date.parse(from);
      const values = Object.values<number>(conditionMs);
      expect(values.reduce((sum, ms) => sum + ms, 0)).toBe(length);
      const perRecipe = Object.values<{ total: number }>(recipes);
      expect(perRecipe.reduce((sum, { total }) => sum + total, 0)).toBe(counts.total);
      expect([runs[0].from, runs.at(-1).to]).toEqual([from, to]);
    }
    expect(lines[2].conditionMs.fault).toBeGreaterThanOrEqual(42 * 60_000);
  });

  test("the seed decides, and nothing else", async () => {
    const truthOf = async (name: string, seed: string) => {
      const truth = join(folder, name);
      const args = ["--port", "0", "--speed", "100000", "--duration", "1.5h", "--seed", seed];
      await run(...args, "--truth", truth).ended();
      return linesOf(truth).slice(0, 4);
    };
    const first = await truthOf("a", "5");
    expect(await truthOf("b", "5")).toEqual(first);
    expect(await truthOf("c", "6")).not.toEqual(first);
  });

  test("writes the truth on request while it runs", async () => {
    const truth = join(folder, "truth.ndjson");
    const running = run("--port", "0", "--truth", truth);
    await expect.poll(() => running.said().stderr).toContain("serving demo");
    running.writeTruth();
    expect(linesOf(truth)).toHaveLength(4);
    running.stop();
    expect((await running.ended()).code).toBe(0);
  });

  test.each([
    [["--speed", "fast"], 64, /--speed must be an integer/],
    [["--port", "70000"], 64, /--port must be an integer/],
    [["--duration", "2 weeks"], 64, /--duration must be a duration/],
    [["--prot", "1"], 64, /Unknown option '--prot'/],
    [["--scenario", "no-such"], 78, /cannot read scenario/],
  ])("%s ends with %i and says why", async (args, code, message) => {
    const ended = await run(...args).ended();
    expect(ended.code).toBe(code);
    expect(ended.stderr).toMatch(message);
  });

  test("a mistake in a scenario file is named by line", async () => {
    const file = join(folder, "mine.yaml");
    writeFileSync(file, "version: 1\nname: mine\n");
    const ended = await run("--scenario", file).ended();
    expect(ended.code).toBe(78);
    expect(ended.stderr).toMatch(/mine\.yaml:1:1 .*start.* is missing/);
  });

  test("a port that is taken and a truth that cannot be written are named", async () => {
    const running = run("--port", "0", "--json");
    await expect.poll(() => running.said().stdout).toContain("serving");
    const { port } = JSON.parse(running.said().stdout);
    const second = await run("--port", String(port)).ended();
    expect(second).toMatchObject({ code: 73, stderr: expect.stringMatching(/EADDRINUSE.*--port/) });
    running.stop();
    await running.ended();
    const args = ["--port", "0", "--speed", "100000", "--duration", "1s"];
    const unwritten = await run(...args, "--truth", join(folder, "no", "file")).ended();
    expect(unwritten).toMatchObject({ code: 74, stderr: expect.stringMatching(/cannot write/) });
  });

  test("help is data", async () => {
    const { code, stdout } = await run("--help").ended();
    expect([code, stdout]).toEqual([0, expect.stringContaining("Example: uptime-agent simulate")]);
  });
});

/** `accept` as a process at a machine over Modbus TCP that a test stops, runs, counts and cuts as it is asked. */
import { spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openReader } from "../../agent/store/read.ts";
import type { ModbusServer } from "../../simulator/modbus.ts";
import { deviceOf, serveUnits } from "../agent/commission/device.ts";
import { cli, endProcesses, type Running, said, startCli } from "../support/cli.ts";

const folder = mkdtempSync(join(tmpdir(), "accept-"));
const config = join(folder, "plant.yaml");
const shelf = join(folder, "data", "acceptance");
const pipe = join(folder, "answers");
/** status, total, good: the machine's own memory. */
const holding = [6, 100, 90];
let server: ModbusServer;
let answers: number;

const text = (port: number): string => `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
mqtt: { url: "mqtt://127.0.0.1:1" }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, port: ${port}, timeout: 1s }
assets:
  press-01:
    area: press
    line: l1
    sources:
      main: { connection: plc, unit: 1, poll: 50ms, holdLast: 10, guard: { canary: [{ read: { table: holding, address: 3, type: uint16 }, equals: 77 }] } }
    points:
      status: { table: holding, address: 0, type: uint16 }
      total: { table: holding, address: 1, type: uint16, counter: { maxRate: 1000/s } }
      good: { table: holding, address: 2, type: uint16, counter: { maxRate: 1000/s } }
    condition:
      - { is: fault, when: { point: status, in: [8, 9] } }
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: idle }
    counts: { total: total, good: good }
    idealCycle: 1s
`;

beforeAll(async () => {
  holding[3] = 77;
  server = await serveUnits(new Map([[1, deviceOf({ holding })]]));
  writeFileSync(config, text(server.port));
  spawnSync("mkfifo", [pipe]);
});
beforeEach(() => {
  // Both ends, so that neither waits for the other.
  answers = openSync(pipe, "r+");
});
afterEach(async () => {
  closeSync(answers);
  await endProcesses();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const accept = (...args: string[]): Running =>
  startCli(["accept", "-c", config, "--yes-from", "-", ...args], {}, answers);

/** Waits for the question, does what it asks for, answers. */
async function answer(run: Running, asked: string, act: () => unknown, line = ""): Promise<void> {
  await said(run, asked);
  await act();
  writeSync(answers, `${line}\n`);
}

const set =
  (status: number, pieces = 0) =>
  (): void => {
    holding[0] = status;
    holding[1] = (holding[1] ?? 0) + pieces;
    holding[2] = (holding[2] ?? 0) + pieces;
  };

async function commission(run: Running, made: number): Promise<void> {
  await answer(run, "stop: Stop", set(2));
  await answer(run, "run: Start", set(6));
  await answer(run, "count: Stop", set(2));
  await answer(run, "count: Make exactly 10", set(2, made), "10");
  await answer(run, "cable: Pull the cable of plc", () => server.listen(false));
  await answer(run, "recovery: Plug plc in", () => server.listen(true));
}

const shelved = (): string[] => (existsSync(shelf) ? readdirSync(shelf) : []);

test("a run without an agent ends in a record that verify accepts, and refuses when it was changed", async () => {
  const out = join(folder, "press.json");
  const run = accept("--by", "E. Ruiz", "--customer", "M. Vogt", "--out", out);
  await commission(run, 10);
  const { code } = await run.exit;
  expect(run.stdout()).toMatch(/press-01: passed; 6 passed\n$/);
  expect(code).toBe(0);
  const [name = ""] = shelved();
  const file = join(shelf, name);
  expect(readFileSync(file, "utf8")).toBe(readFileSync(out, "utf8"));
  const record = JSON.parse(readFileSync(file, "utf8"));
  expect(record).toMatchObject({ by: "E. Ruiz", customer: "M. Vogt", through: "own" });
  const [identity, stop, , count, cable] = record.steps;
  expect(identity.seen).toBe("plc/1: Acme X1 1.2, as the guard expects");
  expect(stop.figures.edgeUncertaintyMs).toBeGreaterThan(0);
  expect(count.figures).toMatchObject({ totalPieces: 10, goodPieces: 10, totalEntered: 10 });
  expect(cable.figures.lastGoodCycle).toBe(cable.figures.unknownSince);

  const sound = await cli(["verify", file]);
  expect([sound.code, sound.stderr]).toEqual([0, ""]);
  expect(sound.stdout).toContain("acceptance: ok");
  for (const [from, to] of [
    ['"M. Vogt"', '"M. Voigt"'],
    ['"result": "pass"', '"result": "skipped"'],
    ['"address": 1', '"address": 2'],
  ]) {
    writeFileSync(out, readFileSync(file, "utf8").replace(from ?? "", to ?? ""));
    const changed = await cli(["verify", out]);
    expect(changed.stdout).toContain("hash: its hash is not that of its content");
    expect(changed.code).toBe(1);
  }
  const shown = await cli(["accept", "-c", config, "--show"]);
  expect(shown.stdout).toMatch(
    /press-01: passed; 6 passed {2}by E. Ruiz for M. Vogt {2}register map as today/,
  );
}, 60_000);

test("a changed register map asks for another run, a changed poll does not", async () => {
  const other = join(folder, "other.yaml");
  writeFileSync(other, text(server.port).replace("poll: 50ms", "poll: 100ms"));
  expect((await cli(["check", "-c", other])).stderr).not.toContain("acceptance");
  writeFileSync(other, text(server.port).replace("address: 2,", "address: 1,"));
  const { code, stderr } = await cli(["check", "-c", other]);
  expect(stderr).toMatch(
    /press-01: the register map changed since the acceptance of .* \[warning\]/,
  );
  expect(code).toBe(0);
  const doctor = await cli(["doctor", "-c", other, "--json"]);
  const findings = JSON.parse(doctor.stdout).findings as { about: string; ok: boolean }[];
  expect(findings.find(({ about }) => about === "acceptance")?.ok).toBe(false);
});

describe("what ends without a record", () => {
  let before: string[];
  beforeEach(() => {
    before = shelved();
    set(6)();
  });
  afterEach(() => expect(shelved()).toEqual(before));

  test("an interrupted run; 130", async () => {
    const run = accept();
    await answer(run, "stop: Stop", set(2));
    await said(run, "run: Start");
    run.child.kill("SIGINT");
    expect((await run.exit).code).toBe(130);
    expect(run.stderr()).toContain("interrupted: nothing was stored");
  });

  test("a run that takes too long; 75", async () => {
    const run = accept("--timeout", "1s");
    expect((await run.exit).code).toBe(75);
  });

  test("no terminal and no answers; 64", async () => {
    const { code, stderr } = await cli(["accept", "-c", config]);
    expect(stderr).toContain("--yes-from");
    expect(code).toBe(64);
  });

  test("answers that end too early; 64", async () => {
    const script = join(folder, "short.txt");
    writeFileSync(script, "# stands already\nwait 10ms\nskip it is hot\n");
    const { code, stderr } = await cli(["accept", "-c", config, "--yes-from", script]);
    expect(stderr).toContain("end too early");
    expect(code).toBe(64);
  });

  test("no machine; 69", async () => {
    const other = join(folder, "absent.yaml");
    writeFileSync(other, text(1));
    const { code, stderr } = await cli(["accept", "-c", other, "--yes-from", "/dev/null"]);
    expect(stderr).toContain("MODBUS_REFUSED");
    expect(code).toBe(69);
  });
});

test("through the running agent: a miscount fails, and the journal tells of it", async () => {
  const agent = startCli(["run", "-c", config]);
  await said(agent, "polling");
  const other = join(folder, "other.yaml");
  writeFileSync(other, text(server.port).replace("idealCycle: 1s", "idealCycle: 2s"));
  const refused = await cli(["accept", "-c", other, "--yes-from", "/dev/null"]);
  expect(refused.stderr).toContain("the running agent has another configuration");
  expect(refused.code).toBe(64);
  const run = accept("--json", "--steps", "stop,count");
  await answer(run, "stop: Stop", set(2));
  await answer(run, "count: Stop", set(2));
  await answer(run, "count: Make", set(2, 9), "10");
  expect((await run.exit).code).toBe(1);
  expect(run.stderr()).toContain("through the running agent");
  const { record } = JSON.parse(run.stdout());
  expect(record).toMatchObject({ through: "agent", result: "failed" });
  agent.child.kill("SIGTERM");
  await agent.exit;
  const reader = openReader(join(folder, "data", "agent.db"));
  const events = reader
    .records(0, 1000)
    .filter(({ topic }) => topic.endsWith("press-01/event/config"));
  reader.close();
  expect(events.map(({ payload }) => JSON.parse(payload).event.detail)).toMatchObject([
    { what: "acceptance", hash: record.hash, result: "failed", failed: "count" },
  ]);
}, 60_000);

test("another device in its place is no machine to accept; 1", async () => {
  holding[3] = 78;
  const run = accept();
  expect((await run.exit).code).toBe(1);
  holding[3] = 77;
  expect(run.stdout()).toContain(
    "fail     identity: plc/1: Acme X1 1.2, holding 3 is 78 instead of 77",
  );
  expect(run.stdout()).toContain("press-01: failed; 1 failed, 5 skipped");
});

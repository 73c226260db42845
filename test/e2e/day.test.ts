/** A day of the simulated plant through real Modbus, SQLite and MQTT sockets: what arrives equals the truth. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Input } from "../../agent/core/input.ts";
import { replayJournal } from "../../agent/replay/from-journal.ts";
import { replay } from "../../agent/replay/replay.ts";
import { readRaw } from "../../agent/store/raw-reader.ts";
import { openReader } from "../../agent/store/read.ts";
import { driverFor } from "../../drivers/registry.ts";
import { blindWatch } from "../../simulator/blind.ts";
import { checkWindows, type WindowRecord } from "../../simulator/check.ts";
import { lockstep } from "../../simulator/demo/lockstep.ts";
import { startRig } from "../../simulator/demo/rig.ts";
import type { Machine } from "../../simulator/machine.ts";
import { plantAxis } from "../../simulator/plant-axis.ts";
import type { Scenario } from "../../simulator/scenario.ts";
import { loadScenario } from "../../simulator/scenario-file.ts";
import { until } from "../publisher/real-brokers.ts";
import {
  bodyOf,
  chainFaults,
  onceEach,
  type Payload,
  sequenceFaults,
  violations,
} from "../support/records.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const POLL = 5_000;
const SETTLE = 600_000;

interface Played {
  scenario: Scenario;
  machines: readonly Machine[];
  /** Every message at the broker, in order of arrival. */
  arrived: Payload[];
  /** What the stop left in the outbox for the next start. */
  waiting: Payload[];
  inputs: Input[];
  /** From the raw segments: everything. From the journal: final windows. */
  replayed: Payload[];
  remade: Payload[];
}

/** The demo's machines and mishaps, played for a day. */
async function play(): Promise<Played> {
  const scenario = loadScenario("demo");
  scenario.to = scenario.from + DAY;
  const steps = lockstep(scenario.from);
  const rig = await startRig({
    scenario,
    clock: steps.clock,
    time: steps.time,
    driver: (name) => steps.paced(driverFor(name)),
    poll: `${POLL}ms`,
    timeout: "50ms",
    random: () => 0.1,
    logLevel: "error",
  });
  try {
    await steps.run(scenario.to + SETTLE, 60_000, () => Promise.resolve());
    await until(async () => (await depthOf(rig.agent.status())) === 0, 30_000);
    await rig.agent.stop();
    const store = join(rig.folder, "data/agent.db");
    const reader = openReader(store);
    const stored = reader.records(0, 100_000);
    const remade: Payload[] = [];
    replayJournal(reader, null, (line) => void remade.push(JSON.parse(line).payload));
    reader.close();
    const waiting = stored.filter(({ state }) => state === "waiting");
    const inputs = [...readRaw(join(rig.folder, "data/raw"))];
    return {
      scenario,
      machines: rig.plant.machines,
      arrived: rig.broker.received.map(({ payload }) => JSON.parse(String(payload))),
      waiting: waiting.map(({ payload }) => JSON.parse(payload)),
      inputs,
      replayed: replayOf(inputs),
      remade,
    };
  } finally {
    await rig.close();
  }
}

const depthOf = async (status: Promise<object>): Promise<number> =>
  ((await status) as { status: { outbox: { depth: number } } }).status.outbox.depth;

function replayOf(inputs: Input[]): Payload[] {
  const payloads: Payload[] = [];
  const run = replay({
    plant: null,
    load: () => {
      throw new Error("a raw log brings its own configuration");
    },
    print: (line) => void payloads.push(JSON.parse(line).payload),
  });
  for (const input of inputs) run.input(input);
  run.end(null);
  return payloads;
}

describe("a day through real sockets", () => {
  let day: Played;
  let records: Payload[];
  beforeAll(async () => {
    day = await play();
    records = onceEach([...day.arrived, ...day.waiting]);
  }, 180_000);
  afterAll(() => {
    day = undefined as never;
  });

  test("every payload is what its schema says", () => {
    expect(violations(day.arrived)).toEqual([]);
    const schemas = new Set(day.arrived.map(({ schema }) => schema));
    for (const name of ["window", "state", "event", "meta", "status"])
      expect(schemas).toContain(`uptime.${name}/1`);
  });

  test("seq has no hole and no number twice, ids are unique", () => {
    expect(sequenceFaults(records)).toEqual({ missing: [], shared: [] });
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
  });

  test("final windows are chained by their hashes", () => {
    const { links, faults } = chainFaults(records);
    expect(faults).toEqual([]);
    expect(links).toBeGreaterThanOrEqual(4 * 24);
  });

  test("a replay of the raw segments gives identical records, hashes too", () => {
    const live = new Map(records.map((payload) => [payload.id, payload]));
    // A replay's end ends the instant of the stop as well.
    const stop = day.inputs.findLast(({ kind }) => kind === "agent-stopped")?.at ?? 0;
    const told = day.replayed.filter(({ id, time }) => live.has(id) || Date.parse(time) < stop);
    expect(told.map(({ id }) => id).sort()).toEqual([...live.keys()].sort());
    for (const payload of told) {
      const twin = live.get(payload.id);
      expect(twin && bodyOf(twin)).toBe(bodyOf(payload));
      expect(twin?.hash).toBe(payload.hash);
    }
  });

  test("a replay of the journal gives identical final windows", () => {
    // Closings of incidents and verdicts are evidence too, and no windows.
    const finals = records.filter(
      ({ hash, schema }) => typeof hash === "string" && schema === "uptime.window/1",
    );
    expect(day.remade.map(({ id }) => id).sort()).toEqual(finals.map(({ id }) => id).sort());
    const live = new Map(finals.map((payload) => [payload.id, bodyOf(payload)]));
    for (const payload of day.remade) expect(bodyOf(payload)).toBe(live.get(payload.id));
  });

  test("every hour of every machine agrees with the truth", () => {
    const { scenario } = day;
    for (const machine of day.machines) {
      const watch = blindWatch(machine.id, 3 * POLL, scenario.from);
      for (const input of day.inputs)
        if (input.kind === "cycle" || input.kind === "agent-started" || input.kind === "clock")
          watch.see(input);
      const windows = records.filter((payload) => isFinalHour(payload, machine.id, scenario.to));
      const verdict = checkWindows(machine, windows as unknown as WindowRecord[], {
        pollMs: POLL,
        axis: plantAxis(scenario),
        blind: watch.spans(scenario.to + SETTLE),
        slackMs: 0,
        firstGood: watch.firstGood() ?? 0,
        lastGood: watch.lastGood() ?? 0,
      });
      expect(verdict.findings.map(({ message }) => message)).toEqual([]);
      expect(verdict.windows).toBe(24);
    }
  });
});

function isFinalHour({ asset, window }: Payload, machine: string, until: number): boolean {
  const { kind, final, to } = (window ?? {}) as { kind?: string; final?: boolean; to?: string };
  return asset === machine && kind === "hour" && final === true && Date.parse(to ?? "") <= until;
}

import { afterEach, describe, expect, test } from "vitest";
import { type Broker, startBroker } from "../../simulator/broker.ts";
import { countersAt, runAt } from "../../simulator/machine.ts";
import { type Plant, startPlant } from "../../simulator/plant.ts";
import { manualTime, runningTime } from "../../simulator/plant-time.ts";
import type { ScenarioEvent } from "../../simulator/scenario.ts";
import { parseScenario } from "../../simulator/scenario-file.ts";
import { truth } from "../../simulator/truth.ts";
import { type Wire, wire } from "./wire.ts";

const T0 = Date.parse("2026-11-23T05:00:00Z");
const MINUTE = 60_000;

let plant: Plant | null = null;
let broker: Broker | null = null;
const wires: Wire[] = [];

const scenarioOf = (events = "[]") =>
  parseScenario(
    "try.yaml",
    `version: 1
name: try
start: "2026-11-23T05:00:00Z"
duration: 2h
port: 0
machines:
  - { id: press-01, kind: press, unit: 1 }
  - { id: pack-01, kind: packaging, unit: 2 }
events: ${events}`,
  );

async function start(events?: string) {
  const time = manualTime(T0);
  const begun: ScenarioEvent[] = [];
  const troubles: Error[] = [];
  plant = await startPlant({
    scenario: scenarioOf(events),
    time,
    host: "127.0.0.1",
    ...(broker ? { broker } : {}),
    onEvent: (event) => void begun.push(event),
    onTrouble: (error) => void troubles.push(error),
  });
  return { plant, time, begun, troubles };
}

async function open(): Promise<Wire> {
  const one = await wire(plant?.port ?? 0);
  wires.push(one);
  return one;
}

/** The seven holding registers of a unit as numbers, or the exception. */
async function holding(client: Wire, unit: number): Promise<number[]> {
  const answer = await client.ask(`0001 0000 0006 0${unit} 03 0000 0007`, 9);
  if (answer.slice(14, 16) === "83") return [Number.parseInt(answer.slice(16), 16)];
  const rest = Buffer.from(await client.ask("", 14), "hex");
  return Array.from({ length: 7 }, (_, i) => rest.readUInt16BE(i * 2));
}

afterEach(async () => {
  for (const { socket } of wires.splice(0)) socket.destroy();
  await plant?.close();
  await broker?.close();
  plant = broker = null;
});

describe("a running plant", () => {
  test("shows over the wire what its machines are at plant time", async () => {
    const { plant, time } = await start();
    const client = await open();
    for (const minutes of [0, 1, 30, 90]) {
      time.set(T0 + minutes * MINUTE);
      for (const machine of plant.machines) {
        const [status, reason, high, low, , , recipe] = await holding(client, machine.unit);
        const run = runAt(machine, time.now());
        expect([status, reason, recipe]).toEqual([run.status, run.reason, run.recipe]);
        expect((high ?? 0) * 65_536 + (low ?? 0)).toBe(countersAt(machine, time.now()).total);
      }
    }
  });

  test("a unit that is not there gives exception 11", async () => {
    await start();
    expect(await holding(await open(), 9)).toEqual([11]);
  });

  test("one unit falls silent or absent, its neighbor answers", async () => {
    const { time } = await start(`
  - { kind: cable-pull, at: 10min, duration: 1min, machine: press-01 }
  - { kind: cable-pull, at: 20min, duration: 1min, machine: press-01, how: absent }`);
    const [quiet, other] = [await open(), await open()];
    time.set(T0 + 10 * MINUTE);
    quiet.socket.write(Buffer.from("000100000006010300000007", "hex"));
    expect(await holding(other, 2)).toHaveLength(7);
    expect(await quiet.fate(40)).toBe("silence");
    time.set(T0 + 20 * MINUTE);
    expect(await holding(other, 1)).toEqual([11]);
    time.set(T0 + 21 * MINUTE);
    expect(await holding(other, 1)).toHaveLength(7);
  });

  test("a refused endpoint resets its clients and listens again when it is over", async () => {
    const { plant, time, troubles } = await start(
      "[{ kind: cable-pull, at: 10min, duration: 1min, how: refused }]",
    );
    const client = await open();
    await holding(client, 1);
    time.set(T0 + 10 * MINUTE);
    await plant.settled();
    expect(await client.fate(2_000)).toBe("reset");
    await expect(open()).rejects.toThrow(/ECONNREFUSED/);
    time.set(T0 + 11 * MINUTE);
    await plant.settled();
    expect(await holding(await open(), 1)).toHaveLength(7);
    expect(troubles).toEqual([]);
  });

  test("a rebooted controller comes back with its counters at zero", async () => {
    const { time } = await start("[{ kind: plc-reboot, at: 1h, duration: 30s, machine: pack-01 }]");
    const client = await open();
    time.set(T0 + 60 * MINUTE);
    expect((await holding(client, 2)).slice(0, 2)).toEqual([9, 99]);
    time.set(T0 + 60 * MINUTE + 35_000);
    expect((await holding(client, 2)).slice(0, 6)).toEqual([15, 99, 0, 0, 0, 0]);
  });

  test("events are announced once each, in order, at their instants", async () => {
    const { time, begun } = await start(`
  - { kind: clock-step, at: 50min, step: 1h }
  - { kind: agent-kill, at: 20min, duration: 10s }
  - { kind: fault, at: 0s, duration: 1min, machine: press-01 }`);
    expect(begun.map(({ kind }) => kind)).toEqual(["fault"]);
    time.set(T0 + 20 * MINUTE - 1);
    expect(begun).toHaveLength(1);
    time.set(T0 + 100 * MINUTE);
    expect(begun.map(({ kind }) => kind)).toEqual(["fault", "agent-kill", "clock-step"]);
  });

  test("the broker suffers its outages", async () => {
    broker = await startBroker({ host: "127.0.0.1", port: 0 });
    const { plant, time } = await start(`
  - { kind: broker-outage, at: 10min, duration: 5min }
  - { kind: broker-outage, at: 20min, duration: 5min, how: hold-acks }`);
    const faultAt = async (minutes: number) => {
      time.set(T0 + minutes * MINUTE);
      await plant.settled();
      return broker?.fault;
    };
    expect([await faultAt(9), await faultAt(10), await faultAt(15)]).toEqual([
      null,
      "refuse",
      null,
    ]);
    expect([await faultAt(20), await faultAt(25)]).toEqual(["hold-acks", null]);
  });
});

describe("a visitor breaks a machine", () => {
  test("now, though nobody planned it, and the truth knows", async () => {
    const { plant, time } = await start();
    const client = await open();
    time.set(T0 + 5 * MINUTE);
    const before = await holding(client, 1);
    const fault = {
      kind: "fault",
      at: 0,
      to: 3 * MINUTE,
      machine: "press-01",
      reason: 77,
    } as const;
    const played = plant.strike(fault);
    expect(played.at).toBeGreaterThan(T0 + 5 * MINUTE);
    expect(played.at).toBeLessThanOrEqual(T0 + 5 * MINUTE + 1);
    time.set(T0 + 6 * MINUTE);
    expect((await holding(client, 1)).slice(0, 2)).toEqual([9, 77]);
    const press = plant.machines[0]!;
    expect(truth(press, played.at, played.at + 3 * MINUTE).conditionMs.fault).toBe(3 * MINUTE);
    expect(before[0]).not.toBe(9);
  });

  test("or pulls the cable of everything", async () => {
    const { plant, time, begun } = await start();
    plant.strike({ kind: "cable-pull", at: 0, to: MINUTE, machine: null, how: "refused" });
    await plant.settled();
    await expect(open()).rejects.toThrow(/ECONNREFUSED/);
    expect(begun).toHaveLength(1);
    time.set(T0 + MINUTE);
    await plant.settled();
    expect(await holding(await open(), 1)).toHaveLength(7);
  });
});

describe("plant time", () => {
  test("runs at its speed and calls back when it is due", async () => {
    const time = runningTime(T0, 1000);
    const begin = performance.now();
    await new Promise<void>((resolve) => time.when(T0 + 50_000, resolve));
    const real = performance.now() - begin;
    expect(time.now() - T0).toBeGreaterThanOrEqual(50_000);
    expect(real).toBeGreaterThanOrEqual(49);
    expect(Number.isInteger(time.now())).toBe(true);
  });

  test("a forgotten callback stays away", () => {
    const time = manualTime(T0);
    const calls: string[] = [];
    time.when(T0 + 10, () => calls.push("kept"));
    time.when(T0 + 5, () => calls.push("forgotten"))();
    time.set(T0 + 20);
    expect(calls).toEqual(["kept"]);
  });
});

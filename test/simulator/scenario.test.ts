import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { countersAt, runAt } from "../../simulator/machine.ts";
import { failureAt, isRefusedAt, outagesOf } from "../../simulator/outage.ts";
import { machinesOf } from "../../simulator/scenario.ts";
import { durationOf } from "../../simulator/scenario-fields.ts";
import { loadScenario, parseScenario } from "../../simulator/scenario-file.ts";
import { truth } from "../../simulator/truth.ts";

const folder = new URL("../../simulator/scenarios/", import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ""));

const HEAD = `version: 1
name: try
start: "2026-11-23T05:00:00Z"
duration: 2h
machines:
  - { id: press-01, kind: press, unit: 1 }
  - { id: pack-01, kind: packaging, unit: 2 }
`;
const T0 = Date.parse("2026-11-23T05:00:00Z");
const MINUTE = 60_000;
const parse = (events: string) => parseScenario("try.yaml", `${HEAD}events:\n${events}`);
const machinesIn = (events: string) => machinesOf(parse(events));

describe("scenario files", () => {
  test.each(names)("%s ships, loads and plays to its end", (name) => {
    const scenario = loadScenario(name);
    expect(scenario.name).toBe(name);
    expect(scenario.events.every(({ at }) => at < scenario.to)).toBe(true);
    for (const one of machinesOf(scenario)) {
      expect(truth(one, scenario.from, scenario.to).counts.total).toBeGreaterThan(0);
    }
  });

  test("every kind of trouble has a scenario that ships", () => {
    const kinds = names.flatMap((name) => loadScenario(name).events.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(
      new Set([
        "fault",
        "micro-stops",
        "break",
        "drift",
        "wear",
        "cable-pull",
        "plc-reboot",
        "agent-kill",
        "broker-outage",
        "clock-step",
        "mischief",
        "doorkeeper",
        "lie",
      ]),
    );
  });

  test("the machines of the demo plant are those of the example configuration", () => {
    const { machines, port } = loadScenario("demo");
    expect(machines.map(({ id, unit }) => [id, unit])).toEqual([
      ["press-01", 1],
      ["pack-01", 2],
      ["cnc-01", 3],
      ["comp-01", 4],
    ]);
    expect(port).toBe(5020);
  });

  test("all mistakes are named at once, with line, column and what was meant", () => {
    const text = `${HEAD.replace("kind: press", "kind: pres").replace("unit: 2", "unit: 1")}sead: 3
events:
  - { kind: fualt, at: 1h }
  - { kind: fault, at: soon, duration: 5min, machine: press-02 }
  - { kind: cable-pull, at: 0s, duration: 0s }
`;
    let lines: string[] = [];
    try {
      parseScenario("try.yaml", text);
    } catch (error) {
      expect(error).toBeInstanceOf(Fault);
      lines = (error as Fault).message.split("\n");
    }
    const expected = [
      /^try\.yaml:6:\d+ machines\[0\]\.kind `pres` is not defined here \(did you mean `press`\?\)/,
      /^try\.yaml:7:\d+ machines\[1\]\.unit unit 1 is used twice/,
      /^try\.yaml:8:1 sead unknown key \(did you mean `seed`\?\)/,
      /^try\.yaml:10:\d+ events\[0\]\.kind `fualt` is not defined here \(did you mean `fault`\?\)/,
      /^try\.yaml:11:\d+ events\[1\]\.at must be a duration/,
      /^try\.yaml:11:\d+ events\[1\]\.machine `press-02` is not defined here \(did you mean `press-01`\?\)/,
      /^try\.yaml:12:\d+ events\[2\]\.duration must be longer than 0/,
    ];
    for (const pattern of expected) expect(lines).toContainEqual(expect.stringMatching(pattern));
    expect(lines).toHaveLength(expected.length);
  });

  test("broken YAML, an empty file and a missing file are clear errors", () => {
    expect(() => parseScenario("a.yaml", "a: [")).toThrow(/a\.yaml:1/);
    expect(() => parseScenario("a.yaml", "")).toThrow(/must be a mapping/);
    expect(() => loadScenario("./no/such.yaml")).toThrow(/cannot read scenario/);
    expect(() => loadScenario("no-such")).toThrow(/cannot read scenario/);
  });

  test("durations are whole milliseconds with a unit", () => {
    expect([durationOf("1.5h"), durationOf("90 s"), durationOf("-2h"), durationOf("1d")]).toEqual([
      5_400_000, 90_000, -7_200_000, 86_400_000,
    ]);
    for (const wrong of ["1.5ms", "2x", "h", "", 5, null, "1e3s"])
      expect(durationOf(wrong)).toBeNull();
  });
});

describe("events", () => {
  test("a fault is in the truth to the millisecond, with its reason", () => {
    const [press] = machinesIn(
      "  - { kind: fault, at: 30min, duration: 12min, machine: press-01, reason: 42 }",
    );
    const at = T0 + 30 * MINUTE;
    expect(truth(press!, at, at + 12 * MINUTE).conditionMs.fault).toBe(12 * MINUTE);
    expect(runAt(press!, at)).toMatchObject({ status: 8, reason: 42 });
    expect(runAt(press!, at + 5 * MINUTE)).toMatchObject({ status: 9, reason: 42 });
    expect(runAt(press!, at + 12 * MINUTE).condition).toBe("idle");
  });

  test("a fault in a break shows, then the break goes on", () => {
    const [press] = machinesIn(`  - { kind: break, at: 30min, duration: 30min }
  - { kind: fault, at: 40min, duration: 5min, machine: press-01 }`);
    const { conditionMs, counts } = truth(press!, T0 + 30 * MINUTE, T0 + 60 * MINUTE);
    expect(conditionMs).toMatchObject({ fault: 5 * MINUTE, idle: 25 * MINUTE, producing: 0 });
    expect(counts.total).toBe(0);
  });

  test("a burst of short stops is that many, of 5 to 90 s", () => {
    const [press] = machinesIn(
      "  - { kind: micro-stops, at: 30min, machine: press-01, count: 9, every: 4min }",
    );
    const starts = Array.from({ length: 9 }, (_, i) => T0 + (30 + 4 * i) * MINUTE);
    for (const at of starts) {
      const run = runAt(press!, at);
      expect(run).toMatchObject({ status: 11, from: at });
      expect(run.to - run.from).toBeGreaterThanOrEqual(5_000);
      expect(run.to - run.from).toBeLessThanOrEqual(90_000);
    }
  });

  test("a controller reboot silences its unit, and its counters begin at zero", () => {
    const text = "  - { kind: plc-reboot, at: 1h, duration: 40s, settle: 10s, machine: pack-01 }";
    const scenario = parse(text);
    const pack = machinesOf(scenario)[1]!;
    const outages = outagesOf(scenario.events);
    const off = T0 + 60 * MINUTE + 10_000;
    expect(countersAt(pack, off - 1).total).toBeGreaterThan(10_000);
    expect(countersAt(pack, off)).toEqual({ total: 0, good: 0 });
    expect(failureAt(outages, "pack-01", off - 1)).toBeNull();
    expect(failureAt(outages, "pack-01", off)).toBe("silent");
    expect(failureAt(outages, "pack-01", off + 40_000)).toBeNull();
    expect(failureAt(outages, "press-01", off)).toBeNull();
  });

  test("a pulled cable concerns one unit or the whole endpoint", () => {
    const outages = outagesOf(
      parse(`  - { kind: cable-pull, at: 10min, duration: 1min, machine: press-01 }
  - { kind: cable-pull, at: 10min, duration: 30s, how: refused }`).events,
    );
    const at = T0 + 10 * MINUTE;
    expect(failureAt(outages, "press-01", at)).toBe("refused");
    expect(isRefusedAt(outages, at)).toBe(true);
    expect(isRefusedAt(outages, at + 30_000)).toBe(false);
    expect(failureAt(outages, "press-01", at + 30_000)).toBe("silent");
    expect(failureAt(outages, "pack-01", at + 30_000)).toBeNull();
  });
});

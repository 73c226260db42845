import { describe, expect, test } from "vitest";
import { checkWindows, type WindowRecord } from "../../simulator/check.ts";
import { plantAxis } from "../../simulator/plant-axis.ts";
import { sample } from "../../simulator/sample.ts";
import { machinesOf, type Scenario } from "../../simulator/scenario.ts";
import { loadScenario } from "../../simulator/scenario-file.ts";
import { truth } from "../../simulator/truth.ts";
import { type Tally, tally } from "./tally.ts";

const HOUR = 3_600_000;
const NAMES = ["shift", "fault", "cable-pull", "plc-reboot", "agent-kill", "clock-step", "demo"];

function tallied(
  scenario: Scenario,
  index: number,
): Tally & { machine: ReturnType<typeof machinesOf>[0] } {
  const machines = machinesOf(scenario);
  const machine = machines[index]!;
  const inputs = sample(scenario, machines, { phaseMs: 137, jitterMs: 90 });
  return { ...tally(scenario, inputs, machine.id, machine.modulus), machine };
}

describe("a right account passes", () => {
  test.each(NAMES)("%s", (name) => {
    const scenario = loadScenario(name);
    for (const index of scenario.machines.keys()) {
      const { machine, records, observed } = tallied(scenario, index);
      observed.pollMs = scenario.pollMs + 90;
      const { findings, windows } = checkWindows(machine, records, observed);
      expect(findings.map(({ message }) => message)).toEqual([]);
      expect(windows).toBeGreaterThanOrEqual(4);
    }
  });

  test("short true runs are listed", () => {
    const scenario = loadScenario("shift");
    scenario.to = scenario.from + 48 * HOUR;
    const { machine, records, observed } = tallied(scenario, 1);
    const { findings, shortRuns } = checkWindows(machine, records, observed);
    expect(findings).toEqual([]);
    const { runs } = truth(machine, scenario.from, scenario.to);
    expect(shortRuns).toEqual(runs.filter(({ from, to }) => to - from < 2000));
    expect(shortRuns.length).toBeGreaterThan(0);
  });
});

describe("a wrong account does not", () => {
  const scenario = loadScenario("cable-pull");
  const { machine, records, observed } = tallied(scenario, 0);
  const spoiled = (change: (record: WindowRecord) => void): string[] => {
    const copy = structuredClone(records);
    change(copy[1]!);
    return checkWindows(machine, copy, observed).findings.map(({ field }) => field);
  };

  test("untouched, there is nothing to find", () => {
    expect(spoiled(() => {})).toEqual([]);
  });

  test("time moved between buckets beyond the uncertainty", () => {
    const fields = spoiled((record) => {
      const moved = record.edgeUncertaintyMs + 10_000;
      record.conditionMs["producing"]! -= moved;
      record.conditionMs["fault"]! += moved;
    });
    expect(fields).toEqual(["conditionMs.producing", "conditionMs.fault"]);
  });

  test("a millisecond too much or too little in sum", () => {
    expect(spoiled((record) => void record.conditionMs["producing"]!++)).toEqual(["conditionMs"]);
  });

  test("unknown time that was guessed, or hidden", () => {
    const fields = spoiled((record) => {
      record.conditionMs["producing"]! += record.conditionMs["unknown"]!;
      record.conditionMs["unknown"] = 0;
    });
    expect(fields).toContain("conditionMs.unknown");
  });

  test("a single piece more or less over all windows, and many in one", () => {
    const add = (pieces: number) => (record: WindowRecord) => {
      record.counts.total = (record.counts.total ?? 0) + pieces;
    };
    expect(spoiled(add(1))).toContain("total of all windows");
    expect(spoiled(add(-100))).toEqual(["total", "total of all windows"]);
    expect(spoiled((record) => Object.assign(record.counts, { total: null }))).toContain("total");
  });

  test("an uncertainty that was not published", () => {
    const fields = spoiled((record) => {
      record.edgeUncertaintyMs = 0;
    });
    expect(fields.length).toBeGreaterThan(0);
  });
});

describe("plant time behind a stepped clock", () => {
  const axis = plantAxis(loadScenario("clock-step"));
  const from = Date.parse("2026-11-23T05:00:00Z");
  const minute = (n: number): number => from + n * 60_000;

  test("forward leaves a hole, backward stands still, nothing is lost or booked twice", () => {
    expect(axis.holes).toEqual([{ from: minute(80), to: minute(95) }]);
    expect(axis.booked(minute(80), minute(95))).toEqual([]);
    expect(axis.booked(minute(70), minute(100))).toEqual([
      { from: minute(70), to: minute(80) },
      { from: minute(80), to: minute(85) },
    ]);
    // Plant minute 200 is axis minute 215; it stands there for a quarter of an hour.
    expect(axis.held(minute(180), minute(240))).toEqual([{ from: minute(200), to: minute(215) }]);
    expect(axis.held(minute(0), minute(215))).toEqual([]);
    expect(axis.booked(minute(215), minute(230))).toEqual([{ from: minute(215), to: minute(230) }]);
  });
});

/** Wear of machines on the wire: registers, pieces and truth under each degradation, from onset to repair. */
import { describe, expect, test } from "vitest";
import { runAt } from "../../simulator/machine.ts";
import { type Reading, readingAt } from "../../simulator/reading.ts";
import { readTable } from "../../simulator/registers.ts";
import { machinesOf } from "../../simulator/scenario.ts";
import { loadScenario, parseScenario } from "../../simulator/scenario-file.ts";
import { truth } from "../../simulator/truth.ts";
import { truthLines } from "../../simulator/truth-file.ts";
import { HOUR, START } from "./machines.ts";

const MINUTE = 60_000;

const plant = (wear: string, kind = "packaging") =>
  machinesOf(
    parseScenario(
      "try.yaml",
      `version: 1
name: try
start: "${new Date(START).toISOString()}"
duration: 24h
seed: 4
machines:
  - { id: m, kind: ${kind}, unit: 1 }
events: ${wear === "" ? "[]" : `\n  - { kind: wear, at: 2h, machine: m, ${wear} }`}
`,
    ),
  )[0]!;

/** Mean of a field while pieces are made in the half hour before `t`. */
function level(one: ReturnType<typeof plant>, t: number, field: keyof Reading): number {
  let [sum, n] = [0, 0];
  for (let at = t - 30 * MINUTE; at < t; at += 1000) {
    if (runAt(one, at).condition !== "producing") continue;
    sum += readingAt(one, at)[field];
    n++;
  }
  return sum / n;
}

const FAILURE = START + 12 * HOUR;

describe("wear on the wire", () => {
  test.each([
    ["bearing", "vibration", 7.1 / 1.8],
    ["filter", "filterDp1000", 2],
    ["filter", "flow10", 0.97],
    ["tool", "current", 1.2],
    ["belt", "speed", 0.95],
  ] as const)("%s: %s at the failure is %f of a healthy one", (wear, field, factor) => {
    const [worn, fresh] = [plant(`wear: ${wear}, failure: 10h`), plant("")];
    const t = FAILURE - 1;
    expect(level(worn, t, field) / level(fresh, t, field)).toBeCloseTo(factor, 0);
    const ratio = level(worn, t, field) / level(fresh, t, field);
    expect(Math.abs(ratio / factor - 1)).toBeLessThan(0.06);
    expect(level(worn, START + 2 * HOUR, field)).toBe(level(fresh, START + 2 * HOUR, field));
  });

  test("the machine stands broken from the failure to the end of the repair, then is as new", () => {
    const [worn, fresh] = [plant("wear: bearing, failure: 10h, repair: 1h"), plant("")];
    expect(runAt(worn, FAILURE + 5 * MINUTE)).toMatchObject({ condition: "fault", reason: 71 });
    expect(runAt(worn, FAILURE - 1).reason).not.toBe(71);
    const later = FAILURE + 4 * HOUR;
    expect(level(worn, later, "vibration") / level(fresh, later, "vibration")).toBeCloseTo(1, 1);
    expect(truth(worn, FAILURE, FAILURE + HOUR).conditionMs.fault).toBe(HOUR);
  });

  test("a worn tool takes longer for every piece, whatever the product", () => {
    const worn = plant("wear: tool, failure: 10h");
    truth(worn, START, FAILURE);
    const slowness = (from: number, to: number): number => {
      const paces = worn.runs.flatMap((run) => {
        const ideal = worn.kind.recipes.find(({ number }) => number === run.recipe)?.idealCycleMs;
        const counts = run.cycleMs !== null && ideal && run.from >= from && run.to <= to;
        return counts ? [(run.cycleMs ?? 0) / ideal] : [];
      });
      return paces.sort((a, b) => a - b)[Math.floor(paces.length / 2)] ?? 0;
    };
    const ratio = slowness(FAILURE - 2 * HOUR, FAILURE) / slowness(START, START + 2 * HOUR);
    expect(ratio).toBeGreaterThan(1.05);
    expect(ratio).toBeLessThan(1.1);
  });

  test("cavitation comes in bursts of two minutes that shake the machine", () => {
    const [worn, fresh] = [plant("wear: cavitation, failure: 10h"), plant("")];
    const shaken: boolean[] = [];
    for (let t = START + 3 * HOUR; t < START + 5 * HOUR; t += 1000) {
      if (runAt(fresh, t).condition !== "producing") continue;
      shaken.push(readingAt(worn, t).vibration > 1.2 * readingAt(fresh, t).vibration);
    }
    const share = shaken.filter(Boolean).length / shaken.length;
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.45);
    const starts = shaken.filter((is, i) => is && !shaken[i - 1]).length;
    expect(shaken.filter(Boolean).length / starts).toBeGreaterThan(60);
  });

  test("a stuck sensor repeats its word, and one read twice gives it twice in any order", () => {
    const one = plant("wear: sensor-stuck, channel: pressure, failure: 1h, repair: 30min");
    const at = (t: number) => readTable(one, "input", 6, 1, t)?.[0];
    const held = at(START + 2 * HOUR);
    for (let t = START + 2 * HOUR; t < START + 3.5 * HOUR; t += 7_001) expect(at(t)).toBe(held);
    const after = new Set(Array.from({ length: 40 }, (_, i) => at(START + 4 * HOUR + i * 1000)));
    expect(after.size).toBeGreaterThan(3);
    expect(at(START + 3 * HOUR)).toBe(held);
    expect(truth(one, START, START + 5 * HOUR)).toEqual(truth(plant(""), START, START + 5 * HOUR));
  });

  test("a lost sensor stands at its rail or is no number; a drifting one creeps", () => {
    const t = START + 6 * HOUR;
    const rail = plant("wear: sensor-lost, channel: oilTemp, failure: 10h");
    expect(readTable(rail, "input", 0, 1, t)).toEqual([0x8000]);
    const lost = plant("wear: sensor-lost, channel: current, failure: 10h");
    expect(readingAt(lost, t).current).toBeNaN();
    const creeping = plant("wear: sensor-drift, channel: oilTemp, failure: 8h");
    const gained = readingAt(creeping, t).oilTemp10 - readingAt(plant(""), t).oilTemp10;
    expect(gained).toBe(60);
  });

  test("the truth file names onset, failure and repair in the hours they concern", () => {
    const one = plant("wear: sensor-drift, channel: flow, failure: 2h, repair: 1h");
    const lines = [...truthLines([one], START + 7 * HOUR)].map((line) => JSON.parse(line));
    const iso = (hours: number) => new Date(START + hours * HOUR).toISOString();
    const wear = { kind: "sensor-drift", channel: "flow", onset: iso(2), failure: iso(4) };
    const expected = [{ ...wear, repaired: iso(5) }];
    expect(lines.map((line) => line.wear)).toEqual([
      undefined,
      undefined,
      expected,
      expected,
      expected,
      undefined,
      undefined,
    ]);
  });

  test("the scenario that ships shows every degradation", () => {
    const kinds = loadScenario("wear").events.map((event) => event.kind === "wear" && event.wear);
    expect(new Set(kinds)).toEqual(
      new Set([
        "bearing",
        "filter",
        "tool",
        "cavitation",
        "belt",
        "sensor-stuck",
        "sensor-drift",
        "sensor-lost",
      ]),
    );
  });
});

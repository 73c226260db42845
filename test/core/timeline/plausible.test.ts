/** Lying values: outside their range, faster than the machine, or unchanged for too long; and what is said after it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AssetModel, Plausibility, Value } from "../../../agent/core/model.ts";
import { doubt, scrutinize } from "../../../agent/core/timeline/plausible.ts";
import { edges } from "../../support/edges.ts";
import { type Bench, bench, press, rule } from "../../support/plant.ts";

const T0 = Date.UTC(2026, 10, 23, 6);
const NOTHING: Plausibility = { range: null, maxStep: null, frozenMs: null };

/** Producing above 10 kW, polled at 1 s with hold 3 s. */
function meter(plausible: Partial<Plausibility>, kind: Partial<AssetModel> = {}): Bench {
  const power = { id: "power", source: 0, counter: null, channel: true, unit: "kW" };
  const asset = press({
    points: [{ ...power, plausible: { ...NOTHING, ...plausible } }],
    rules: [
      rule("producing", { op: "above", point: 0, limit: 10, hysteresis: 0 }),
      rule("idle", null),
    ],
    counts: null,
    recipes: [],
    microStopMs: 2000,
    ...kind,
  });
  return bench(T0, asset);
}

/** One value a second; null is a good cycle that says nothing new, text a failure of the source. */
function told(plant: Bench, values: (Value | null)[]): string[] {
  values.forEach((value, i) => {
    if (typeof value === "string") plant.fail(T0 + i * 1000, value);
    else plant.cycle(T0 + i * 1000, value === null ? {} : { power: value });
  });
  return edges(plant, T0, T0 + (values.length - 1) * 1000);
}

const refused = (plant: Bench): unknown => plant.core.state.assets[0]?.points[0]?.scrutiny?.refused;

const times = (n: number, value: Value | null): (Value | null)[] => Array(n).fill(value);

describe("range", () => {
  const plant = (): Bench => meter({ range: { low: 0, high: 100 } });

  test.each([[0], [100]])("%i lies inside, both ends included", (value) => {
    expect(told(plant(), times(6, value))).toEqual([`0 ${value > 10 ? "producing" : "idle"}`]);
  });

  test.each([[-0.001], [100.001], [6553.5], [2n ** 60n]])("%s is refused and counted", (value) => {
    const bench = plant();
    expect(told(bench, [20, 20, ...times(6, value)])).toEqual([
      "0 producing",
      "1000 unknown read-rejected",
    ]);
    expect(refused(bench)).toEqual({ VALUE_RANGE: 6 });
  });

  test("one lie within the hold is no loss, and never a value", () => {
    const bench = plant();
    expect(told(bench, [20, 20, 6553.5, 20, 20])).toEqual(["0 producing"]);
    bench.cycle(bench.core.state.now, { power: 30 });
    const highest = bench.facts.flatMap((fact) => (fact.kind === "aggregate" ? [fact.max] : []));
    expect(Math.max(...highest)).toBe(20);
  });

  test("a cycle that says nothing new does not make the refused value good", () => {
    expect(told(plant(), [20, 20, 500, ...times(8, null)])).toEqual([
      "0 producing",
      "1000 unknown read-rejected",
    ]);
  });
});

describe("maxStep", () => {
  const plant = (): Bench => meter({ maxStep: { count: 5, perMs: 1000 } });

  test("a step of exactly the rate is believed, more is not", () => {
    expect(told(plant(), [6, 11, 11, 11, 11])).toEqual(["0 idle", "1000 producing"]);
    const bench = plant();
    expect(told(bench, [6, 11.001, 6, 6, 6])).toEqual(["0 idle"]);
    expect(refused(bench)).toEqual({ VALUE_STEP: 1 });
  });

  test("a torn value is passed over in both directions", () => {
    expect(told(plant(), [20, 21, 65_557, 21, -65_515, 21, 21])).toEqual(["0 producing"]);
  });

  test("what the machine can have reached meanwhile is believed, repeated or left out", () => {
    const expected = ["0 idle", "1000 unknown read-rejected", "9000 producing"];
    expect(told(plant(), [0, 0, ...times(12, 40)])).toEqual(expected);
    expect(told(plant(), [0, 0, 40, ...times(11, null)])).toEqual(expected);
  });
});

describe("frozen", () => {
  const plant = (): Bench => meter({ frozenMs: 5000 });

  test("unchanged for that long is no reading, until it changes by a bit", () => {
    const bench = plant();
    const values = [20, 20.5, ...times(9, 20), 20.000001, 20.1, 20, 20];
    expect(told(bench, values)).toEqual([
      "0 producing",
      "6000 unknown read-rejected",
      "11000 producing",
    ]);
    expect(refused(bench)).toEqual({ VALUE_FROZEN: 4 });
  });

  test("cycles that say nothing new are unchanged values", () => {
    expect(told(plant(), [20, 20.5, 20, ...times(8, null), 21, 20, 21])).toEqual([
      "0 producing",
      "6000 unknown read-rejected",
      "11000 producing",
    ]);
  });

  test("time in which nothing was read does not count", () => {
    const lost: Value[] = Array(4).fill("MODBUS_TIMEOUT");
    expect(told(plant(), [20, 20, 20, ...lost, 20, 20, 20, 21])).toEqual([
      "0 producing",
      "2000 unknown device-silent",
      "7000 producing",
    ]);
  });
});

test("values that are read badly by the driver keep the driver's reason", () => {
  const bench = meter({ range: { low: 0, high: 100 } });
  bench.cycle(T0, { power: 20 });
  for (let i = 1; i < 9; i++) bench.cycle(T0 + i * 1000, {}, { power: "VALUE_INVALID" });
  expect(bench.core.state.assets[0]?.points[0]?.failure).toBe("VALUE_INVALID");
  expect(refused(bench)).toEqual({});
});

test("any sequence: what is believed lies in the range and moves no faster than allowed", () => {
  const rules: Plausibility = {
    range: { low: -50, high: 50 },
    maxStep: { count: 3, perMs: 1000 },
    frozenMs: null,
  };
  const step = fc.record({
    value: fc.double({ min: -80, max: 80, noNaN: true }),
    ms: fc.integer({ min: 1, max: 9000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let mono = 0;
      let past = null;
      let good = null;
      for (const { value, ms } of steps) {
        mono += ms;
        past = scrutinize(past, { value, mono }, 3000);
        if (doubt(rules, past, good, 1000) !== null) continue;
        expect(Math.abs(value)).toBeLessThanOrEqual(50);
        if (good) {
          const allowed = (3 * Math.max(1000, mono - good.mono)) / 1000;
          expect(Math.abs(value - Number(good.value))).toBeLessThanOrEqual(allowed + 1e-9);
        }
        good = { value, mono };
      }
    }),
  );
});

/** Accounting rule 8: deltas in the order rollover, reset, correction, jump; recovered and missing counts. */
import { describe, expect, test } from "vitest";
import type { AssetModel, CounterModel, Value } from "../../../agent/core/model.ts";
import type { Measures } from "../../../agent/core/window/measure.ts";
import { type Bench, bench, press } from "../../support/plant.ts";
import { HOUR, IDLE, RUN, shifts } from "../../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);

/** A press with one counter `total` of that kind, polled at 1 s with hold 3 s. */
function plantOf(counter: Partial<CounterModel> = {}, changes: Partial<AssetModel> = {}): Bench {
  const base = press();
  const kind = { modulus: 1n << 16n, maxRate: { count: 5, perMs: 1000 }, pieces: 1, ...counter };
  const points = base.points.map((p) => (p.id === "total" ? { ...p, counter: kind } : p));
  return bench(
    SIX,
    press({
      microStopMs: 5000,
      points,
      counts: { total: 1, good: null, reject: null },
      ...changes,
    }),
  );
}

/** Polls once a second; null is a bad sample. Then the hour. */
function read(plant: Bench, totals: (Value | null)[], stepMs = 1000): Measures {
  for (const [i, total] of totals.entries())
    if (total === null)
      plant.cycle(SIX + i * stepMs, { status: RUN }, { total: "MODBUS_EXCEPTION_2" });
    else plant.cycle(SIX + i * stepMs, { status: RUN, total });
  plant.tick(SIX + 3 * HOUR);
  return plant.measures("hour", SIX);
}

const noteworthy = ({ flags }: Measures): string[] =>
  flags.filter((flag) => flag !== "IDEAL_CYCLE_SUSPECT");

describe("the order of judgement", () => {
  test.each<[string, Partial<CounterModel>, (Value | null)[], number, string[]]>([
    ["the first sample is a baseline", {}, [4711], 0, []],
    ["increments", {}, [0, 1, 3, 6], 6, []],
    ["m itself is plausible: floor(5 × 1 s) + 1", {}, [0, 6], 6, []],
    ["m + 1 is a jump, dropped when the next value fits the old", {}, [0, 7, 2], 2, []],
    ["a jump confirmed: delta 0, rebase", {}, [0, 1000, 1003, 1004], 1, ["COUNT_JUMP"]],
    ["a jump down is no jump but a correction", {}, [1000, 900, 901], 1, ["COUNT_CORRECTED"]],
    ["rollover before reset", {}, [65_534, 3], 5, []],
    ["reset: the new value is the delta", {}, [1000, 3, 4], 4, ["COUNT_RESET"]],
    ["reset to zero", {}, [1000, 0, 2], 2, ["COUNT_RESET"]],
    ["correction: smaller, but more than m", {}, [1000, 998, 999], 1, ["COUNT_CORRECTED"]],
    ["pieces multiply", { pieces: 4 }, [0, 2, 3], 12, []],
    ["text of 64-bit counters", { modulus: 1n << 64n }, ["18446744073709551614", "1"], 3, []],
    ["bigints", { modulus: 1n << 64n }, [18_446_744_073_709_551_615n, 0n], 1, []],
    ["a fraction is no count", {}, [5, 5.5, 6], 1, []],
    ["past the modulus is no count", {}, [5, 70_000, 6], 1, []],
  ])("%s", (_, counter, totals, total, flags) => {
    const m = read(plantOf(counter), totals);
    expect(Number(m.counts.total) + Number(m.counts.recovered.total)).toBe(total);
    expect(noteworthy(m)).toEqual(flags);
  });

  test("m is exact for rates that are no binary fraction", () => {
    // 0.1 pieces per ms: m = floor(0.1 × 1000) + 1
    const counter = { maxRate: { count: 1, perMs: 10 } };
    expect(read(plantOf(counter), [0, 101]).counts.total).toBe(101);
    expect(read(plantOf(counter), [0, 102]).counts.total).toBe(0);
  });

  test("a jump refreshes nothing: without a confirmation its point becomes stale", () => {
    const plant = plantOf(
      {},
      {
        rules: [
          {
            is: "producing",
            when: { op: "moving", point: 1, withinMs: 60_000 },
            reason: null,
            attribution: null,
            forMs: 0,
          },
        ],
      },
    );
    for (const [t, total] of [
      [0, 0],
      [1000, 1],
      [2000, 30_000],
      [3000, 20_000],
      [4000, 10_000],
      [5000, 2],
    ] as const)
      plant.cycle(SIX + t, { status: RUN, total });
    plant.tick(SIX + 3 * HOUR);
    expect(plant.sums("hour", SIX).unknownMs["read-rejected"]).toBe(4000);
  });
});

describe("ambiguity", () => {
  test("two wraps may hide in a long gap: low bound, high bound, flag", () => {
    const plant = plantOf({ modulus: 100n });
    plant.cycle(SIX, { status: RUN, total: 0 });
    plant.cycle(SIX + 41_000, { status: RUN, total: 5 });
    plant.tick(SIX + 3 * HOUR);
    const m = plant.measures("hour", SIX);
    // m = 206: 5, 105, 205
    expect(m.counts.recovered.total).toBe(5);
    expect(m.counts.uncertainHigh).toBe(205);
    expect(noteworthy(m)).toEqual(["COUNT_UNCERTAIN"]);
  });
});

describe("recovered", () => {
  const gap = (ms: number): Measures => {
    const plant = plantOf();
    plant.cycle(SIX, { status: RUN, total: 0 });
    plant.cycle(SIX + 1000, { status: RUN, total: 1 });
    plant.cycle(SIX + 1000 + ms, { status: RUN, total: 6 });
    plant.tick(SIX + 3 * HOUR);
    return plant.measures("hour", SIX);
  };

  test("the previous good sample is exactly as old as the hold: observed", () => {
    expect(gap(3000).counts).toMatchObject({ total: 6, recovered: { total: 0 } });
  });

  test("one ms older: recovered", () => {
    expect(gap(3001).counts).toMatchObject({ total: 1, recovered: { total: 5 } });
  });

  test("a fresh sample whose span touches unknown is recovered", () => {
    const plant = plantOf();
    for (const t of [0, 1000]) plant.cycle(SIX + t, { status: RUN, total: 0 });
    plant.feed({ kind: "agent-stopped", at: SIX + 1200 });
    plant.feed({
      kind: "agent-started",
      at: SIX + 1500,
      lastAlive: SIX + 1200,
      cause: "agent-stopped",
    });
    for (const t of [2000, 3000]) plant.cycle(SIX + t, { status: RUN, total: 4 });
    plant.tick(SIX + 3 * HOUR);
    expect(plant.measures("hour", SIX).counts).toMatchObject({ total: 0, recovered: { total: 4 } });
  });

  test("not part of performance or observed OEE, but of oeeMin", () => {
    const plant = plantOf(
      {},
      {
        counts: { total: 1, good: 2, reject: null },
        recipes: [{ id: "r", when: null, idealCycleUs: 1_000_000, validFrom: 0 }],
      },
    );
    for (let t = 0; t <= HOUR; t += 1000)
      if (t <= 1_200_000 || t >= 1_800_000) {
        const n = Math.floor(t / 2000);
        plant.cycle(SIX + t, { status: RUN, total: n, good: n });
      }
    plant.tick(SIX + 3 * HOUR);
    const m = plant.measures("hour", SIX);
    expect(m.counts).toMatchObject({ total: 1499, recovered: { total: 300, good: 300 } });
    expect(m.oee).toMatchObject({
      performance: 0.499667,
      oee: 0.499667,
      oeeMin: 0.499722,
      oeeMax: 0.499722,
    });
  });

  test("a blind span over the window's end is not bridged: oeeMax takes it as good time", () => {
    const plant = plantOf(
      {},
      {
        counts: { total: 1, good: 2, reject: null },
        recipes: [{ id: "r", when: null, idealCycleUs: 1_000_000, validFrom: 0 }],
      },
    );
    for (let t = 0; t <= HOUR + 600_000; t += 1000)
      if (t <= 3_000_000 || t >= HOUR + 300_000)
        plant.cycle(SIX + t, {
          status: RUN,
          total: Math.floor(t / 2000),
          good: Math.floor(t / 2000),
        });
    plant.tick(SIX + 3 * HOUR);
    const { oee, counts } = plant.measures("hour", SIX);
    expect(counts).toMatchObject({ total: 1500, recovered: { total: 0 } });
    expect([oee.oeeMin, oee.oeeMax]).toEqual([0.416667, 0.583333]);
    expect(plant.measures("hour", SIX + HOUR).counts.recovered.total).toBe(450);
  });
});

describe("where a delta is booked", () => {
  test("in the window that contains the sample that shows it", () => {
    const plant = plantOf();
    plant.cycle(SIX + HOUR - 1000, { status: RUN, total: 0 });
    plant.cycle(SIX + HOUR, { status: RUN, total: 3 });
    plant.cycle(SIX + HOUR + 1000, { status: RUN, total: 4 });
    plant.tick(SIX + 3 * HOUR);
    expect(plant.measures("hour", SIX).counts.total).toBe(0);
    expect(plant.measures("hour", SIX + HOUR).counts.total).toBe(4);
  });

  test("outside loading in `countsOutside`, in no ratio", () => {
    const calendar = shifts({ id: "early", start: "06:00", end: "06:30" });
    const base = press();
    const plant = bench(
      SIX,
      press({ calendar: "work", points: base.points, microStopMs: 5000 }),
      calendar,
    );
    for (let t = 0; t < HOUR; t += 1000)
      plant.cycle(SIX + t, { status: RUN, total: t / 1000, good: t / 1000 });
    plant.tick(SIX + 3 * HOUR);
    const m = plant.measures("hour", SIX);
    expect(m.counts).toMatchObject({ total: 1799, good: 1799 });
    expect(m.outside).toEqual({ total: 1800, good: 1800 });
    expect(m.oee.idealTotalUs).toBe(1799 * 1_200_000);
  });
});

describe("missing and inconsistent", () => {
  const bad = { good: "MODBUS_EXCEPTION_2" };
  test("a configured counter never good at a scheduled instant: null and COUNT_MISSING", () => {
    const plant = bench(SIX, press());
    for (let t = 0; t < HOUR; t += 1000)
      plant.cycle(SIX + t, { status: RUN, total: t / 1000 }, bad);
    plant.tick(SIX + 3 * HOUR);
    const m = plant.measures("hour", SIX);
    expect(m.counts).toMatchObject({ total: null, good: null, reject: null });
    expect(m.oee).toMatchObject({ availability: 1, performance: null, quality: null, oee: null });
    expect(m.flags).toEqual(["COUNT_MISSING"]);
  });

  test("good once is enough", () => {
    const plant = bench(SIX, press());
    plant.cycle(SIX, { status: RUN, total: 0, good: 0 });
    for (let t = 1000; t < HOUR; t += 1000)
      plant.cycle(SIX + t, { status: RUN, total: t / 1000 }, bad);
    plant.tick(SIX + 3 * HOUR);
    expect(plant.measures("hour", SIX).flags).not.toContain("COUNT_MISSING");
  });

  test("nothing observed: no COUNT_MISSING", () => {
    const plant = bench(SIX, press());
    plant.cycle(SIX, { status: RUN, total: 0, good: 0 });
    plant.tick(SIX + 4 * HOUR);
    expect(plant.measures("hour", SIX + HOUR).flags).toEqual([]);
    expect(plant.measures("hour", SIX + HOUR).counts.total).toBe(0);
  });

  test.each<[string, AssetModel["counts"], number, number, Partial<Measures["counts"]>]>([
    [
      "good above total",
      { total: 1, good: 2, reject: null },
      2,
      3,
      { total: 2, good: 3, reject: null },
    ],
    [
      "reject above total",
      { total: 1, good: null, reject: 2 },
      2,
      3,
      { total: 2, good: null, reject: null },
    ],
  ])("%s is COUNT_INCONSISTENT", (_, counts, total, other, expected) => {
    const plant = bench(SIX, press({ counts }));
    plant.cycle(SIX, { status: RUN, total: 0, good: 0 });
    plant.cycle(SIX + 1000, { status: RUN, total, good: other });
    plant.cycle(SIX + 2000, { status: IDLE, total, good: other });
    plant.tick(SIX + 3 * HOUR);
    const m = plant.measures("hour", SIX);
    expect(m.counts).toMatchObject(expected);
    expect(m.flags).toContain("COUNT_INCONSISTENT");
  });

  test("without a good or reject counter quality and OEE are null", () => {
    const m = read(plantOf(), [0, 1, 2, 3]);
    expect(m.counts).toMatchObject({ total: 3, good: null, reject: null });
    expect(m.oee).toMatchObject({ quality: null, oee: null });
    expect(m.oee.performance).not.toBeNull();
  });
});

/** Counters of the metrics reference (C1 11, C3 29 to 32): what a decrease or a gap means. */
import { describe, expect, test } from "vitest";
import type { Rate } from "../../agent/core/model.ts";
import type { Measures } from "../../agent/core/window/measure.ts";
import { bench } from "../support/plant.ts";
import { HOUR, machine, RUN, SECOND } from "../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);

/** Readings of one day, `apart` from each other; the counter is `total`, there is no other. */
function reading(modulus: bigint, maxRate: Rate, values: number[], apart = SECOND): Measures {
  const base = machine(1_000_000);
  const plant = bench(SIX, {
    ...base,
    windows: ["day"],
    counts: { total: 1, good: null, reject: null },
    points: base.points.map((point) =>
      point.id === "total" ? { ...point, counter: { modulus, maxRate, pieces: 1 } } : point,
    ),
  });
  for (const [i, total] of values.entries()) plant.cycle(SIX + i * apart, { status: RUN, total });
  plant.tick(SIX + 24 * HOUR);
  return plant.measures("day", SIX - 6 * HOUR);
}

const U16 = 1n << 16n;
const U32 = 1n << 32n;
const SLOW = { count: 12, perMs: 5000 };
const FAST = { count: 40, perMs: 1000 };

describe("C1", () => {
  test("11 AVEVA: rollover value 10,000", () => {
    expect(reading(10_000n, { count: 300, perMs: 1000 }, [9900, 100]).counts.total).toBe(200);
  });

  test("11 AVEVA: a tag of minutes that wraps twice", () => {
    const clock = [0, ...Array.from({ length: 120 }, (_, i) => (i + 1) % 60)];
    expect(reading(60n, { count: 1, perMs: 1000 }, clock).counts.total).toBe(120);
  });
});

describe("C3", () => {
  test.each([
    ["u16", U16, [65_530, 4], 10],
    ["u32", U32, [4_294_967_290, 5], 11],
  ])("29 rollover %s", (_, modulus, values, delta) => {
    const { counts, flags } = reading(modulus, { count: 20, perMs: 1000 }, values);
    expect(counts).toMatchObject({ total: delta, uncertainHigh: null });
    expect(flags).toEqual(flags.filter((flag) => flag === "IDEAL_CYCLE_SUSPECT"));
  });

  test("30 reset, because a rollover is impossible", () => {
    const { counts, flags } = reading(U16, SLOW, [12_345, 3]);
    expect(counts.total).toBe(3);
    expect(flags).toContain("COUNT_RESET");
  });

  test("31 offline gap, certain", () => {
    const { counts, flags } = reading(U16, SLOW, [65_000, 1200], HOUR);
    expect(counts.recovered.total).toBe(1736);
    expect(counts.uncertainHigh).toBeNull();
    expect(flags).not.toContain("COUNT_UNCERTAIN");
  });

  test("31 offline gap, ambiguous: the low bound and the upper one", () => {
    const { counts, flags } = reading(U16, FAST, [65_000, 1200], HOUR);
    expect(counts.recovered.total).toBe(1736);
    expect(counts.uncertainHigh).toBe(132_808);
    expect(flags).toContain("COUNT_UNCERTAIN");
  });

  test("32 a small decrease is a correction", () => {
    const { counts, flags } = reading(U32, { count: 5, perMs: 1000 }, [500, 498, 499]);
    expect(counts.total).toBe(1);
    expect(flags).toContain("COUNT_CORRECTED");
  });
});

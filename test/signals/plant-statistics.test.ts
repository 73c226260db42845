/** The intervals that the tables of the simulated plant quote. */
import { describe, expect, test } from "vitest";
import { poissonBound, quantile, wilson } from "../../bench/signals/plant-statistics.ts";

describe("what a count proves", () => {
  test("Wilson's interval agrees with published values", () => {
    // Newcombe 1998, table I: 81 of 263, and none of 20.
    const [low, high] = wilson(81, 263);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
    expect(wilson(0, 20)[0]).toBe(0);
    expect(wilson(0, 20)[1]).toBeCloseTo(0.1611, 4);
    expect(wilson(0, 0)).toEqual([null, null]);
  });

  test("Poisson bounds agree with half the chi-square quantile", () => {
    expect(poissonBound(0)).toBeCloseTo(2.9957, 3);
    expect(poissonBound(1)).toBeCloseTo(4.7439, 3);
    expect(poissonBound(10)).toBeCloseTo(16.9622, 3);
  });

  test("quantiles are values that occurred, and none of none", () => {
    const values = Array.from({ length: 50 }, (_, i) => 50 - i);
    expect(quantile(values, 0.05)).toBe(3);
    expect(quantile(values, 0.5)).toBe(25);
    expect(quantile([], 0.5)).toBeNull();
  });
});

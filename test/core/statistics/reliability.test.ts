/** Chi-square quantiles against tables, and the worked examples 39 and 40 of the reference. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chiSquareCdfEven, chiSquareQuantile } from "../../../agent/core/statistics/chi-square.ts";
import { meanMs, mtbf, mtbfLowerMs, mttr } from "../../../agent/core/statistics/reliability.ts";

const HOUR = 3_600_000;
const hours = (ms: number | null): number | null => (ms === null ? null : ms / HOUR);

describe("chi-square quantiles", () => {
  // Published tables.
  test.each([
    [0.05, 2, 0.102587],
    [0.95, 2, 5.991465],
    [0.05, 8, 2.732637],
    [0.95, 8, 15.507313],
    [0.95, 10, 18.307038],
    [0.8, 10, 13.441958],
    [0.975, 20, 34.169607],
    [0.99, 30, 50.892181],
    [0.01, 100, 70.064895],
    [0.99, 100, 135.806723],
  ])("p %f with %i degrees is %f", (p, degrees, expected) => {
    expect(chiSquareQuantile(p, degrees)).toBeCloseTo(expected, 5);
  });

  test("is the inverse of the distribution, from 2 to 20,000 degrees", () => {
    const events = fc.integer({ min: 1, max: 10_000 });
    const p = fc.double({ min: 0.001, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(events, p, (r, wanted) => {
        const x = chiSquareQuantile(wanted, 2 * r);
        expect(chiSquareCdfEven(r, x / 2)).toBeCloseTo(wanted, 9);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    [0, 4],
    [1, 4],
    [Number.NaN, 4],
    [0.5, 3],
    [0.5, 0],
    [0.5, 2.5],
  ])("refuses p %f with %f degrees", (p, degrees) => {
    expect(() => chiSquareQuantile(p, degrees)).toThrow(RangeError);
  });
});

describe("example 39: MTBF censored, 2,000 operating hours", () => {
  test("4 failures: 500 h, 90 % two-sided [218.50, 1463.79]", () => {
    const { meanMs: mean, lowerMs, upperMs } = mtbf(2000 * HOUR, 4, 0.9);
    expect(hours(mean)).toBe(500);
    expect(hours(lowerMs)).toBeCloseTo(218.5, 2);
    expect(hours(upperMs)).toBeCloseTo(1463.79, 2);
  });

  test("4 failures: one-sided 80 % lower bound 297.58 h", () => {
    expect(hours(mtbfLowerMs(2000 * HOUR, 4, 0.8))).toBeCloseTo(297.58, 2);
  });

  test("no failure: no mean and no upper bound, 90 % lower bound 868.59 h", () => {
    const none = mtbf(2000 * HOUR, 0, 0.9);
    expect(none).toMatchObject({ failures: 0, meanMs: null, upperMs: null });
    expect(hours(none.lowerMs)).toBeCloseTo(868.59, 2);
  });

  test("no operating time says nothing", () => {
    expect(mtbf(0, 0)).toMatchObject({ meanMs: null, lowerMs: null, upperMs: null });
    expect(mtbf(0, 2)).toMatchObject({ meanMs: null, lowerMs: null, upperMs: null });
  });

  test("the bounds hold the mean, and close in with more failures", () => {
    const widths = [1, 3, 10, 100, 3000].map((failures) => {
      const { meanMs: mean, lowerMs, upperMs } = mtbf(failures * 500 * HOUR, failures);
      expect(lowerMs).toBeLessThan(mean!);
      expect(upperMs).toBeGreaterThan(mean!);
      return upperMs! - lowerMs!;
    });
    expect(widths).toEqual(widths.toSorted((a, b) => b - a));
  });
});

describe("example 40: MTTR with an open job", () => {
  test("closed 2 h and 4 h, open 10 h so far: mean 3, floor 5.33, likely 8", () => {
    expect(mttr([2 * HOUR, 4 * HOUR], [10 * HOUR])).toEqual({
      closed: 2,
      closedMs: 6 * HOUR,
      open: 1,
      openMs: 10 * HOUR,
      closedMeanMs: 3 * HOUR,
      floorMs: 19_200_000,
      likelyMs: 8 * HOUR,
    });
  });

  test("only open ones: no mean of closed ones, a floor, nothing likely", () => {
    expect(mttr([], [HOUR])).toMatchObject({ closedMeanMs: null, floorMs: HOUR, likelyMs: null });
    expect(mttr([], [])).toMatchObject({ closedMeanMs: null, floorMs: null, likelyMs: null });
  });

  test("means are half-up in integers", () => {
    expect([meanMs(1, 2), meanMs(2, 3), meanMs(1, 3), meanMs(0, 5)]).toEqual([1, 1, 0, 0]);
  });
});

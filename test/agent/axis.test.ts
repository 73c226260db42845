/** The axis as tables: what is a step, what is slewed, and that it never runs back. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Axis, anchor, instantOf, tick } from "../../agent/axis.ts";

const T0 = Date.parse("2026-11-23T05:00:00Z");

describe("a step of UTC", () => {
  it.each([
    // name, UTC seen after 10 s of monotonic time (against T0), step reported
    ["no offset", 10_000, 0],
    ["just below the limit", 10_499, 0],
    ["just below, backward", 9_501, 0],
    ["at the limit", 10_500, 500],
    ["at the limit, backward", 9_500, -500],
    ["an hour forward", 3_610_000, 3_600_000],
    ["three hours back", -10_790_000, -10_800_000],
  ])("%s", (_name, utc, stepMs) => {
    const seen = tick(anchor(1_000, T0), 11_000, T0 + utc);
    expect(seen).toMatchObject({ at: T0 + 10_000, stepMs });
  });

  it("is reported once, and the axis goes on from the new UTC", () => {
    const first = tick(anchor(0, T0), 1_000.75, T0 + 3_601_000);
    expect(first.at + first.stepMs).toBe(T0 + 3_601_000);
    const second = tick(first.axis, 2_000.75, T0 + 3_602_000);
    expect(second).toMatchObject({ at: T0 + 3_602_000, stepMs: 0 });
  });

  it("is exact when the axis stands between two milliseconds", () => {
    const seen = tick(anchor(0.2, T0), 1_000.9, T0 + 501_000);
    expect(seen.at).toBe(T0 + 1_000);
    expect(seen.stepMs).toBe(500_000);
  });
});

describe("slewing", () => {
  /** Ticks once a second against a UTC that is `offset` away. */
  const run = (offset: number, seconds: number): Axis => {
    let axis = anchor(0, T0);
    for (let s = 1; s <= seconds; s++) axis = tick(axis, s * 1000, T0 + s * 1000 + offset).axis;
    return axis;
  };
  const gained = (axis: Axis): number => axis.utc - T0 - axis.mono;

  it.each([400, -400])("removes %i ms at 500 ppm and no faster", (offset) => {
    expect(Math.abs(gained(run(offset, 101)))).toBeCloseTo(50, 6);
    expect(gained(run(offset, 1_200))).toBeCloseTo(offset, 0);
  });

  it("never overshoots", () => {
    for (const seconds of [10, 100, 810, 900, 2_000]) {
      expect(gained(run(400, seconds))).toBeLessThanOrEqual(400);
    }
  });
});

describe("the axis", () => {
  it("never runs back while UTC only wanders, and stays within 500 ppm of monotonic time", () => {
    const wander = fc.array(
      fc.record({
        ms: fc.double({ min: 0.01, max: 20_000, noNaN: true }),
        offset: fc.integer({ min: -499, max: 499 }),
      }),
      { minLength: 2, maxLength: 50 },
    );
    fc.assert(
      fc.property(wander, (moves) => {
        let axis = anchor(0, T0);
        let mono = 0;
        let last = T0;
        for (const { ms, offset } of moves) {
          expect(instantOf(axis, mono + ms / 2)).toBeGreaterThanOrEqual(last);
          const here = axis.utc + ms * axis.rate;
          mono += ms;
          // A UTC whose offset to the axis, not to true time, stays small: no step is due.
          const seen = tick(axis, mono, Math.round(here + offset * 0.99));
          expect(seen.stepMs).toBe(0);
          expect(seen.at).toBeGreaterThanOrEqual(last);
          expect(Math.abs(seen.axis.utc - axis.utc - ms)).toBeLessThanOrEqual(ms * 500e-6 + 1e-3);
          axis = seen.axis;
          last = seen.at;
        }
      }),
    );
  });

  it("dates monotonic instants on both sides of the last tick", () => {
    const axis = anchor(5_000.5, T0);
    expect(instantOf(axis, 5_000.5)).toBe(T0);
    expect(instantOf(axis, 5_250.75)).toBe(T0 + 250);
    expect(instantOf(axis, 4_900.5)).toBe(T0 - 100);
  });
});

/** The grid of polls and how sources share it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planSlots, slotOf, slotReached } from "../../agent/slots.ts";

const paced = (...periods: number[]) =>
  periods.map((pollMs, i) => ({ connection: `c${i}`, pollMs }));

describe("the grid", () => {
  it.each([
    [[1_000], 250],
    [[1_000, 5_000], 250],
    [[100], 25],
    [[100, 1_000], 25],
    [[700, 1_000], 100],
    [[60_000], 250],
    [[50], 25],
    [[10], 10],
  ])("of periods %j is %i ms, and divides them", (periods, gridMs) => {
    expect(planSlots(paced(...periods)).gridMs).toBe(
      periods.every((period) => period % gridMs === 0) ? gridMs : "a divisor of all",
    );
  });

  it.each([
    [[997, 1_009], 20],
    [[30, 1_000], 20],
    [[7, 1_000], 7],
  ])("of periods %j, which share no divisor, is fine: %i ms", (periods, gridMs) => {
    expect(planSlots(paced(...periods)).gridMs).toBe(gridMs);
  });
});

describe("phases", () => {
  const used = (count: number, pollMs: number, connection: (i: number) => string) => {
    const sources = Array.from({ length: count }, (_, i) => ({
      connection: connection(i),
      pollMs,
    }));
    const sizes = new Map<number, number>();
    for (const phase of planSlots(sources).phases) sizes.set(phase, (sizes.get(phase) ?? 0) + 1);
    return Object.fromEntries(sizes);
  };

  it("keep a small plant in one slot", () => {
    expect(used(20, 100, (i) => `c${i}`)).toEqual({ 0: 20 });
  });

  it("spread 100 connections over the four slots of a period", () => {
    expect(used(100, 100, (i) => `c${i}`)).toEqual({ 0: 25, 25: 25, 50: 25, 75: 25 });
  });

  it("keep the sources of one connection together", () => {
    expect(used(100, 1_000, () => "bus")).toEqual({ 0: 100 });
    expect(used(64, 1_000, (i) => (i < 48 ? "bus" : `c${i}`))).toEqual({ 0: 48, 500: 16 });
  });

  it("lie on the grid and inside the shortest period", () => {
    const source = fc.record({
      connection: fc.constantFrom("a", "b", "c", "d", "e"),
      pollMs: fc.integer({ min: 10, max: 20_000 }),
    });
    fc.assert(
      fc.property(fc.array(source, { maxLength: 200 }), (sources) => {
        const { gridMs, phases } = planSlots(sources);
        const shortest = Math.min(...sources.map(({ pollMs }) => pollMs));
        expect(phases).toHaveLength(sources.length);
        for (const phase of phases) {
          expect(phase % gridMs).toBe(0);
          expect(phase).toBeLessThan(shortest);
        }
      }),
    );
  });
});

describe("a slot", () => {
  it.each([
    [0, 0],
    [1, 250],
    [250, 250],
    [251, 500],
  ])("of a poll due at %i is %i", (due, slot) => {
    expect(slotOf(due, 250)).toBe(slot);
  });

  it.each([
    [0, 0],
    [248.9, 0],
    [249, 250],
    [250.7, 250],
    [499.2, 500],
  ])("reached at %d is %i", (elapsed, slot) => {
    expect(slotReached(elapsed, 250)).toBe(slot);
  });
});

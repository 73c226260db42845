/** The histogram of poll lateness against exact quantiles. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bookLateness, noLateness, summarize } from "../../agent/lateness.ts";

const summaryOf = (...late: number[]) => {
  const lateness = noLateness();
  for (const ms of late) bookLateness(lateness, ms);
  return summarize(lateness);
};

describe("lateness", () => {
  it.each([
    [[], { polls: 0, p50Ms: 0, p99Ms: 0, maxMs: 0 }],
    [[-0.8], { polls: 1, p50Ms: 0, p99Ms: 0, maxMs: 0 }],
    [[0.2, 0.3, 7], { polls: 3, p50Ms: 1, p99Ms: 7, maxMs: 7 }],
    [[60_000], { polls: 1, p50Ms: 60_000, p99Ms: 60_000, maxMs: 60_000 }],
    [[...Array(99).fill(2.5), 40], { polls: 100, p50Ms: 3, p99Ms: 3, maxMs: 40 }],
  ])("of %j", (late, summary) => {
    expect(summaryOf(...late)).toEqual(summary);
  });

  it("never reports less than the exact quantile", () => {
    const lengths = fc.array(fc.double({ min: 0, max: 20_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(lengths, (late) => {
        const sorted = late.toSorted((a, b) => a - b);
        const exact = (share: number) => sorted[Math.ceil(late.length * share) - 1] ?? Number.NaN;
        const { p50Ms, p99Ms, maxMs } = summaryOf(...late);
        expect(p50Ms).toBeGreaterThanOrEqual(exact(0.5));
        expect(p99Ms).toBeGreaterThanOrEqual(exact(0.99));
        expect(maxMs).toBe(sorted.at(-1));
        expect(p99Ms).toBeLessThanOrEqual(maxMs);
      }),
    );
  });
});

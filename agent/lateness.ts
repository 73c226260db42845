/**
 * How late polls start, as a histogram of fixed size: constant cost per poll and for any number of them.
 * Quantiles are upper bounds of buckets; the maximum is exact.
 */

/** Upper bounds of the buckets in milliseconds, inclusive; one more bucket holds what is above. */
const BOUNDS = [
  1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 500, 750, 1_000,
  2_000, 5_000, 10_000,
] as const;

export interface Lateness {
  buckets: number[];
  polls: number;
  maxMs: number;
}

export interface LatenessSummary {
  polls: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export const noLateness = (): Lateness => ({
  buckets: new Array<number>(BOUNDS.length + 1).fill(0),
  polls: 0,
  maxMs: 0,
});

/** Books one poll that began `ms` after it was due; a timer that fired early counts as 0. */
export function bookLateness(lateness: Lateness, ms: number): void {
  const late = Math.max(ms, 0);
  let bucket = BOUNDS.findIndex((bound) => late <= bound);
  if (bucket < 0) bucket = BOUNDS.length;
  lateness.buckets[bucket] = (lateness.buckets[bucket] ?? 0) + 1;
  lateness.polls += 1;
  lateness.maxMs = Math.max(lateness.maxMs, late);
}

export const summarize = (lateness: Lateness): LatenessSummary => ({
  polls: lateness.polls,
  p50Ms: quantile(lateness, 0.5),
  p99Ms: quantile(lateness, 0.99),
  maxMs: lateness.maxMs,
});

/** The least bucket bound that `share` of all polls did not exceed, never above the maximum; 0 without polls. */
function quantile({ buckets, polls, maxMs }: Lateness, share: number): number {
  let left = Math.ceil(polls * share);
  for (const [i, count] of buckets.entries()) {
    left -= count;
    if (left <= 0) return Math.min(BOUNDS[i] ?? maxMs, maxMs);
  }
  return maxMs;
}

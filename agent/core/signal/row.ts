/**
 * The face of a row detector: rows in, a verdict out, over plain JSON state. Learning comes first (training rows or
 * warm-up), judging after it. Refuses to know of time, assets or life cycles: `bank.ts` wraps that around it.
 */

/** What one row says. Reused from row to row by the caller, so that a quiet row allocates nothing. */
export interface RowVerdict {
  /** In [0, 1], causal, never NaN; 0 while learning. */
  score: number;
  alarm: boolean;
  /** True on the one row where something begins or ends (a changepoint). */
  onset: boolean;
}

export function quietVerdict(): RowVerdict {
  return { score: 0, alarm: false, onset: false };
}

/** The part of the alarm that one channel carries; shares of all channels sum to 1, or are all 0. */
export interface Contribution {
  channel: number;
  share: number;
}

/**
 * A detector over state `S` (plain JSON data: a snapshot is `JSON.stringify`, a restore `JSON.parse`). In `x`, NaN
 * is a channel that is absent or bad at this row; `x` is read, never kept.
 */
export interface RowDetector<S> {
  step(state: S, x: ArrayLike<number>, verdict: RowVerdict): void;
  contributions(state: S): Contribution[];
}

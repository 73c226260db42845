/**
 * Mean times between failures and to repair, with what few or unfinished ones leave open (metrics A4, A5, E 22).
 * The integers are the result; means are rounded half-up to whole milliseconds for reading. No events give null, never 0.
 */
import type { Millis } from "../time.ts";
import { chiSquareQuantile } from "./chi-square.ts";

/** `sum / n` of non-negative integers, half-up; null where n is 0. */
export const meanMs = (sum: Millis, n: number): Millis | null =>
  n === 0 ? null : Number((2n * BigInt(sum) + BigInt(n)) / (2n * BigInt(n)));

export interface Mtbf {
  /** Operating time, never calendar time. */
  operatingMs: Millis;
  failures: number;
  /** Operating time / failures; null without failures. */
  meanMs: Millis | null;
  /** Two-sided bounds; without failures the lower one is one-sided and there is no upper one. */
  lowerMs: Millis | null;
  upperMs: Millis | null;
  confidence: number;
}

/**
 * Time-terminated: observation ended at a time, not at a failure, so the lower bound has 2r + 2 degrees of freedom and
 * the upper one 2r (Nelson 1982; metrics A4). `confidence` lies between 0 and 1. No operating time bounds nothing.
 */
export function mtbf(operatingMs: Millis, failures: number, confidence = 0.9): Mtbf {
  const base = { operatingMs, failures, meanMs: meanMs(operatingMs, failures), confidence };
  if (operatingMs === 0) return { ...base, meanMs: null, lowerMs: null, upperMs: null };
  if (failures === 0)
    return { ...base, lowerMs: mtbfLowerMs(operatingMs, 0, confidence), upperMs: null };
  const half = (1 - confidence) / 2;
  return {
    ...base,
    lowerMs: mtbfLowerMs(operatingMs, failures, 1 - half),
    upperMs: Math.round((2 * operatingMs) / chiSquareQuantile(half, 2 * failures)),
  };
}

/** One-sided lower bound: the mean time is at least this with that confidence. */
export const mtbfLowerMs = (operatingMs: Millis, failures: number, confidence: number): Millis =>
  Math.round((2 * operatingMs) / chiSquareQuantile(confidence, 2 * failures + 2));

export interface Mttr {
  closed: number;
  closedMs: Millis;
  /** Repairs still under way and the time they have taken so far (right-censored). */
  open: number;
  openMs: Millis;
  /** Of the closed ones. Favours short repairs while others are open. */
  closedMeanMs: Millis | null;
  /** As if every open repair ended now: the true mean cannot be lower. */
  floorMs: Millis | null;
  /** Maximum likelihood for exponential repair times: all time / closed repairs. */
  likelyMs: Millis | null;
}

/** From the lengths of closed repairs and the elapsed lengths of open ones. */
export function mttr(closed: readonly Millis[], open: readonly Millis[]): Mttr {
  const sum = (lengths: readonly Millis[]): Millis => lengths.reduce((a, b) => a + b, 0);
  const closedMs = sum(closed);
  const openMs = sum(open);
  const all = closedMs + openMs;
  return {
    closed: closed.length,
    closedMs,
    open: open.length,
    openMs,
    closedMeanMs: meanMs(closedMs, closed.length),
    floorMs: meanMs(all, closed.length + open.length),
    likelyMs: meanMs(all, closed.length),
  };
}

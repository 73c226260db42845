/**
 * When each piece leaves a machine and which ones are rejects. Piece instants are computed, never stored:
 * a stretch of production is a grid of cycle times with jitter by ordinal, so any instant costs the same.
 */
import type { Millis } from "../agent/core/time.ts";
import { noiseAt, type Random } from "./random.ts";

/** A stretch in which pieces are made: the first ends one cycle after `from`. */
export interface Pace {
  from: Millis;
  /** Mean milliseconds per piece, null while none is made. */
  cycleMs: number | null;
  /** Ordinal of the first piece, counted over the machine's whole life. */
  first: number;
}

/** Share of a cycle by which a piece may be early or late. */
const JITTER = 0.04;

/** The exact instant of the `n`th piece (from 0) of a stretch. */
export function pieceAt(pace: Pace, key: number, n: number): Millis {
  const cycle = pace.cycleMs ?? Number.POSITIVE_INFINITY;
  const jitter = (noiseAt(key, pace.first + n) * 2 - 1) * JITTER;
  return pace.from + Math.max(1, Math.round((n + 1 + jitter) * cycle));
}

/** Pieces of a stretch with an instant below `before`. */
export function madeBefore(pace: Pace, key: number, before: Millis): number {
  if (pace.cycleMs === null) return 0;
  // Jitter and rounding move a piece by less than 0.54 cycles, so only the next two can be in doubt.
  const sure = (before - pace.from) / pace.cycleMs - 0.54 - 1 / pace.cycleMs;
  let n = Math.max(0, Math.floor(sure));
  while (pieceAt(pace, key, n) < before) n++;
  return n;
}

/** Ordinals of rejected pieces, ascending; grown on demand, in order, so that queries never change them. */
export interface Rejects {
  ordinals: number[];
  /** The next random reject, not yet in `ordinals`. */
  next: number;
  random: Random;
  rate: number;
}

export function rejectsOf(random: Random, rate: number): Rejects {
  const rejects = { ordinals: [], next: 0, random, rate };
  rejects.next = gap(rejects) - 1;
  return rejects;
}

/** Geometric distance to the next random reject. */
function gap(rejects: Rejects): number {
  if (rejects.rate <= 0) return Number.POSITIVE_INFINITY;
  return 1 + Math.floor(Math.log(1 - rejects.random()) / Math.log(1 - rejects.rate));
}

function grow(rejects: Rejects, ordinal: number): void {
  while (rejects.next < ordinal) {
    rejects.ordinals.push(rejects.next);
    rejects.next += gap(rejects);
  }
}

/** Start-up scrap: the `count` pieces from `ordinal` on are rejects; random ones go on behind them. */
export function spoil(rejects: Rejects, ordinal: number, count: number): void {
  grow(rejects, ordinal);
  for (let i = 0; i < count; i++) rejects.ordinals.push(ordinal + i);
  rejects.next = ordinal + count - 1 + gap(rejects);
}

/** Rejects among the pieces with an ordinal below `ordinal`. */
export function rejectsBelow(rejects: Rejects, ordinal: number): number {
  grow(rejects, ordinal);
  const { ordinals } = rejects;
  let low = 0;
  let high = ordinals.length;
  // The newest pieces are asked for most.
  if (high === 0 || (ordinals[high - 1] as number) < ordinal) return high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ordinals[middle] as number) < ordinal) low = middle + 1;
    else high = middle;
  }
  return low;
}

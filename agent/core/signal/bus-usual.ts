/**
 * What is usual of a line, one measure at a time: learned from its blocks over days, then held against each of them by a
 * CUSUM. What was learned is kept; a line that is bad from the beginning is never usual. Names no signal.
 */
import type { Millis } from "../time.ts";

/** Plain JSON data. */
export interface Measure {
  /** First block that taught something, and when enough had been learned; -1: not yet. */
  since: Millis;
  learnedAt: Millis;
  /** Blocks learned from, their mean, and the sum of the squares around it. */
  n: number;
  mean: number;
  squares: number;
  /** CUSUM in scales of a block, and the begin of the block in which it last left zero. */
  sum: number;
  from: Millis;
}

/** What a block is compared with: `scale` is the spread of one block, or the least that counts. */
export interface Usual {
  mean: number;
  scale: number;
}

const DAY = 86_400_000;
/** A line is another one by day, by night and at the weekend. */
const LEARN_MS = 5 * DAY;
const LEARN_BLOCKS = 100;
/** Decision limit and reference value of the CUSUM, and the most that one block adds. */
export const LIMIT = 12;
const REFERENCE = 1;
const CLIP = 4;
/** A larger share of cycles is no line's usual; it stands for what is usual until that is known. */
const MOST_SHARE = 0.02;
/** Least change that counts: of a share, and of the logarithm of a time (a quarter). */
const LEAST_SHARE = 0.005;
const LEAST_TIME = Math.log(1.25);

export const newMeasure = (): Measure => ({
  since: -1,
  learnedAt: -1,
  n: 0,
  mean: 0,
  squares: 0,
  sum: 0,
  from: 0,
});

const isLearned = ({ learnedAt }: Measure): boolean => learnedAt >= 0;
const spread = ({ squares, n }: Measure): number => Math.sqrt(squares / n);

/** Of a share among `cycles`. */
export function usualShare(measure: Measure, cycles: number): Usual {
  const known = isLearned(measure);
  const mean = known ? measure.mean : MOST_SHARE;
  const chance = Math.sqrt((mean * (1 - mean)) / cycles);
  // A single cycle of a slow poll is a large share, and still a single one.
  const least = Math.max(LEAST_SHARE, 1 / cycles);
  return { mean, scale: Math.max(chance, known ? spread(measure) : 0, least) };
}

/** Of the logarithm of a time; null while it is being learned. */
export const usualTime = (measure: Measure): Usual | null =>
  isLearned(measure) ? { mean: measure.mean, scale: Math.max(spread(measure), LEAST_TIME) } : null;

/** Holds a block that began at `from` against what is usual. */
export function compare(measure: Measure, value: number, usual: Usual, from: Millis): void {
  const off = (value - usual.mean) / usual.scale;
  const step = Math.min(CLIP, Math.max(-CLIP, off)) - REFERENCE;
  if (measure.sum === 0) measure.from = from;
  measure.sum = Math.min(2 * LIMIT, Math.max(0, measure.sum + step));
}

/** Learns from a block `[from, to)` until enough is known. */
export function learn(measure: Measure, value: number, from: Millis, to: Millis): void {
  if (isLearned(measure)) return;
  if (measure.since < 0) measure.since = from;
  measure.n += 1;
  const off = value - measure.mean;
  measure.mean += off / measure.n;
  measure.squares += off * (value - measure.mean);
  if (measure.n >= LEARN_BLOCKS && to - measure.since >= LEARN_MS) measure.learnedAt = to;
}

/**
 * What is kept of one channel beyond its samples: baselines by context, the sums of its drift, hours and days. Plain
 * data and its upkeep; what follows from it is decided in `judge-block.ts`.
 */
import { type Block, expectedOf, SHIFT } from "./baseline.ts";
import { HOUR_N, HOUR_SUM, isCalm, newDrift, SIDE } from "./drift.ts";
import { follow, widen } from "./follow.ts";
import type { DriftModel } from "./model.ts";
import { median } from "./order.ts";
import { DAYS_KEPT } from "./settings-plant.ts";
import type { StartsState } from "./starts.ts";

export interface Book {
  /** By context: a baseline, or empty. */
  bases: number[][];
  /** By context: what is being learned, or empty. */
  learning: number[][];
  drift: number[];
  /** Means of the running hours of this day, as deviations from the unfollowed baseline. */
  hours: number[];
  /** Their medians by day, beside the days of the diary; ABSENT where there was none. */
  days: number[];
  /** Versions of baselines made so far. */
  version: number;
  /** Null until the channel's starts are watched. */
  starts: StartsState | null;
}

/** A day without a value; no measured deviation is that large. */
export const ABSENT = Number.MAX_VALUE;
const HOUR_BLOCKS = 6;
const MOST_HOURS = 24;
const LEAST_HOURS = 2;

export const newBook = (): Book => ({
  bases: [],
  learning: [],
  drift: newDrift(),
  hours: [],
  days: [],
  version: 0,
  starts: null,
});

/** The baseline of a context, or null while it is being learned. */
export function baseOf(book: Book, context: number): number[] | null {
  const base = book.bases[context];
  return base !== undefined && base.length > 0 ? base : null;
}

export const firstBase = (book: Book): number[] | null =>
  book.bases.find((base) => base.length > 0) ?? null;

/** Adds a block to the hour that is being made, as a deviation from the baseline as learned. True when the hour is full. */
export function remember(book: Book, base: number[], block: Block): boolean {
  const off = block.value - expectedOf(base, block);
  if (!(off - off === 0)) return false;
  const { drift, hours } = book;
  drift[HOUR_SUM]! += off;
  drift[HOUR_N]! += 1;
  if (drift[HOUR_N]! < HOUR_BLOCKS) return false;
  if (hours.length < MOST_HOURS) hours.push(drift[HOUR_SUM]! / drift[HOUR_N]!);
  drift[HOUR_SUM] = 0;
  drift[HOUR_N] = 0;
  return true;
}

/** The day is over: its median is kept, and a calm baseline follows it a little. */
export function endDayOf(book: Book, model: DriftModel): void {
  const { hours, days, drift } = book;
  const enough = hours.length >= LEAST_HOURS;
  const today = median(hours);
  days.push(enough ? today : ABSENT);
  if (days.length > DAYS_KEPT) days.shift();
  hours.length = 0;
  drift[HOUR_SUM] = 0;
  drift[HOUR_N] = 0;
  if (!enough) return;
  if (drift[SIDE] !== 0) return;
  for (const base of book.bases) {
    if (base.length === 0) continue;
    const off = today - base[SHIFT]!;
    widen(base, off);
    if (isCalm(model, drift)) follow(base, off, model);
  }
}

/** Forgets what is normal; the next version is learned from here on. */
export function relearn(book: Book): void {
  book.bases = [];
  book.learning = [];
  book.drift = newDrift();
  book.hours = [];
  book.days = [];
  book.starts = null;
}

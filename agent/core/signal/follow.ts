/**
 * How far a baseline follows its machine after it was learned: centre and spread from day to day, each within a budget of its
 * own, so that wear never passes for a new normal. Judges nothing.
 */
import {
  DAILY,
  DAYS_KNOWN,
  EARLY_DAILY,
  LEFT,
  PRIOR_DAYS,
  SCALE,
  SHIFT,
  WITHIN,
} from "./baseline.ts";
import type { DriftModel } from "./model.ts";

/** Least part of a day's deviation that is followed, and the sd it must be within. */
const FOLLOW = 0.03;
const FOLLOW_SD = 2;
/** A day tells of the spread from day to day at most so many times what is known of it. */
const TELLS = 2.5;
const MOST_DAYS = 60;
/** Days in which the spread from day to day is found out, and how much wider it may become after them: slow wear is none. */
const EARLY_DAYS = 30;
const WIDEST = 2;

/** A day is over, `off` from what was followed: the spread from day to day learns from it, within its budget. */
export function widen(base: number[], off: number): void {
  const days = base[DAYS_KNOWN]! + 1;
  base[DAYS_KNOWN] = days;
  const daily = base[DAILY]! ** 2;
  const seen = Math.min(off ** 2, TELLS ** 2 * (daily + LEFT * base[WITHIN]! ** 2));
  const wide = Math.sqrt(daily + (seen - daily) / (Math.min(days, MOST_DAYS) + PRIOR_DAYS));
  const early = base[EARLY_DAILY] ?? base[DAILY]!;
  base[EARLY_DAILY] = days <= EARLY_DAYS ? Math.max(early, wide) : early;
  base[DAILY] = Math.min(wide, WIDEST * base[EARLY_DAILY]);
  base[SCALE] = Math.hypot(base[WITHIN]!, base[DAILY]);
}

/** A calm day: the centre follows it a little, never beyond the budget. Wear does not pass for a new normal. */
export function follow(base: number[], off: number, model: DriftModel): void {
  const scale = base[SCALE]!;
  if (Math.abs(off) > FOLLOW_SD * scale) return;
  const budget = model.budget ?? model.budgetSd * scale;
  const part = Math.max(FOLLOW, 1 / base[DAYS_KNOWN]!);
  base[SHIFT] = Math.min(budget, Math.max(-budget, base[SHIFT]! + part * off));
}

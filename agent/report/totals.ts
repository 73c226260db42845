/**
 * The integers of a report, which add up over spans and machines, and the ratios made of them at the end. Nothing
 * here is ever averaged. Machines without counters take part in uptime and availability only.
 */

import type { RecipeRow } from "../core/projection/lost-pieces.ts";
import { share } from "../core/projection/share.ts";
import type { Millis } from "../core/time.ts";
import { goodValueBounds, measure } from "../core/window/measure.ts";
import { emptySums, type WindowSums } from "../core/window/sums.ts";

/** Of the machines that count pieces. null: undefined for one of them, so undefined for all. */
export interface PieceTotals {
  machines: number;
  loadingMs: Millis;
  blindMs: Millis;
  runMs: Millis;
  total: number | null;
  good: number | null;
  reject: number | null;
  recoveredTotal: number | null;
  recoveredGood: number | null;
  outsideTotal: number | null;
  /** Σ ideal time, µs: of all pieces, of good ones, and what the good ones can be worth at least and at most. */
  idealTotalUs: number | null;
  idealGoodUs: number | null;
  /** Of rejects made while starting up. */
  startUpUs: number | null;
  lowUs: number | null;
  highUs: number | null;
}

/** What of a window's sums may be added as it is. */
type Additive = Omit<
  WindowSums,
  "recipes" | "outside" | "excess" | "seen" | "unbridged" | "clock" | "flags" | "open"
>;

export interface Totals extends Additive {
  machines: number;
  lengthMs: Millis;
  /** Failures that ended here; `restoredMs` is their full lengths. */
  restored: number;
  /** Failures open at the end. */
  open: number;
  pieces: PieceTotals;
}

/** `restored`: the failures that ended in the span, which windows do not count. */
export function totalsOf(
  sums: WindowSums,
  restored: number,
  recipes: readonly RecipeRow[],
): Totals {
  const { recipes: _, outside, excess, seen, unbridged, clock, flags, ...additive } = sums;
  const lengthMs = Object.values(sums.conditionMs).reduce((sum, ms) => sum + ms, 0);
  return {
    ...structuredClone(additive),
    machines: 1,
    lengthMs,
    restored,
    pieces: piecesOf(sums, recipes),
  };
}

function piecesOf(sums: WindowSums, recipes: readonly RecipeRow[]): PieceTotals {
  if (sums.seen.total === null) return noPieceTotals();
  const { counts, outside, oee } = measure(sums);
  const { loadingMs, blindMs, runMs } = sums;
  return {
    ...{ machines: 1, loadingMs, blindMs, runMs },
    ...{ total: counts.total, good: counts.good, reject: counts.reject },
    recoveredTotal: counts.recovered.total,
    recoveredGood: counts.recovered.good,
    outsideTotal: outside.total,
    ...{ idealTotalUs: oee.idealTotalUs, idealGoodUs: oee.idealGoodUs },
    startUpUs: oee.idealGoodUs === null ? null : startUpUs(recipes),
    ...goodValueBounds(sums),
  };
}

const startUpUs = (recipes: readonly RecipeRow[]): number =>
  recipes.reduce((sum, { startUp, idealCycleUs }) => sum + (startUp ?? 0) * (idealCycleUs ?? 0), 0);

const noPieceTotals = (): PieceTotals => ({
  ...{ machines: 0, loadingMs: 0, blindMs: 0, runMs: 0, total: 0, good: 0, reject: 0 },
  ...{ recoveredTotal: 0, recoveredGood: 0, outsideTotal: 0, idealTotalUs: 0, idealGoodUs: 0 },
  ...{ startUpUs: 0, lowUs: 0, highUs: 0 },
});

/** Adds field by field; a null makes a sum null. */
export function addTotals(all: readonly Totals[]): Totals {
  const { recipes, outside, excess, seen, unbridged, clock, flags, ...blank } = emptySums();
  const zero: Totals = { ...blank, machines: 0, lengthMs: 0, restored: 0, pieces: noPieceTotals() };
  return all.reduce((sum, one) => plus(sum, one), zero);
}

function plus<T extends object>(a: T, b: T): T {
  const sum = Object.keys(a).map((key) => {
    const [x, y] = [a[key as keyof T], b[key as keyof T]] as unknown[];
    if (x === null || y === null) return [key, null];
    return [key, typeof x === "object" ? plus(x, y as object) : (x as number) + (y as number)];
  });
  return Object.fromEntries(sum) as T;
}

/** A share with what it can be at least and at most. */
export interface Bounded {
  value: number | null;
  min: number | null;
  max: number | null;
}

export interface Ratios {
  uptime: Bounded;
  availability: Bounded;
  performance: number | null;
  quality: number | null;
  oee: Bounded;
  coverage: number | null;
}

/** As accounting rule 11 has them, of any sum of spans and machines. */
export function ratiosOf(t: Totals): Ratios {
  const observed = t.loadingMs - t.blindMs;
  const most = t.upPrimeMs + t.blindMs;
  const { pieces } = t;
  const counted = pieces.machines > 0;
  const us = (value: number | null): number | null => (counted ? value : null);
  return {
    uptime: {
      value: share([t.upMs], [t.upMs + t.downMs]),
      min: share([t.upMs], [t.upMs + t.downMs + t.blindMs]),
      max: share([most], [most + t.downPrimeMs]),
    },
    availability: {
      value: share([t.runMs], [observed]),
      min: share([t.runMs], [t.loadingMs]),
      max: share([t.runPrimeMs + t.blindMs], [t.loadingMs]),
    },
    performance: share([us(pieces.idealTotalUs)], [pieces.runMs, 1000]),
    quality: share([us(pieces.idealGoodUs)], [us(pieces.idealTotalUs)]),
    oee: {
      value: share([us(pieces.idealGoodUs)], [pieces.loadingMs - pieces.blindMs, 1000]),
      min: share([us(pieces.lowUs)], [pieces.loadingMs, 1000]),
      max: share([us(pieces.highUs)], [pieces.loadingMs, 1000]),
    },
    coverage: share([observed], [t.loadingMs]),
  };
}

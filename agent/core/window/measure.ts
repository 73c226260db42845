/**
 * Ratios of a window, derived from its integer sums when a record is made (accounting rules 6, 8, 9, 11).
 * Undefined is null, never 0, 1 or NaN. Rounded half-up to 6 decimals in integers, for reading only.
 */

import type { Millis } from "../time.ts";
import {
  addPieces,
  type Flag,
  noPieces,
  type Pieces,
  type RecipeSums,
  type WindowSums,
} from "./sums.ts";

/** `numerator / denominator` of two non-negative integers, half-up to 6 decimals; null where the denominator is 0. */
export function ratio(numerator: number | null, denominator: number | null): number | null {
  if (numerator === null || denominator === null || denominator === 0) return null;
  const n = BigInt(numerator);
  const d = BigInt(denominator);
  return Number((n * 2_000_000n + d) / (2n * d)) / 1e6;
}

export interface Counts {
  total: number | null;
  good: number | null;
  reject: number | null;
  /** Upper bound of `total` plus recovered, null while every count was certain. */
  uncertainHigh: number | null;
  recovered: { total: number | null; good: number | null };
}

export interface Measures {
  counts: Counts;
  outside: { total: number | null; good: number | null };
  recipes: {
    id: string;
    idealCycleUs: number | null;
    producingMs: Millis;
    total: number | null;
    good: number | null;
  }[];
  oee: {
    loadingMs: Millis;
    observedLoadingMs: Millis;
    runMs: Millis;
    idealTotalUs: number | null;
    idealGoodUs: number | null;
    availability: number | null;
    availabilityMin: number | null;
    availabilityMax: number | null;
    performance: number | null;
    quality: number | null;
    oee: number | null;
    oeeMin: number | null;
    oeeMax: number | null;
  };
  uptime: {
    upMs: Millis;
    downMs: Millis;
    excludedMs: Millis;
    value: number | null;
    min: number | null;
    max: number | null;
  };
  coverage: { observedMs: Millis; value: number | null };
  flags: Flag[];
}

/** Good pieces of a row: from the good counter, else total minus rejects; null where neither is configured. */
function goodOf(sums: WindowSums, row: Pieces): number | null {
  if (sums.seen.good !== null) return row.good;
  if (sums.seen.reject !== null) return row.total - row.reject;
  return null;
}

/** More rejects than pieces leave the good ones undefined. */
const countable = (n: number | null): number | null => (n !== null && n < 0 ? null : n);

/** Σ ideal × pieces in µs; null when pieces of a recipe without ideal cycle are among them. */
function ideal(rows: RecipeSums[], pieces: (row: RecipeSums) => number | null): number | null {
  let sum = 0;
  for (const row of rows) {
    const n = pieces(row);
    if (n === null || (row.idealCycleUs === null && n !== 0)) return null;
    sum += n * (row.idealCycleUs ?? 0);
  }
  return sum;
}

/** Pieces of a window and what may be said about them. */
interface Tally {
  rows: RecipeSums[];
  counted: Pieces;
  recovered: Pieces;
  /** A total counter is configured. */
  configured: boolean;
  /** Every configured counter was read at a scheduled instant, or nothing was observed at all. */
  usable: boolean;
  /** Pieces of a recipe without an ideal cycle are among them. */
  strays: boolean;
  /** The same among recovered pieces: they leave the bounds of OEE undefined. */
  lostStrays: boolean;
  good: number | null;
  /** More good than total, or more rejects. */
  inconsistent: boolean;
}

function tally(sums: WindowSums, observedMs: Millis): Tally {
  const rows = Object.values(sums.recipes).sort(
    (a, b) => compare(a.id, b.id) || (a.idealCycleUs ?? 0) - (b.idealCycleUs ?? 0),
  );
  const counted = noPieces();
  const recovered = noPieces();
  for (const row of rows) {
    addPieces(counted, row);
    addPieces(recovered, row.recovered);
  }
  const configured = sums.seen.total !== null;
  const usable = configured && (observedMs === 0 || !Object.values(sums.seen).includes(false));
  const strays = rows.some((row) => row.idealCycleUs === null && holdsPieces(row));
  const lostStrays = rows.some((row) => row.idealCycleUs === null && holdsPieces(row.recovered));
  const good = goodOf(sums, counted);
  const inconsistent = usable && good !== null && (good > counted.total || good < 0);
  return { rows, counted, recovered, configured, usable, strays, lostStrays, good, inconsistent };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const holdsPieces = (row: Pieces): boolean => row.total + row.good + row.reject > 0;

/** Σ ideal × pieces in µs, null where they cannot be valued; `bridged` includes recovered good pieces. */
function valued(sums: WindowSums, { rows, usable, strays }: Tally) {
  if (!usable || strays) return { total: null, good: null, bridged: null };
  return {
    total: ideal(rows, (row) => row.total),
    good: countable(ideal(rows, (row) => goodOf(sums, row) ?? (row.total === 0 ? 0 : null))),
    bridged: countable(
      ideal(rows, (row) => {
        const made = goodOf(sums, row) ?? (row.total === 0 ? 0 : null);
        const found = goodOf(sums, row.recovered) ?? (row.recovered.total === 0 ? 0 : null);
        return made === null || found === null ? null : made + found;
      }),
    ),
  };
}

function countsOf(sums: WindowSums, t: Tally): Counts {
  const { counted, recovered, usable, good, inconsistent } = t;
  const high = sums.excess === null ? null : counted.total + recovered.total + sums.excess;
  return {
    total: usable ? counted.total : null,
    good: usable ? countable(good) : null,
    reject: !usable || good === null || inconsistent ? null : counted.total - good,
    uncertainHigh: usable ? high : null,
    recovered: piecesOf(sums, t, recovered),
  };
}

const piecesOf = (
  sums: WindowSums,
  { configured }: Tally,
  row: Pieces,
): { total: number | null; good: number | null } => ({
  total: configured ? row.total : null,
  good: configured ? countable(goodOf(sums, row)) : null,
});

/** Everything that is derived from the sums of a window. */
export function measure(sums: WindowSums): Measures {
  const observed = sums.loadingMs - sums.blindMs;
  const t = tally(sums, observed);
  const us = valued(sums, t);
  const flags = new Set<Flag>(sums.flags);
  if (t.configured && !t.usable) flags.add("COUNT_MISSING");
  if (t.inconsistent) flags.add("COUNT_INCONSISTENT");
  if (t.strays || t.lostStrays) flags.add("RECIPE_UNKNOWN");
  const runUs = sums.runMs * 1000;
  if (us.total !== null && runUs > 0 && us.total > runUs) flags.add("IDEAL_CYCLE_SUSPECT");
  return {
    counts: countsOf(sums, t),
    outside: piecesOf(sums, t, sums.outside),
    recipes: t.rows
      .filter((row) => row.producingMs > 0 || holdsPieces(row))
      .map((row) => ({
        id: row.id,
        idealCycleUs: row.idealCycleUs,
        producingMs: row.producingMs,
        total: t.usable ? row.total : null,
        good: t.usable ? countable(goodOf(sums, row)) : null,
      })),
    oee: {
      loadingMs: sums.loadingMs,
      observedLoadingMs: observed,
      runMs: sums.runMs,
      idealTotalUs: us.total,
      idealGoodUs: us.good,
      availability: ratio(sums.runMs, observed),
      availabilityMin: ratio(sums.runMs, sums.loadingMs),
      availabilityMax: ratio(sums.runPrimeMs + sums.blindMs, sums.loadingMs),
      performance: ratio(us.total, runUs),
      quality: ratio(us.good, us.total),
      oee: ratio(us.good, observed * 1000),
      oeeMin: ratio(us.bridged, sums.loadingMs * 1000),
      oeeMax: ratio(highest(sums, us), sums.loadingMs * 1000),
    },
    uptime: uptimeOf(sums),
    coverage: { observedMs: observed, value: ratio(observed, sums.loadingMs) },
    flags: [...flags].sort(),
  };
}

/** What the ideal-time value of the good pieces can have been at most, µs. */
function highest(
  sums: WindowSums,
  { good, bridged }: { good: number | null; bridged: number | null },
): number | null {
  if (bridged === null || !sums.unbridged) return bridged;
  if (good === null) return null;
  return Math.max(bridged, good + sums.blindMs * 1000);
}

/** Numerators of `oeeMin` and `oeeMax`, µs: those of several spans or machines may be added up. */
export function goodValueBounds(sums: WindowSums): { lowUs: number | null; highUs: number | null } {
  const us = valued(sums, tally(sums, sums.loadingMs - sums.blindMs));
  return { lowUs: us.bridged, highUs: highest(sums, us) };
}

function uptimeOf(sums: WindowSums): Measures["uptime"] {
  const { upMs, downMs, excludedMs, blindMs } = sums;
  const most = sums.upPrimeMs + blindMs;
  return {
    upMs,
    downMs,
    excludedMs,
    value: ratio(upMs, upMs + downMs),
    min: ratio(upMs, upMs + downMs + blindMs),
    max: ratio(most, most + sums.downPrimeMs),
  };
}

/**
 * Ratios of a window, derived from its integer sums when a record is made (accounting rules 6, 8, 9, 11).
 * Undefined is null, never 0, 1 or NaN. Rounded half-up to 6 decimals in integers, for reading only.
 */
import {
  addPieces,
  type Flag,
  noPieces,
  type Pieces,
  type RecipeSums,
  type WindowSums,
} from "./sums.ts";
import type { Millis } from "./time.ts";

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

export function measure(sums: WindowSums): Measures {
  const flags = new Set<Flag>(sums.flags);
  const rows = Object.values(sums.recipes).sort((a, b) =>
    a.id < b.id ? -1 : a.id > b.id ? 1 : (a.idealCycleUs ?? 0) - (b.idealCycleUs ?? 0),
  );
  const counted = noPieces();
  const recovered = noPieces();
  for (const row of rows) {
    addPieces(counted, row);
    addPieces(recovered, row.recovered);
  }
  const observed = sums.loadingMs - sums.blindMs;
  const configured = sums.seen.total !== null;
  const missing = observed > 0 && Object.values(sums.seen).includes(false);
  if (missing) flags.add("COUNT_MISSING");
  const usable = configured && !missing;
  const good = goodOf(sums, counted);
  const inconsistent = usable && good !== null && (good > counted.total || good < 0);
  if (inconsistent) flags.add("COUNT_INCONSISTENT");
  const strays = rows.some(
    (row) => row.idealCycleUs === null && (row.total || row.good || row.reject),
  );
  if (strays) flags.add("RECIPE_UNKNOWN");

  const idealTotal = usable && !strays ? ideal(rows, (row) => row.total) : null;
  const idealGood = usable && !strays ? countable(ideal(rows, (row) => goodOf(sums, row))) : null;
  const bridged =
    usable && !strays
      ? countable(
          ideal(rows, (row) => {
            const made = goodOf(sums, row);
            const found = goodOf(sums, row.recovered);
            return made === null || found === null ? null : made + found;
          }),
        )
      : null;
  const performance = ratio(idealTotal, sums.runMs * 1000);
  if (idealTotal !== null && sums.runMs > 0 && idealTotal > sums.runMs * 1000)
    flags.add("IDEAL_CYCLE_SUSPECT");
  const high =
    idealGood === null || bridged === null
      ? null
      : sums.unbridged
        ? Math.max(bridged, idealGood + sums.blindMs * 1000)
        : bridged;
  const pieces = (row: Pieces): { total: number | null; good: number | null } => ({
    total: configured ? row.total : null,
    good: configured ? countable(goodOf(sums, row)) : null,
  });
  return {
    counts: {
      total: usable ? counted.total : null,
      good: usable ? countable(good) : null,
      reject: !usable || good === null || inconsistent ? null : counted.total - good,
      uncertainHigh:
        usable && sums.excess !== null ? counted.total + recovered.total + sums.excess : null,
      recovered: pieces(recovered),
    },
    outside: pieces(sums.outside),
    recipes: rows
      .filter((row) => row.producingMs || row.total || row.good || row.reject)
      .map((row) => ({
        id: row.id,
        idealCycleUs: row.idealCycleUs,
        producingMs: row.producingMs,
        total: usable ? row.total : null,
        good: usable ? countable(goodOf(sums, row)) : null,
      })),
    oee: {
      loadingMs: sums.loadingMs,
      observedLoadingMs: observed,
      runMs: sums.runMs,
      idealTotalUs: idealTotal,
      idealGoodUs: idealGood,
      availability: ratio(sums.runMs, observed),
      availabilityMin: ratio(sums.runMs, sums.loadingMs),
      availabilityMax: ratio(sums.runPrimeMs + sums.blindMs, sums.loadingMs),
      performance,
      quality: ratio(idealGood, idealTotal),
      oee: ratio(idealGood, observed * 1000),
      oeeMin: ratio(bridged, sums.loadingMs * 1000),
      oeeMax: ratio(high, sums.loadingMs * 1000),
    },
    uptime: {
      upMs: sums.upMs,
      downMs: sums.downMs,
      excludedMs: sums.excludedMs,
      value: ratio(sums.upMs, sums.upMs + sums.downMs),
      min: ratio(sums.upMs, sums.upMs + sums.downMs + sums.blindMs),
      max: ratio(sums.upPrimeMs + sums.blindMs, sums.upPrimeMs + sums.blindMs + sums.downPrimeMs),
    },
    coverage: { observedMs: observed, value: ratio(observed, sums.loadingMs) },
    flags: [...flags].sort(),
  };
}

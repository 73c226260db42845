/** Oracle, step 8: the derived numbers of a window, as published. Accounting rules 6, 8, 9 and 11. */
import type { AssetModel } from "../../agent/core/model.ts";
import type { Pieces } from "../../agent/core/sums.ts";
import type { Answer } from "./oracle.ts";

export type Ratio = number | null;

/** n / d rounded half-up to 6 decimals in exact integers; null for a zero denominator. */
export function ratio(n: number, d: number): Ratio {
  if (d === 0) return null;
  const scaled = (BigInt(n) * 2_000_000n + BigInt(d)) / (BigInt(d) * 2n);
  return Number(scaled) / 1e6;
}

export interface Derived {
  availability: Ratio;
  availabilityMin: Ratio;
  availabilityMax: Ratio;
  performance: Ratio;
  quality: Ratio;
  oee: Ratio;
  oeeMin: Ratio;
  oeeMax: Ratio;
  uptime: Ratio;
  uptimeMin: Ratio;
  uptimeMax: Ratio;
  coverage: Ratio;
  flags: string[];
}

export function derive(asset: AssetModel, answer: Answer): Derived {
  const { loadingMs, blindMs, runMs, runPrimeMs, upMs, downMs, upPrimeMs, downPrimeMs } = answer;
  const observed = loadingMs - blindMs;
  const flags = new Set(answer.flags);
  const missing = observed > 0 && answer.missing.length > 0;
  if (missing) flags.add("COUNT_MISSING");
  const counts = asset.counts;
  // Without a counter of good or bad pieces nothing is known of them, except that no piece is no good piece.
  const goodOf = (row: Pieces): number => {
    if (counts?.good != null) return row.good;
    if (counts?.reject != null) return row.total - row.reject;
    return row.total === 0 ? 0 : Number.NaN;
  };
  let [idealTotal, idealGood, low, total, good] = [0, 0, 0, 0, 0];
  for (const row of answer.recipes) {
    const worth = (pieces: number): number =>
      pieces === 0 ? 0 : pieces * (row.idealCycleUs ?? Number.NaN);
    idealTotal += worth(row.total);
    idealGood += worth(goodOf(row));
    low += worth(goodOf(row) + goodOf(row.recovered));
    total += row.total;
    good += goodOf(row);
  }
  const unknownRecipe = answer.recipes.some(
    (row) => row.idealCycleUs === null && row.total + row.good + row.reject > 0,
  );
  if (unknownRecipe) flags.add("RECIPE_UNKNOWN");
  if (counts && !missing && (good > total || good < 0)) flags.add("COUNT_INCONSISTENT");
  const usable = counts !== null && !missing && !unknownRecipe;
  if (usable && runMs > 0 && idealTotal > runMs * 1000) flags.add("IDEAL_CYCLE_SUSPECT");
  // More rejects than pieces: the good ones are undefined.
  if (idealGood < 0) idealGood = Number.NaN;
  if (low < 0) low = Number.NaN;
  const high = answer.unbridged
    ? Math.max(low, idealGood + blindMs * 1000)
    : low + idealGood - idealGood;
  const counted = (n: number, d: number): Ratio =>
    usable && !Number.isNaN(n) ? ratio(n, d) : null;
  return {
    availability: ratio(runMs, observed),
    availabilityMin: ratio(runMs, loadingMs),
    availabilityMax: ratio(runPrimeMs + blindMs, loadingMs),
    performance: counted(idealTotal, runMs * 1000),
    quality: counted(idealGood, idealTotal),
    oee: counted(idealGood, observed * 1000),
    oeeMin: counted(low, loadingMs * 1000),
    oeeMax: counted(high, loadingMs * 1000),
    uptime: ratio(upMs, upMs + downMs),
    uptimeMin: ratio(upMs, upMs + downMs + blindMs),
    uptimeMax: ratio(upPrimeMs + blindMs, upPrimeMs + blindMs + downPrimeMs),
    coverage: ratio(observed, loadingMs),
    flags: [...flags].sort(),
  };
}

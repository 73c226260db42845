/** Oracle, step 8: the derived numbers of a window, as published. Accounting rules 6, 8, 9 and 11. */
import type { AssetModel } from "../../agent/core/model.ts";
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
  const counted = asset.counts !== null;
  const sorted = counted && (asset.counts?.good != null || asset.counts?.reject != null);
  const goodOf = (row: { total: number; good: number; reject: number }): number =>
    asset.counts?.good != null ? row.good : row.total - row.reject;
  const unknownRecipe = answer.recipes.some((row) => row.idealCycleUs === null && row.total + row.good + row.reject > 0);
  if (unknownRecipe) flags.add("RECIPE_UNKNOWN");
  let idealTotal = 0;
  let idealGood = 0;
  let idealRecovered = 0;
  let total = 0;
  let good = 0;
  for (const row of answer.recipes) {
    const ideal = row.idealCycleUs ?? 0;
    idealTotal += ideal * row.total;
    idealGood += ideal * goodOf(row);
    idealRecovered += ideal * goodOf(row.recovered);
    total += row.total;
    good += goodOf(row);
  }
  if (sorted && !missing && (good > total || good < 0)) flags.add("COUNT_INCONSISTENT");
  const usable = counted && !missing && !unknownRecipe;
  const performance = usable ? ratio(idealTotal, runMs * 1000) : null;
  if (usable && runMs > 0 && idealTotal > runMs * 1000) flags.add("IDEAL_CYCLE_SUSPECT");
  const judged = usable && sorted;
  // Pieces of unknown worth, made while nobody looked, leave the bounds undefined but not the observed values.
  const bounded = judged && answer.recipes.every((row) => row.idealCycleUs !== null || goodOf(row) + goodOf(row.recovered) === 0);
  const low = idealGood + idealRecovered;
  const high = answer.unbridged ? Math.max(low, idealGood + blindMs * 1000) : low;
  return {
    availability: ratio(runMs, observed),
    availabilityMin: ratio(runMs, loadingMs),
    availabilityMax: ratio(runPrimeMs + blindMs, loadingMs),
    performance,
    quality: judged ? ratio(idealGood, idealTotal) : null,
    oee: judged ? ratio(idealGood, observed * 1000) : null,
    oeeMin: bounded ? ratio(low, loadingMs * 1000) : null,
    oeeMax: bounded ? ratio(high, loadingMs * 1000) : null,
    uptime: ratio(upMs, upMs + downMs),
    uptimeMin: ratio(upMs, upMs + downMs + blindMs),
    uptimeMax: ratio(upPrimeMs + blindMs, upPrimeMs + blindMs + downPrimeMs),
    coverage: ratio(observed, loadingMs),
    flags: [...flags].sort(),
  };
}

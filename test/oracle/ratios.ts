/** Oracle, step 8: the derived numbers of a window, as published. Accounting rules 6, 8, 9 and 11. */
import type { AssetModel } from "../../agent/core/model.ts";
import type { Pieces } from "../../agent/core/window/sums.ts";
import type { Answer, RecipeAnswer } from "./oracle.ts";
import { READINGS } from "./readings.ts";

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
  counts: Record<"total" | "good" | "reject" | "uncertainHigh", number | null>;
  recovered: { total: number | null; good: number | null };
  flags: string[];
}

/** Sums over the recipes; NaN where something is not known. */
interface Made {
  idealTotal: number;
  idealGood: number;
  /** With what was recovered. */
  idealLow: number;
  total: number;
  good: number;
  foundTotal: number;
  foundGood: number;
}

const unlessNegative = (n: number): number => (n < 0 ? Number.NaN : n);

function made({ counts }: AssetModel, { recipes }: Answer): Made {
  // Without a counter of good or bad pieces nothing is known of them, except that no piece is no good piece.
  const goodOf = (row: Pieces): number => {
    if (counts?.good != null) return row.good;
    if (counts?.reject != null) return row.total - row.reject;
    return row.total === 0 ? 0 : Number.NaN;
  };
  const worth = (pieces: number, ideal: number | null): number =>
    pieces === 0 ? 0 : pieces * (ideal ?? Number.NaN);
  const over = (of: (row: RecipeAnswer) => number): number =>
    recipes.reduce((sum, row) => sum + of(row), 0);
  // More rejects than pieces: the good ones are undefined.
  return {
    idealTotal: over((row) => worth(row.total, row.idealCycleUs)),
    idealGood: unlessNegative(over((row) => worth(goodOf(row), row.idealCycleUs))),
    idealLow: unlessNegative(
      over((row) => worth(goodOf(row) + goodOf(row.recovered), row.idealCycleUs)),
    ),
    total: over((row) => row.total),
    good: over(goodOf),
    foundTotal: over((row) => row.recovered.total),
    foundGood: over((row) => goodOf(row.recovered)),
  };
}

export function derive(asset: AssetModel, answer: Answer): Derived {
  const { loadingMs, blindMs, runMs, runPrimeMs, upMs, downMs, upPrimeMs, downPrimeMs } = answer;
  const observed = loadingMs - blindMs;
  const flags = new Set(answer.flags);
  const sum = made(asset, answer);
  const missing = observed > 0 && answer.missing.length > 0;
  const stray = answer.recipes.some(
    (row) => row.idealCycleUs === null && row.total + row.good + row.reject > 0,
  );
  // Found again later, they leave no ratio undefined but the bounds.
  const lost = answer.recipes.some(
    ({ idealCycleUs, recovered: { total, good, reject } }) =>
      idealCycleUs === null && total + good + reject > 0,
  );
  const told = asset.counts !== null && !missing;
  const usable = told && !stray;
  if (missing) flags.add("COUNT_MISSING");
  if (stray || lost) flags.add("RECIPE_UNKNOWN");
  if (told && (sum.good > sum.total || sum.good < 0)) flags.add("COUNT_INCONSISTENT");
  if (usable && runMs > 0 && sum.idealTotal > runMs * 1000) flags.add("IDEAL_CYCLE_SUSPECT");
  const high = answer.unbridged
    ? Math.max(sum.idealLow, sum.idealGood + blindMs * 1000)
    : sum.idealLow;
  const counted = (n: number, d: number): Ratio =>
    usable && !Number.isNaN(n) ? ratio(n, d) : null;
  return {
    ...countsOf(asset, answer, sum, told, flags.has("COUNT_INCONSISTENT")),
    availability: ratio(runMs, observed),
    availabilityMin: ratio(runMs, loadingMs),
    availabilityMax: ratio(runPrimeMs + blindMs, loadingMs),
    performance: counted(sum.idealTotal, runMs * 1000),
    quality: counted(sum.idealGood, sum.idealTotal),
    oee: counted(sum.idealGood, observed * 1000),
    oeeMin: counted(sum.idealLow, loadingMs * 1000),
    oeeMax: counted(high, loadingMs * 1000),
    uptime: ratio(upMs, upMs + downMs),
    uptimeMin: ratio(upMs, upMs + downMs + blindMs),
    uptimeMax: ratio(upPrimeMs + blindMs, upPrimeMs + blindMs + downPrimeMs),
    coverage: ratio(observed, loadingMs),
    flags: [...flags].sort(),
  };
}

function countsOf(
  { counts }: AssetModel,
  { excess }: Answer,
  sum: Made,
  told: boolean,
  inconsistent: boolean,
): Pick<Derived, "counts" | "recovered"> {
  const sorted = counts?.good != null || counts?.reject != null;
  const known = (say: boolean, n: number): number | null =>
    say && !Number.isNaN(unlessNegative(n)) ? n : null;
  const also = READINGS.highIncludesRecovered ? sum.foundTotal : 0;
  return {
    counts: {
      total: known(told, sum.total),
      good: known(told && sorted, sum.good),
      reject: known(told && sorted && !inconsistent, sum.total - sum.good),
      uncertainHigh: known(told && excess !== null, sum.total + also + (excess ?? 0)),
    },
    recovered: {
      total: known(counts !== null, sum.foundTotal),
      good: known(sorted, sum.foundGood),
    },
  };
}

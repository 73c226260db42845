/**
 * What a value is worth under a contract: joined over its assets, rounded where the contract says so, held against
 * target and minimum. Exact; a verdict is given only where every reading of the unobserved time gives the same.
 */
import {
  compare,
  exact,
  type Fraction,
  fraction,
  least,
  most,
  over,
  plus,
  rounded,
  times,
  whole,
  ZERO,
} from "./fraction.ts";
import type { Ratio, Value } from "./measure.ts";
import { type ContractModel, type Exact, type Metric, type OutcomeModel, SHARES } from "./model.ts";

export type Reached = "met" | "below-target" | "below-minimum";
export type FinalVerdict = Reached | "indeterminate";
export type Verdict = FinalVerdict | "on-track" | "at-risk";

/** null: undefined. */
export interface Joined {
  value: Fraction | null;
  min: Fraction | null;
  max: Fraction | null;
  coverage: Fraction | null;
}

export const isShare = (metric: Metric): boolean => (SHARES as readonly string[]).includes(metric);

/** What adds up over a period. */
export const isQuantity = (metric: Metric): boolean =>
  metric === "good-pieces" || metric === "run-hours";

/** Fewer is better. */
export const isAtMost = (metric: Metric): boolean => metric === "repeat-rate";

export const isOfIncidents = (metric: Metric): boolean =>
  metric === "response" || metric === "restore" || metric === "repeat-rate";

/** Over all assets. Quantities are added up, incidents pooled, whatever the contract's aggregation is. */
export function join(model: ContractModel, metric: Metric, values: readonly Value[]): Joined {
  const of = joiner(model, metric);
  const joined = (part: keyof Value): Fraction | null => of(values.map((value) => value[part]));
  const value = joined("value");
  const [min, max] = [joined("min"), joined("max")];
  return {
    value,
    // Pieces recovered from blind time are certain: they can lift the lower end above what was seen (accounting rule 11).
    min: min && value && metric !== "oee" ? least(min, value) : min,
    max: max && value ? most(max, value) : max,
    coverage: pooled(values.map(({ coverage }) => coverage)),
  };
}

function joiner(
  { aggregation, assets }: ContractModel,
  metric: Metric,
): (ratios: readonly Ratio[]) => Fraction | null {
  if (isQuantity(metric)) return summed;
  if (isOfIncidents(metric) || aggregation === "pooled") return pooled;
  const weights = assets.map(({ weight }) => (aggregation === "weighted" ? weight : 1));
  return (ratios) => mean(ratios, weights);
}

function pooled(ratios: readonly Ratio[]): Fraction | null {
  let n = 0n;
  let d = 0n;
  for (const ratio of ratios) {
    n += ratio.n;
    d += ratio.d;
  }
  return fraction(n, d);
}

function summed(ratios: readonly Ratio[]): Fraction | null {
  let sum = ZERO;
  for (const { n, d } of ratios) {
    const each = fraction(n, d);
    if (each === null) return null;
    sum = plus(sum, each);
  }
  return sum;
}

/** Of those that are defined. */
function mean(ratios: readonly Ratio[], weights: readonly number[]): Fraction | null {
  let sum = ZERO;
  let weight = 0;
  for (const [i, { n, d }] of ratios.entries()) {
    const each = fraction(n, d);
    if (each === null) continue;
    sum = plus(sum, times(each, whole(weights[i] ?? 1)));
    weight += weights[i] ?? 1;
  }
  return weight === 0 ? null : over(sum, whole(weight));
}

/** Places after the point of a value in its own unit: percent have two more as shares. */
export const placesOf = ({ rounding }: ContractModel, metric: Metric): number =>
  rounding.decimals + (isShare(metric) ? 2 : 0);

/** The value as everything is decided with it. */
export const judgedAs = (model: ContractModel, metric: Metric, value: Fraction): Fraction =>
  model.rounding.stage === "none" ? value : rounded(value, placesOf(model, metric));

/** Levels of quantities are for a whole period. */
export const levelOf = (
  { metric }: OutcomeModel,
  level: Exact | null,
  share: Exact,
): Fraction | null => {
  if (level === null) return null;
  return isQuantity(metric) ? times(exact(level), exact(share)) : exact(level);
};

/** Equal meets a level. `value` as of {@link judgedAs}. */
export function reached(outcome: OutcomeModel, value: Fraction, share: Exact): Reached {
  const { metric, target, minimum } = outcome;
  const misses = (level: Exact | null): boolean => {
    const limit = levelOf(outcome, level, share);
    if (limit === null) return false;
    return isAtMost(metric) ? compare(value, limit) > 0 : compare(value, limit) < 0;
  };
  if (misses(minimum)) return "below-minimum";
  return misses(target) ? "below-target" : "met";
}

/** The readings of a value that must agree. */
export function readingsOf(
  { unknown }: OutcomeModel,
  { value, min, max }: Joined,
): (Fraction | null)[] {
  switch (unknown) {
    case "exclude":
      return [value];
    case "as-up":
      return [max];
    case "as-down":
      return [min];
    case "bounds":
      return [min, max];
  }
}

export function finalVerdict(
  model: ContractModel,
  outcome: OutcomeModel,
  joined: Joined,
  share: Exact,
): FinalVerdict {
  const { metric, minCoverage } = outcome;
  // None may be due, and a promise that nothing asked for is kept.
  if (isOfIncidents(metric) && joined.min === null) return "met";
  if (minCoverage && joined.coverage && compare(joined.coverage, exact(minCoverage)) < 0)
    return "indeterminate";
  const readings = readingsOf(outcome, joined).map((each) =>
    each === null ? "indeterminate" : reached(outcome, judgedAs(model, metric, each), share),
  );
  const [first = "indeterminate"] = readings;
  return readings.every((each) => each === first) ? first : "indeterminate";
}

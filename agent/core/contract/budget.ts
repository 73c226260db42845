/**
 * The downtime a target leaves: allowed, spent, pending, left; how fast it goes; where it leads; the earliest instant
 * at which it can be used up. Over all assets together. Integers and exact shares; a forecast only where the period
 * itself has shown failures.
 */
import type { Millis, Span } from "../time.ts";
import { downOf, lengthOf } from "./allowance.ts";
import {
  compare,
  exact,
  type Fraction,
  floor,
  fraction,
  minus,
  over,
  root,
  times,
  whole,
} from "./fraction.ts";
import { availableOf, type Sums } from "./measure.ts";
import type { BurnRule, Metric, OutcomeModel } from "./model.ts";
import type { Pace } from "./pace.ts";
import { lately } from "./pace.ts";

/** What the downtime of an outcome is made of, added up over assets. */
export interface Downtime {
  /** Accounted so far. */
  baseMs: Millis;
  spentMs: Millis;
  pendingMs: Millis;
  blindMs: Millis;
}

export interface Budget {
  allowedMs: Millis;
  spentMs: Millis;
  pendingMs: Millis;
  leftMs: Millis;
}

/** null for outcomes that are not downtime. `side`: which judgement of stops. */
export function downtimeOf(sums: Sums, metric: Metric, side: "judged" | "prime"): Downtime | null {
  const { model, tally } = sums;
  const judged = sums[side];
  if (metric === "supplier-dependent-uptime") {
    const { up, down, blind } = tally.whole[side];
    return { baseMs: up + down, spentMs: down, pendingMs: 0, blindMs: blind };
  }
  if (metric === "availability") {
    const observed = lengthOf(judged) - judged.blind;
    return {
      baseMs: observed,
      spentMs: observed - availableOf(judged),
      pendingMs: 0,
      blindMs: judged.blind,
    };
  }
  if (metric !== "uptime") return null;
  const down = downOf(model, judged);
  const lost = Math.floor((judged.lost + 500) / 1000);
  return {
    baseMs: judged.up + down,
    spentMs: judged.down + lost,
    pendingMs: down - judged.down,
    blindMs: judged.blind,
  };
}

/** Joins unobserved time as the contract reads it: not at all, as down, or as part of what is divided by. */
export function totalOf({ unknown }: OutcomeModel, parts: readonly Downtime[]): Downtime {
  const sum = { baseMs: 0, spentMs: 0, pendingMs: 0, blindMs: 0 };
  for (const part of parts) {
    sum.baseMs += part.baseMs + (unknown === "exclude" ? 0 : part.blindMs);
    sum.spentMs += part.spentMs + (unknown === "as-down" ? part.blindMs : 0);
    sum.pendingMs += part.pendingMs;
    sum.blindMs += unknown === "bounds" ? part.blindMs : 0;
  }
  return sum;
}

/** `aheadMs`: what is still planned of the period. */
export function budgetOf(target: Fraction, total: Downtime, aheadMs: Millis): Budget {
  const allowed = times(minus(whole(1), target), whole(total.baseMs + aheadMs));
  const allowedMs = Number(floor(allowed));
  const { spentMs, pendingMs } = total;
  return { allowedMs, spentMs, pendingMs, leftMs: allowedMs - spentMs - pendingMs };
}

/** The value at the end of the period if `downMs` more downtime comes; null without any time. */
export const valueAfter = (total: Downtime, aheadMs: Millis, downMs: Millis): Fraction | null =>
  fraction(
    total.baseMs + aheadMs - total.spentMs - total.pendingMs - downMs,
    total.baseMs + aheadMs,
  );

export interface Forecast {
  p10: Fraction;
  p50: Fraction;
  p90: Fraction;
}

/** 90th percentile of the normal distribution, in ten-thousandths. */
const Z90 = 12_816n;

/**
 * The value at period end from the period's own failures: their downtime goes on at its mean, and spreads like a
 * compound Poisson sum, sd² = (ahead / so far) × Σ length². null before the first repair.
 */
export function forecastOf(
  total: Downtime,
  aheadMs: Millis,
  repairs: { count: number; ms: Millis; squareS: number },
): Forecast | null {
  if (repairs.count === 0 || total.baseMs === 0) return null;
  const mean = (BigInt(repairs.ms) * BigInt(aheadMs)) / BigInt(total.baseMs);
  const variance = (BigInt(repairs.squareS) * 1_000_000n * BigInt(aheadMs)) / BigInt(total.baseMs);
  const spread = (root(variance) * Z90) / 10_000n;
  const clip = (ms: bigint): Millis => Math.min(aheadMs, Math.max(0, Number(ms)));
  const [p10, p50, p90] = [mean + spread, mean, mean - spread].map((ms) =>
    valueAfter(total, aheadMs, clip(ms)),
  );
  return p10 && p50 && p90 ? { p10, p50, p90 } : null;
}

/** When the budget is used up if every machine stood still from `at` on; null if it lasts. `spans`: of all machines. */
export function earliestBreach(at: Millis, leftMs: Millis, spans: readonly Span[]): Millis | null {
  if (leftMs < 0) return at;
  const edges = [...new Set(spans.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  let left = leftMs;
  for (const [i, from] of edges.entries()) {
    const to = edges[i + 1];
    if (to === undefined) return null;
    const active = spans.filter((span) => span.from <= from && span.to >= to).length;
    if (active * (to - from) > left) return from + Math.floor(left / active);
    left -= active * (to - from);
  }
  return null;
}

/** How many times faster than evenly the budget went lately; null without load or where no downtime is allowed. */
export function burnOf(
  pace: Pace,
  target: Fraction,
  windowMs: Millis,
  assets: number,
): Fraction | null {
  const { load, down } = lately(pace, windowMs, assets);
  const part = fraction(down, load);
  const allowed = minus(whole(1), target);
  return part === null || allowed.n <= 0n ? null : over(part, allowed);
}

/** The burn at which a rule fires, for a period of `plannedMs` per asset. */
export function thresholdOf(
  { factor, share, windowMs }: BurnRule,
  plannedMs: Millis,
): Fraction | null {
  if (factor) return exact(factor);
  return share === null ? null : over(times(exact(share), whole(plannedMs)), whole(windowMs));
}

/** Whether a share of the budget is used up, pending time included. A budget of nothing is used up by anything. */
export const isSpent = ({ allowedMs, leftMs }: Budget, share: Fraction): boolean =>
  allowedMs > leftMs && compare(whole(allowedMs - leftMs), times(share, whole(allowedMs))) >= 0;

/** One version of one signal, and the numbers behind it: enough to recompute it offline. Plain data; holds no rule. */
import type { Millis } from "../time.ts";
import type { Severity, SignalKind } from "./model.ts";

export type SignalStatus =
  | "raised"
  | "updated"
  | "cleared"
  | "acknowledged"
  | "shelved"
  | "unshelved"
  | "suppressed"
  | "resumed";

/** Which baseline a finding was measured against. */
export interface BaselineRef {
  /** `{slug}/{state}[/{recipe}]/{version}` */
  id: string;
  mean: number;
  /** Scale of one block: spread within a day and from day to day. */
  sd: number;
  /** Blocks it was learned from. */
  n: number;
  learned: Millis;
  /** How far it has followed since, in units. */
  shift: number;
  /** What it expects where the evidence has its `value`, with what it has followed; absent of starts and lines. */
  expected?: number;
  /** Spread of an `effect` while healthy: `sigmas` are `effect` by it. */
  noise?: number;
  /** What explains the values: so much per unit, from `at` on. */
  slopes?: Partial<Record<"load" | "ambient" | "flow", { slope: number; at: number }>>;
}

export type NoEstimate =
  | "no-threshold"
  | "too-few-days"
  | "no-slope"
  | "too-little-covered"
  | "beyond-horizon";

/** Time until the threshold, counted from `at`. Quantiles that lie beyond the horizon are null. */
export interface Estimate {
  at: Millis;
  threshold: number | null;
  /** Set when there is no estimate: the rule that forbids it. */
  none: NoEstimate | null;
  /** Calendar time. */
  p10Ms: Millis | null;
  p50Ms: Millis | null;
  p90Ms: Millis | null;
  /** Running time. */
  p10RunMs: Millis | null;
  p50RunMs: Millis | null;
  p90RunMs: Millis | null;
}

export interface Evidence {
  /** Why, in one word of the detector: `stuck`, `high`, `up`, `zone-c`. */
  reason: string;
  settings: string;
  state: string;
  recipe: string;
  /** Running time of the machine at the last row of it. */
  runMs: Millis;
  load: number | null;
  value: number | null;
  limit: number | null;
  /** In units of the channel and in baseline sd. */
  effect: number | null;
  sigmas: number | null;
  /** Statistic of the detector and what it was compared with. */
  statistic: number | null;
  against: number | null;
  /** First and last instant of the data of this finding. */
  first: Millis | null;
  last: Millis | null;
  /** Share of good samples in the last block, 0 to 1. */
  good: number | null;
  contributions: { channel: string; share: number }[];
  estimate: Estimate | null;
  /** Id of the signal upstream that it waits for; absent when it waits for none. */
  upstream?: string;
  /** [instant, value], oldest first. */
  trace: [Millis, number][];
}

/** Downtime that an outcome of a contract has left in its present period. */
export interface BudgetAtRisk {
  contract: string;
  metric: string;
  /** End of the period. */
  to: Millis;
  allowedMs: Millis;
  /** Below 0: overspent. */
  leftMs: Millis;
}

export interface SignalChange {
  id: string;
  version: number;
  /** Which raising of this id, from 1. */
  episode: number;
  status: SignalStatus;
  kind: SignalKind;
  severity: Severity;
  detector: string;
  /** Id of the point; null for a signal about several. */
  channel: string | null;
  at: Millis;
  /** When it was raised. */
  since: Millis;
  /** When what it reports began, as far as the detector can tell. */
  onset: Millis | null;
  acknowledged: { at: Millis; by: string; why: string } | null;
  shelvedUntil: Millis | null;
  /** Raised more than three times in 24 h and merged into one. */
  intermittent: boolean;
  /** Who or what made this version: a person's name, or null. */
  by: string | null;
  why: string | null;
  baseline: BaselineRef | null;
  evidence: Evidence;
  /** What a failure would draw on, at this version; absent without a contract about downtime. */
  budgetAtRisk?: BudgetAtRisk[];
}

export const NONE: readonly SignalChange[] = Object.freeze([]);

/** Appends without touching the shared empty list. */
export function added(
  list: readonly SignalChange[],
  change: SignalChange | null,
): readonly SignalChange[] {
  if (change === null) return list;
  if (list.length === 0) return [change];
  (list as SignalChange[]).push(change);
  return list;
}

/** An evidence with nothing in it yet. */
export function bareEvidence(reason: string, settings: string): Evidence {
  return {
    reason,
    settings,
    state: "",
    recipe: "",
    runMs: 0,
    load: null,
    value: null,
    limit: null,
    effect: null,
    sigmas: null,
    statistic: null,
    against: null,
    first: null,
    last: null,
    good: null,
    contributions: [],
    estimate: null,
    trace: [],
  };
}

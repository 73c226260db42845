/**
 * A contract as the core evaluates it: texts have become integers and exact decimals, every rule has its value.
 * Made by `config/contract.ts`; plain data, so that it can be journaled and replayed. Checks nothing.
 */
import type { Millis } from "../time.ts";
import type { Attribution, Condition, Party, Schedule } from "../vocabulary.ts";

/** An exact number `n / d` of safe integers, `d` > 0. Shares are 0 to 1: 97 % is 97/100. */
export interface Exact {
  n: number;
  d: number;
}

/** Outcomes whose value is a share; one point is one percent. */
export const SHARES = [
  "uptime",
  "supplier-dependent-uptime",
  "availability",
  "oee",
  "quality",
  "response",
  "restore",
  "repeat-rate",
] as const;
/** Outcomes in pieces, hours, or pieces per hour of loading; one point is one percent of the target. */
export const VOLUMES = ["throughput", "good-pieces", "run-hours"] as const;

export type Metric = (typeof SHARES)[number] | (typeof VOLUMES)[number];

/** How time that was not observed is judged: left out, as up, as down, or only what both bounds say. */
export type UnknownRule = "exclude" | "as-up" | "as-down" | "bounds";

/** Half-open `[from, to)` in units of the value; null: without end. `adjust` is a signed share of the fee. */
export interface Band {
  from: Exact | null;
  to: Exact | null;
  adjust: Exact;
}

/** `perPoint`: share of the fee per point beyond `from`; at most `cap`. */
export interface Slope {
  perPoint: Exact;
  from: Exact;
  cap: Exact | null;
}

export interface OutcomeModel {
  metric: Metric;
  /** Response and restore: whose incidents; null: all. */
  severity: string | null;
  /** Response and restore: the longest time that is a hit. */
  limitMs: Millis;
  clock: "covered" | "calendar";
  /** Repeat rate: within this time after closing, the same mode is a repeat. */
  withinMs: Millis;
  target: Exact | null;
  minimum: Exact | null;
  /** Below this observed share nothing is decided. */
  minCoverage: Exact | null;
  unknown: UnknownRule;
  bands: Band[];
  malus: Slope | null;
  bonus: Slope | null;
  /** Share of the fee that is lost on top once the value is below the minimum. */
  step: Exact | null;
  misses: { count: number; consequence: string } | null;
}

/** What time is matched by; an empty list matches everything. */
export interface Match {
  conditions: Condition[];
  reasons: string[];
}

/** Time that is not held against the supplier. The first that matches claims it. */
export interface Exclusion extends Match {
  code: string;
  attributions: Attribution[];
  /** Time outside the denominator is claimed only where its schedule is named here. */
  schedules: Schedule[];
  /** Taken out of the denominator, or counted as available. */
  treatment: "remove" | "credit";
  /** Per asset and whole period; what is beyond it counts as it would have without. null: no limit. */
  allowanceMs: Millis | null;
  /** A plan entered later than this before its start grants nothing. */
  noticeMs: Millis;
}

export interface ContractAsset {
  id: string;
  weight: number;
  /** Id of its calendar, "" for the gateway's. */
  calendar: string;
  microStopMs: Millis;
  /** Where its good pieces come from: an own counter, total minus rejects, or nowhere. */
  good: "counted" | "rest" | null;
  /** Shortest ideal cycle of its recipes, microseconds; null without one. */
  fastestUs: number | null;
  /** What its reason tree loses time to, for its value model; the first that fits holds. Absent where neither is. */
  losses?: { reason: string; is: BigLoss }[];
  /** It has a value model, and nothing counts its pieces. */
  uncounted?: true;
}

export const BIG_LOSSES = [
  "breakdown",
  "setup",
  "minor-stops",
  "speed",
  "defects",
  "start-up",
  "other-stops",
] as const;
/** The six big losses (Nakajima), and stops that have no word among them: waiting, trials, outside causes, off. */
export type BigLoss = (typeof BIG_LOSSES)[number];

/** Money in millionths of the currency unit. */
export interface Fees {
  currency: string;
  /** Digits of the minor unit: 2 for cents. */
  digits: number;
  baseMicro: number;
  perGoodPieceMicro: number;
  perRunHourMicro: number;
  /** Share of the fee that maluses together can reach. */
  liabilityCap: Exact | null;
}

/** Millionths of the currency unit. */
export interface ValueModel {
  contributionMicro: number;
  downHourMicro: number;
}

/** Fires when `factor` times the budget's even pace, or `share` of the period's budget, is spent inside `windowMs` of scheduled time. */
export interface BurnRule {
  factor: Exact | null;
  share: Exact | null;
  windowMs: Millis;
}

/** What an annotation can be about. */
export type Matter = "attribution" | "reason" | "counts" | "schedule" | "ideal";
/** Who decides a matter: one party, either of them alone, or only both together. */
export type Decider = Party | "either" | "both";
export type Deciders = Record<Matter, Decider>;

export type Period = "month" | "quarter" | "contract-year" | "rolling";

export interface ContractModel {
  id: string;
  /** Set by the core: not in the configuration any more. */
  left?: true;
  revision: number;
  /** Local dates `YYYY-MM-DD`, for the bounds of periods; the second is exclusive. */
  effective: { from: string | null; to: string | null };
  /** The same, UTC; without one: from the beginning, without end. */
  effectiveFrom: Millis;
  effectiveTo: Millis;
  period: Period;
  /** Rolling: how many months, the current one included; else 1. */
  months: number;
  firstPeriod: "prorate" | "skip";
  denominator: "calendar" | "scheduled" | "loading";
  noDemand: "exclude" | "include";
  setup: "loss" | "excluded";
  downtimeStart: "signal" | "notification";
  aggregation: "pooled" | "mean-of-assets" | "weighted";
  rounding: { decimals: number; stage: "before-band" | "none" };
  /** Sorted by id. */
  assets: ContractAsset[];
  exclusions: Exclusion[];
  attribution: {
    /** Answer for what is still pending, first match. */
    rules: (Match & { is: Attribution })[];
    pendingResolvesTo: Attribution;
  };
  /** Null: degraded running counts in full. First match; thousandths of full capability. */
  capability: (Match & { permille: number })[] | null;
  outcomes: OutcomeModel[];
  fees: Fees | null;
  decides: Deciders;
  /** Shares of the downtime budget, rising. */
  budgetAlerts: Exact[];
  burnAlerts: BurnRule[];
  /** By asset id. */
  value: Record<string, ValueModel>;
}

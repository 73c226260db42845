/** What is published of a contract: integers are the record, numbers with fractions are for reading. Types only. */
import type { Millis } from "../time.ts";
import type { AssetLosses } from "./loss.ts";
import type { Metric } from "./model.ts";
import type { Alert } from "./state.ts";
import type { Verdict } from "./verdict.ts";

/** Half-up to 6 decimals, for reading; null where undefined. Shares are 0 to 1. */
export interface Reading {
  value: number | null;
  min: number | null;
  max: number | null;
}

/** Minor units; negative in the customer's favor. `amount` null: not decided, between `low` and `high`. */
export interface Money {
  malus: number | null;
  bonus: number | null;
  amount: number | null;
  low: number;
  high: number;
  capped: boolean;
}

/** What would hold if everything proposed were agreed. */
export interface Disputed extends Reading {
  verdict: Verdict;
  amount: number | null;
}

export interface OutcomeStanding extends Reading {
  metric: Metric;
  severity: string | null;
  target: number | null;
  minimum: number | null;
  coverage: number | null;
  /** Exact decimal text the decision was made with, in units of `value`; null where undefined. */
  judged: string | null;
  verdict: Verdict;
  /** The value is below the minimum. */
  breach: boolean;
  budget: { allowedMs: Millis; spentMs: Millis; pendingMs: Millis; leftMs: Millis } | null;
  burn: { windowMs: Millis; value: number }[];
  forecast: { p10: number | null; p50: number; p90: number | null } | null;
  earliestBreach: Millis | null;
  money: Money | null;
  disputed: Disputed | null;
  /** Of final verdicts: periods missed in a row, this one included, and what follows. */
  misses: { count: number; limit: number; consequence: string | null } | null;
}

/** Milliseconds of all assets together, after allowances. */
export interface StandingSums {
  upMs: Millis;
  downMs: Millis;
  pendingMs: Millis;
  excludedMs: Millis;
  /** Granted by exclusions, credited ones included. */
  grantedMs: Millis;
  blindMs: Millis;
  outsideMs: Millis;
  runMs: Millis;
}

export interface StandingBody {
  contract: string;
  /** Of the contract's text. */
  contractRevision: number;
  localDate: string;
  /** Of the period; a rolling one begins with its first month. */
  from: Millis;
  to: Millis;
  at: Millis;
  final: boolean;
  /** Of the verdict: 1, then one more for each correction; null while the period runs. */
  revision: number | null;
  supersedes: number | null;
  outcomes: OutcomeStanding[];
  sums: StandingSums;
  money: {
    currency: string;
    digits: number;
    /** Minor units, before and after maluses and bonuses; null where an outcome is not decided. */
    fee: number;
    malus: number | null;
    bonus: number | null;
    payable: number | null;
    capped: boolean;
  } | null;
  losses: AssetLosses[];
  alerts: Alert[];
}

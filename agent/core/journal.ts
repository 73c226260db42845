/** What the journal keeps of a timeline: intervals, counts, minutes of channels, windows. Integers only. */

import type { Millis } from "./time.ts";
import type { Attribution, Condition, Schedule, UnknownCause, WindowKind } from "./vocabulary.ts";
import type { Pieces, WindowSums } from "./window/sums.ts";

/** How a non-producing interval is judged, as part of its whole stop. */
export type StopClass = "none" | "micro" | "stop";

/** A settled part of an asset's timeline, `[from, to)`. Intervals of an asset tile time and never change. */
export interface IntervalFact {
  kind: "interval";
  asset: string;
  from: Millis;
  to: Millis;
  condition: Condition;
  /** Set exactly when the condition is `unknown`. */
  cause: UnknownCause | null;
  schedule: Schedule;
  attribution: Attribution;
  recipe: string;
  /** Ideal cycle of the recipe, integer microseconds; null for `unassigned`. */
  idealCycleUs: number | null;
  reason: string | null;
  /** Index of the rule that decided, null while undecided. */
  rule: number | null;
  stop: StopClass;
  /** The judgement with `unknown` read as `producing` on both sides (accounting rule 11, the ′ terms). */
  stopPrime: StopClass;
  /** Begin of the whole stop this is part of, null while producing or unknown. */
  stopFrom: Millis | null;
  /** Where the edge at `from` may really lie: previous good cycle of the deciding source; null: no uncertainty. */
  edgeFrom: Millis | null;
}

/** Counts that were booked in one minute, to one recipe, at one place. Settled with the intervals. */
export interface CountFact extends Pieces {
  kind: "count";
  asset: string;
  /** The instant of the first booking that was merged here. */
  at: Millis;
  recipe: string;
  idealCycleUs: number | null;
  place: "loading" | "recovered" | "outside";
}

/** A minute of one condition channel. */
export interface AggregateFact {
  kind: "aggregate";
  asset: string;
  point: string;
  /** Begin of the minute. */
  at: Millis;
  min: number;
  max: number;
  sum: number;
  n: number;
  last: number;
}

export interface WindowBody {
  kind: WindowKind;
  from: Millis;
  to: Millis;
  localDate: string;
  shift: { calendar: string; id: string } | null;
  /** Of a `period` window: the contract whose period it is. */
  contract?: string;
  revision: number;
  final: boolean;
  /** The revision this one replaces, null for 0 and 1. */
  supersedes: number | null;
  by: string | null;
  why: string | null;
  sums: WindowSums;
}

export interface StateBody {
  condition: Condition;
  cause: UnknownCause | null;
  reason: string | null;
  since: Millis;
  schedule: Schedule;
}

export interface EventBody {
  type: "comm" | "clock" | "config" | "stop" | "data";
  start: Millis;
  end: Millis | null;
  detail: Record<string, string | number | boolean | null>;
}

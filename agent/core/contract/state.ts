/**
 * What is remembered of a contract between two inputs: the sums of its periods and the stop that is not yet judged.
 * Plain data, journaled as JSON; its size does not grow with the length of a period.
 */

import { canonicalJson } from "../canonical.ts";
import type { PeriodInput } from "../input.ts";
import type { IntervalFact } from "../journal.ts";
import type { Millis, Span } from "../time.ts";
import type { Condition } from "../vocabulary.ts";
import type { ContractModel, Exact } from "./model.ts";
import { newPace, type Pace } from "./pace.ts";
import { type Planned, plannedOf } from "./planned.ts";
import { newTally, type Tally } from "./tally.ts";
import type { FinalVerdict } from "./verdict.ts";

/** The stop that covers the booked end of an asset. */
export interface Run {
  from: Millis;
  /** Condition before it; null: it began before the contract looked. */
  left: Condition | null;
  /** Capability of the running before it, thousandths; 1000 where none was. */
  permille: number;
  /** Holds setup, engineering or maintenance. */
  planned: boolean;
  /** Sure to be no micro-stop, hence booked as it goes. */
  decided: boolean;
  /** Its pieces while it is not decided: shorter than a micro-stop altogether. */
  pieces: IntervalFact[];
  /** Downtime booked so far. */
  downMs: Millis;
}

/** A plan as it was entered; asked where exclusions want notice. */
export interface PlanNotice {
  from: Millis;
  to: Millis;
  noticeMs: Millis;
}

export interface AssetFold {
  /** Booked so far is `[from, to)`; null before the first interval. */
  from: Millis | null;
  to: Millis;
  last: Condition | null;
  /** Capability with which it ran last, thousandths; 1000 where the last condition is none of running. */
  permille: number;
  run: Run | null;
  plans: PlanNotice[];
  /** When somebody was notified of an incident. */
  notified: Millis[];
}

export interface Alert {
  /** Such as `uptime budget 75%`, `uptime burn 1h` or `CONTRACT_CHANGED`. */
  id: string;
  at: Millis;
}

export interface PeriodState extends Planned {
  localDate: string;
  /** Clipped to the effect of the contract. */
  from: Millis;
  to: Millis;
  /** The part of the nominal period that is left, 1 unless prorated. */
  share: Exact;
  /** By asset. */
  tallies: Record<string, Tally>;
  /** Assets with a counter that was never read at a scheduled instant: nothing is known of their pieces. */
  unread: string[];
  alerts: Alert[];
  /** Latest revision of its verdict; null while open. */
  revision: number | null;
  /** By outcome key: the latest final verdicts; empty while open. */
  verdicts: Record<string, FinalVerdict>;
}

export interface ContractState {
  contract: string;
  folds: Record<string, AssetFold>;
  /** Oldest first; closed ones are kept as long as later knowledge can change them. */
  periods: PeriodState[];
  pace: Pace;
}

/** Closed periods that are kept beside those a rolling period needs. */
export const KEPT_PERIODS = 14;

/** Less of a period is none: effect is dated by day, and days may begin at another hour than the clock's. */
const SLIVER = 86_400_000;

const newFold = (since: Millis): AssetFold => ({
  from: null,
  to: since,
  last: null,
  permille: 1000,
  run: null,
  plans: [],
  notified: [],
});

/** `since`: nothing before it is asked for, seen or not. */
export function newContract(model: ContractModel, since: Millis = 0): ContractState {
  const folds = Object.fromEntries(model.assets.map(({ id }) => [id, newFold(since)]));
  return { contract: model.id, folds, periods: [], pace: newPace(model) };
}

/** The alert of a period that is not judged by the terms it began with. */
const CHANGED = "CONTRACT_CHANGED";

/** The alert of a period that ended because its contract left the configuration. */
const REMOVED = "CONTRACT_REMOVED";

export const isCutShort = ({ alerts }: PeriodState): boolean =>
  alerts.some(({ id }) => id === REMOVED);

/**
 * The contract leaves the configuration at `at`: the period that runs ends there, and nothing is decided of it. One that
 * ended before is judged as ever.
 */
export function cutShort(state: ContractState, at: Millis): void {
  state.periods = state.periods.filter(({ from }) => from < at);
  for (const period of state.periods) {
    const { from, to, share } = period;
    if (to <= at || period.revision !== null) continue;
    period.share = { n: at - from, d: share.n === share.d ? to - from : share.d };
    period.to = at;
    period.alerts.push({ id: REMOVED, at });
    for (const [calendar, flat] of Object.entries(period.scheduled)) {
      const cut = flat.map((t) => Math.min(t, at));
      period.scheduled[calendar] = cut;
      period.scheduledMs[calendar] = cut.reduce((ms, t, i) => ms + (i % 2 === 0 ? -t : t), 0);
    }
  }
}

/**
 * Takes up a contract whose configuration changed at `at`: periods that have begun say so, assets that came are
 * accounted from `since` on, those that left lose their fold, and what is booked stays as it was judged.
 */
export function adoptContract(
  model: ContractModel,
  before: ContractModel | undefined,
  state: ContractState,
  at: Millis,
  since: Millis,
): void {
  if (before && canonicalJson(before) !== canonicalJson(model))
    for (const period of state.periods)
      if (period.from < at) period.alerts.push({ id: CHANGED, at });
  const kept = model.assets.map(({ id }) => [id, state.folds[id] ?? newFold(since)] as const);
  state.folds = Object.fromEntries(kept);
  for (const period of state.periods.filter(({ revision }) => revision === null))
    period.tallies = Object.fromEntries(
      model.assets.map(({ id }) => [id, period.tallies[id] ?? newTally()]),
    );
  state.pace = newPace(model, state.pace);
}

/**
 * Begins a period. Returns false for one that is known, lies outside the contract's effect, or is a first part that
 * the contract skips. Where terms changed under way, it begins where the last period ended and booking has come to:
 * what went by before was booked to no sums of its own.
 */
export function openPeriod(
  model: ContractModel,
  state: ContractState,
  input: PeriodInput,
): boolean {
  const gone = [...state.periods, ...Object.values(state.folds)].map(({ to }) => to);
  const from = Math.max(input.from, model.effectiveFrom, ...gone);
  const to = Math.min(input.to, model.effectiveTo);
  if (to - from < SLIVER) return false;
  const partial = from > input.from || to < input.to;
  if (from > input.from && model.firstPeriod === "skip") return false;
  state.periods.push({
    localDate: input.localDate,
    from,
    to,
    share: partial ? { n: to - from, d: input.to - input.from } : { n: 1, d: 1 },
    ...plannedOf(input, from, to),
    tallies: Object.fromEntries(model.assets.map(({ id }) => [id, newTally()])),
    unread: [],
    alerts: [],
    revision: null,
    verdicts: {},
  });
  state.periods.sort((a, b) => a.from - b.from);
  return true;
}

/** Other calendars plan the open periods inside that of the input: what is ahead of them is another. */
export function replan({ periods }: ContractState, input: PeriodInput): void {
  for (const period of periods) {
    const { from, to, revision } = period;
    if (revision !== null || from < input.from || to > input.to) continue;
    Object.assign(period, plannedOf(input, from, to));
  }
}

/** Says whether every counter of an asset was read in the period inside `span`. */
export function noteUnread(
  { periods }: ContractState,
  asset: string,
  span: Span,
  isUnread: boolean,
): void {
  for (const period of periods) {
    if (period.from < span.from || period.to > span.to) continue;
    const others = period.unread.filter((id) => id !== asset);
    period.unread = isUnread ? [...others, asset].sort() : others;
  }
}

/** Forgets periods that nothing can change any more. */
export function forgetPeriods(model: ContractModel, state: ContractState): void {
  const kept = KEPT_PERIODS + model.months - 1;
  const closed = state.periods.filter(({ revision }) => revision !== null);
  const gone = closed.slice(0, Math.max(0, closed.length - kept));
  state.periods = state.periods.filter((period) => !gone.includes(period));
  for (const period of closed.slice(0, -1)) period.scheduled = {};
  const oldest = state.periods[0]?.from ?? 0;
  for (const fold of Object.values(state.folds)) {
    fold.plans = fold.plans.filter(({ to }) => to > oldest);
    fold.notified = fold.notified.filter((at) => at >= oldest);
  }
}

/** Spans `scheduled` for an asset in a period, clipped to `[from, to)`; the wall clock where the contract divides by the calendar. */
export function plannedSpans(
  model: ContractModel,
  period: PeriodState,
  calendar: string,
  from: Millis,
  to: Millis,
): { from: Millis; to: Millis }[] {
  const flat =
    model.denominator === "calendar"
      ? [period.from, period.to]
      : (period.scheduled[calendar] ?? []);
  const spans: { from: Millis; to: Millis }[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const span = { from: Math.max(flat[i] ?? 0, from), to: Math.min(flat[i + 1] ?? 0, to) };
    if (span.to > span.from) spans.push(span);
  }
  return spans;
}

/**
 * A period as it can be judged at an instant: the settled sums with what is still provisional on top, on a copy. Also
 * as it would be if everything that was proposed were agreed. Changes nothing.
 */
import type { CountFact, IntervalFact } from "../journal.ts";
import type { Millis, Span } from "../time.ts";
import { amend, type Change } from "./amend.ts";
import { bookCount, bookInterval, endNow, noteUnseen } from "./fold.ts";
import {
  availability,
  runHours,
  type Sums,
  sumsOf,
  uptime,
  type Value,
  wholeUptime,
} from "./measure.ts";
import type { ContractModel, Exact, Metric, OutcomeModel } from "./model.ts";
import { type Incidents, inTime, repeats } from "./response.ts";
import { type ContractState, type PeriodState, plannedSpans } from "./state.ts";
import { newTally, sumOf } from "./tally.ts";
import { type Joined, join } from "./verdict.ts";
import { goodPieces, oee, quality, throughput } from "./yield.ts";

/** What is known beside the booked sums. */
export interface Outlook {
  at: Millis;
  /** Until when incidents are known; `at` where it is left out. Later than the end of a period that is over. */
  knownAt?: Millis;
  /** By asset: intervals from its booked end on, as they look now. */
  tails: Record<string, IntervalFact[]>;
  /** Counts that are not booked yet. */
  counts: CountFact[];
  incidents: Incidents;
  /** By asset: changes that are proposed or disputed. */
  proposed: Record<string, Change[]>;
}

/** One reading of a period; of a rolling one with the months before. */
export interface Look {
  model: ContractModel;
  state: ContractState;
  period: PeriodState;
  span: Span;
  /** The part of a whole period that it covers. */
  share: Exact;
  /** In the order of the contract's assets. */
  sums: Sums[];
  /** Still planned, of all machines. */
  ahead: Span[];
  aheadMs: Millis;
}

export function lookAt(
  model: ContractModel,
  state: ContractState,
  period: PeriodState,
  outlook: Outlook,
  isAgreed: boolean,
): Look {
  const at = state.periods.indexOf(period);
  const months = state.periods.slice(Math.max(0, at + 1 - model.months), at + 1);
  const copy: ContractState = {
    ...state,
    folds: structuredClone(state.folds),
    periods: months.map(copyOf),
    pace: structuredClone(state.pace),
  };
  for (const tail of Object.values(outlook.tails))
    for (const fact of tail) bookInterval(model, copy, fact);
  noteUnseen(model, copy, Math.min(outlook.at, period.to), []);
  for (const count of outlook.counts) bookCount(model, copy, count);
  if (isAgreed)
    for (const [asset, changes] of Object.entries(outlook.proposed))
      for (const change of changes) amend(model, copy, asset, change);
  endNow(model, copy);
  const share = model.period === "rolling" ? { n: months.length, d: model.months } : period.share;
  const ahead = model.assets.flatMap(({ calendar }) =>
    plannedSpans(model, period, calendar, outlook.at, period.to),
  );
  return {
    model,
    state: copy,
    period,
    span: { from: months[0]?.from ?? period.from, to: period.to },
    share,
    sums: model.assets.map((asset) => {
      const tallies = copy.periods.map(({ tallies }) => tallies[asset.id] ?? newTally());
      const unread = copy.periods.some((each) => each.unread.includes(asset.id));
      return sumsOf(model, asset, sumOf(tallies), share, unread);
    }),
    ahead,
    aheadMs: ahead.reduce((sum, { from, to }) => sum + to - from, 0),
  };
}

/** Without a copy of what booking never changes, the bulk of it. */
function copyOf({ scheduled, ...period }: PeriodState): PeriodState {
  return { ...structuredClone(period), scheduled };
}

type Measure = Exclude<Metric, "response" | "restore" | "repeat-rate">;

const MEASURES: Record<Measure, (sums: Sums) => Value> = {
  uptime,
  "supplier-dependent-uptime": wholeUptime,
  availability,
  oee,
  quality,
  throughput,
  "good-pieces": goodPieces,
  "run-hours": runHours,
};

const IN_PIECES: Metric[] = ["oee", "quality", "throughput", "good-pieces"];

/** Whether the outcome is made of pieces, and those of a machine are not known. */
export const isUncounted = ({ sums }: Look, { metric }: OutcomeModel): boolean =>
  IN_PIECES.includes(metric) && sums.some(({ unread }) => unread);

/** The outcome over all assets. */
export function outcomeOf(
  look: Look,
  outcome: OutcomeModel,
  { incidents, at, knownAt = at }: Outlook,
): Joined {
  const { metric } = outcome;
  const values = look.sums.map((sums): Value => {
    const own = incidents[sums.asset.id] ?? [];
    if (metric === "response" || metric === "restore") return inTime(outcome, own, look.span);
    if (metric === "repeat-rate") return repeats(outcome, own, look.span, knownAt);
    return MEASURES[metric](sums);
  });
  const joined = join(look.model, metric, values);
  return isUncounted(look, outcome) ? { ...joined, value: null, min: null, max: null } : joined;
}

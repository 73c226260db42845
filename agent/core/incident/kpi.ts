/**
 * Key figures of issue to resolution (metrics A5) over a set of outcomes: counts and sums in integers, never averages
 * of averages. An incident belongs to the span in which it was opened; open ones are censored, and told apart.
 */

import { type Mttr, mttr } from "../statistics/reliability.ts";
import type { Millis, Span } from "../time.ts";
import { ratio } from "../window/measure.ts";
import { outcomeOf } from "./body.ts";
import type { Coverage } from "./coverage.ts";
import type { Limit, Trigger } from "./model.ts";
import type { Clock, ClockName, IncidentOutcome } from "./outcome.ts";
import type { IncidentsState } from "./state.ts";

/** Outcomes as they stand at `at`: those closed within the time of repeats, and the open ones; oldest first. */
export function outcomes(state: IncidentsState, at: Millis, coverage: Coverage): IncidentOutcome[] {
  const open = state.open.map((incident) => outcomeOf(incident, at, coverage));
  return [...state.closed.map((each) => ({ ...each })), ...open].sort(
    (a, b) => a.openedAt - b.openedAt,
  );
}

/** Those opened in the span, half-open. */
export const openedIn = (all: readonly IncidentOutcome[], { from, to }: Span): IncidentOutcome[] =>
  all.filter(({ openedAt }) => from <= openedAt && openedAt < to);

/** One clock over many incidents. */
export interface ClockSums {
  /** Reached: how many, their sums and the longest, on both clocks. */
  n: number;
  calendarMs: Millis;
  coveredMs: Millis;
  maxCalendarMs: Millis;
  maxCoveredMs: Millis;
  /** Still running: how many, and what they show so far. */
  running: number;
  runningCalendarMs: Millis;
  runningCoveredMs: Millis;
  /** With a limit: inside it, and beyond it (those still open beyond it too). */
  met: number;
  missed: number;
}

export function clockSums(all: readonly IncidentOutcome[], name: ClockName): ClockSums {
  const sums: ClockSums = {
    n: 0,
    calendarMs: 0,
    coveredMs: 0,
    maxCalendarMs: 0,
    maxCoveredMs: 0,
    running: 0,
    runningCalendarMs: 0,
    runningCoveredMs: 0,
    met: 0,
    missed: 0,
  };
  for (const { clocks } of all) addClock(sums, clocks[name]);
  return sums;
}

function addClock(sums: ClockSums, { state, calendarMs, coveredMs, met }: Clock): void {
  if (state === "reached") {
    sums.n++;
    sums.calendarMs += calendarMs;
    sums.coveredMs += coveredMs;
    sums.maxCalendarMs = Math.max(sums.maxCalendarMs, calendarMs);
    sums.maxCoveredMs = Math.max(sums.maxCoveredMs, coveredMs);
  } else if (state === "running") {
    sums.running++;
    sums.runningCalendarMs += calendarMs;
    sums.runningCoveredMs += coveredMs;
  }
  if (met === true) sums.met++;
  if (met === false) sums.missed++;
}

/** Incidents inside the limit / incidents due; null while none is due. */
export const hitRate = ({ met, missed }: ClockSums): number | null => ratio(met, met + missed);

/** Repairs: what somebody had to mend. Lost contact and signals are none. */
const CORRECTIVE: Trigger[] = ["fault", "micro-stops", "called"];

const isJob = ({ trigger, visits }: IncidentOutcome): boolean =>
  CORRECTIVE.includes(trigger) && visits.remote + visits.onSite > 0;

/** Closed with one visit at most; remote sessions count where nobody came. */
const isFirstVisit = ({ closedAt, visits }: IncidentOutcome): boolean =>
  closedAt !== null && (visits.onSite === 0 ? visits.remote : visits.onSite) === 1;

export interface FixRates {
  /** Corrective jobs: somebody responded. */
  jobs: number;
  /** Closed on the first visit; and those of them whose failure came back in time. */
  firstVisit: number;
  firstVisitRepeated: number;
  /** First visit / jobs. Known to be gamed by early closing; read the effective one. */
  naive: number | null;
  /** First visit without repeat / jobs. */
  effective: number | null;
  /** Closed corrective incidents, answered or not, and those of them that were repeated. */
  closed: number;
  repeated: number;
  /** Repeated / closed. */
  repeatRate: number | null;
  /** Closed so late that a repeat can still come. */
  watched: number;
}

/**
 * First-time fix and repeats of the incidents `of` a span; repeats are looked for in `all`. `asOf` is how far is known:
 * what was closed less than `repeatWithinMs` before may still repeat.
 */
export function fixRates(
  of: readonly IncidentOutcome[],
  all: readonly IncidentOutcome[],
  asOf: Millis,
  repeatWithinMs: Millis,
): FixRates {
  const repeats = new Set(all.map(({ asset, repeatOf }) => `${asset} ${repeatOf}`));
  const cameBack = ({ asset, id }: IncidentOutcome): boolean => repeats.has(`${asset} ${id}`);
  const jobs = of.filter(isJob);
  const first = jobs.filter(isFirstVisit);
  const closed = of.filter((each) => CORRECTIVE.includes(each.trigger) && each.closedAt !== null);
  const firstVisitRepeated = first.filter(cameBack).length;
  const repeated = closed.filter(cameBack).length;
  const since = asOf - repeatWithinMs;
  return {
    jobs: jobs.length,
    firstVisit: first.length,
    firstVisitRepeated,
    naive: ratio(first.length, jobs.length),
    effective: ratio(first.length - firstVisitRepeated, jobs.length),
    closed: closed.length,
    repeated,
    repeatRate: ratio(repeated, closed.length),
    watched: closed.filter((each) => !cameBack(each) && (each.closedAt ?? 0) > since).length,
  };
}

/** Times to restore as repairs with their censoring, on one clock. Signals need no repair. */
export function repairs(all: readonly IncidentOutcome[], axis: "calendarMs" | "coveredMs"): Mttr {
  const clocks = all
    .filter(({ trigger }) => CORRECTIVE.includes(trigger))
    .map((each) => each.clocks.restore);
  const spent = (state: Clock["state"]): Millis[] =>
    clocks.filter((clock) => clock.state === state).map((clock) => clock[axis]);
  return mttr(spent("reached"), spent("running"));
}

/** Planned work against repairs: hours and counts, each as a ratio; null where nothing was repaired. */
export interface PreventiveToReactive {
  preventive: { ms: Millis; count: number };
  reactive: { ms: Millis; count: number };
  byTime: number | null;
  byCount: number | null;
}

/** From sums of maintenance intervals inside plans, and of faults and maintenance outside of them. */
export const preventiveToReactive = (
  preventive: PreventiveToReactive["preventive"],
  reactive: PreventiveToReactive["reactive"],
): PreventiveToReactive => ({
  preventive,
  reactive,
  byTime: ratio(preventive.ms, reactive.ms),
  byCount: ratio(preventive.count, reactive.count),
});

export interface IncidentKpis {
  opened: number;
  open: number;
  relapses: number;
  detect: ClockSums;
  acknowledge: ClockSums;
  respond: ClockSums;
  restore: ClockSums;
  resolve: ClockSums;
  /** SLA hit rate of each limit. */
  hits: Record<Limit, number | null>;
  fixes: FixRates;
  /** On the calendar. */
  repairs: Mttr;
}

/** All of it, of the incidents opened in the span. `all`: every outcome of the assets that is known, as it stands at `asOf`. */
export function incidentKpis(
  all: readonly IncidentOutcome[],
  span: Span,
  asOf: Millis,
  repeatWithinMs: Millis,
): IncidentKpis {
  return kpisOf(openedIn(all, span), all, asOf, repeatWithinMs);
}

/** The same of incidents that were chosen already; machines may have spans of their own. */
export function kpisOf(
  of: readonly IncidentOutcome[],
  all: readonly IncidentOutcome[],
  asOf: Millis,
  repeatWithinMs: Millis,
): IncidentKpis {
  const acknowledge = clockSums(of, "acknowledge");
  const respond = clockSums(of, "respond");
  const restore = clockSums(of, "restore");
  return {
    opened: of.length,
    open: of.filter(({ closedAt }) => closedAt === null).length,
    relapses: of.reduce((sum, { relapses }) => sum + relapses, 0),
    detect: clockSums(of, "detect"),
    acknowledge,
    respond,
    restore,
    resolve: clockSums(of, "resolve"),
    hits: {
      acknowledge: hitRate(acknowledge),
      respond: hitRate(respond),
      restore: hitRate(restore),
    },
    fixes: fixRates(of, all, asOf, repeatWithinMs),
    repairs: repairs(of, "calendarMs"),
  };
}

/**
 * A settled timeline under other rules: another calendar, another micro-stop limit, other default attributions.
 * What the machine did stays; conditions come from readings, which intervals do not hold.
 */

import type { PlanInput } from "../annotation/entered.ts";
import type { CountFact, IntervalFact, StopClass } from "../journal.ts";
import type { AssetModel } from "../model.ts";
import type { Millis } from "../time.ts";
import { DEFAULT_ATTRIBUTION } from "../timeline/reason.ts";
import { type CalendarState, scheduleAt } from "../timeline/schedule.ts";
import { isStop } from "../timeline/stop.ts";
import type { Condition } from "../vocabulary.ts";

const PLANNED: readonly Condition[] = ["setup", "engineering", "maintenance"];

/**
 * Judges every stop anew, whole, by accounting rule 11. `intervals` tile their span and begin with the one before
 * the first whole stop; a stop that has no end yet is none that is short.
 */
export function rejudged(intervals: readonly IntervalFact[], microStopMs: Millis): IntervalFact[] {
  const made: IntervalFact[] = [];
  for (let i = 0; i < intervals.length; ) {
    const first = intervals[i] as IntervalFact;
    let end = i + 1;
    if (isStop(first.condition)) while (isStop(intervals[end]?.condition ?? "unknown")) end++;
    const run = intervals.slice(i, end);
    made.push(...(isStop(first.condition) ? judge(run, intervals, i, microStopMs) : run));
    i = end;
  }
  return made;
}

function judge(
  run: IntervalFact[],
  all: readonly IntervalFact[],
  first: number,
  microStopMs: Millis,
): IntervalFact[] {
  const before = all[first - 1];
  const after = all[first + run.length];
  const from = run[0]?.stopFrom ?? run[0]?.from ?? 0;
  const length = (run.at(-1)?.to ?? from) - from;
  const planned = run.some(({ condition }) => PLANNED.includes(condition));
  const short = before !== undefined && after !== undefined && length < microStopMs && !planned;
  const bounded = before?.condition === "producing" && after?.condition === "producing";
  const classOf = (micro: boolean): StopClass => (micro ? "micro" : "stop");
  const judged = { stop: classOf(short && bounded), stopPrime: classOf(short), stopFrom: from };
  return run.map((piece) => ({ ...piece, ...judged }));
}

/**
 * The schedule of another calendar, with the plans that were entered in time. Cuts intervals where it changes.
 * What the machine itself said of its schedule stays: no order, or a fault that was there before a plan.
 */
export function rescheduled(
  intervals: readonly IntervalFact[],
  calendar: CalendarState,
  plans: PlanInput[],
): IntervalFact[] {
  return intervals.flatMap((interval) => {
    const parts: IntervalFact[] = [];
    for (let from = interval.from; from < interval.to; ) {
      const { schedule: planned, until } = scheduleAt(calendar, plans, from);
      const base = scheduleAt(calendar, [], from).schedule;
      const stays = base === "scheduled" && ["scheduled", "no-demand"].includes(interval.schedule);
      const isOwn = stays && (planned === "scheduled") !== (interval.schedule === "scheduled");
      const schedule = isOwn ? interval.schedule : planned;
      const to = Math.min(until, interval.to);
      const edgeFrom = from === interval.from ? interval.edgeFrom : null;
      parts.push({ ...interval, from, to, schedule, edgeFrom });
      from = to;
    }
    return parts;
  });
}

/**
 * Counts at their place under another calendar. They are booked by the minute, so a minute that a shift ends in
 * goes to the side its first piece was made on. What was outside and is loading now counts as seen.
 */
export function replaced(
  counts: readonly CountFact[],
  calendar: CalendarState,
  plans: PlanInput[],
): CountFact[] {
  return counts.map((count) => {
    const inside = scheduleAt(calendar, plans, count.at).schedule === "scheduled";
    if (!inside) return { ...count, place: "outside" };
    return count.place === "outside" ? { ...count, place: "loading" } : { ...count };
  });
}

/** Attributions as rules and defaults of `model` give them; annotations are laid over it afterwards. */
export function reattributed(
  intervals: readonly IntervalFact[],
  { rules, attribution }: Pick<AssetModel, "rules" | "attribution">,
): IntervalFact[] {
  return intervals.map((interval) => {
    const { condition, rule } = interval;
    const own = rule === null ? null : (rules[rule]?.attribution ?? null);
    return {
      ...interval,
      attribution: own ?? attribution[condition] ?? DEFAULT_ATTRIBUTION[condition] ?? "none",
    };
  });
}

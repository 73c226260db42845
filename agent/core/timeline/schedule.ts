/** The schedule axis: resolved calendar spans, with plans that were entered before they began laid over them. */
import type { PlanInput } from "../annotation/entered.ts";
import type { CalendarInput, Frame } from "../input.ts";
import type { Millis } from "../time.ts";
import type { Schedule } from "../vocabulary.ts";

export interface CalendarState {
  id: string;
  horizon: Millis;
  /** Tile `[first from, horizon)`, neighbours differ. */
  spans: { from: Millis; to: Millis; schedule: Schedule }[];
  /** Sorted by `from`. */
  frames: Frame[];
}

/** Adds the next stretch of a calendar; what was already known is skipped. */
export function extend(known: CalendarState | undefined, input: CalendarInput): CalendarState {
  const calendar = known ?? { id: input.id, horizon: input.from, spans: [], frames: [] };
  if (known && input.anew) cutOff(known, input.at);
  for (const span of input.spans) addSpan(calendar, span);
  const begins = known && input.anew ? input.at : Number.MIN_SAFE_INTEGER;
  const has = (frame: Frame): boolean =>
    calendar.frames.some(
      (f) => f.kind === frame.kind && f.from === frame.from && f.shift === frame.shift,
    );
  for (const frame of input.frames)
    if (frame.from >= begins && !has(frame)) calendar.frames.push(frame);
  calendar.frames.sort((a, b) => a.from - b.from);
  calendar.horizon = Math.max(calendar.horizon, input.horizon);
  return calendar;
}

function addSpan(calendar: CalendarState, span: CalendarState["spans"][number]): void {
  if (span.to <= calendar.horizon) return;
  const last = calendar.spans.at(-1);
  if (last && last.schedule === span.schedule && last.to >= span.from) last.to = span.to;
  else calendar.spans.push({ ...span, from: Math.max(span.from, last?.to ?? span.from) });
}

function cutOff(calendar: CalendarState, at: Millis): void {
  calendar.spans = calendar.spans
    .filter((span) => span.from < at)
    .map((span) => ({ ...span, to: Math.min(span.to, at) }));
  calendar.frames = calendar.frames.filter((frame) => frame.from < at);
  calendar.horizon = at;
}

/** Forgets what ended at or before `to`. */
export function forget(calendar: CalendarState, to: Millis): void {
  calendar.spans = calendar.spans.filter((span) => span.to > to);
  calendar.frames = calendar.frames.filter((frame) => frame.to > to);
}

/**
 * The schedule at `t` and the instant until which it is sure to hold.
 * A plan turns `scheduled` and `planned-stop` into its own word; unscheduled time stays unscheduled (metrics B2).
 * Of overlapping plans the one entered last holds.
 */
export function scheduleAt(
  calendar: CalendarState,
  plans: PlanInput[],
  t: Millis,
): { schedule: Schedule; until: Millis } {
  const span = spanAt(calendar.spans, t);
  const base = span && t >= span.from && t < span.to ? span.schedule : "unscheduled";
  let schedule: Schedule = base;
  let until = Number.MAX_SAFE_INTEGER;
  if (span && t < span.to) until = t < span.from ? span.from : span.to;
  for (const plan of plans) {
    if (plan.to <= t) continue;
    until = Math.min(until, plan.from > t ? plan.from : plan.to);
    if (plan.from <= t && base !== "unscheduled") schedule = plan.schedule;
  }
  return { schedule, until };
}

/** The last span that begins at or before `t`, else the first. */
function spanAt(
  spans: CalendarState["spans"],
  t: Millis,
): CalendarState["spans"][number] | undefined {
  let low = 0;
  let high = spans.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((spans[middle]?.from ?? 0) <= t) low = middle;
    else high = middle - 1;
  }
  return spans[low];
}

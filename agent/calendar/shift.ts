/**
 * The shifts of a calendar on the time axis: what was scheduled, and when the breaks were.
 * `days` and `holidays` belong to the date a shift starts on (accounting rule 12).
 */
import type { Millis, Span } from "../core/time.ts";
import type { Schedule } from "../core/vocabulary.ts";
import { type CalendarSpec, minutesOf, type ShiftSpec } from "./spec.ts";
import { type CivilDay, civilDay, weekday, type Zone } from "./zone.ts";

/** One working of a shift, `[from, to)`. Those of a calendar never overlap. */
export interface Occurrence extends Span {
  /** Start date, which is the business day of the whole shift. */
  day: CivilDay;
  /** null for the stretch that stands in for the shifts of a calendar without any. */
  shift: string | null;
  breaks: Span[];
}

export interface ScheduleSpan extends Span {
  schedule: Schedule;
}

const MIDNIGHT = 24 * 60;

/** All shifts that start on a date in `[first, last]`, in order of time. */
export function occurrences(
  spec: CalendarSpec,
  zone: Zone,
  first: CivilDay,
  last: CivilDay,
): Occurrence[] {
  const holidays = new Set(spec.holidays.map(civilDay));
  const found: Occurrence[] = [];
  for (let day = first; day <= last; day++) {
    if (holidays.has(day) || !exists(zone, day)) continue;
    if (spec.shifts.length === 0) found.push(wholeDay(spec, zone, day));
    for (const shift of spec.shifts) {
      if (shift.days.includes(weekday(day))) found.push(occurrence(shift, zone, day));
    }
  }
  found.sort((a, b) => a.from - b.from);
  return apart(found.filter((one) => one.to > one.from));
}

/** A zone that crosses the date line skips a date (Apia, 2011-12-30); nobody starts work on it. */
const exists = (zone: Zone, day: CivilDay): boolean =>
  zone.resolve(day, MIDNIGHT) > zone.resolve(day, 0);

function wholeDay(spec: CalendarSpec, zone: Zone, day: CivilDay): Occurrence {
  const start = minutesOf(spec.dayStart);
  const [from, to] = [zone.resolve(day, start), zone.resolve(day, start + MIDNIGHT)];
  return { day, shift: null, from, to, breaks: [] };
}

function occurrence(shift: ShiftSpec, zone: Zone, day: CivilDay): Occurrence {
  const start = minutesOf(shift.start);
  const local = (from: number, end: string): Span => ({
    from: zone.resolve(day, from),
    to: zone.resolve(day, after(from, minutesOf(end))),
  });
  const breaks = shift.breaks.map((pause) => {
    const begin = minutesOf(pause.start);
    return local(begin < start ? begin + MIDNIGHT : begin, pause.end);
  });
  breaks.sort((a, b) => a.from - b.from);
  return { day, shift: shift.id, ...local(start, shift.end), breaks };
}

/** An end on the clock, as the first one after `start` (minutes of the same date, perhaps past midnight). */
function after(start: number, end: number): number {
  let at = end;
  while (at <= start) at += MIDNIGHT;
  return at;
}

/**
 * An end inside the spring gap moves forward by the gap, past the start of a shift that begins right after
 * it. The later shift has the time: no millisecond may belong to two shifts.
 */
function apart(sorted: Occurrence[]): Occurrence[] {
  const clipped = sorted.map((one, i) => ({
    ...one,
    to: Math.min(one.to, sorted[i + 1]?.from ?? one.to),
  }));
  return clipped.filter((one) => one.to > one.from);
}

/** Tiles `[from, to)`: breaks are `planned-stop`, everything outside the shifts `unscheduled`. */
export function schedule(shifts: Occurrence[], from: Millis, to: Millis): ScheduleSpan[] {
  const tiles: ScheduleSpan[] = [];
  let at = from;
  const fill = (until: Millis, word: Schedule): void => {
    const end = Math.min(until, to);
    if (end <= at) return;
    const last = tiles.at(-1);
    if (last?.schedule === word) last.to = end;
    else tiles.push({ from: at, to: end, schedule: word });
    at = end;
  };
  for (const shift of shifts) {
    fill(shift.from, "unscheduled");
    for (const pause of shift.breaks) {
      fill(Math.min(pause.from, shift.to), "scheduled");
      fill(Math.min(pause.to, shift.to), "planned-stop");
    }
    fill(shift.to, "scheduled");
  }
  fill(to, "unscheduled");
  return tiles;
}

/**
 * A configured calendar resolved to UTC: the schedule, and the windows that will be accounted for.
 * Pure: the same arguments and zone rules give the same answer, however a stretch of time is cut into calls.
 */
import type { Frame } from "../core/input.ts";
import type { Millis, Span } from "../core/time.ts";
import { WINDOW_KINDS } from "../core/vocabulary.ts";
import { hourStarts } from "./hour.ts";
import { type Occurrence, occurrences, type ScheduleSpan, schedule } from "./shift.ts";
import { type CalendarSpec, DEFAULT_CALENDAR, minutesOf } from "./spec.ts";
import { type CivilDay, isoDate, monthStart, type Zone, zoneOf } from "./zone.ts";

export interface ResolvedCalendar {
  /** Tile `[from, horizon)`; neighbors differ. */
  spans: ScheduleSpan[];
  /** By `from`, then kind, then `to`. */
  frames: Frame[];
}

export interface Range {
  from: Millis;
  /** Exclusive. */
  horizon: Millis;
  /** Also the frames that began before `from` and end after it. */
  first: boolean;
}

/** Longer than any hour window; see `hour.ts`. */
const HOUR_MARGIN_MS = 3 * 3_600_000;

/**
 * Spans and frames of `[from, horizon)`; a frame belongs to the call whose range holds its `from`.
 * Without a spec: always scheduled, no shifts. `zone` is the gateway's, used unless the spec names its own.
 * Throws `CONFIG_INVALID` for an unknown zone.
 */
export function resolveCalendar(
  spec: CalendarSpec | null,
  zone: string,
  range: Range,
): ResolvedCalendar {
  const calendar = spec ?? DEFAULT_CALENDAR;
  const place = zoneOf(calendar.zone ?? zone);
  // A shift or day may begin up to two dates before the instant it holds, and ends on the next date.
  const firstDay = place.dayAt(range.from) - 2;
  const lastDay = place.dayAt(range.horizon) + 1;
  const shifts = occurrences(calendar, place, firstDay, lastDay);
  const days = dayFrames(calendar, place, firstDay, lastDay);
  const frames = [
    ...hourFrames(place, range, days),
    ...shifts.flatMap(shiftFrame),
    ...days,
    ...monthFrames(calendar, place, firstDay, lastDay),
  ];
  return {
    spans: schedule(shifts, range.from, range.horizon),
    frames: frames.filter((frame) => belongs(frame, range)).sort(byTime),
  };
}

const belongs = (frame: Span, { from, horizon, first }: Range): boolean =>
  frame.from < horizon && (frame.from >= from || (first && frame.to > from));

const byTime = (a: Frame, b: Frame): number =>
  a.from - b.from || WINDOW_KINDS.indexOf(a.kind) - WINDOW_KINDS.indexOf(b.kind) || a.to - b.to;

const shiftFrame = ({ from, to, day, shift }: Occurrence): Frame[] =>
  shift === null ? [] : [{ kind: "shift", from, to, localDate: isoDate(day), shift }];

function dayFrames(spec: CalendarSpec, zone: Zone, first: CivilDay, last: CivilDay): Frame[] {
  const start = minutesOf(spec.dayStart);
  const frames: Frame[] = [];
  for (let day = first; day <= last; day++) {
    const [from, to] = [zone.resolve(day, start), zone.resolve(day + 1, start)];
    // Empty where the zone skipped the date.
    if (to > from) frames.push({ kind: "day", from, to, localDate: isoDate(day), shift: null });
  }
  return frames;
}

function monthFrames(spec: CalendarSpec, zone: Zone, first: CivilDay, last: CivilDay): Frame[] {
  const start = minutesOf(spec.dayStart);
  const frames: Frame[] = [];
  for (let day = monthStart(first); day <= last; day = monthStart(day, 1)) {
    const [from, to] = [zone.resolve(day, start), zone.resolve(monthStart(day, 1), start)];
    frames.push({ kind: "month", from, to, localDate: isoDate(day), shift: null });
  }
  return frames;
}

/** An hour carries the business date of the day window that holds its begin. */
function hourFrames(zone: Zone, { from, horizon }: Range, days: Frame[]): Frame[] {
  const starts = hourStarts(zone, from - HOUR_MARGIN_MS, horizon + HOUR_MARGIN_MS);
  const frames: Frame[] = [];
  let day = 0;
  for (const [i, start] of starts.entries()) {
    const to = starts[i + 1];
    if (to === undefined) break;
    while ((days[day]?.to ?? to) <= start) day++;
    const localDate = days[day]?.localDate ?? isoDate(zone.dayAt(start));
    frames.push({ kind: "hour", from: start, to, localDate, shift: null });
  }
  return frames;
}

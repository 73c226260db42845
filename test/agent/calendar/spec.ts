/** Short writing for calendar tests: instants in, readable windows out. */
import { type Range, resolveCalendar } from "../../../agent/calendar/resolve.ts";
import type { CalendarSpec, ShiftSpec } from "../../../agent/calendar/spec.ts";
import type { WindowKind } from "../../../agent/core/vocabulary.ts";

export const HOUR = 3_600_000;
export const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

export const calendar = (spec: Partial<CalendarSpec> = {}): CalendarSpec => ({
  dayStart: "00:00",
  shifts: [],
  holidays: [],
  zone: null,
  ...spec,
});

export const shift = (id: string, start: string, end: string, more: Partial<ShiftSpec> = {}) => ({
  id,
  days: EVERY_DAY,
  start,
  end,
  breaks: [],
  ...more,
});

/** `from` and `to` as `2025-03-30T01:00Z`. */
export const range = (from: string, to: string, first = false): Range => ({
  from: Date.parse(from),
  horizon: Date.parse(to),
  first,
});

/** `2025-03-30T01:00Z`; the fractions of a minute are kept when there are any. */
export const utc = (at: number): string =>
  new Date(at).toISOString().replace(":00.000Z", "Z").replace(".000Z", "Z");

/** One line per window of a kind: `localDate id from to hours`. */
export function windows(
  kind: WindowKind,
  spec: CalendarSpec | null,
  zone: string,
  within: Range,
): string[] {
  return resolveCalendar(spec, zone, within)
    .frames.filter((frame) => frame.kind === kind)
    .map(
      (f) =>
        `${f.localDate} ${f.shift ?? "-"} ${utc(f.from)} ${utc(f.to)} ${(f.to - f.from) / HOUR} h`,
    );
}

/** One line per schedule span: `word from to`. */
export const spans = (spec: CalendarSpec | null, zone: string, within: Range): string[] =>
  resolveCalendar(spec, zone, within).spans.map(
    (span) => `${span.schedule} ${utc(span.from)} ${utc(span.to)}`,
  );

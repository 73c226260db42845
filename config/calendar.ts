/** Calendars as the shell resolves them to UTC: days as numbers, the zone as configured. */
import type { Config } from "./types.ts";
import { weekdaysOf } from "./weekday.ts";

export interface CalendarPlan {
  /** Local `HH:MM`. */
  dayStart: string;
  /** `days`: 1 = Monday … 7 = Sunday of the start date; times are local `HH:MM`. */
  shifts: {
    id: string;
    days: number[];
    start: string;
    end: string;
    breaks: { start: string; end: string }[];
  }[];
  /** Local dates. */
  holidays: string[];
  /** IANA name; null: the gateway's. */
  zone: string | null;
}

/** By calendar id. */
export function calendarsOf(config: Config): Record<string, CalendarPlan> {
  const plans = Object.entries(config.calendars).map(([id, calendar]) => {
    const shifts = calendar.shifts.map((shift) => ({ ...shift, days: weekdaysOf(shift.days) }));
    return [id, { ...calendar, shifts, zone: calendar.zone ?? null }];
  });
  return Object.fromEntries(plans) as Record<string, CalendarPlan>;
}

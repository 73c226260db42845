/**
 * A calendar as configured: which local times are shifts, breaks and holidays. Plain data, checked by the
 * configuration (overlapping shifts are an error there). Refuses to hold instants: those need a zone.
 */

/** A break of a shift, local `HH:MM`. A start before the shift's start lies on the next date. */
export interface BreakSpec {
  start: string;
  end: string;
}

export interface ShiftSpec {
  id: string;
  /** Days of the week of the shift's start date, 1 = Monday … 7 = Sunday. */
  days: number[];
  /** Local `HH:MM`. */
  start: string;
  /** Local `HH:MM` or `24:00`; at or before `start` it lies on the next date. */
  end: string;
  breaks: BreakSpec[];
}

export interface CalendarSpec {
  /** Local `HH:MM` that bounds day and month. */
  dayStart: string;
  /** None: every date is one long scheduled stretch, and there are no shift windows. */
  shifts: ShiftSpec[];
  /** `YYYY-MM-DD`: no shift starts on these dates. */
  holidays: string[];
  /** IANA name; null: the gateway's. */
  zone: string | null;
}

/** Always scheduled, windows by local midnight: what an asset without a calendar has. */
export const DEFAULT_CALENDAR: CalendarSpec = {
  dayStart: "00:00",
  shifts: [],
  holidays: [],
  zone: null,
};

/** Minutes after midnight of `HH:MM`. */
export function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":");
  return Number(hours) * 60 + Number(minutes);
}

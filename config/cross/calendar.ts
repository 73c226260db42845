/** Calendars: shifts that overlap, breaks outside their shift, dates that do not exist. Works on a symbolic week. */
import type { DraftCalendar } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Break, Shift } from "../types.ts";
import { minutesOf } from "../units.ts";
import { DAY_NAMES, weekdaysOf } from "../weekday.ts";
import { error, type Report } from "./report.ts";
import { checkDate, checkZone } from "./time.ts";

const DAY = 24 * 60;
const WEEK = 7 * DAY;

/** Minutes; `to` may exceed a day. */
interface Minutes {
  from: number;
  to: number;
}

interface Working extends Minutes {
  /** Index in `shifts`. */
  shift: number;
}

export function checkCalendar(report: Report, path: Path, calendar: DraftCalendar): void {
  checkZone(report, [...path, "zone"], calendar.zone);
  for (const [index, holiday] of (calendar.holidays ?? []).entries()) {
    checkDate(report, [...path, "holidays", index], holiday);
  }
  const workings: Working[] = [];
  for (const [index, shift] of calendar.shifts.entries()) {
    if (!shift) continue;
    checkBreaks(report, [...path, "shifts", index, "breaks"], shift);
    for (const day of weekdaysOf(shift.days)) {
      const { from, to } = spanOf(shift);
      workings.push({ shift: index, from: from + (day - 1) * DAY, to: to + (day - 1) * DAY });
    }
  }
  checkOverlaps(report, path, workings, calendar);
}

/** Local start and end; an end at or before the start lies on the next day. */
function spanOf({ start, end }: Shift | Break): Minutes {
  const from = minutesOf(start);
  const to = minutesOf(end);
  return { from, to: to > from ? to : to + DAY };
}

function checkOverlaps(
  report: Report,
  path: Path,
  workings: Working[],
  calendar: DraftCalendar,
): void {
  workings.sort((a, b) => a.from - b.from || a.shift - b.shift);
  const reported = new Set<string>();
  for (const [index, earlier] of workings.entries()) {
    const following = workings.slice(index + 1);
    const nextWeek = workings.slice(0, index).map((each) => ({ ...each, from: each.from + WEEK }));
    for (const later of [...following, ...nextWeek]) {
      const [first, named] = [earlier.shift, later.shift].sort((a, b) => a - b) as [number, number];
      if (later.from >= earlier.to || reported.has(`${first} ${named}`)) continue;
      reported.add(`${first} ${named}`);
      const other = first === named ? "itself" : `shift ${calendar.shifts[first]?.id}`;
      const message = `overlaps ${other} on ${clock(later.from % WEEK)}`;
      error(report, [...path, "shifts", named], message, "shifts of one calendar must not overlap");
    }
  }
}

function checkBreaks(report: Report, path: Path, shift: Shift): void {
  const whole = spanOf(shift);
  const inside: Minutes[] = [];
  for (const [index, pause] of shift.breaks.entries()) {
    const span = spanOf(pause);
    const nextDay = span.from < whole.from ? DAY : 0;
    const [from, to] = [span.from + nextDay, span.to + nextDay];
    const text = `${pause.start} to ${pause.end}`;
    if (pause.start === pause.end) {
      error(report, [...path, index], `the break ${text} has no length`);
    } else if (from < whole.from || to > whole.to) {
      const limits = `${shift.start} to ${shift.end}`;
      error(report, [...path, index], `the break ${text} lies outside the shift (${limits})`);
    } else if (inside.some((other) => from < other.to && other.from < to)) {
      error(report, [...path, index], `the break ${text} overlaps another break of the shift`);
    } else inside.push({ from, to });
  }
}

/** `tue at 13:00`. */
const clock = (minutes: number): string => {
  const [hours, rest] = [Math.floor((minutes % DAY) / 60), minutes % 60];
  const time = `${String(hours).padStart(2, "0")}:${String(rest).padStart(2, "0")}`;
  return `${DAY_NAMES[Math.floor(minutes / DAY)]} at ${time}`;
};

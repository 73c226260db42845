/**
 * Shifts on the two days a year when the clocks change: one that lies wholly in the hour that is skipped would have
 * no length, and nobody would find out before that day. Asks the platform for the offsets of the zone.
 */
import type { Draft } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Contract, Shift } from "../types.ts";
import { minutesOf } from "../units.ts";
import { weekdaysOf } from "../weekday.ts";
import { error, type Report } from "./report.ts";

/** Local minutes `[from, to)` that a date does not have. */
interface Gap {
  date: string;
  /** 1 = Monday. */
  weekday: number;
  from: number;
  to: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Rules change rarely; where a contract names no year, this one stands for all. */
const ANY_YEAR = 2026;

export function checkDaylight(report: Report, path: Path, contract: Contract, draft: Draft): void {
  const { assets, effectiveFrom } = contract;
  const year = effectiveFrom === undefined ? ANY_YEAR : Number(effectiveFrom.slice(0, 4));
  for (const id of new Set(assets.map((asset) => draft.assets[asset]?.calendar ?? ""))) {
    const calendar = Object.hasOwn(draft.calendars, id) ? draft.calendars[id] : null;
    if (!calendar) continue;
    const gaps = gapsOf(calendar.zone ?? draft.gateway.timezone, year);
    // Broken calendars have told their own mistakes.
    for (const shift of calendar.shifts ?? []) if (shift) checkShift(report, path, id, shift, gaps);
  }
}

function checkShift(report: Report, path: Path, id: string, shift: Shift, gaps: Gap[]): void {
  for (const gap of gaps) if (isLost(shift, gap)) tell(report, path, id, shift, gap);
}

/**
 * Whether the shift of that date begins in minutes the date does not have and ends before they are made up: a begin in the
 * gap moves forward by its length.
 */
function isLost(shift: Shift, gap: Gap): boolean {
  const [from, to] = [minutesOf(shift.start), minutesOf(shift.end)];
  const isThatDay = weekdaysOf(shift.days).includes(gap.weekday);
  const isSkipped = from >= gap.from && from < gap.to;
  return isThatDay && isSkipped && to > from && to <= from + gap.to - gap.from;
}

function tell(report: Report, path: Path, calendar: string, shift: Shift, gap: Gap): void {
  const times = `${shift.start} to ${shift.end}`;
  const message = `calendar ${calendar}: shift ${shift.id} (${times}) does not exist on ${gap.date}, when the clocks skip it`;
  error(report, [...path, "assets"], message, "begin it earlier or end it later");
}

/** Of one year; none where the zone is not known. */
function gapsOf(zone: string | undefined, year: number): Gap[] {
  const offsetAt = offsets(zone);
  if (!offsetAt) return [];
  const gaps: Gap[] = [];
  const end = Date.UTC(year + 1, 0, 2);
  for (let day = Date.UTC(year, 0, 1); day < end; day += DAY) {
    const [before, after] = [offsetAt(day), offsetAt(day + DAY)];
    if (after > before) gaps.push(gapIn(day, before, after, offsetAt));
  }
  return gaps;
}

function gapIn(day: number, before: number, after: number, offsetAt: (at: number) => number): Gap {
  let [low, high] = [day, day + DAY];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  const local = new Date(high + before);
  const from = local.getUTCHours() * 60 + local.getUTCMinutes();
  return {
    date: local.toISOString().slice(0, 10),
    weekday: local.getUTCDay() === 0 ? 7 : local.getUTCDay(),
    from,
    to: from + (after - before) / MINUTE,
  };
}

/** Local minus UTC in milliseconds at an instant. */
function offsets(zone: string | undefined): ((at: number) => number) | null {
  if (zone === undefined) return null;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "numeric", day: "numeric" },
      ...{ hour: "numeric", minute: "numeric", second: "numeric" },
    });
  } catch {
    return null;
  }
  return (at) => {
    const part = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute, second) - at;
  };
}

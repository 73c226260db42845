/**
 * Times as a technician types them, in the zone of the gateway: `14:05`, `yesterday 14:05`, `2026-11-23 14:05`,
 * `20min ago`, `in 2h`, `now`, or RFC 3339. Never guesses a day: `14:05` is today's.
 */
import { durationMs } from "../../config/units.ts";
import { civilDay, isoDate, zoneOf } from "../calendar/zone.ts";
import type { Millis } from "../core/time.ts";

const CLOCK = /^(?:(today|yesterday|tomorrow|\d{4}-\d{2}-\d{2})[ T])?([01]?\d|2[0-3]):([0-5]\d)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;
const AGO = /^(.+?) ?ago$/;
const AHEAD = /^(?:in |\+) ?(.+)$/;
const DAYS: Record<string, number> = { today: 0, yesterday: -1, tomorrow: 1 };

/** UTC milliseconds, or null: no such time. A local time in a gap of the zone moves forward by the gap. */
export function momentOf(text: string, now: Millis, zone: string): Millis | null {
  const given = text.trim();
  if (given === "now") return now;
  if (INSTANT.test(given)) return orNull(Date.parse(given));
  const clock = CLOCK.exec(given);
  if (clock) return localMoment(clock, now, zone);
  const [ago, ahead] = [AGO.exec(given)?.[1], AHEAD.exec(given)?.[1]];
  if (ago !== undefined) return shifted(now, ago, -1);
  return ahead === undefined ? null : shifted(now, ahead, 1);
}

function localMoment(
  [, day, hours, minutes]: RegExpExecArray,
  now: Millis,
  zone: string,
): Millis | null {
  const { dayAt, resolve } = zoneOf(zone);
  const offset = DAYS[day ?? "today"];
  const date = offset === undefined ? civilDay(day ?? "") : dayAt(now) + offset;
  const isReal = Number.isInteger(date) && (offset !== undefined || isoDate(date) === day);
  return isReal ? resolve(date, Number(hours) * 60 + Number(minutes)) : null;
}

function shifted(now: Millis, length: string, sign: 1 | -1): Millis | null {
  try {
    return now + sign * durationMs(length.trim());
  } catch {
    return null;
  }
}

const orNull = (value: number): number | null => (Number.isNaN(value) ? null : value);

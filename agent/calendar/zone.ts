/**
 * Local time of one IANA zone. The only file that knows Temporal; civil dates are plain day numbers outside it.
 * Reads no clock and keeps no calendar: shifts and windows are built on top of it.
 */
import { Temporal } from "@js-temporal/polyfill";
import { Fault } from "../core/fault.ts";
import type { Millis, Span } from "../core/time.ts";

/** Days since 1970-01-01 of a civil date, whatever the zone. An integer. */
export type CivilDay = number;

/** A span during which the zone kept one offset: local = UTC + `offsetMs`. */
export interface OffsetSpan extends Span {
  offsetMs: Millis;
}

export interface Zone {
  /**
   * UTC of a local time, `minutes` after midnight of `day` on the wall clock (1440 and more is a later date).
   * Temporal's `compatible`: a time in a gap moves forward by the gap's length, a repeated one is the earlier.
   */
  resolve(day: CivilDay, minutes: number): Millis;
  /** The civil date at an instant. */
  dayAt(at: Millis): CivilDay;
  /** Tiles `[from, to)` in order, one span per offset. */
  offsets(from: Millis, to: Millis): OffsetSpan[];
}

/** Version of the zone rules in use, such as `2025c`: the platform's ICU data, which Temporal reads. */
export const tzdata: string = process.versions["tz"] ?? "unknown";

const DAY_MS = 86_400_000;
/** Well under the distance of any two changes of one zone. */
const PROBE_MS = DAY_MS / 4;
/** A conversion costs about 0.1 to 0.3 ms; a calendar asks for the same few instants of a date again and again. */
const MEMO_LIMIT = 4096;

const zones = new Map<string, Zone>();

/** The zone of that IANA name. Throws `CONFIG_INVALID` where the platform does not know it. */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const zone = openZone(name);
  zones.set(name, zone);
  return zone;
}

/** `YYYY-MM-DD`. */
export const isoDate = (day: CivilDay): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

/** Day number of `YYYY-MM-DD`. */
export const civilDay = (date: string): CivilDay => Date.parse(`${date}T00:00:00Z`) / DAY_MS;

/** 1 = Monday … 7 = Sunday. 1970-01-01 was a Thursday. */
export const weekday = (day: CivilDay): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** The first of the month that holds `day`, or of one `months` later. */
export function monthStart(day: CivilDay, months = 0): CivilDay {
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY_MS;
}

function openZone(name: string): Zone {
  const offsetAt = (at: Millis): Millis =>
    Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(name).offsetNanoseconds / 1e6;
  try {
    offsetAt(0);
  } catch (error) {
    throw new Fault("CONFIG_INVALID", `unknown time zone "${name}"`, { zone: name }, error);
  }
  const memo = new Map<number, Millis>();
  return {
    resolve(day, minutes) {
      const key = day * 1440 + minutes;
      let at = memo.get(key);
      if (at === undefined) {
        if (memo.size >= MEMO_LIMIT) memo.clear();
        at = resolve(name, key);
        memo.set(key, at);
      }
      return at;
    },
    dayAt: (at) => Math.floor((at + offsetAt(at)) / DAY_MS),
    offsets: (from, to) => offsetSpans(offsetAt, from, to),
  };
}

function resolve(name: string, civilMinutes: number): Millis {
  const civil = new Date(civilMinutes * 60_000);
  const local = new Temporal.PlainDateTime(
    civil.getUTCFullYear(),
    civil.getUTCMonth() + 1,
    civil.getUTCDate(),
    civil.getUTCHours(),
    civil.getUTCMinutes(),
  );
  return local.toZonedDateTime(name, { disambiguation: "compatible" }).epochMilliseconds;
}

function offsetSpans(offsetAt: (at: Millis) => Millis, from: Millis, to: Millis): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let open: OffsetSpan = { from, to: from, offsetMs: offsetAt(from) };
  for (let low = from; low < to; low = Math.min(low + PROBE_MS, to)) {
    const high = Math.min(low + PROBE_MS, to);
    const offsetMs = offsetAt(high);
    if (offsetMs === open.offsetMs) continue;
    const change = firstChange(offsetAt, low, high);
    spans.push({ ...open, to: change });
    open = { from: change, to: change, offsetMs };
  }
  if (open.from < to) spans.push({ ...open, to });
  return spans;
}

/** The first instant in `(low, high]` with another offset than `low`; `high` has one. */
function firstChange(offsetAt: (at: Millis) => Millis, low: Millis, high: Millis): Millis {
  const before = offsetAt(low);
  let [same, changed] = [low, high];
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (offsetAt(middle) === before) same = middle;
    else changed = middle;
  }
  return changed;
}

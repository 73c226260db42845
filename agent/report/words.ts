/** Numbers and instants of a report as people read them. Undefined is a dash, never a zero. */
import type { Millis } from "../core/time.ts";
import type { Bounded } from "./totals.ts";

export const NONE = "–";

/** `97.12 %`. */
export const percent = (share: number | null, digits = 2): string =>
  share === null ? NONE : `${(Math.round(share * 1e6) / 1e4).toFixed(digits)} %`;

/** `96.10–97.30 %`; a single value where both ends are the same. */
export function bounds({ min, max }: Bounded): string {
  if (min === null || max === null) return NONE;
  if (min === max) return percent(min);
  return `${percent(min).slice(0, -2)}–${percent(max)}`;
}

/** `7:05:09`: hours, minutes, seconds, half-up. */
export function clockTime(ms: Millis | null): string {
  if (ms === null) return NONE;
  const seconds = Math.floor((Math.abs(ms) + 500) / 1000);
  const two = (n: number): string => String(n).padStart(2, "0");
  const text = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return ms < 0 && seconds > 0 ? `-${text}` : text;
}

/** Pieces with a thin space every three digits. */
export const whole = (n: number | null): string =>
  n === null ? NONE : String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** Millionths of a piece as whole pieces. */
export const piecesText = (micro: number | null): string =>
  micro === null ? NONE : whole(Math.round(micro / 1e6));

const formats = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-23 06:00:00` in that IANA zone. */
export function localTime(at: Millis, zone: string): string {
  const known = formats.get(zone);
  // Swedish writes dates as ISO 8601 does.
  const format =
    known ??
    new Intl.DateTimeFormat("sv-SE", {
      ...{ timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    });
  formats.set(zone, format);
  return format.format(at);
}

/** `06:00`. */
export const clockOf = (at: Millis, zone: string): string => localTime(at, zone).slice(11, 16);

/** A reason as it is called: its own word, else that nobody gave one. */
export const reasonText = (reason: string | null): string => reason ?? "no reason given";

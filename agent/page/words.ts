/** Times, lengths and ratios as people read them on the page. */
import { zoneOf } from "../calendar/zone.ts";
import type { Millis } from "../core/time.ts";
import type { Bounded } from "./view.ts";

/** Local time of day, with the date where it is not today's. */
export function clockText(at: Millis, now: Millis, zone: string): string {
  const [day, time] = localParts(at, zone);
  return day === localParts(now, zone)[0] ? time : `${day} ${time}`;
}

export const dateText = (at: Millis, zone: string): string => localParts(at, zone)[0];

function localParts(at: Millis, zone: string): [day: string, time: string] {
  const offset = zoneOf(zone).offsets(at, at + 1)[0]?.offsetMs ?? 0;
  const text = new Date(at + offset).toISOString();
  return [text.slice(0, 10), text.slice(11, 16)];
}

/** Such as `40 s`, `12 min`, `3 h 05 min`, `2 d 4 h`; rounded down. */
export function lengthText(ms: Millis): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [minutes, hours, days] = [seconds / 60, seconds / 3_600, seconds / 86_400].map(
    Math.floor,
  ) as [number, number, number];
  if (days > 0) return `${days} d ${hours % 24} h`;
  if (hours > 0) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return minutes > 0 ? `${minutes} min` : `${seconds} s`;
}

/** One decimal, rounded half-up; a dash where it is undefined. */
export const percentText = (ratio: number | null): string =>
  ratio === null ? "–" : `${(Math.round(ratio * 1_000) / 10).toFixed(1)} %`;

/** At most one decimal; a dash where it is undefined. */
export const amountText = (value: number | null, unit: string): string =>
  value === null ? "–" : `${Math.round(value * 10) / 10} ${unit}`;

/** The bounds where they differ from the value as shown, else nothing. */
export function boundsText({ value, min, max }: Bounded): string | null {
  if (min === null || max === null) return null;
  const [low, high] = [percentText(min), percentText(max)];
  return low === high && low === percentText(value) ? null : `${low} to ${high}`;
}

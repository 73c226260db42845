/** Checks of single durations, dates and zones that a schema cannot express. */

import { nearest } from "../nearest.ts";
import type { Path } from "../problem.ts";
import { durationMs, isWholeMs } from "../units.ts";
import { error, type Report } from "./report.ts";

const DAY = "1d";

/**
 * A duration within `[least, most]`, in whole milliseconds. Returns its milliseconds, or null when it was refused
 * or is not there.
 */
export function checkDuration(
  report: Report,
  path: Path,
  text: string | undefined,
  { least = "1ms", most = DAY }: { least?: string; most?: string } = {},
): number | null {
  if (text === undefined) return null;
  const ms = durationMs(text);
  if (ms < durationMs(least)) {
    error(report, path, `must be at least ${least}, not ${text}`);
  } else if (ms > durationMs(most)) {
    error(report, path, `must be at most ${most}, not ${text}`);
  } else if (!isWholeMs(text)) {
    error(report, path, `must be whole milliseconds, not ${text}`);
  } else return ms;
  return null;
}

/** An IANA zone that this platform knows. */
export function checkZone(report: Report, path: Path, zone: string | undefined): void {
  if (zone === undefined || isZone(zone)) return;
  const all = ["UTC", ...Intl.supportedValuesOf("timeZone")];
  const close = nearest(zone, all) ?? nearest(zone.replaceAll(" ", "_"), all);
  const hint = close === null ? "such as Europe/Berlin or UTC" : `did you mean \`${close}\`?`;
  error(report, path, `is not a time zone: ${JSON.stringify(zone)}`, hint);
}

function isZone(zone: string): boolean {
  // Offsets such as +02:00 know no daylight saving time, and some abbreviations are zones only to some platforms.
  if (!/^(UTC|[A-Za-z_]+\/[A-Za-z0-9_+/-]+)$/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** A date that exists. */
export function checkDate(report: Report, path: Path, date: string): void {
  const day = date.slice(0, 10);
  const parsed = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
  if (!exists) error(report, path, `${day} does not exist`);
  else if (date.length > 10 && Number.isNaN(Date.parse(date))) {
    error(report, path, `${date} does not exist`);
  }
}

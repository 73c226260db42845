/**
 * Where hours begin: at local full hours, as instants of UTC, so that the two 02:00 of an autumn night are two
 * hours. A full hour that a gap swallowed is where Temporal's `compatible` puts it (moved by the gap).
 *
 * Where clocks change by a whole hour every window is 3,600,000 ms, in zones with :30 and :45 too. Where they
 * change by half an hour (Lord Howe) one hour of the spring night has 30 minutes, one of autumn 90.
 */
import type { Millis } from "../core/time.ts";
import type { OffsetSpan, Zone } from "./zone.ts";

const HOUR_MS = 3_600_000;

/** The begins of hours in `[from, to)`, ascending. Consecutive ones bound an hour. */
export function hourStarts(zone: Zone, from: Millis, to: Millis): Millis[] {
  const starts = new Set<Millis>();
  let before: OffsetSpan | undefined;
  for (const span of zone.offsets(from, to)) {
    // What local clocks read at the change, by the offset that ended there: full hours from here on were skipped.
    if (before)
      addFullHours(starts, span.from, span.from + span.offsetMs - before.offsetMs, before);
    addFullHours(starts, span.from, span.to, span);
    before = span;
  }
  return [...starts].sort((a, b) => a - b);
}

function addFullHours(into: Set<Millis>, from: Millis, to: Millis, by: OffsetSpan): void {
  const first = Math.ceil((from + by.offsetMs) / HOUR_MS) * HOUR_MS - by.offsetMs;
  for (let at = first; at < to; at += HOUR_MS) into.add(at);
}

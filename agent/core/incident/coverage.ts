/**
 * Covered hours: how much of a span a calendar covers, and when so much covered time will have passed. Spans come from
 * calendars already resolved to UTC, so days of 23 and 25 hours need no care here.
 */
import type { Millis, Span } from "../time.ts";
import { overlapMs } from "../time.ts";
import type { Schedule } from "../vocabulary.ts";

/** Later than any instant: not within what is known of the calendar. */
export const NEVER: Millis = Number.MAX_SAFE_INTEGER;

export interface Coverage {
  /** Covered milliseconds of `[from, to)`; calendar null: all of them. Time the calendar does not know is not covered. */
  covered(calendar: string | null, from: Millis, to: Millis): Millis;
  /** The instant at which `ms` covered milliseconds have passed since `from`, {@link NEVER} beyond the horizon. */
  after(calendar: string | null, from: Millis, ms: Millis): Millis;
}

/** Spans of a resolved calendar, in order; `scheduled` ones are covered. */
export interface CoverageCalendar {
  spans: readonly (Span & { schedule: Schedule })[];
}

/** Coverage by the calendars at hand, by id. The calendars may grow afterwards. */
export function coverageOf(
  calendars: Readonly<Record<string, CoverageCalendar | undefined>>,
): Coverage {
  const spansOf = (calendar: string): CoverageCalendar["spans"] => calendars[calendar]?.spans ?? [];
  return {
    covered(calendar, from, to) {
      if (to <= from) return 0;
      if (calendar === null) return to - from;
      let sum = 0;
      for (const span of spansOf(calendar))
        if (span.schedule === "scheduled") sum += overlapMs(span, from, to);
      return sum;
    },
    after(calendar, from, ms) {
      if (ms <= 0) return from;
      if (calendar === null) return from + ms;
      let left = ms;
      for (const span of spansOf(calendar)) {
        if (span.schedule !== "scheduled") continue;
        const begin = Math.max(span.from, from);
        if (span.to - begin >= left) return begin + left;
        left -= Math.max(0, span.to - begin);
      }
      return NEVER;
    },
  };
}

/** An instant on both clocks: covered time counts from the begin of the fault of its incident. */
export interface Stamp {
  at: Millis;
  coveredMs: Millis;
}

/** `mark` is an instant whose covered time is known; `at` may lie on either side of it. */
export function stampFrom(
  mark: Stamp,
  calendar: string | null,
  at: Millis,
  { covered }: Coverage,
): Stamp {
  const coveredMs =
    at >= mark.at
      ? mark.coveredMs + covered(calendar, mark.at, at)
      : mark.coveredMs - covered(calendar, at, mark.at);
  return { at, coveredMs };
}

export const later = (a: Stamp, b: Stamp): Stamp => (a.at >= b.at ? a : b);
export const earlier = (a: Stamp, b: Stamp): Stamp => (a.at <= b.at ? a : b);

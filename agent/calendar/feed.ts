/**
 * Hands a calendar to the core ahead of time, as inputs that are journaled. When an input is due depends on
 * the horizon alone, never on how often the feed is asked: live and replay get the same ones.
 */
import type { CalendarInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { resolveCalendar } from "./resolve.ts";
import type { CalendarSpec } from "./spec.ts";
import { tzdata } from "./zone.ts";

export interface CalendarFeed {
  /**
   * The inputs to feed before anything at `at` or later, in order; afterwards the horizon is at least
   * {@link LEAD_MS} past `at`. Each is dated at the instant it fell due, which is never before an earlier `at`.
   * An `at` that goes backward yields nothing.
   */
  until(at: Millis): CalendarInput[];
}

export interface FedCalendar {
  /** Id of `calendars.*`; "" is the gateway's default calendar. */
  id: string;
  /** null: the default calendar. */
  spec: CalendarSpec | null;
  /** The gateway's IANA zone. */
  zone: string;
}

const DAY_MS = 86_400_000;
/** How far ahead of core time the calendar is known at least. */
export const LEAD_MS = 2 * DAY_MS;

/**
 * `resumed` is the horizon of the last journaled input of this calendar: the feed goes on from there.
 * With null the first `until(at)` begins it, with all windows that are open at `at` or begin later; its spans
 * reach back to the earliest begin of these, so that every window knows its whole schedule.
 * Throws `CONFIG_INVALID` for an unknown zone.
 */
export function calendarFeed(calendar: FedCalendar, resumed: Millis | null): CalendarFeed {
  let reached = resumed;
  return {
    until(at) {
      const inputs: CalendarInput[] = [];
      while (reached === null || reached < at + LEAD_MS) {
        const next: CalendarInput =
          reached === null ? begin(calendar, at) : extend(calendar, reached);
        inputs.push(next);
        reached = next.horizon;
      }
      return inputs;
    },
  };
}

function extend({ id, spec, zone }: FedCalendar, from: Millis): CalendarInput {
  const horizon = from + DAY_MS;
  const resolved = resolveCalendar(spec, zone, { from, horizon, first: false });
  return { kind: "calendar", at: from - LEAD_MS, id, tzdata, from, horizon, ...resolved };
}

function begin({ id, spec, zone }: FedCalendar, at: Millis): CalendarInput {
  const horizon = Math.floor(at / DAY_MS) * DAY_MS + DAY_MS + LEAD_MS;
  const { frames } = resolveCalendar(spec, zone, { from: at, horizon, first: true });
  const from = frames.reduce((earliest, frame) => Math.min(earliest, frame.from), at);
  const { spans } = resolveCalendar(spec, zone, { from, horizon, first: false });
  return { kind: "calendar", at, id, tzdata, from, horizon, spans, frames };
}

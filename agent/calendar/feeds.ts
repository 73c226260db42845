/** All calendars of a plant, fed together; and what happens to them when the configuration changes. */
import type { CalendarInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { type CalendarFeed, calendarFeed, type FedCalendar } from "./feed.ts";

export interface CalendarFeeds {
  /** What the core must know before anything at `at`. */
  until(at: Millis): CalendarInput[];
  /** Another configuration from `at` on: calendars that were fed before are replaced from there. */
  configure(calendars: FedCalendar[], at: Millis): CalendarInput[];
}

/** `reached`: how far a calendar was fed by an earlier run, by id. */
export function calendarFeeds(
  calendars: FedCalendar[],
  reached: Record<string, Millis>,
): CalendarFeeds {
  let feeds = new Map<string, CalendarFeed>(
    calendars.map((calendar) => [
      calendar.id,
      calendarFeed(calendar, reached[calendar.id] ?? null),
    ]),
  );
  const fed = new Set(Object.keys(reached));
  return {
    until: (at) =>
      [...feeds].flatMap(([id, feed]) => {
        fed.add(id);
        return feed.until(at);
      }),
    configure(next, at) {
      feeds = new Map(next.map((calendar) => [calendar.id, calendarFeed(calendar, null)]));
      return [...feeds].flatMap(([id, feed]) => {
        const known = fed.has(id);
        fed.add(id);
        return feed.until(at).map((input) => (known ? { ...input, at, anew: true } : input));
      });
    },
  };
}

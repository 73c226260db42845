/** All calendars of a plant, fed together; and what happens to them when the configuration changes. */
import type { CalendarInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { type CalendarFeed, calendarFeed, type FedCalendar, LEAD_MS } from "./feed.ts";

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
  const horizons = new Map(Object.entries(reached));
  /** Every input asks; up to here the answer is known to be nothing. */
  let sureTo = Number.NEGATIVE_INFINITY;
  const note = (inputs: CalendarInput[]): CalendarInput[] => {
    for (const { id, horizon } of inputs) horizons.set(id, horizon);
    const reaches = [...feeds.keys()].map((id) => horizons.get(id) ?? Number.NEGATIVE_INFINITY);
    sureTo = Math.min(...reaches) - LEAD_MS;
    return inputs;
  };
  return {
    until: (at) =>
      at <= sureTo ? [] : note([...feeds.values()].flatMap((feed) => feed.until(at))),
    configure(next, at) {
      feeds = new Map(next.map((calendar) => [calendar.id, calendarFeed(calendar, null)]));
      const inputs = [...feeds].flatMap(([id, feed]) => {
        const fed = feed.until(at);
        return horizons.has(id) ? fed.map((input) => ({ ...input, at, anew: true as const })) : fed;
      });
      return note(inputs);
    },
  };
}

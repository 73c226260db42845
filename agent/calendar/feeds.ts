/** All calendars and contract periods of a plant, fed together; and what happens when the configuration changes. */
import type { CalendarInput, PeriodInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { type CalendarFeed, calendarFeed, type FedCalendar, LEAD_MS } from "./feed.ts";
import { type PeriodFeed, periodFeed, type Term } from "./period.ts";

export type FedInput = CalendarInput | PeriodInput;

export interface CalendarFeeds {
  /** What the core must know before anything at `at`. */
  until(at: Millis): FedInput[];
  /**
   * Another configuration from `at` on: calendars that were fed before are replaced from there, and so is what they plan of
   * the periods that were fed.
   */
  configure(calendars: FedCalendar[], at: Millis, terms?: readonly Term[]): FedInput[];
}

/** `reached`, `periods`: how far calendars and contracts were fed by an earlier run, by id. */
export function calendarFeeds(
  calendars: FedCalendar[],
  reached: Record<string, Millis>,
  terms: readonly Term[] = [],
  periods: Record<string, Millis> = {},
): CalendarFeeds {
  let feeds = new Map<string, CalendarFeed>(
    calendars.map((calendar) => [
      calendar.id,
      calendarFeed(calendar, reached[calendar.id] ?? null),
    ]),
  );
  const ends = new Map(Object.entries(periods));
  const periodFeeds = (from: readonly FedCalendar[], of: readonly Term[]): PeriodFeed[] =>
    of.map((term) => periodFeed(term, from, ends.get(term.id) ?? null));
  let contracts = periodFeeds(calendars, terms);
  let known = terms.map(({ id }) => id);
  const horizons = new Map(Object.entries(reached));
  /** Every input asks; up to here the answer is known to be nothing. */
  let sureTo = Number.NEGATIVE_INFINITY;
  const note = (inputs: FedInput[]): FedInput[] => {
    for (const input of inputs)
      if (input.kind === "calendar") horizons.set(input.id, input.horizon);
      else if (!input.anew) ends.set(input.contract, input.to);
    const reaches = [...feeds.keys()].map((id) => horizons.get(id) ?? Number.NEGATIVE_INFINITY);
    // A horizon that is just reached is enough, a period that is just reached has ended.
    const ended = known.map((id) => (ends.get(id) ?? Number.NEGATIVE_INFINITY) - 1);
    sureTo = Math.min(...reaches, ...ended) - LEAD_MS;
    return inputs;
  };
  const feed = (at: Millis): FedInput[] => [
    ...[...feeds.values()].flatMap((each) => each.until(at)),
    ...contracts.flatMap((each) => each.until(at)),
  ];
  return {
    until: (at) => (at <= sureTo ? [] : note(feed(at))),
    configure(next, at, agreed = []) {
      feeds = new Map(next.map((calendar) => [calendar.id, calendarFeed(calendar, null)]));
      const inputs = [...feeds].flatMap(([id, each]) => {
        const fed = each.until(at);
        return horizons.has(id) ? fed.map((input) => ({ ...input, at, anew: true as const })) : fed;
      });
      const again = agreed
        .filter(({ id }) => ends.has(id))
        .flatMap((term) => periodFeed(term, next, null).until(at))
        .map((input) => ({ ...input, at, anew: true as const }));
      contracts = periodFeeds(next, agreed);
      known = agreed.map(({ id }) => id);
      return note([...inputs, ...again, ...contracts.flatMap((each) => each.until(at))]);
    },
  };
}

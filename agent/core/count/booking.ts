/** Counts of the ledger: each booking goes to the windows that contain its instant (accounting rule 8). */
import type { Booking, OpenWindow } from "../asset.ts";
import type { CountFact } from "../fact.ts";
import type { Millis } from "../time.ts";
import { scheduleAt } from "../timeline/schedule.ts";
import { cross, holding, type SettleContext } from "../window/ledger.ts";
import { noPieces, recipeSums } from "../window/sums.ts";

type Place = CountFact["place"];

/** Settles the bookings of `[ledger.to, to)`; those of one minute, recipe and place are one fact. */
export function addBookings(context: SettleContext, to: Millis): void {
  const { ledger, state } = context;
  const placeOf = places(context);
  const facts: CountFact[] = [];
  let windows: OpenWindow[] = [];
  let until = 0;
  for (const booking of state.bookings) {
    const { at, role, pieces } = booking;
    if (at < ledger.to || at >= to) continue;
    if (at >= until) {
      windows = holding(ledger, at);
      until = nextEdge(ledger.windows, at);
    }
    const place = placeOf(booking);
    for (const window of windows) addBooking(window, booking, place);
    noteBlind(context, booking, place);
    if (pieces > 0) factOf(facts, state.id, booking, place)[role] += pieces;
  }
  for (const fact of facts) context.emit(fact);
}

/** What a count says about blind spans: doubt inside an open one, news of those that ended. */
function noteBlind(context: SettleContext, booking: Booking, place: Place): void {
  const { blind, crossings } = context.ledger;
  if (blind && booking.ambiguous && booking.at > blind.from) blind.ambiguous = true;
  if (crossings.length > 0) cross(context, booking, place === "recovered");
}

/** The first instant after `at` at which other windows hold. */
function nextEdge(windows: OpenWindow[], at: Millis): Millis {
  let next = Number.MAX_SAFE_INTEGER;
  for (const { from, to } of windows) {
    if (from > at) next = Math.min(next, from);
    if (to > at) next = Math.min(next, to);
  }
  return next;
}

/** Inside loading; recovered when nobody looked since the counter's last good sample; outside loading. */
function places({ state, calendar }: SettleContext): (booking: Booking) => Place {
  const { segments } = state.track;
  const blind = segments.flatMap(({ condition, from }, i) =>
    condition === "unknown" ? [{ from, to: segments[i + 1]?.from ?? Number.MAX_SAFE_INTEGER }] : [],
  );
  let known: ReturnType<typeof scheduleAt> = { schedule: "unscheduled", until: 0 };
  return ({ at, prevAt, late }) => {
    if (at >= known.until) known = scheduleAt(calendar, state.plans, at);
    if (known.schedule !== "scheduled") return "outside";
    const touches = blind.some((span) => span.from < at && span.to > prevAt);
    return late || touches ? "recovered" : "loading";
  };
}

const MINUTE = 60_000;

function factOf(facts: CountFact[], asset: string, booking: Booking, place: Place): CountFact {
  const { at, recipe, idealCycleUs } = booking;
  for (let i = facts.length - 1; i >= 0; i--) {
    const fact = facts[i] as CountFact;
    if (Math.floor(fact.at / MINUTE) !== Math.floor(at / MINUTE)) break;
    if (fact.recipe === recipe && fact.idealCycleUs === idealCycleUs && fact.place === place)
      return fact;
  }
  const fact: CountFact = { kind: "count", asset, at, recipe, idealCycleUs, place, ...noPieces() };
  facts.push(fact);
  return fact;
}

function addBooking({ sums }: OpenWindow, booking: Booking, place: Place): void {
  const { role, pieces, recipe, idealCycleUs, excess } = booking;
  if (place === "outside") {
    sums.outside[role] += pieces;
    return;
  }
  const row = recipeSums(sums, recipe, idealCycleUs);
  const cell = place === "loading" ? row : row.recovered;
  cell[role] += pieces;
  if (role === "total" && excess > 0) sums.excess = (sums.excess ?? 0) + excess;
}

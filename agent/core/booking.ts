/** Counts of the ledger: each booking goes to the windows that contain its instant (accounting rule 8). */
import type { Booking, OpenWindow } from "./asset.ts";
import type { CountFact } from "./fact.ts";
import { holding, type SettleContext } from "./ledger.ts";
import { scheduleAt } from "./schedule.ts";
import { addPieces, noPieces, recipeSums } from "./sums.ts";
import type { Millis } from "./time.ts";
import type { Segment } from "./track.ts";

const touchesUnknown = (segments: Segment[], from: Millis, to: Millis): boolean =>
  segments.some(
    (segment, i) =>
      segment.condition === "unknown" &&
      segment.from < to &&
      (segments[i + 1]?.from ?? Number.MAX_SAFE_INTEGER) > from,
  );

/** Inside loading; recovered when nobody looked since the counter's last good sample; outside loading. */
function placeOf({ state, calendar }: SettleContext, booking: Booking): CountFact["place"] {
  const { schedule } = scheduleAt(calendar, state.plans, booking.at);
  if (schedule !== "scheduled") return "outside";
  const blind = touchesUnknown(state.track.segments, booking.prevAt, booking.at);
  return booking.late || blind ? "recovered" : "loading";
}

/** Settles the bookings of `[ledger.to, to)`; those of one minute, recipe and place are one fact. */
export function addBookings(context: SettleContext, to: Millis): void {
  const { ledger, state } = context;
  const merged = new Map<string, CountFact>();
  for (const booking of state.bookings) {
    if (booking.at < ledger.to || booking.at >= to) continue;
    const place = placeOf(context, booking);
    for (const window of holding(ledger, booking.at)) addBooking(window, booking, place);
    if (ledger.blind && booking.ambiguous) ledger.blind.ambiguous = true;
    const { at, recipe, idealCycleUs } = booking;
    const key = `${Math.floor(at / 60_000)} ${recipe} ${idealCycleUs} ${place}`;
    let fact = merged.get(key);
    if (!fact) {
      const of = { kind: "count", asset: state.id, at, recipe, idealCycleUs, place } as const;
      fact = { ...of, ...noPieces() };
      merged.set(key, fact);
    }
    addPieces(fact, booking);
  }
  for (const fact of merged.values())
    if (fact.total || fact.good || fact.reject) context.emit(fact);
}

function addBooking({ sums }: OpenWindow, booking: Booking, place: CountFact["place"]): void {
  const pieces = { ...noPieces(), [booking.role]: booking[booking.role] };
  if (place === "outside") {
    addPieces(sums.outside, pieces);
    return;
  }
  const row = recipeSums(sums, booking.recipe, booking.idealCycleUs);
  addPieces(place === "loading" ? row : row.recovered, pieces);
  if (booking.role === "total" && booking.excess > 0)
    sums.excess = (sums.excess ?? 0) + booking.excess;
}

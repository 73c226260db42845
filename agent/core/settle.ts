/**
 * Moves the settled end of an asset's ledger forward: cuts the timeline into pieces that are equal in every axis,
 * adds them and the bookings to the open windows, and gives out intervals and counts for the journal.
 * Works on any ledger, so that a provisional window is the same walk over a copy.
 */
import { addPiece } from "./account.ts";
import type { AssetState, Booking, Ledger, OpenStop, OpenWindow } from "./asset.ts";
import type { CountFact, Fact, IntervalFact } from "./fact.ts";
import type { AssetPlan } from "./plant.ts";
import { type CalendarState, scheduleAt } from "./schedule.ts";
import { isStop, type Stop, stopAt } from "./stop.ts";
import { addPieces, noPieces, recipeSums } from "./sums.ts";
import { type Millis, overlapMs } from "./time.ts";
import type { Segment } from "./track.ts";
import type { Attribution } from "./vocabulary.ts";

export interface SettleContext {
  state: AssetState;
  plan: AssetPlan;
  calendar: CalendarState;
  ledger: Ledger;
  emit: (fact: Fact) => void;
}

export const windowKey = (window: OpenWindow): string =>
  `${window.kind} ${window.from} ${window.shift ?? ""}`;

/** Settles `[ledger.to, to)`. The segments must reach `to`. */
export function settle(context: SettleContext, to: Millis): void {
  const { ledger, state } = context;
  if (to <= ledger.to) return;
  const { segments } = state.track;
  addEdges(context, to);
  let i = Math.max(
    0,
    segments.findLastIndex((segment) => segment.from <= ledger.to),
  );
  let stop: Stop | null = null;
  let cursor = ledger.to;
  const settledBefore = ledger.to;
  while (cursor < to) {
    const segment = segments[i] as Segment;
    const end = Math.min(segments[i + 1]?.from ?? to, to);
    if (isStop(segment.condition)) {
      const continues = ledger.stop !== null && cursor === settledBefore;
      if (stop === null)
        stop = stopAt(segments, i, context.plan.model.microStopMs, continues ? ledger.stop : null);
    } else stop = null;
    if (stop) openStop(context, stop, cursor);
    cursor = walkSegment(context, segment, stop, cursor, end);
    if (cursor < to || segments[i + 1]?.from === to) {
      const next = segments[i + 1]?.condition ?? "unknown";
      if (stop && !isStop(next)) {
        closeStop(context, stop);
        ledger.stop = null;
        stop = null;
      }
      if (segment.condition === "unknown" && next !== "unknown") closeBlind(context, cursor);
    }
    i++;
  }
  if (stop) ledger.stop = openOf(stop);
  addBookings(context, to);
  ledger.to = to;
}

function walkSegment(
  context: SettleContext,
  segment: Segment,
  stop: Stop | null,
  from: Millis,
  end: Millis,
): Millis {
  const { state, calendar } = context;
  let cursor = from;
  while (cursor < end) {
    const { schedule, until } = scheduleAt(calendar, state.plans, cursor);
    const { recipe, next } = recipeAt(state, cursor);
    const { attribution, reason, bound } = annotated(state, segment, cursor);
    const to = Math.min(end, until, next, bound);
    addInterval(context, {
      kind: "interval",
      asset: state.id,
      from: cursor,
      to,
      condition: segment.condition,
      cause: segment.cause,
      schedule,
      attribution,
      recipe: recipe.id,
      idealCycleUs: recipe.idealCycleUs,
      reason,
      rule: segment.rule,
      stop: stop?.class ?? "none",
      stopPrime: stop?.prime ?? "none",
      stopFrom: stop?.from ?? null,
      edgeFrom: cursor === segment.from ? segment.edgeFrom : null,
    });
    cursor = to;
  }
  return cursor;
}

function recipeAt(
  state: AssetState,
  t: Millis,
): { recipe: { id: string; idealCycleUs: number | null }; next: Millis } {
  const after = state.recipes.findIndex((span) => span.from > t);
  const recipe = state.recipes.at(after < 0 ? -1 : after - 1);
  const begun = recipe && (after < 0 || after > 0);
  return {
    recipe: begun ? recipe : { id: "unassigned", idealCycleUs: null },
    next: state.recipes[after]?.from ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Attribution and reason of a stop, overridden by the annotation entered last. */
function annotated(
  state: AssetState,
  segment: Segment,
  t: Millis,
): { attribution: Attribution; reason: string | null; bound: Millis } {
  let { attribution, reason } = segment;
  let bound = Number.MAX_SAFE_INTEGER;
  if (isStop(segment.condition))
    for (const note of state.reasons) {
      if (note.from > t) bound = Math.min(bound, note.from);
      else if (note.to > t) {
        bound = Math.min(bound, note.to);
        attribution = note.attribution ?? attribution;
        reason = note.reason ?? reason;
      }
    }
  return { attribution, reason, bound };
}

function addInterval(context: SettleContext, piece: IntervalFact): void {
  const { ledger } = context;
  for (const window of ledger.windows) {
    const ms = overlapMs(piece, window.from, window.to);
    if (ms === 0) continue;
    addPiece(window.sums, piece, ms);
    if (piece.condition !== "unknown") continue;
    ledger.blind ??= { from: piece.from, touched: [], ambiguous: false };
    const key = windowKey(window);
    if (piece.schedule === "scheduled" && !ledger.blind.touched.includes(key))
      ledger.blind.touched.push(key);
  }
  const last = ledger.open;
  const grows =
    last !== null &&
    last.to === piece.from &&
    piece.edgeFrom === null &&
    last.condition === piece.condition &&
    last.cause === piece.cause &&
    last.schedule === piece.schedule &&
    last.attribution === piece.attribution &&
    last.recipe === piece.recipe &&
    last.idealCycleUs === piece.idealCycleUs &&
    last.reason === piece.reason &&
    last.rule === piece.rule &&
    last.stop === piece.stop &&
    last.stopPrime === piece.stopPrime;
  if (grows) last.to = piece.to;
  else {
    if (last) context.emit(last);
    ledger.open = piece;
  }
}

/** Ends the growing interval, so that the journal is complete up to the settled end. */
export function cutInterval(context: SettleContext): void {
  const { ledger } = context;
  if (ledger.open) context.emit(ledger.open);
  ledger.open = null;
}

const holding = (ledger: Ledger, instant: Millis): OpenWindow[] =>
  ledger.windows.filter((window) => window.from <= instant && instant < window.to);

/** Counts a stop where it begins: a micro-stop inside loading, a failure anywhere. */
function openStop(context: SettleContext, stop: Stop, cursor: Millis): void {
  const { ledger, calendar, state } = context;
  const counted = ledger.stop?.from === stop.from && ledger.stop.failure;
  if (stop.class === "stop") {
    if (stop.failure && !counted)
      for (const window of holding(ledger, stop.from)) window.sums.failures++;
  } else if (
    cursor === stop.from &&
    scheduleAt(calendar, state.plans, cursor).schedule === "scheduled"
  ) {
    for (const window of holding(ledger, cursor)) window.sums.microStops.count++;
  }
  ledger.stop = openOf(stop);
}

const openOf = ({ from, left, planned, failure, class: judged }: Stop): OpenStop => ({
  from,
  left,
  planned,
  failure,
  class: judged,
});

function closeStop(context: SettleContext, stop: Stop): void {
  const { end } = stop;
  if (end === null || !stop.failure || stop.class !== "stop") return;
  for (const window of context.ledger.windows)
    if (window.from < end && end <= window.to) window.sums.restoredMs += end - stop.from;
}

/** A blind span ended: it is bridged where it lies wholly in the window and every counter was read unambiguously across it. */
function closeBlind(context: SettleContext, end: Millis): void {
  const { ledger, state, plan, calendar } = context;
  const { blind } = ledger;
  ledger.blind = null;
  if (!blind) return;
  const crossings = plan.counters.map(({ role, point }) => {
    const first = state.points[point]?.counter?.firstAt ?? Number.MAX_SAFE_INTEGER;
    const doubt = state.bookings.some(
      (b) => b.role === role && b.ambiguous && b.at > blind.from && b.prevAt < end,
    );
    const crossing = state.bookings.find((b) => b.role === role && b.prevAt < end && b.at >= end);
    if (first > blind.from || doubt || blind.ambiguous || !crossing) return null;
    const { schedule } = scheduleAt(calendar, state.plans, crossing.at);
    return schedule === "scheduled" ? crossing.at : null;
  });
  for (const window of ledger.windows) {
    if (!blind.touched.includes(windowKey(window))) continue;
    const whole = blind.from >= window.from && end <= window.to;
    const bridged = crossings.length > 0 && crossings.every((at) => at !== null && at < window.to);
    if (!whole || !bridged) window.sums.unbridged = true;
  }
}

function addEdges(context: SettleContext, to: Millis): void {
  const { ledger, state } = context;
  const { segments } = state.track;
  for (const [i, segment] of segments.entries()) {
    const before = segments[i - 1];
    if (!before || segment.edgeFrom === null || before.condition === segment.condition) continue;
    if (before.condition === "unknown" || segment.condition === "unknown") continue;
    const from = Math.max(segment.edgeFrom, ledger.to);
    const end = Math.min(segment.from, to);
    if (end <= from) continue;
    for (const window of ledger.windows)
      window.sums.edgeUncertaintyMs += overlapMs({ from, to: end }, window.from, window.to);
  }
}

const touchesUnknown = (segments: Segment[], from: Millis, to: Millis): boolean =>
  segments.some(
    (segment, i) =>
      segment.condition === "unknown" &&
      segment.from < to &&
      (segments[i + 1]?.from ?? Number.MAX_SAFE_INTEGER) > from,
  );

function addBookings(context: SettleContext, to: Millis): void {
  const { ledger, state, calendar } = context;
  const merged = new Map<string, CountFact>();
  for (const booking of state.bookings) {
    if (booking.at < ledger.to || booking.at >= to) continue;
    const { schedule } = scheduleAt(calendar, state.plans, booking.at);
    const recovered =
      booking.late || touchesUnknown(state.track.segments, booking.prevAt, booking.at);
    const place =
      schedule !== "scheduled" ? "outside" : recovered ? "recovered" : ("loading" as const);
    for (const window of holding(ledger, booking.at)) addBooking(window, booking, place);
    if (ledger.blind && booking.ambiguous) ledger.blind.ambiguous = true;
    const key = `${Math.floor(booking.at / 60_000)} ${booking.recipe} ${booking.idealCycleUs} ${place}`;
    const fact = merged.get(key);
    if (fact) addPieces(fact, booking);
    else {
      const { at, recipe, idealCycleUs, total, good, reject } = booking;
      const { id: asset } = state;
      merged.set(key, {
        kind: "count",
        asset,
        at,
        recipe,
        idealCycleUs,
        place,
        total,
        good,
        reject,
      });
    }
  }
  for (const fact of merged.values())
    if (fact.total || fact.good || fact.reject) context.emit(fact);
}

function addBooking(
  { sums }: OpenWindow,
  booking: Booking,
  place: "loading" | "recovered" | "outside",
): void {
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

/** Whether a failure covers the settled end. */
export const failureOpen = ({ stop }: Ledger): boolean =>
  stop !== null && stop.failure && stop.class === "stop";

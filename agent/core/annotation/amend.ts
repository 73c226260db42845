/**
 * Adds pieces of a timeline to the sums of a window, or takes them off again: sums are additive, so a later view of a
 * few stops changes exactly their share and nothing else.
 */

import type { CountFact, IntervalFact } from "../journal.ts";
import { type Millis, overlapMs, type Span } from "../time.ts";
import { isFailure } from "../timeline/stop.ts";
import { addPiece } from "../window/account.ts";
import {
  addPieces,
  type Pieces,
  type RecipeSums,
  recipeSums,
  type WindowSums,
} from "../window/sums.ts";

/** A view of part of a timeline: stops are whole as far as they are settled. */
export interface View {
  pieces: IntervalFact[];
  counts: CountFact[];
  /** A stop that ends here has ended; one that does not reached the settled end. */
  endsAt: (to: Millis) => boolean;
  /** A stop, by its begin, that counts as a failure for a fault after the settled end. */
  failing: { from: Millis; settledTo: Millis } | null;
  /** Stops that are in view whole, by their begin; others only lie beside them. null: all are. */
  whole: ReadonlySet<Millis> | null;
  /** A fault that begins later than this after a window is not known when the window becomes final. */
  microStopMs: Millis;
}

/** Adds (`sign` 1) or takes off (-1) the part of a view inside the window. */
export function account(sums: WindowSums, window: Span, view: View, sign: 1 | -1): void {
  for (const piece of view.pieces) {
    const ms = overlapMs(piece, window.from, window.to);
    if (ms > 0) addPiece(sums, piece, sign * ms);
    const begins = piece.from === piece.stopFrom && holds(window, piece.from);
    if (begins && piece.stop === "micro" && piece.schedule === "scheduled")
      sums.microStops.count += sign;
  }
  for (const count of view.counts)
    if (holds(window, count.at)) addPieces(placeOf(sums, count), times(count, sign));
  countFailures(sums, window, view, sign);
}

/** Rows of recipes as they should be: what moved away leaves none behind, and what was blank in `known` is there. */
export function tidyRows(sums: WindowSums, known: WindowSums): void {
  for (const [key, row] of Object.entries(sums.recipes)) if (isBlank(row)) delete sums.recipes[key];
  for (const row of Object.values(known.recipes))
    if (isBlank(row)) recipeSums(sums, row.id, row.idealCycleUs);
}

const holds = (window: Span, t: Millis): boolean => window.from <= t && t < window.to;

function placeOf(sums: WindowSums, { place, recipe, idealCycleUs }: CountFact): Pieces {
  if (place === "outside") return sums.outside;
  const row = recipeSums(sums, recipe, idealCycleUs);
  return place === "loading" ? row : row.recovered;
}

const times = ({ total, good, reject }: Pieces, sign: 1 | -1): Pieces => ({
  total: sign * total,
  good: sign * good,
  reject: sign * reject,
});

function isBlank(row: RecipeSums): boolean {
  const { recovered } = row;
  const none = (pieces: Pieces): boolean =>
    pieces.total === 0 && pieces.good === 0 && pieces.reject === 0;
  return row.producingMs === 0 && none(row) && none(recovered);
}

function countFailures(sums: WindowSums, window: Span, view: View, sign: 1 | -1): void {
  for (const { from, to } of failuresOf(view, window.to + view.microStopMs)) {
    if (holds(window, from)) sums.failures += sign;
    const ended = view.endsAt(to);
    if (ended && window.from < to && to <= window.to) sums.restoredMs += sign * (to - from);
    if (from < window.to && (!ended || to > window.to)) sums.open = sign === 1 ? 1 : 0;
  }
}

/** Whole stops that hold a failure which began by `until`. */
function failuresOf({ pieces, failing, whole }: View, until: Millis): Span[] {
  const stops = new Map<Millis, Span & { failure: boolean }>();
  let [begun, end] = [0, -1];
  for (const { stop: judged, stopFrom, from, to, condition, attribution } of pieces) {
    if (condition !== "fault" || from !== end) begun = from;
    end = condition === "fault" ? to : -1;
    if (judged !== "stop" || stopFrom === null || whole?.has(stopFrom) === false) continue;
    const isFailing = failing?.from === stopFrom && failing.settledTo < until;
    const stop = stops.get(stopFrom) ?? { from: stopFrom, to, failure: isFailing };
    stop.to = Math.max(stop.to, to);
    stop.failure ||= begun <= until && isFailure(condition, attribution);
    stops.set(stopFrom, stop);
  }
  return [...stops.values()].filter(({ failure }) => failure);
}

/**
 * Moves the settled end of an asset's ledger forward: cuts the timeline into pieces that are equal in every axis,
 * adds them and the bookings to the open windows, and gives out intervals and counts for the journal.
 * Works on any ledger, so that a provisional window is the same walk over a copy.
 */

import type { AssetState } from "../asset.ts";
import { addBookings } from "../count/booking.ts";
import type { IntervalFact } from "../fact.ts";
import { type Millis, overlapMs } from "../time.ts";
import { scheduleAt } from "../timeline/schedule.ts";
import { isFailure, isStop, type Stop, stopAt } from "../timeline/stop.ts";
import { lastIndexBefore, type Segment } from "../timeline/track.ts";
import type { Attribution } from "../vocabulary.ts";
import { addPiece } from "./account.ts";
import {
  addEdges,
  closeBlind,
  closeStop,
  openStop,
  type SettleContext,
  windowKey,
} from "./ledger.ts";

/** Settles `[ledger.to, to)`. The segments must reach `to`. */
export function settle(context: SettleContext, to: Millis): void {
  const { ledger, state, plan } = context;
  if (to <= ledger.to) return;
  const { segments } = state.track;
  addEdges(context, to);
  const fails = (segment: Segment, end: Millis | null): boolean =>
    segment.from <= to + plan.model.microStopMs &&
    holdsFailure(state, segment, end ?? Math.max(to, segment.from + 1));
  let i = Math.max(0, lastIndexBefore(segments, ledger.to));
  let stop: Stop | null = null;
  let cursor = ledger.to;
  while (cursor < to) {
    const segment = segments[i] as Segment;
    const next = segments[i + 1];
    if (isStop(segment.condition)) {
      stop ??= stopAt(segments, i, plan.model.microStopMs, ledger.stop, fails);
      openStop(context, stop, cursor);
    }
    cursor = walkSegment(context, segment, stop, cursor, Math.min(next?.from ?? to, to));
    if (next?.from === cursor) {
      if (stop && !isStop(next.condition)) {
        closeStop(context, stop);
        stop = null;
      }
      if (segment.condition === "unknown" && next.condition !== "unknown")
        closeBlind(context, cursor);
    }
    i++;
  }
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
  const { state, calendar, plan } = context;
  const plans =
    plan.model.faultFirst && segment.condition === "fault"
      ? state.plans.filter((planned) => planned.from <= segment.from)
      : state.plans;
  let cursor = from;
  while (cursor < end) {
    const { schedule, until } = scheduleAt(calendar, plans, cursor);
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
    for (const note of state.notes) {
      if (note.from > t) bound = Math.min(bound, note.from);
      else if (note.to > t) {
        bound = Math.min(bound, note.to);
        attribution = note.attribution ?? attribution;
        reason = note.reason ?? reason;
      }
    }
  return { attribution, reason, bound };
}

/** Whether the segment up to `end` holds a fault that is not attributed to others. */
function holdsFailure(state: AssetState, segment: Segment, end: Millis): boolean {
  let t = segment.from;
  while (t < end && segment.condition === "fault") {
    const { attribution, bound } = annotated(state, segment, t);
    if (isFailure(segment.condition, attribution)) return true;
    t = bound;
  }
  return false;
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

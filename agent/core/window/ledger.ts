/**
 * What a ledger counts beside lengths: stops where they begin and end, blind spans that were bridged, edges in doubt.
 * Called by `settle.ts` as it walks; every function adds to the windows of the ledger it is given.
 */
import type { AssetState, Booking, Crossing, Ledger, OpenBlind, OpenWindow } from "../asset.ts";
import type { Fact } from "../fact.ts";
import type { AssetPlan } from "../plant.ts";
import { type Millis, overlapMs, type Span } from "../time.ts";
import { type CalendarState, scheduleAt } from "../timeline/schedule.ts";
import type { OpenStop, Stop } from "../timeline/stop.ts";
import type { Segment } from "../timeline/track.ts";
import type { WindowSums } from "./sums.ts";

export interface SettleContext {
  state: AssetState;
  plan: AssetPlan;
  calendar: CalendarState;
  ledger: Ledger;
  emit: (fact: Fact) => void;
}

export const windowKey = (window: OpenWindow): string =>
  `${window.kind} ${window.from} ${window.shift ?? window.contract ?? ""}`;

export const holding = (ledger: Ledger, instant: Millis): OpenWindow[] =>
  ledger.windows.filter((window) => window.from <= instant && instant < window.to);

/** Counts a stop where it begins: a micro-stop inside loading, a failure anywhere. */
export function openStop(context: SettleContext, stop: Stop, cursor: Millis): void {
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

export function closeStop(context: SettleContext, stop: Stop): void {
  const { end } = stop;
  context.ledger.stop = null;
  if (end === null || !stop.failure || stop.class !== "stop") return;
  for (const window of context.ledger.windows)
    if (window.from < end && end <= window.to) window.sums.restoredMs += end - stop.from;
}

/** Whether a failure covers the settled end. */
export const failureOpen = ({ stop }: Ledger): boolean =>
  stop?.failure === true && stop.class === "stop";

/** A blind span ended. Without counters nothing can bridge it; otherwise it waits for them. */
export function closeBlind({ ledger, plan, state }: SettleContext, end: Millis): void {
  const { blind } = ledger;
  ledger.blind = null;
  if (!blind || blind.touched.length === 0) return;
  const known = plan.counters.every(({ point }) => {
    const counter = state.points[point]?.counter;
    return counter?.last != null && counter.firstAt <= blind.from;
  });
  const crossing = { ...blind, end, ambiguous: blind.ambiguous || !known, read: {} };
  if (plan.counters.length === 0) leaveUnbridged(ledger, crossing);
  else ledger.crossings.push(crossing);
}

/** A counter was read: a blind span is bridged where it lies wholly in the window and every counter was read unambiguously across it. */
export function cross({ ledger, plan }: SettleContext, booking: Booking, isInside: boolean): void {
  const { at, prevAt, role, ambiguous } = booking;
  for (const span of ledger.crossings) {
    if (ambiguous && at > span.from && prevAt < span.end) span.ambiguous = true;
    if (prevAt < span.end && at >= span.end) span.read[role] ??= isInside ? at : null;
  }
  const isRead = (span: Crossing): boolean =>
    plan.counters.every((counter) => span.read[counter.role] !== undefined);
  for (const span of ledger.crossings.filter(isRead)) judgeCrossing(ledger, span);
  ledger.crossings = ledger.crossings.filter((span) => !isRead(span));
}

function judgeCrossing(ledger: Ledger, span: Crossing): void {
  const reads = Object.values(span.read);
  for (const window of ledger.windows) {
    if (!span.touched.includes(windowKey(window))) continue;
    const isWhole = span.from >= window.from && span.end <= window.to;
    const isRead = reads.every((at) => at !== null && at < window.to);
    if (!isWhole || !isRead || span.ambiguous) window.sums.unbridged = true;
  }
}

function leaveUnbridged(ledger: Ledger, { touched }: OpenBlind): void {
  for (const window of ledger.windows)
    if (touched.includes(windowKey(window))) window.sums.unbridged = true;
}

/** The sums of an open window as far as it settled: a blind span that no counter was read across yet may hide pieces. */
export function soFar({ crossings, blind }: Ledger, window: OpenWindow): WindowSums {
  const key = windowKey(window);
  const isOpen = crossings.some(({ touched }) => touched.includes(key));
  const unbridged = window.sums.unbridged || isOpen || (blind?.touched.includes(key) ?? false);
  return { ...window.sums, unbridged };
}

/** Shown by a sample: also that no rule is true. */
export const isKnown = ({ condition, cause }: Pick<Segment, "condition" | "cause">): boolean =>
  condition !== "unknown" || cause === "rule-undecided";

type EdgePiece = Pick<Segment, "from" | "condition" | "cause" | "edgeFrom">;

/**
 * Doubt about where piece `i` of a timeline began, null where there is none to book: between two known conditions, since
 * the previous good cycle (accounting rule 2), but not from before a step of the clock: there is no measure across it, and
 * what lies before may be further back than windows wait.
 */
export function doubtAt(pieces: readonly EdgePiece[], i: number): Span | null {
  const before = pieces[i - 1];
  const piece = pieces[i];
  if (!before || !piece || piece.edgeFrom === null) return null;
  if (before.condition === piece.condition || !isKnown(before) || !isKnown(piece)) return null;
  let later = before;
  for (let k = i - 2; k >= 0 && later.from > piece.edgeFrom; k--) {
    const earlier = pieces[k] as EdgePiece;
    if (earlier.cause === "clock-untrusted") return { from: later.from, to: piece.from };
    later = earlier;
  }
  return { from: piece.edgeFrom, to: piece.from };
}

/** Doubt about where one condition became another, booked once the later one is sure (a micro-stop after `to`). */
export function addEdges(context: SettleContext, to: Millis): void {
  const { ledger, state, plan } = context;
  const { segments } = state.track;
  const sure = to + plan.model.microStopMs;
  const done = ledger.edgesTo;
  ledger.edgesTo = sure;
  for (const [i, segment] of segments.entries()) {
    if (segment.from <= done || segment.from > sure) continue;
    const doubt = doubtAt(segments, i);
    if (!doubt) continue;
    for (const window of ledger.windows)
      window.sums.edgeUncertaintyMs += overlapMs(doubt, window.from, window.to);
  }
}

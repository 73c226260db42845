/** The numbers of a window recomputed from the journal alone: what replay of a journal and audit compare with. */
import { account, tidyRows } from "../annotation/amend.ts";
import type { Note } from "../annotation/entered.ts";
import { annotate, annotateCounts } from "../annotation/note.ts";
import type { CountFact, IntervalFact } from "../journal.ts";
import { type Millis, overlapMs, type Span } from "../time.ts";
import { doubtAt } from "./ledger.ts";
import { emptySums, type WindowSums } from "./sums.ts";

/**
 * Lengths, stops, edges and pieces from settled intervals and counts; evidence that is neither (which counters were
 * read, bridged blind spans, clock, flags) comes from `recorded`. `intervals` must tile the window, in order, and
 * hold its stops whole, the interval before it and those that begin up to `microStopMs` after it; `counts` are those
 * booked inside it; `notes` are in the order in which they hold.
 */
export function recount(
  recorded: WindowSums,
  window: Span,
  intervals: IntervalFact[],
  counts: CountFact[],
  notes: Note[],
  microStopMs: Millis,
): WindowSums {
  const { excess, seen, unbridged, clock, flags } = recorded;
  const sums: WindowSums = {
    ...emptySums(),
    edgeUncertaintyMs: edges(window, intervals, microStopMs),
    excess,
    seen: { ...seen },
    unbridged,
    clock: { ...clock },
    flags: [...flags],
  };
  const begins = new Set(intervals.map(({ from }) => from));
  const view = {
    pieces: annotate(intervals, notes),
    counts: annotateCounts(counts, notes),
    endsAt: (to: Millis) => begins.has(to),
    failing: null,
    whole: null,
    microStopMs,
  };
  account(sums, window, view, 1);
  tidyRows(sums, recorded);
  return sums;
}

/** Doubt about the edges between two known conditions, the part inside the window. */
function edges(window: Span, intervals: IntervalFact[], microStopMs: Millis): number {
  let sum = 0;
  for (const [i, { from }] of intervals.entries()) {
    const doubt = from > window.to + microStopMs ? null : doubtAt(intervals, i);
    if (doubt) sum += overlapMs(doubt, window.from, window.to);
  }
  return sum;
}

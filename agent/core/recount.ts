/** The numbers of a window recomputed from the journal alone: what replay of a journal and audit compare with. */
import type { CountFact, IntervalFact } from "./fact.ts";
import type { ReasonInput } from "./input.ts";
import { isKnown } from "./ledger.ts";
import { reaccount } from "./revise.ts";
import { addPieces, noPieces, recipeSums, type WindowSums } from "./sums.ts";
import { type Millis, overlapMs, type Span } from "./time.ts";

/**
 * Lengths, stops, edges and pieces from settled intervals and counts; evidence that is neither (which counters were
 * read, bridged blind spans, clock, flags) comes from `recorded`. `intervals` must tile the window, in order, and
 * hold its stops whole, the interval before it and those that begin up to `microStopMs` after it; `counts` are those booked inside it.
 */
export function recount(
  recorded: WindowSums,
  window: Span,
  intervals: IntervalFact[],
  counts: CountFact[],
  reasons: ReasonInput[],
  microStopMs: Millis,
): WindowSums {
  const sums = reaccount(recorded, window, intervals, reasons);
  sums.edgeUncertaintyMs = edges(window, intervals, microStopMs);
  sums.outside = noPieces();
  for (const row of Object.values(sums.recipes))
    Object.assign(row, noPieces(), { recovered: noPieces() });
  for (const count of counts) {
    if (count.at < window.from || count.at >= window.to) continue;
    if (count.place === "outside") addPieces(sums.outside, count);
    else {
      const row = recipeSums(sums, count.recipe, count.idealCycleUs);
      addPieces(count.place === "loading" ? row : row.recovered, count);
    }
  }
  return sums;
}

/** Doubt about the edges between two known conditions, the part inside the window. */
function edges(window: Span, intervals: IntervalFact[], microStopMs: Millis): number {
  let sum = 0;
  for (const [i, interval] of intervals.entries()) {
    const before = intervals[i - 1];
    const { from, edgeFrom } = interval;
    if (!before || edgeFrom === null || before.condition === interval.condition) continue;
    if (!isKnown(before) || !isKnown(interval) || from > window.to + microStopMs) continue;
    sum += overlapMs({ from: edgeFrom, to: from }, window.from, window.to);
  }
  return sum;
}

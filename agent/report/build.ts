/**
 * The report as a document: integers of each machine, their sums, and what they say. Data in, document out; every
 * form it is printed in shows this and nothing else.
 */

import type { Unsettled } from "../core/annotation/agreement.ts";
import { annotate, annotateCounts } from "../core/annotation/note.ts";
import type { IntervalFact } from "../core/fact.ts";
import type { AssetModel } from "../core/model.ts";
import { type Cell, cellsOf } from "../core/projection/cell.ts";
import { LOSSES, type Loss, namedLosses } from "../core/projection/loss.ts";
import { type Ladder, ladderOf } from "../core/projection/losses.ts";
import { type LostPieces, lostPieces, type RecipeRow } from "../core/projection/lost-pieces.ts";
import { withStartUp } from "../core/projection/start-up.ts";
import { type Mtbf, type Mttr, mtbf, mttr } from "../core/statistics/reliability.ts";
import { type Millis, overlapMs, type Span } from "../core/time.ts";
import type { ClockQuality } from "../core/vocabulary.ts";
import { measure } from "../core/window/measure.ts";
import { recount } from "../core/window/recount.ts";
import type { Flag, WindowSums } from "../core/window/sums.ts";
import type { Proof } from "./proof.ts";
import type { Slice } from "./slice.ts";
import {
  addReasons,
  type ReasonRow,
  reasonsOf,
  repairsIn,
  type StopRow,
  stopsOf,
} from "./stops.ts";
import { addTotals, type Ratios, ratiosOf, type Totals, totalsOf } from "./totals.ts";

/** A stretch of a timeline that looks the same. */
export type Stretch = Pick<
  IntervalFact,
  "from" | "to" | "condition" | "cause" | "schedule" | "attribution" | "reason" | "stop"
>;

/** Lengths of failures that ended in the span, and of those that are open at its end so far. */
export interface Repairs {
  closed: Millis[];
  open: Millis[];
}

/** What is said of one machine and of all together. */
export interface Figures {
  totals: Totals;
  ratios: Ratios;
  ladder: Ladder;
  /** Only a reason tree tells losses of starting up apart; else they are among stops and rejects. */
  isStartUpTold: boolean;
  lost: Record<Loss, LostPieces>;
  /** Bounds of MTBF are those of 90 %, two-sided. */
  mtbf: Mtbf;
  mttr: Mttr;
  repairs: Repairs;
  reasons: ReasonRow[];
  cells: Cell[];
}

export interface AssetReport extends Figures, Span {
  asset: AssetModel;
  label: string;
  /** Numbers reach to here, `from` where nothing is settled. */
  settledTo: Millis;
  /** Without micro-stops, in order. */
  stops: StopRow[];
  recipes: RecipeRow[];
  timeline: Stretch[];
  flags: Flag[];
  clock: { quality: ClockQuality; maxStepMs: Millis; heldMs: Millis };
  unsettled: Unsettled[];
  /** The window that was published for this very span, or those it is made of. */
  proofs: Proof[];
}

/** The sums of a slice: those that were published where the span is a window, else counted anew. */
export function sumsOf(slice: Slice): WindowSums {
  const { exact, from, settledTo, intervals, counts, notes, evidence, asset } = slice;
  if (exact) return exact.body.sums;
  const span = { from, to: settledTo };
  return recount(evidence, span, intervals, counts, notes, asset.microStopMs);
}

export function assetReport(slice: Slice, proofs: Proof[]): AssetReport {
  const { asset, from, to, label, settledTo, unsettled } = slice;
  const span = { from, to: settledTo };
  const sums = sumsOf(slice);
  const pieces = annotate(slice.intervals, slice.notes);
  const stops = stopsOf(pieces, span);
  const repairs = repairsIn(stops, span);
  const named = namedLosses(asset.reasons);
  const cells = cellsOf(pieces, span, named);
  const { recipes: rows, flags } = measure(sums);
  const counts = annotateCounts(slice.counts, slice.notes);
  const recipes = withStartUp(rows, counts, pieces, named, asset.counts);
  const totals = totalsOf(sums, repairs.closed.length, recipes);
  return {
    ...{ asset, from, to, label, settledTo },
    ...figuresOf({
      totals,
      cells,
      isStartUpTold: [...named.values()].includes("start-up"),
      repairs,
      reasons: reasonsOf(pieces, span),
      lost: lostPieces(cells, totals.pieces.machines > 0 ? recipes : []),
    }),
    ...{ stops, recipes, flags, clock: sums.clock, unsettled, proofs },
    timeline: timelineOf(pieces, span),
  };
}

/** A stop that goes on at the end of what is told, in time that was scheduled. */
export const isOpenStop = ({ settledTo, timeline }: AssetReport, { to }: StopRow): boolean =>
  (to === null || to > settledTo) && timeline.at(-1)?.schedule === "scheduled";

/** Losses that only a counter can tell, but where a reason tree gives them stops. */
const OF_PIECES: readonly Loss[] = ["speed", "defect", "start-up"];

/** Whether a loss can be told: of a machine that counts nothing, only what stops were lost to. */
export const isTold = ({ totals, lost }: Figures, loss: Loss): boolean =>
  totals.pieces.machines > 0 || !OF_PIECES.includes(loss) || lost[loss].us !== 0;

/** All machines together, from sums. Lost pieces are those of the machines that count, by their own recipes. */
export function together(reports: readonly AssetReport[]): Figures {
  const totals = addTotals(reports.map((report) => report.totals));
  const cells = reports.flatMap((report) => report.cells);
  const lost = lostPieces([], []);
  for (const report of reports) {
    const isCounted = report.totals.pieces.machines > 0;
    for (const loss of LOSSES) {
      const [sum, one] = [lost[loss], report.lost[loss]];
      sum.us = plus(sum.us, one.us);
      if (isCounted) sum.microPieces = plus(sum.microPieces, one.microPieces);
    }
  }
  const repairs = {
    closed: reports.flatMap((report) => report.repairs.closed),
    open: reports.flatMap((report) => report.repairs.open),
  };
  const reasons = addReasons(reports.map((report) => report.reasons));
  const isStartUpTold = reports.some((report) => report.isStartUpTold);
  return figuresOf({ totals, cells, isStartUpTold, repairs, reasons, lost });
}

const plus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a + b;

function figuresOf(known: Omit<Figures, "ratios" | "ladder" | "mtbf" | "mttr">): Figures {
  const { totals, cells, repairs } = known;
  const { failures, runMs, pieces } = totals;
  // Below run the ladder is of all machines or of none.
  const isWhole = pieces.machines === totals.machines && totals.machines > 0;
  const none = { idealTotalUs: null, idealGoodUs: null, startUpUs: null };
  return {
    ...known,
    ratios: ratiosOf(totals),
    ladder: ladderOf(cells, isWhole ? pieces : none),
    mtbf: mtbf(runMs, failures),
    mttr: mttr(repairs.closed, repairs.open),
  };
}

/** Neighbors that look the same are one; clipped to the span. */
function timelineOf(pieces: readonly IntervalFact[], { from, to }: Span): Stretch[] {
  const line: Stretch[] = [];
  for (const piece of pieces) {
    if (overlapMs(piece, from, to) === 0) continue;
    const { condition, cause, schedule, attribution, reason, stop } = piece;
    const end = Math.min(piece.to, to);
    const last = line.at(-1);
    const goesOn =
      last !== undefined &&
      ["condition", "cause", "schedule", "attribution", "reason", "stop"].every(
        (key) => last[key as keyof Stretch] === piece[key as keyof Stretch],
      );
    if (goesOn) last.to = end;
    else
      line.push({
        ...{ from: Math.max(piece.from, from), to: end },
        ...{ condition, cause, schedule, attribution, reason, stop },
      });
  }
  return line;
}

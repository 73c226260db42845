/**
 * Late knowledge: the same settled time and pieces, seen anew. What the old view had added is taken off, what the new
 * view says is added, so that only the difference remains and the order of corrections never matters.
 */
import { canonicalJson } from "../canonical.ts";
import type { CountFact, IntervalFact } from "../journal.ts";
import type { Millis } from "../time.ts";
import { isStop } from "../timeline/stop.ts";
import {
  bookPiece,
  bookPieces,
  bookRepair,
  type Desk,
  deskOf,
  type Judgement,
  NO_STOP,
  type Sign,
} from "./book.ts";
import { isPlanned, judge } from "./fold.ts";
import type { ContractModel } from "./model.ts";
import { permilleBefore } from "./place.ts";
import type { ContractState } from "./state.ts";

/** Two views of the same part of one asset's timeline. */
export interface Change {
  before: IntervalFact[];
  after: IntervalFact[];
  counts?: { before: CountFact[]; after: CountFact[] };
  /** More of the timeline as it was settled, in order: only asked what lies beside the stops. */
  around?: IntervalFact[];
}

/**
 * Replaces one view by the other. Both hold the same spans and conditions, in order; stops are whole as far as they
 * are settled; what is the same in both is only asked what lies beside the rest. Where the contract's `microStop` is longer than the asset's, or degraded running counts, the intervals
 * beside the stops must be there too, or in `around`. What is not booked yet is left alone.
 */
export function amend(
  model: ContractModel,
  state: ContractState,
  asset: string,
  { before, after, counts, around = [] }: Change,
): void {
  const desk = deskOf(model, state, asset);
  if (!desk) return;
  const isMeant = differing(before, after);
  view(desk, before, isMeant, around, -1);
  view(desk, after, isMeant, around, 1);
  for (const count of counts?.before ?? []) bookPieces(desk, count, -1);
  for (const count of counts?.after ?? []) bookPieces(desk, count, 1);
}

/** Tells what is not the same in both views, and stops that hold any of it. */
function differing(
  before: readonly IntervalFact[],
  after: readonly IntervalFact[],
): (piece: IntervalFact) => boolean {
  const [old, now] = [new Set(before.map(canonicalJson)), new Set(after.map(canonicalJson))];
  const differs = (piece: IntervalFact): boolean => {
    const text = canonicalJson(piece);
    return !old.has(text) || !now.has(text);
  };
  const stops = new Set([...before, ...after].filter(differs).map(({ stopFrom }) => stopFrom));
  return (piece) => differs(piece) || (piece.stopFrom !== null && stops.has(piece.stopFrom));
}

function view(
  desk: Desk,
  intervals: readonly IntervalFact[],
  isMeant: (piece: IntervalFact) => boolean,
  around: readonly IntervalFact[],
  sign: Sign,
): void {
  const pieces = clipped(desk, intervals.filter(isMeant));
  const others = clipped(desk, [...intervals, ...around]);
  let i = 0;
  while (i < pieces.length) {
    const piece = pieces[i] as IntervalFact;
    if (!isStop(piece.condition)) {
      bookPiece(desk, piece, NO_STOP, sign);
      i++;
      continue;
    }
    let next = i + 1;
    while (
      pieces[next]?.from === pieces[next - 1]?.to &&
      isStop(pieces[next]?.condition ?? "unknown")
    )
      next++;
    const end = pieces[next - 1]?.to ?? piece.to;
    const isFirst = piece.from === desk.fold.from;
    const left = isFirst ? null : besides([pieces[i - 1], ...others], piece.from, "to");
    const right = besides([pieces[next], ...others], end, "from");
    viewStop(desk, pieces.slice(i, next), left, right, sign);
    i = next;
  }
}

/** The part of the view that is booked. */
const clipped = ({ fold }: Desk, intervals: readonly IntervalFact[]): IntervalFact[] =>
  intervals
    .map((piece) => ({
      ...piece,
      from: Math.max(piece.from, fold.from ?? fold.to),
      to: Math.min(piece.to, fold.to),
    }))
    .filter(({ from, to }) => to > from);

/** The interval that touches an instant; null where none of these does. */
const besides = (
  pieces: readonly (IntervalFact | undefined)[],
  at: Millis,
  edge: "from" | "to",
): IntervalFact | null => pieces.find((each) => each?.[edge] === at) ?? null;

function viewStop(
  desk: Desk,
  pieces: IntervalFact[],
  left: IntervalFact | null,
  right: IntervalFact | null,
  sign: Sign,
): void {
  const { run } = desk.fold;
  const begin = pieces[0]?.stopFrom ?? pieces[0]?.from ?? 0;
  const end = pieces.at(-1)?.to ?? begin;
  if (run?.from === begin && right === null) {
    const goesOn = { ...NO_STOP, permille: run.permille };
    if (run.decided) run.downMs += bookAll(desk, pieces, goesOn, sign);
    else if (sign > 0) run.pieces = pieces;
    return;
  }
  const short = end - begin < desk.asset.microStopMs && !pieces.some(isPlanned);
  const sides = [left?.condition ?? null, right?.condition ?? null] as const;
  const judged = {
    ...(short ? judge(...sides, pieces[0]) : NO_STOP),
    permille: permilleBefore(desk.model, left),
  };
  bookRepair(desk, end, sign * bookAll(desk, pieces, judged, sign), sign);
}

/** The downtime that was added, or taken off as a negative number. */
function bookAll(desk: Desk, pieces: IntervalFact[], judged: Judgement, sign: Sign): Millis {
  let downMs = 0;
  for (const piece of pieces) downMs += bookPiece(desk, piece, judged, sign);
  return sign * downMs;
}

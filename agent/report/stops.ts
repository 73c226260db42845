/** Stops and reasons of a span, for lists and for a Pareto: what stopped the machine, how often, how long. */
import type { IntervalFact } from "../core/journal.ts";
import { type Millis, overlapMs, type Span } from "../core/time.ts";
import { isFailure } from "../core/timeline/stop.ts";
import type { Attribution, Condition } from "../core/vocabulary.ts";

/** A whole stop that touches the span. */
export interface StopRow {
  from: Millis;
  /** null: it lasts. */
  to: Millis | null;
  /** Full length so far. */
  ms: Millis;
  /** The part inside loading and the span. */
  lossMs: Millis;
  failure: boolean;
  /** Of the part that cost most. */
  condition: Condition;
  reason: string | null;
  attribution: Attribution;
}

export interface ReasonRow {
  condition: Condition;
  reason: string | null;
  /** Times it began here. */
  count: number;
  /** Inside loading, without micro-stops. */
  ms: Millis;
}

/** `pieces` hold their stops whole; `known`: the end of what is settled of them. Without micro-stops. */
export function stopsOf(pieces: readonly IntervalFact[], span: Span): StopRow[] {
  const groups = new Map<Millis, IntervalFact[]>();
  for (const piece of pieces) {
    if (piece.stopFrom === null || piece.stop !== "stop") continue;
    const group = groups.get(piece.stopFrom);
    if (group) group.push(piece);
    else groups.set(piece.stopFrom, [piece]);
  }
  const known = pieces.at(-1)?.to ?? 0;
  const rows = [...groups].map(([from, parts]) => stopRow(from, parts, span, known));
  return rows.filter((row) => row.from < span.to && endOf(row, known) > span.from);
}

const endOf = ({ to }: StopRow, known: Millis): Millis => to ?? known;

function stopRow(from: Millis, parts: IntervalFact[], span: Span, known: Millis): StopRow {
  const end = parts.at(-1)?.to ?? from;
  const lossOfPart = (part: IntervalFact): Millis =>
    part.schedule === "scheduled" ? overlapMs(part, span.from, span.to) : 0;
  const lengthOf = (part: IntervalFact): Millis => part.to - part.from;
  const costs = (a: IntervalFact, b: IntervalFact): number =>
    lossOfPart(b) - lossOfPart(a) || lengthOf(b) - lengthOf(a);
  const longest = [...parts].sort(costs)[0] as IntervalFact;
  return {
    from,
    to: end < known ? end : null,
    ms: end - from,
    lossMs: parts.reduce((sum, part) => sum + lossOfPart(part), 0),
    failure: parts.some((part) => isFailure(part.condition, part.attribution)),
    condition: longest.condition,
    reason: longest.reason ?? parts.find(({ reason }) => reason !== null)?.reason ?? null,
    attribution: longest.attribution,
  };
}

/** Lengths of the failures that ended in `(from, to]`, and those so far of the ones open at `to`. */
export function repairsIn(
  stops: readonly StopRow[],
  { from, to }: Span,
): { closed: Millis[]; open: Millis[] } {
  const failures = stops.filter((stop) => stop.failure && stop.from < to);
  const isOpen = (stop: StopRow): boolean => stop.to === null || stop.to > to;
  return {
    closed: failures.filter((stop) => !isOpen(stop) && (stop.to ?? 0) > from).map(({ ms }) => ms),
    open: failures.filter(isOpen).map((stop) => to - stop.from),
  };
}

/** By condition and reason, longest first. A micro-stop is a loss of speed and has no row. */
export function reasonsOf(pieces: readonly IntervalFact[], { from, to }: Span): ReasonRow[] {
  const rows = new Map<string, ReasonRow>();
  /** Of the stop at hand: an annotation in its middle does not make its fault begin twice. */
  let begun = new Set<ReasonRow>();
  let stopFrom: Millis | null = null;
  for (const piece of pieces) {
    if (piece.stopFrom !== stopFrom) begun = new Set();
    stopFrom = piece.stopFrom;
    if (piece.stop !== "stop" || piece.schedule !== "scheduled") continue;
    const row = rowOf(rows, piece);
    row.ms += overlapMs(piece, from, to);
    if (!begun.has(row) && from <= piece.from && piece.from < to) row.count++;
    begun.add(row);
  }
  return sortedReasons([...rows.values()].filter(({ ms }) => ms > 0));
}

function rowOf(rows: Map<string, ReasonRow>, { condition, reason }: ReasonKey): ReasonRow {
  const key = JSON.stringify([condition, reason]);
  const row = rows.get(key) ?? { condition, reason, count: 0, ms: 0 };
  rows.set(key, row);
  return row;
}

type ReasonKey = Pick<ReasonRow, "condition" | "reason">;

/** Of several spans or machines together. */
export function addReasons(all: readonly ReasonRow[][]): ReasonRow[] {
  const rows = new Map<string, ReasonRow>();
  for (const one of all.flat()) {
    const row = rowOf(rows, one);
    row.count += one.count;
    row.ms += one.ms;
  }
  return sortedReasons([...rows.values()]);
}

const sortedReasons = (rows: ReasonRow[]): ReasonRow[] =>
  rows.sort((a, b) => b.ms - a.ms || compare(nameOf(a), nameOf(b)));

const nameOf = ({ condition, reason }: ReasonKey): string => `${condition} ${reason ?? ""}`;
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Annotations laid over what was settled: attribution and reason of stops, a corrected schedule, a corrected ideal
 * cycle. Nothing is edited; the same intervals and counts are seen anew. The annotation entered last holds; those of
 * one instant are ordered by what they say, so that the order of arrival never matters.
 */
import { canonicalJson } from "../canonical.ts";
import type { CountFact, IntervalFact } from "../journal.ts";
import type { Millis, Span } from "../time.ts";
import { isStop } from "../timeline/stop.ts";
import type { Note } from "./entered.ts";

export const meets = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** A copy of `notes` with one more, in the order in which they hold. */
export function withNote(notes: readonly Note[], note: Note): Note[] {
  return [...notes, note].sort(inOrder);
}

function inOrder(a: Note, b: Note): number {
  if (a.at !== b.at) return a.at - b.at;
  const [x, y] = [canonicalJson(said(a)), canonicalJson(said(b))];
  return x < y ? -1 : x > y ? 1 : 0;
}

const said = ({ from, to, reason, attribution, schedule, ideal, by, why }: Note) => ({
  ...{ from, to, reason, attribution, by, why },
  ...(schedule ? { schedule } : {}),
  ...(ideal ? { ideal } : {}),
});

/** Whether a note changes lengths only of stops, or everything in its span. */
export const isBroad = (note: Note): boolean => !!note.schedule || !!note.ideal;

/** The intervals as the notes let them appear; cut where a note begins or ends. */
export function annotate(
  intervals: readonly IntervalFact[],
  notes: readonly Note[],
): IntervalFact[] {
  let pieces = [...intervals];
  for (const note of notes)
    pieces = pieces.flatMap((piece) => (meets(piece, note) ? annotatePiece(piece, note) : [piece]));
  return pieces;
}

function annotatePiece(piece: IntervalFact, note: Note): IntervalFact[] {
  const corrects = note.ideal?.recipe === piece.recipe;
  if (!isStop(piece.condition) && !note.schedule && !corrects) return [piece];
  const from = Math.max(piece.from, note.from);
  const to = Math.min(piece.to, note.to);
  const inside = { ...piece, from, to, ...(from > piece.from ? { edgeFrom: null } : {}) };
  if (isStop(piece.condition)) {
    inside.attribution = note.attribution ?? piece.attribution;
    inside.reason = note.reason ?? piece.reason;
  }
  inside.schedule = note.schedule ?? piece.schedule;
  if (corrects) inside.idealCycleUs = note.ideal?.idealCycleUs ?? piece.idealCycleUs;
  const before = { ...piece, to: from };
  const after = { ...piece, from: to, edgeFrom: null };
  return [before, inside, after].filter((part) => part.to > part.from);
}

/** The counts as the notes let them appear: another ideal cycle, another place when the schedule was another. */
export function annotateCounts(counts: readonly CountFact[], notes: readonly Note[]): CountFact[] {
  return counts.map((count) => {
    let seen = count;
    for (const note of notes)
      if (note.from <= count.at && count.at < note.to) seen = annotateCount(seen, note);
    return seen;
  });
}

function annotateCount(count: CountFact, { schedule, ideal }: Note): CountFact {
  const seen = { ...count };
  if (schedule && schedule !== "scheduled") seen.place = "outside";
  else if (schedule && count.place === "outside") seen.place = "loading";
  if (ideal?.recipe === count.recipe) seen.idealCycleUs = ideal.idealCycleUs;
  return seen;
}

/**
 * What a note at `span` can change: the intervals it meets, every part of the stops among them, and what lies beside
 * those, by which a stop is judged.
 */
export function touchedBy(intervals: readonly IntervalFact[], span: Span): IntervalFact[] {
  const stops = stopsMeeting(intervals, span);
  const isTouched = (piece: IntervalFact | undefined): boolean =>
    piece !== undefined &&
    (meets(piece, span) || (piece.stopFrom !== null && stops.has(piece.stopFrom)));
  return intervals.filter(
    (piece, i) => isTouched(piece) || isTouched(intervals[i - 1]) || isTouched(intervals[i + 1]),
  );
}

/** Stops of which a part lies in the span, by their begin. */
export function stopsMeeting(intervals: readonly IntervalFact[], span: Span): Set<Millis> {
  const stops = new Set<Millis>();
  for (const piece of intervals)
    if (piece.stopFrom !== null && meets(piece, span)) stops.add(piece.stopFrom);
  return stops;
}

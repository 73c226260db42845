/**
 * What would change if everything that was proposed were agreed. A proposal keeps the part of the timeline it is about
 * as it was settled, also what settles later; how that looks is derived anew each time, because other annotations may
 * hold since, and proposals may meet. Changes nothing that stands.
 */
import type { AssetState, Proposal } from "../asset.ts";
import type { Change } from "../contract/amend.ts";
import type { CountFact, Fact, IntervalFact } from "../fact.ts";
import { isStop } from "../timeline/stop.ts";
import type { History, Note } from "./entered.ts";
import { annotate, annotateCounts, isBroad, touchedBy } from "./note.ts";

/** As journaled: intervals in order, counts. */
export interface Material {
  intervals: readonly IntervalFact[];
  counts: readonly CountFact[];
}

/** A proposal with what is settled of its span; `history` may hold the interval that still grows. */
export function proposalOf(
  note: Note,
  { intervals, counts }: Required<History>,
  growing: IntervalFact | null,
): Proposal {
  const settled = intervals.filter((fact) => fact !== growing);
  return {
    note,
    status: "proposed",
    intervals: touchedBy(settled, note),
    counts: counts.filter((count) => concerns(note, count)),
  };
}

const concerns = (note: Note, { at }: CountFact): boolean =>
  isBroad(note) && note.from <= at && at < note.to;

/** Keeps a fact that settles after it was proposed what it should be: its span, its stops whole, what lies beside them. */
export function keepForProposals({ proposals }: AssetState, fact: Fact): void {
  for (const { note, intervals, counts } of proposals) {
    if (fact.kind === "count" && concerns(note, fact)) counts.push(fact);
    if (fact.kind !== "interval" || fact.to < note.from) continue;
    const last = intervals.at(-1);
    const goesOn = last?.to === fact.from && isStop(last.condition);
    if (fact.from <= note.to || goesOn) intervals.push(fact);
  }
}

/** Everything that is proposed for an asset; `tail`: what is not settled yet. */
export function proposedChange({ notes, proposals }: AssetState, tail: Material): Change[] {
  const intervals = new Map<number, IntervalFact>();
  const counts = new Set<CountFact>(tail.counts);
  for (const proposal of proposals) {
    for (const fact of proposal.intervals) intervals.set(fact.from, fact);
    for (const count of proposal.counts) counts.add(count);
  }
  for (const fact of tail.intervals) intervals.set(fact.from, fact);
  const inOrder = [...intervals.values()].sort((a, b) => a.from - b.from);
  const proposed = proposals.map(({ note }) => note);
  return changeIfAgreed({ intervals: inOrder, counts: [...counts] }, notes, proposed);
}

/** At most one change. `notes` hold; `proposed` would hold over them, the later over the earlier. */
export function changeIfAgreed(
  { intervals, counts }: Material,
  notes: readonly Note[],
  proposed: readonly Note[],
): Change[] {
  if (proposed.length === 0) return [];
  const touched = new Set(proposed.flatMap((note) => touchedBy(intervals, note)));
  const before = annotate(
    intervals.filter((fact) => touched.has(fact)),
    notes,
  );
  const booked = counts.filter((count) => proposed.some((note) => concerns(note, count)));
  const counted = annotateCounts(booked, notes);
  return [
    {
      before,
      after: annotate(before, proposed),
      counts: { before: counted, after: annotateCounts(counted, proposed) },
    },
  ];
}

/** Random lives of one machine under random contracts, and later annotations of them. */
import fc from "fast-check";
import { touchedBy } from "../../../agent/core/annotation/note.ts";
import type { Change } from "../../../agent/core/contract/amend.ts";
import type { ContractModel, Exclusion } from "../../../agent/core/contract/model.ts";
import type { IntervalFact } from "../../../agent/core/journal.ts";
import type { Span } from "../../../agent/core/time.ts";
import { isStop } from "../../../agent/core/timeline/stop.ts";
import type { Attribution, Schedule } from "../../../agent/core/vocabulary.ts";
import { asset, MINUTE, MONDAY, model, outcome, percent, type Stretch } from "./desk.ts";

const stretch: fc.Arbitrary<Stretch> = fc.record({
  is: fc.constantFrom(
    ...(["producing", "producing", "producing", "fault", "fault", "idle"] as const),
    ...(["maintenance", "setup", "external-fault", "off", "unknown", "starved"] as const),
  ),
  ms: fc.oneof(
    fc.integer({ min: 1, max: 6 * MINUTE }),
    fc.integer({ min: 1, max: 240 }).map((minutes) => minutes * MINUTE),
  ),
  schedule: fc.constantFrom(
    ...(["scheduled", "scheduled", "scheduled"] as const),
    ...(["planned-stop", "no-demand", "unscheduled"] as const),
  ),
  attribution: fc.constantFrom("none", "supplier", "customer", "pending"),
  reason: fc.constantFrom("jam", "agreed", "door"),
});

export const stretches = fc.array(stretch, { minLength: 2, maxLength: 40 });

export const exclusion = (more: Partial<Exclusion>): Exclusion => ({
  code: "x",
  conditions: [],
  reasons: [],
  attributions: [],
  schedules: [],
  treatment: "remove",
  allowanceMs: null,
  noticeMs: 0,
  ...more,
});

const MAINTENANCE = exclusion({
  code: "planned",
  conditions: ["maintenance"],
  schedules: ["planned-stop"],
  allowanceMs: 60 * MINUTE,
});

/** A stop that others do not answer for, placed into a stretch by parts of it. */
export const stops = fc.record({
  is: fc.constantFrom("fault" as const, "idle" as const, "starved" as const),
  reason: fc.constantFrom("jam", "door"),
  after: fc.double({ min: 0, max: 0.5, noNaN: true }),
  length: fc.double({ min: 0, max: 1, noNaN: true }),
});

const SLOW: ContractModel["capability"] = [{ conditions: [], reasons: ["jam"], permille: 700 }];

/** Contracts that differ in every setting that moves time about. Their own limit is at most the asset's. */
export const contracts: fc.Arbitrary<ContractModel> = fc
  .record({
    denominator: fc.constantFrom("calendar" as const, "scheduled" as const, "loading" as const),
    noDemand: fc.constantFrom("exclude" as const, "include" as const),
    setup: fc.constantFrom("loss" as const, "excluded" as const),
    microStopMs: fc.constantFrom(MINUTE, 3 * MINUTE, 5 * MINUTE),
    treatment: fc.constantFrom("remove" as const, "credit" as const),
    capability: fc.constantFrom(null, SLOW),
    unknown: fc.constantFrom("exclude" as const, "as-down" as const, "bounds" as const),
    resolves: fc.constantFrom("supplier" as const, "customer" as const),
  })
  .map(({ microStopMs, treatment, unknown, resolves, ...terms }) =>
    model({
      ...terms,
      assets: [asset("press-01", { microStopMs })],
      attribution: {
        rules: [{ conditions: [], reasons: ["agreed"], is: "customer" }],
        pendingResolvesTo: resolves,
      },
      exclusions: [
        MAINTENANCE,
        exclusion({ code: "agreed", reasons: ["agreed"], treatment, allowanceMs: 90 * MINUTE }),
        exclusion({ code: "late", conditions: ["off"], treatment }),
      ],
      outcomes: [outcome({ unknown, target: percent("90"), minimum: percent("80") })],
    }),
  );

/** A later annotation, by parts of the timeline. */
export interface Note {
  begin: number;
  length: number;
  attribution: Attribution | null;
  reason: string | null;
  schedule: Schedule | null;
}

export const notes: fc.Arbitrary<Note> = fc.record({
  begin: fc.integer({ min: 0, max: 999 }),
  length: fc.integer({ min: 1, max: 400 }),
  attribution: fc.constantFrom(null, "customer" as const, "supplier" as const),
  reason: fc.constantFrom(null, "agreed", "jam", "door"),
  schedule: fc.constantFrom(null, "planned-stop" as const, "scheduled" as const),
});

function spanOf(facts: readonly IntervalFact[], { begin, length }: Note): Span {
  const end = facts.at(-1)?.to ?? MONDAY;
  const at = (part: number): number => MONDAY + Math.floor(((end - MONDAY) * part) / 1000);
  return { from: at(begin), to: at(Math.min(1000, begin + length)) };
}

/** The timeline under a note, cut where it begins and ends: `[begin, begin + length)` thousandths of it. */
export function noted(facts: readonly IntervalFact[], note: Note): IntervalFact[] {
  const { from, to } = spanOf(facts, note);
  return facts.flatMap((fact) => {
    const [begin, stop] = [Math.max(fact.from, from), Math.min(fact.to, to)];
    if (stop <= begin) return [fact];
    const inside = { ...fact, from: begin, to: stop, schedule: note.schedule ?? fact.schedule };
    if (isStop(fact.condition)) {
      inside.attribution = note.attribution ?? fact.attribution;
      inside.reason = note.reason ?? fact.reason;
    }
    return [{ ...fact, to: begin }, inside, { ...fact, from: stop }].filter((p) => p.to > p.from);
  });
}

/** What the core would hand over. */
export function changeOf(facts: readonly IntervalFact[], note: Note): Change {
  const before = touchedBy(facts, spanOf(facts, note));
  const isThere = ({ from, to }: IntervalFact): boolean =>
    before.some((piece) => piece.from <= from && to <= piece.to);
  return { before, after: noted(facts, note).filter(isThere) };
}

/** The same timeline, cut at every `ms` thousandth of it. */
export function cut(facts: readonly IntervalFact[], parts: readonly number[]): IntervalFact[] {
  return parts.reduce<IntervalFact[]>(
    (pieces, part) =>
      noted(pieces, { begin: part, length: 1, attribution: null, reason: null, schedule: null }),
    [...facts],
  );
}

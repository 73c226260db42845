/**
 * Later knowledge (accounting rule 7): a reason, an attribution, late scrap. Windows that are final get a numbered
 * revision that supersedes the one before; open ones are corrected in place. Nothing is ever edited in the journal:
 * a revision is the old intervals accounted anew under all annotations.
 */
import { addPiece } from "./account.ts";
import type { AssetState } from "./asset.ts";
import { type Core, record, stamp } from "./core.ts";
import type { IntervalFact, WindowBody } from "./fact.ts";
import type { CountsInput, History, ReasonInput } from "./input.ts";
import { isFailure, isStop } from "./stop.ts";
import { emptySums, type RecipeSums, recipeSums, type WindowSums } from "./sums.ts";
import { type Millis, overlapMs, type Span } from "./time.ts";

export function revise(core: Core, asset: AssetState, input: ReasonInput | CountsInput): void {
  if (input.kind === "reason") reviseReason(core, asset, input);
  else reviseCounts(core, asset, input);
}

function supersede(
  core: Core,
  asset: AssetState,
  old: WindowBody,
  sums: WindowSums,
  { by, why }: { by: string; why: string },
): void {
  const revision = old.revision + 1;
  const body = { ...old, revision, final: true, supersedes: old.revision, by, why, sums };
  record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "window", body });
}

const meets = (a: Span, b: Span): boolean => a.from < b.to && b.from < a.to;

/** The journal's history was taken before this step: what the step and its instant have settled since comes on top. */
function historyOf(core: Core, asset: AssetState, history: History | undefined): History {
  const intervals = [...(history?.intervals ?? [])];
  const windows = new Map<string, WindowBody>();
  const keep = (window: WindowBody): void => {
    const key = `${window.kind} ${window.from} ${window.shift?.id ?? ""}`;
    if ((windows.get(key)?.revision ?? -1) < window.revision) windows.set(key, window);
  };
  for (const window of history?.windows ?? []) keep(window);
  for (const fact of [...core.out, ...core.state.pending]) {
    if (fact.asset !== asset.id) continue;
    if (fact.kind === "interval") intervals.push(fact);
    if (fact.kind === "record" && fact.class === "window" && fact.body.final) keep(fact.body);
  }
  if (asset.ledger.open) intervals.push(asset.ledger.open);
  return { intervals, windows: [...windows.values()], reasons: history?.reasons ?? [] };
}

function reviseReason(core: Core, asset: AssetState, input: ReasonInput): void {
  const { history, ...note } = input;
  asset.reasons.push(note);
  const { intervals, windows, reasons: earlier } = historyOf(core, asset, history);
  const reasons = [...earlier, note];
  for (const old of windows)
    if (meets(old, note))
      supersede(core, asset, old, reaccount(old.sums, old, intervals, reasons), note);
  const { stop } = asset.ledger;
  if (stop && note.to > stop.from && note.from < asset.ledger.to)
    stop.failure = annotate(intervals, reasons).some(
      (piece) => piece.stopFrom === stop.from && isFailure(piece.condition, piece.attribution),
    );
  for (const window of asset.ledger.windows)
    if (meets(window, note) && note.from < asset.ledger.to)
      window.sums = reaccount(window.sums, window, intervals, reasons);
}

/** The intervals under annotations; the one entered last holds. Only stops can be annotated. */
function annotate(intervals: IntervalFact[], reasons: ReasonInput[]): IntervalFact[] {
  let pieces = intervals;
  for (const note of reasons) {
    pieces = pieces.flatMap((piece) => {
      if (!isStop(piece.condition) || !meets(piece, note)) return [piece];
      const from = Math.max(piece.from, note.from);
      const to = Math.min(piece.to, note.to);
      const inside = {
        ...piece,
        from,
        to,
        attribution: note.attribution ?? piece.attribution,
        reason: note.reason ?? piece.reason,
      };
      const before = { ...piece, to: from };
      const after = { ...piece, from: to };
      return [before, inside, after].filter((part) => part.to > part.from);
    });
  }
  return pieces;
}

/**
 * The sums of a window with everything that comes from intervals computed anew; counts, edges, evidence and
 * clock stay. `intervals` must tile the window as far as it is settled, and hold its stops whole.
 */
export function reaccount(
  old: WindowSums,
  window: Span,
  intervals: IntervalFact[],
  reasons: ReasonInput[],
): WindowSums {
  const blank = emptySums();
  const sums: WindowSums = {
    ...blank,
    recipes: structuredClone(old.recipes),
    edgeUncertaintyMs: old.edgeUncertaintyMs,
    outside: { ...old.outside },
    excess: old.excess,
    seen: { ...old.seen },
    unbridged: old.unbridged,
    clock: { ...old.clock },
    flags: [...old.flags],
  };
  for (const row of Object.values(sums.recipes)) row.producingMs = 0;
  const pieces = annotate(intervals, reasons);
  for (const piece of pieces) {
    const ms = overlapMs(piece, window.from, window.to);
    if (ms > 0) addPiece(sums, piece, ms);
    const begins = piece.from === piece.stopFrom && holds(window, piece.from);
    if (begins && piece.stop === "micro" && piece.schedule === "scheduled") sums.microStops.count++;
  }
  countStops(sums, window, pieces);
  return sums;
}

const holds = (window: Span, t: Millis): boolean => window.from <= t && t < window.to;

function countStops(sums: WindowSums, window: Span, pieces: IntervalFact[]): void {
  const known = pieces.reduce((end, piece) => Math.max(end, piece.to), 0);
  for (const { from, to } of failuresOf(pieces)) {
    if (holds(window, from)) sums.failures++;
    const ended = to < known;
    if (ended && window.from < to && to <= window.to) sums.restoredMs += to - from;
    if (from < window.to && (!ended || to > window.to)) sums.open = 1;
  }
}

/** Whole stops that hold a failure. */
function failuresOf(pieces: IntervalFact[]): Span[] {
  const stops = new Map<Millis, Span & { failure: boolean }>();
  for (const { stop: judged, stopFrom: from, to, condition, attribution } of pieces) {
    if (judged !== "stop" || from === null) continue;
    const stop = stops.get(from) ?? { from, to, failure: false };
    stop.to = Math.max(stop.to, to);
    stop.failure ||= isFailure(condition, attribution);
    stops.set(from, stop);
  }
  return [...stops.values()].filter(({ failure }) => failure);
}

/**
 * Late scrap: the window named and every one that contains it, so that a whole stays the sum of its parts.
 * Taken from the recipe with most good pieces in the window named; without one, from the recipe in force.
 */
function reviseCounts(core: Core, asset: AssetState, input: CountsInput): void {
  const { windows } = historyOf(core, asset, input.history);
  const isNamed = (w: { kind: string; from: Millis }): boolean =>
    w.kind === input.window && w.from === input.from;
  const named = windows.find(isNamed) ?? asset.ledger.windows.find(isNamed);
  if (!named) return;
  const good = (row: RecipeSums): number =>
    named.sums.seen.good === null ? row.total - row.reject : row.good;
  const rows = Object.values(named.sums.recipes).sort((a, b) => good(b) - good(a));
  const from = rows[0] ?? asset.recipes.at(-1) ?? { id: "unassigned", idealCycleUs: null };
  const contains = (w: Span): boolean => w.from <= named.from && named.to <= w.to;
  for (const old of windows)
    if (contains(old)) supersede(core, asset, old, scrap(old.sums, from, input.reject), input);
  for (const window of asset.ledger.windows)
    if (contains(window)) window.sums = scrap(window.sums, from, input.reject);
}

function scrap(
  old: WindowSums,
  from: { id: string; idealCycleUs: number | null },
  reject: number,
): WindowSums {
  const sums = structuredClone(old);
  if (sums.seen.good !== null) recipeSums(sums, from.id, from.idealCycleUs).good -= reject;
  else if (sums.seen.reject !== null) recipeSums(sums, from.id, from.idealCycleUs).reject += reject;
  return sums;
}

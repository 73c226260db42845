/**
 * The journal of one machine over one span: settled intervals with their stops whole, counts, annotations, and the
 * evidence that windows hold and intervals do not. Reads; judges nothing.
 */

import type { Unsettled } from "../core/annotation/agreement.ts";
import type { CountsInput, Note, PlanInput } from "../core/annotation/entered.ts";
import type { CountFact, IntervalFact } from "../core/fact.ts";
import type { AssetModel, CountsModel } from "../core/model.ts";
import type { Millis, Span } from "../core/time.ts";
import { WINDOW_KINDS } from "../core/vocabulary.ts";
import { emptySums, recipeKey, type WindowSums, worse } from "../core/window/sums.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import type { StoredWindow } from "../store/read.ts";
import { type Known, notesOf } from "./known.ts";
import type { Scope } from "./scope.ts";

export interface Slice extends Span {
  asset: AssetModel;
  label: string;
  /** The part that is told ends here: `to`, or what the journal has settled of it. Never before `from`. */
  settledTo: Millis;
  /** As they were settled: with the one before `from`, stops whole, and those that begin up to a micro-stop later. */
  intervals: IntervalFact[];
  /** Booked in `[from, to)`, late scrap included. */
  counts: CountFact[];
  notes: Note[];
  unsettled: Unsettled[];
  plans: PlanInput[];
  /** Which counters were read, bridged blind spans, clock and flags of the windows that touch the span. */
  evidence: WindowSums;
  /** The window that was published for exactly this span. */
  exact: StoredWindow | null;
  /** Windows that tile the span, coarsest first found; `exact` alone where there is one. */
  windows: StoredWindow[];
}

const DAY = 86_400_000;
/** The longest window of each kind, with slack. */
const LENGTH: Record<string, Millis> = {
  hour: 3 * 3_600_000,
  shift: 2 * DAY,
  day: 2 * DAY,
  month: 33 * DAY,
  period: 400 * DAY,
};

/** End of what the journal of an asset has settled, 0 where it has nothing. `end`: an instant that is not before it. */
export function settledEnd(reader: JournalSource, asset: string, end: Millis): Millis {
  for (const back of [2, 40, 4000]) {
    let last = 0;
    for (const { to } of reader.intervals(asset, Math.max(0, end - back * DAY), end + 1)) last = to;
    if (last > 0) return last;
  }
  return 0;
}

export function sliceOf(reader: JournalSource, known: Known, scope: Scope, settled: Millis): Slice {
  const { asset, from, to, label } = scope;
  const settledTo = Math.max(from, Math.min(to, settled));
  const told = { from, to: settledTo };
  const touching = WINDOW_KINDS.flatMap((kind) =>
    reader
      .windows(asset.id, kind, from - (LENGTH[kind] ?? 0), to)
      .filter(({ body }) => body.to > from && body.final),
  );
  const exact = settledTo === to ? touching.find(({ body }) => isSame(body, scope)) : undefined;
  const scraps = known.scraps.filter((scrap) => scrap.asset === asset.id);
  const { holding, open } = notesOf(known, asset.id);
  return {
    ...{ asset, from, to, label, settledTo },
    intervals: wholeIntervals(reader, asset, told),
    counts: [
      ...reader.counts(asset.id, from, settledTo),
      ...lateScrap(reader, asset, touching, scraps, told),
    ],
    notes: holding,
    unsettled: open.filter(({ note }) => note.from < to && from < note.to),
    plans: known.plans.filter((plan) => plan.asset === asset.id),
    evidence: evidenceOf(asset, exact ? [exact] : touching),
    exact: exact ?? null,
    windows: exact ? [exact] : tiling(touching, told),
  };
}

const isSame = (a: Span, b: Span): boolean => a.from === b.from && a.to === b.to;

function wholeIntervals(
  reader: JournalSource,
  asset: AssetModel,
  { from, to }: Span,
): IntervalFact[] {
  if (to <= from) return [];
  const reach = to + asset.microStopMs + 1;
  const inside = [...reader.intervals(asset.id, from - 1, reach)];
  const first = Math.min(inside[0]?.stopFrom ?? from, from);
  const last = inside.at(-1);
  const end = last?.stopFrom === null ? reach : Math.max(last?.to ?? 0, reach) + DAY;
  const isEnough = first === from && end === reach;
  return isEnough ? inside : [...reader.intervals(asset.id, first - 1, end)];
}

/**
 * Late scrap of windows that lie in the span, as counts of the recipe that had most good pieces in each: without those
 * that were scrapped in it before.
 */
function lateScrap(
  reader: JournalSource,
  { counts: model }: AssetModel,
  windows: readonly StoredWindow[],
  scraps: readonly CountsInput[],
  span: Span,
): CountFact[] {
  const taken: { window: Span; count: CountFact }[] = [];
  for (const { asset, window: kind, from, reject } of scraps) {
    const window = windows.find(({ body }) => body.kind === kind && body.from === from)?.body;
    if (!window || !holds(span, window) || !model) continue;
    const before = taken.filter((one) => holds(window, one.window)).map(({ count }) => count);
    const most = mostGood([...reader.counts(asset, window.from, window.to), ...before], model);
    if (!most) continue;
    const isRejects = model.reject !== null;
    const count: CountFact = {
      ...{ ...most, at: from, place: "loading", total: 0 },
      ...{ good: isRejects ? 0 : -reject, reject: isRejects ? reject : 0 },
    };
    taken.push({ window, count });
  }
  return taken.map(({ count }) => count);
}

const holds = (a: Span, b: Span): boolean => a.from <= b.from && b.to <= a.to;

/** Of the recipe with most good pieces in loading; undefined where there are none. */
function mostGood(counts: readonly CountFact[], model: CountsModel): CountFact | undefined {
  const rows = new Map<string, { count: CountFact; good: number }>();
  for (const count of counts) {
    if (count.place !== "loading") continue;
    const key = recipeKey(count.recipe, count.idealCycleUs);
    const good = model.reject === null ? count.good : count.total - count.reject;
    const row = rows.get(key) ?? { count, good: 0 };
    rows.set(key, { ...row, good: row.good + good });
  }
  return [...rows.values()].sort((a, b) => b.good - a.good)[0]?.count;
}

/** Windows of the coarsest kind that tile the span without a gap; without any, those that touch it, finest first. */
function tiling(windows: readonly StoredWindow[], span: Span): StoredWindow[] {
  for (const kind of [...WINDOW_KINDS].reverse()) {
    const own = windows.filter(({ body }) => body.kind === kind);
    let at = span.from;
    for (const { body } of own) if (body.from === at) at = body.to;
    const inside = own.filter(({ body }) => body.from >= span.from && body.to <= span.to);
    if (at === span.to && inside.length > 0) return inside;
  }
  const kind = windows[0]?.body.kind;
  return windows.filter(({ body }) => body.kind === kind);
}

/** Of the finest windows there are: the widest doubt of any of them. */
function evidenceOf({ counts }: AssetModel, touching: readonly StoredWindow[]): WindowSums {
  const finest = touching[0]?.body.kind;
  const own = touching.filter(({ body }) => body.kind === finest).map(({ body }) => body.sums);
  const sums = emptySums();
  if (own.length === 0 && counts) {
    const configured = (point: number | null): true | null => (point === null ? null : true);
    sums.seen = { total: true, good: configured(counts.good), reject: configured(counts.reject) };
  }
  return own.reduce(withEvidence, sums);
}

function withEvidence(sums: WindowSums, { seen, excess, unbridged, clock, flags }: WindowSums) {
  const either = (a: boolean | null, b: boolean | null): boolean | null =>
    a === null || b === null ? (a ?? b) : a || b;
  return {
    ...sums,
    seen: {
      total: either(sums.seen.total, seen.total),
      good: either(sums.seen.good, seen.good),
      reject: either(sums.seen.reject, seen.reject),
    },
    excess: excess === null ? sums.excess : (sums.excess ?? 0) + excess,
    unbridged: sums.unbridged || unbridged,
    clock: {
      quality: worse(sums.clock.quality, clock.quality),
      maxStepMs: Math.max(sums.clock.maxStepMs, clock.maxStepMs),
      heldMs: sums.clock.heldMs + clock.heldMs,
    },
    flags: [...new Set([...sums.flags, ...flags])],
  };
}

/**
 * Later knowledge (accounting rule 7): an annotation that holds, late scrap. Windows that are final get a numbered
 * revision that supersedes the one before; open ones are corrected in place. Nothing is ever edited in the journal.
 */

import type { AssetState, OpenWindow } from "../asset.ts";
import { canonicalJson } from "../canonical.ts";
import { type Core, record, stamp } from "../core.ts";
import type { CountFact, WindowBody } from "../fact.ts";
import type { Millis, Span } from "../time.ts";
import { isFailure } from "../timeline/stop.ts";
import { type Pieces, type RecipeSums, recipeSums, type WindowSums } from "../window/sums.ts";
import { account, tidyRows, type View } from "./amend.ts";
import type { CountsInput, History, Note } from "./entered.ts";
import { historyOf } from "./history.ts";
import {
  annotate,
  annotateCounts,
  isBroad,
  meets,
  stopsMeeting,
  touchedBy,
  withNote,
} from "./note.ts";

/** What an annotation made of part of an asset's timeline. */
export interface Amendment {
  before: View;
  after: View;
}

/** The annotation holds from now on. Returns what it changed, for whoever keeps other sums of the same timeline. */
export function applyNote(
  core: Core,
  asset: AssetState,
  note: Note,
  given: History | undefined,
): Amendment {
  const history = historyOf(core, asset, given);
  const { microStopMs = 0 } = core.plan.assets.get(asset.id)?.model ?? {};
  const amendment = amendmentOf(asset, history, note, microStopMs);
  asset.notes = withNote(asset.notes, note);
  for (const old of history.windows) {
    const sums = amended(old.sums, old, amendment);
    if (meets(old, note) || !isSame(sums, old.sums)) supersede(core, asset, old, sums, note);
  }
  for (const window of asset.ledger.windows) window.sums = amended(window.sums, window, amendment);
  const { stop } = asset.ledger;
  const { pieces, whole } = amendment.after;
  const own = pieces.filter((piece) => stop !== null && piece.stopFrom === stop.from);
  if (stop && whole?.has(stop.from) && own.length > 0)
    stop.failure = own.some((piece) => isFailure(piece.condition, piece.attribution));
  return amendment;
}

function amendmentOf(
  asset: AssetState,
  { intervals, counts = [] }: History,
  note: Note,
  microStopMs: Millis,
): Amendment {
  const touched = touchedBy(intervals, note);
  const whole = stopsMeeting(intervals, note);
  const booked = isBroad(note) ? counts.filter(({ at }) => note.from <= at && at < note.to) : [];
  const begins = new Set(intervals.map(({ from }) => from));
  const endsAt = (to: number): boolean => begins.has(to);
  const { stop, to: settledTo } = asset.ledger;
  const view = (notes: Note[], failing: View["failing"]): View => ({
    pieces: annotate(touched, notes),
    counts: annotateCounts(booked, notes),
    endsAt,
    failing,
    whole,
    microStopMs,
  });
  return {
    before: view(asset.notes, stop?.failure ? { from: stop.from, settledTo } : null),
    after: view(withNote(asset.notes, note), null),
  };
}

const isSame = (a: WindowSums, b: WindowSums): boolean => canonicalJson(a) === canonicalJson(b);

function amended(old: WindowSums, window: Span, { before, after }: Amendment): WindowSums {
  const sums = structuredClone(old);
  account(sums, window, before, -1);
  account(sums, window, after, 1);
  tidyRows(sums, old);
  return sums;
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

/** The window that late scrap names, final or still open; null: the asset has none such. */
function namedWindow(
  asset: AssetState,
  windows: readonly WindowBody[],
  { window, from }: CountsInput,
): WindowBody | OpenWindow | null {
  const isNamed = (w: { kind: string; from: number }): boolean =>
    w.kind === window && w.from === from;
  return windows.find(isNamed) ?? asset.ledger.windows.find(isNamed) ?? null;
}

/** Why late scrap would change nothing; null: it would. Its history must be there. */
export function scrapRefusal(core: Core, asset: AssetState, input: CountsInput): string | null {
  const { windows } = historyOf(core, asset, input.history);
  const named = namedWindow(asset, windows, input);
  if (!named) return `${asset.id} has no ${input.window} window that begins then`;
  const { good, reject } = named.sums.seen;
  return good === null && reject === null
    ? `${asset.id} counts neither good pieces nor rejects: scrap would change none of its numbers`
    : null;
}

/** Why late scrap cannot be, of a window that has ended; null: it can. Nobody rejects more pieces than were good. */
export function scrapExcess(core: Core, asset: AssetState, input: CountsInput): string | null {
  const named = namedWindow(asset, historyOf(core, asset, input.history).windows, input);
  if (!named || named.to > core.state.now) return null;
  const { seen, recipes, outside } = named.sums;
  const goodOf = ({ total, good, reject }: Pieces): number =>
    seen.good === null ? total - reject : good;
  const good = Object.values(recipes)
    .flatMap((row) => [row, row.recovered])
    .reduce((sum, pieces) => sum + goodOf(pieces), goodOf(outside));
  return input.reject > good
    ? `only ${good} good pieces of ${asset.id} are left in that ${input.window}`
    : null;
}

/**
 * Late scrap: the window named and every one that contains it, so that a whole stays the sum of its parts.
 * Taken from the recipe with most good pieces in the window named; without one, from the recipe in force.
 * Returns the scrap as a count to book, null when it was refused.
 */
export function reviseCounts(core: Core, asset: AssetState, input: CountsInput): CountFact | null {
  const { windows } = historyOf(core, asset, input.history);
  const named = namedWindow(asset, windows, input);
  if (!named || scrapRefusal(core, asset, input) !== null) return null;
  const good = (row: RecipeSums): number =>
    named.sums.seen.good === null ? row.total - row.reject : row.good;
  const rows = Object.values(named.sums.recipes).sort((a, b) => good(b) - good(a));
  const from = rows[0] ?? asset.recipes.at(-1) ?? { id: "unassigned", idealCycleUs: null };
  const contains = (w: Span): boolean => w.from <= named.from && named.to <= w.to;
  for (const old of windows)
    if (contains(old)) supersede(core, asset, old, scrap(old.sums, from, input.reject), input);
  for (const window of asset.ledger.windows)
    if (contains(window)) window.sums = scrap(window.sums, from, input.reject);
  const { id: recipe, idealCycleUs } = from;
  const { seen } = named.sums;
  return {
    ...{ kind: "count", asset: asset.id, at: named.from, recipe, idealCycleUs, place: "loading" },
    total: 0,
    good: seen.good === null ? 0 : -input.reject,
    reject: seen.reject === null ? 0 : input.reject,
  };
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

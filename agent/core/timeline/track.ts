/**
 * The condition track of an asset: a short log of evaluations and the fold that turns it into segments.
 * Later knowledge (a stale point, an elapsed dwell, a counter that stood still) edits the log and folds again,
 * so the past is never patched in place. Only the last settle time is kept.
 *
 *   marks ──▶ Evaluation[] ──fold──▶ Segment[] ──▶ settle.ts
 */

import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import type { Attribution, Condition, UnknownCause } from "../vocabulary.ts";
import { walk } from "./kleene.ts";
import { answersFor, type Said, saidBy } from "./reason.ts";

/** One evaluation that differed from the one before. */
export interface Evaluation {
  at: Millis;
  mono: Millis;
  /** Leaf marks, see kleene.ts. */
  leaves: string;
  /** Text of each rule's reason point at that instant. */
  reasons: (string | null)[];
  /** Previous good cycle of the deciding source, null where there was none. */
  edgeFrom: Millis | null;
  /** Not looking at all: stopped, power lost, clock step. Wins over the rules. */
  forced: UnknownCause | null;
}

/** A maximal run of one outcome, from `from` until the next segment. */
export interface Segment {
  from: Millis;
  condition: Condition;
  cause: UnknownCause | null;
  rule: number | null;
  reason: string | null;
  attribution: Attribution;
  edgeFrom: Millis | null;
}

interface Pending {
  rule: number;
  at: Millis;
  mono: Millis;
  edgeFrom: Millis | null;
  said: Said;
}

/** Where the fold stands after an evaluation. */
export interface Stand {
  segment: Segment;
  pending: Pending | null;
  /** Unknown by a stop of the agent: only a decided evaluation ends it (accounting rule 4). */
  sticky: boolean;
}

export interface Track {
  /** The fold's stand before the first evaluation of the log. */
  base: Stand;
  log: Evaluation[];
  stand: Stand;
  segments: Segment[];
}

const unknown = (from: Millis, cause: UnknownCause): Segment => ({
  from,
  condition: "unknown",
  cause,
  rule: null,
  reason: null,
  attribution: "none",
  edgeFrom: null,
});

/** A track that begins unobserved at `from`. */
export function newTrack(from: Millis): Track {
  const stand: Stand = { segment: unknown(from, "agent-stopped"), pending: null, sticky: false };
  return { base: stand, log: [], stand, segments: [stand.segment] };
}

function decided(
  plan: AssetPlan,
  rule: number,
  from: Millis,
  said: Said,
  edgeFrom: Millis | null,
): Segment {
  const model = plan.model.rules[rule];
  const condition = model?.is ?? "unknown";
  return {
    from,
    condition,
    cause: condition === "unknown" ? "rule-undecided" : null,
    rule,
    reason: said.reason,
    attribution: said.attribution ?? answersFor(plan, rule, condition),
    edgeFrom,
  };
}

/** A dwell that has elapsed by monotonic `mono` takes effect at the sample that first showed it. */
function ripen(plan: AssetPlan, stand: Stand, mono: Millis): Stand {
  const { pending } = stand;
  if (!pending || mono - pending.mono < (plan.model.rules[pending.rule]?.forMs ?? 0)) return stand;
  const { rule, at, said, edgeFrom } = pending;
  return { segment: decided(plan, rule, at, said, edgeFrom), pending: null, sticky: false };
}

function follow(plan: AssetPlan, stand: Stand, e: Evaluation): Stand {
  if (e.forced) {
    const sticky = e.forced === "agent-stopped" || e.forced === "power-lost";
    return { segment: unknown(e.at, e.forced), pending: null, sticky };
  }
  const outcome = walk(plan.rules, e.leaves);
  return outcome.rule === null
    ? undecided(stand, outcome.cause, e)
    : won(plan, stand, outcome.rule, e);
}

/** No rule decided. All false is decided too: it is shown by a sample, and ends a stop of the agent. */
function undecided(stand: Stand, cause: UnknownCause, e: Evaluation): Stand {
  const isShown = cause === "rule-undecided";
  if (stand.sticky && !isShown) return { ...stand, pending: null };
  const edgeFrom = isShown ? e.edgeFrom : null;
  const segment =
    stand.segment.cause === cause ? stand.segment : { ...unknown(e.at, cause), edgeFrom };
  return { segment, pending: null, sticky: false };
}

/** A rule is true; with a dwell it must stay so before the condition changes. */
function won(plan: AssetPlan, stand: Stand, rule: number, e: Evaluation): Stand {
  const { at, mono, edgeFrom } = e;
  const said = saidBy(plan, rule, e);
  const dwells = (plan.model.rules[rule]?.forMs ?? 0) > 0;
  if (dwells && stand.segment.rule !== rule) {
    if (stand.pending?.rule === rule) return stand;
    return { ...stand, pending: { rule, at, mono, edgeFrom, said } };
  }
  const next = decided(plan, rule, at, said, edgeFrom);
  return {
    segment: saysSame(stand.segment, next) ? stand.segment : next,
    pending: null,
    sticky: false,
  };
}

const saysSame = (a: Segment, b: Segment): boolean =>
  a.condition === b.condition &&
  a.cause === b.cause &&
  a.rule === b.rule &&
  a.reason === b.reason &&
  a.attribution === b.attribution;

function push(segments: Segment[], segment: Segment): void {
  while (segments.length > 0 && (segments.at(-1)?.from ?? 0) >= segment.from) segments.pop();
  const last = segments.at(-1);
  if (!last || !saysSame(last, segment)) segments.push(segment);
}

function enter(track: Track, next: Stand): void {
  if (next.segment !== track.stand.segment) push(track.segments, next.segment);
  track.stand = next;
}

/** Adds an evaluation at the end of the log. */
export function append(plan: AssetPlan, track: Track, e: Evaluation): void {
  track.log.push(e);
  fold(plan, track, e);
}

function fold(plan: AssetPlan, track: Track, e: Evaluation): void {
  enter(track, ripen(plan, track.stand, e.mono));
  enter(track, follow(plan, track.stand, e));
}

/** Lets a dwell ripen at monotonic `mono` without a new evaluation. */
export function ripenAt(plan: AssetPlan, track: Track, mono: Millis): void {
  enter(track, ripen(plan, track.stand, mono));
}

/** Folds the whole log anew after it was edited; a dwell ripens up to monotonic `mono`. */
export function refold(plan: AssetPlan, track: Track, mono: Millis): void {
  const { base } = track;
  track.segments = track.segments.filter((segment) => segment.from < base.segment.from);
  push(track.segments, base.segment);
  track.stand = base;
  for (const e of track.log) fold(plan, track, e);
  ripenAt(plan, track, mono);
}

/**
 * Rewrites leaf marks from instant `from` on: what was believed since then is not known any more.
 * The evaluation that covers `from` is split there, with the uncertainty `edgeFrom`. The caller folds anew.
 */
export function remark(
  track: Track,
  from: Millis,
  mono: Millis,
  leaves: number[],
  mark: (old: string) => string,
  edgeFrom: Millis | null = null,
): void {
  const { log } = track;
  let first = log.findIndex((e) => e.at >= from);
  if (first < 0) first = log.length;
  const covering = log[first - 1];
  const same = log[first];
  if (same?.at === from) same.edgeFrom ??= edgeFrom;
  else if (covering) log.splice(first, 0, { ...covering, at: from, mono, edgeFrom });
  for (const e of log.slice(first)) {
    const marks = [...e.leaves];
    for (const leaf of leaves) marks[leaf] = mark(marks[leaf] ?? "s");
    e.leaves = marks.join("");
  }
}

/** Forgets the log before `to` as far as the fold can start there; segments are kept back to `keepFrom`. */
export function prune(plan: AssetPlan, track: Track, to: Millis, keepFrom: Millis): void {
  const probe: Track = { base: track.base, log: [], stand: track.base, segments: [] };
  let cut = 0;
  let base = track.base;
  for (const [i, e] of track.log.entries()) {
    if (e.at > to) break;
    const ripe = ripen(plan, probe.stand, e.mono);
    if (ripe.pending === null) {
      cut = i;
      base = ripe;
    }
    probe.stand = follow(plan, ripe, e);
  }
  track.base = base;
  track.log = track.log.slice(cut);
  const first = lastIndexBefore(track.segments, keepFrom);
  if (first > 0) track.segments = track.segments.slice(first);
}

/** The segment now in force. */
export const current = (track: Track): Segment => track.segments.at(-1) as Segment;

/** Index of the last segment that begins at or before `t`, -1 when there is none. */
export const lastIndexBefore = (segments: Segment[], t: Millis): number =>
  segments.findLastIndex((segment) => segment.from <= t);

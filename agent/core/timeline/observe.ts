/**
 * From a cycle to leaf marks: keeps the last good value of every point, its freshness, and the counters' deltas.
 * Decides nothing about the condition; that is `track.ts`.
 */

import type { AssetState } from "../asset.ts";
import { endMinute } from "../count/aggregate.ts";
import { bookStill, type Raised, takeCounter } from "../count/count.ts";
import type { Fact } from "../fact.ts";
import { causeOf } from "../fault.ts";
import type { CycleInput } from "../input.ts";
import type { Leaf, Value } from "../model.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import { followDemand } from "./demand.ts";
import { markOf } from "./kleene.ts";
import { watchLamps } from "./lamps.ts";
import { leafHolds } from "./leaf.ts";
import { doubt, isImplausible, scrutinize } from "./plausible.ts";
import { accept, type Instant, lastGood, spoil } from "./point.ts";
import { chooseRecipe } from "./recipe.ts";
import { append, type Evaluation } from "./track.ts";

/** Applies a cycle to sources, points, counters, recipe and condition. Minutes that end go to `out`. */
export function observe(
  state: AssetState,
  plan: AssetPlan,
  input: CycleInput,
  now: Instant,
  out: Fact[],
): Raised {
  const raised: Raised = [];
  const s = plan.sourceIndex.get(input.source) ?? -1;
  const source = state.sources[s];
  const points = plan.pointsOfSource[s];
  if (!source || !points) return raised;
  const before = source.at === null ? null : { at: source.at, mono: source.mono };
  if (input.failure !== null) {
    for (const index of points) spoil(state, plan, index, input.failure);
    if (state.evaluate) evaluate(state, plan, now, null);
    return raised;
  }
  if (!input.lone) endMinute(state, plan, s, now.at, out);
  takeBad(state, plan, input);
  if (!input.lone) takeGood(state, plan, input, s, now, raised);
  const logged = state.track.log.length;
  if (state.evaluate) evaluate(state, plan, now, before?.at ?? null);
  // Whatever changes here may turn out to have been the end of a blind span.
  const isChange = state.track.log.length > logged;
  if (isChange && before && !input.lone) bookStill(state, plan, s, now, before);
  return raised;
}

function takeBad(state: AssetState, plan: AssetPlan, input: CycleInput): void {
  for (const id in input.bad) {
    const index = plan.pointIndex.get(id);
    if (index !== undefined) spoil(state, plan, index, input.bad[id] ?? "");
  }
}

function takeGood(
  state: AssetState,
  plan: AssetPlan,
  input: CycleInput,
  s: number,
  now: Instant,
  raised: Raised,
): void {
  const source = state.sources[s];
  if (!source) return;
  let touched = takeValues(state, plan, input, s) || state.recipes.length === 0;
  for (const index of plan.checkedOfSource[s] ?? [])
    if (takeChecked(state, plan, input, index, now)) touched ||= plan.recipePoint[index] ?? false;
  chooseRecipe(state, plan, now, touched);
  for (const index of plan.countersOfSource[s] ?? [])
    takeCounter(state, plan, input, index, now, raised);
  if (source.silent) hearAgain(state, plan, s);
  source.at = now.at;
  source.mono = now.mono;
  source.cycles++;
}

/** Values of points that are no counters and need no check. Returns whether a recipe may have changed. */
function takeValues(state: AssetState, plan: AssetPlan, input: CycleInput, s: number): boolean {
  let touched = false;
  for (const id in input.values) {
    const index = plan.pointIndex.get(id);
    if (index === undefined) continue;
    const point = state.points[index];
    const value = input.values[id] as Value;
    if (!point || (point.value === value && point.tracking) || point.counter) continue;
    const model = plan.model.points[index];
    if (model?.source !== s || model.plausible || input.bad[id] !== undefined) continue;
    touched ||= plan.recipePoint[index] ?? false;
    accept(state, plan, index, value);
  }
  return touched;
}

/** A point with plausibility rules; a value that is left out is the last one that was read. Returns whether it is new. */
function takeChecked(
  state: AssetState,
  plan: AssetPlan,
  input: CycleInput,
  index: number,
  now: Instant,
): boolean {
  const model = plan.model.points[index];
  const point = state.points[index];
  if (!model?.plausible || !point || input.bad[model.id] !== undefined) return false;
  const isKnown = point.tracking || isImplausible(point.failure);
  const value = input.values[model.id] ?? (isKnown ? point.scrutiny?.value : undefined);
  if (value === undefined) return false;
  const { pollMs = 0, holdMs = 0 } = plan.model.sources[model.source] ?? {};
  const scrutiny = scrutinize(point.scrutiny ?? null, { value, mono: now.mono }, holdMs);
  point.scrutiny = scrutiny;
  const good = lastGood(state, plan, index);
  const seen = good && point.value !== null ? { value: point.value, mono: good.mono } : null;
  const reason = doubt(model.plausible, scrutiny, seen, pollMs);
  if (reason !== null) {
    scrutiny.refused[reason] = (scrutiny.refused[reason] ?? 0) + 1;
    spoil(state, plan, index, reason);
    return false;
  }
  if (point.value === value && point.tracking) return false;
  accept(state, plan, index, value);
  return true;
}

/** The source fell silent and answers again: its points are what they were. */
function hearAgain(state: AssetState, plan: AssetPlan, s: number): void {
  const source = state.sources[s];
  if (source) source.silent = false;
  for (const index of plan.pointsOfSource[s] ?? []) {
    const point = state.points[index];
    if (point?.tracking) point.stale = false;
  }
  state.evaluate = true;
}

/** Mark of one leaf on what is now known. */
function markLeaf(state: AssetState, leaf: Leaf, now: Instant, was: boolean): string {
  const point = state.points[leaf.point];
  if (!point || point.value === null || point.stale)
    return markOf(point?.failure ? causeOf(point.failure) : "device-silent");
  if (leaf.op === "moving") {
    return point.movedAt !== null && now.mono - point.movedMono <= leaf.withinMs ? "T" : "F";
  }
  if (leaf.op === "lamp") return point.lamp?.shows === leaf.shows ? "T" : "F";
  return leafHolds(leaf, point.value, was) ? "T" : "F";
}

/** Marks of all leaves. A limit with hysteresis stays where it was while its point is not known. */
function markLeaves(state: AssetState, plan: AssetPlan, now: Instant): string {
  let leaves = "";
  for (const [i, leaf] of plan.rules.leaves.entries()) {
    const mark = markLeaf(state, leaf, now, state.latches[i] ?? false);
    if (mark === "T" || mark === "F") state.latches[i] = mark === "T";
    leaves += mark;
  }
  return leaves;
}

/** Logs an evaluation if it says something new. `edgeFrom`: the deciding source's previous good cycle. */
export function evaluate(
  state: AssetState,
  plan: AssetPlan,
  now: Instant,
  edgeFrom: Millis | null,
): void {
  state.evaluate = false;
  if (plan.lampPoints.length > 0) watchLamps(state, plan, now, edgeFrom);
  const last = state.track.log.at(-1);
  const leaves = markLeaves(state, plan, now);
  const reasons = plan.reasonPoints.map((index) => {
    const point = index < 0 ? undefined : state.points[index];
    return !point || point.value === null || point.stale ? null : String(point.value);
  });
  const forced = state.forcedUntil === null ? null : "clock-untrusted";
  const same =
    last &&
    last.leaves === leaves &&
    last.forced === forced &&
    last.reasons.every((reason, i) => reason === reasons[i]);
  if (same) return;
  const e: Evaluation = { at: now.at, mono: now.mono, leaves, reasons, edgeFrom, forced };
  append(plan, state.track, e);
  followDemand(state, plan);
  state.dirty = true;
}

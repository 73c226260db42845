/**
 * From a cycle to leaf marks: keeps the last good value of every point, its freshness, and the counters' deltas.
 * Decides nothing about the condition; that is `track.ts`.
 */
import type { AssetState, Booking, PointState } from "./asset.ts";
import { countOf, countSample } from "./counter.ts";
import { causeOf } from "./fault.ts";
import type { CycleInput } from "./input.ts";
import { markOf } from "./kleene.ts";
import { leafHolds } from "./leaf.ts";
import type { Expr, Leaf, Value } from "./model.ts";
import { type AssetPlan, recipesInForce } from "./plant.ts";
import { type Flag, noPieces } from "./sums.ts";
import type { Millis } from "./time.ts";
import { append, current, type Evaluation } from "./track.ts";

/** The instant of an input on both clocks: `at` on the axis, `mono` in monotonic milliseconds. */
export interface Instant {
  at: Millis;
  mono: Millis;
}

/** When a point was last good; null when it never was. */
export function lastGood(state: AssetState, plan: AssetPlan, index: number): Instant | null {
  const point = state.points[index];
  if (!point || point.value === null) return null;
  const source = state.sources[plan.model.points[index]?.source ?? 0];
  if (!point.tracking) return point.at === null ? null : { at: point.at, mono: point.mono };
  return source?.at == null ? null : { at: source.at, mono: source.mono };
}

function spoil(state: AssetState, plan: AssetPlan, index: number, reason: string): void {
  const point = state.points[index];
  if (!point) return;
  const was = lastGood(state, plan, index);
  if (was) {
    point.at = was.at;
    point.mono = was.mono;
  }
  if (point.failure === null || causeOf(point.failure) !== causeOf(reason)) {
    if (point.stale || point.value === null) state.evaluate = true;
  }
  point.tracking = false;
  point.failure = reason;
}

/** Flags raised by a cycle's counters, to be put on the windows that contain its instant. */
export type Raised = Flag[];

function book(
  state: AssetState,
  plan: AssetPlan,
  role: number,
  now: Instant,
  prev: Instant,
  step: { delta: number; excess: number; flag: Flag | null },
): void {
  const counter = plan.counters[role];
  const model = counter && plan.model.points[counter.point];
  if (!counter || !model?.counter) return;
  const late = now.mono - prev.mono > (plan.model.sources[model.source]?.holdMs ?? 0);
  const segment = current(state.track);
  const touchy =
    late ||
    segment.condition === "unknown" ||
    (segment.from > prev.at && state.track.segments.at(-2)?.condition === "unknown");
  if (step.delta === 0 && step.flag === null && !touchy) return;
  const recipe = state.recipes.at(-1);
  const booking: Booking = {
    at: now.at,
    prevAt: prev.at,
    role: counter.role,
    ...noPieces(),
    excess: step.excess * model.counter.pieces,
    ambiguous: step.flag !== null,
    late,
    recipe: recipe?.id ?? "unassigned",
    idealCycleUs: recipe?.idealCycleUs ?? null,
  };
  booking[counter.role] = step.delta * model.counter.pieces;
  state.bookings.push(booking);
}

/** A counter's good value. Returns false when the sample is bad once (a jump, or no count at all). */
function count(
  state: AssetState,
  plan: AssetPlan,
  index: number,
  value: Value,
  now: Instant,
  raised: Raised,
): boolean {
  const point = state.points[index] as PointState;
  const model = plan.model.points[index]?.counter;
  if (!model || !point.counter) return true;
  const whole = countOf(value, model.modulus);
  if (whole === null) {
    spoil(state, plan, index, "VALUE_INVALID");
    return false;
  }
  const prev = lastGood(state, plan, index) ?? now;
  const step = countSample(model, point.counter, whole, now.at, now.mono, prev.mono);
  if (step === null) {
    spoil(state, plan, index, "COUNT_JUMP");
    return false;
  }
  if (step.delta > 0) {
    point.movedAt = now.at;
    point.movedMono = now.mono;
    if (plan.movingLeaves.length > 0) state.evaluate = true;
  }
  if (step.flag) raised.push(step.flag);
  if (!step.baseline) {
    for (const [role, counter] of plan.counters.entries())
      if (counter.point === index) book(state, plan, role, now, prev, step);
  }
  return true;
}

/** Applies a cycle to sources, points, counters, recipe and condition. */
export function observe(
  state: AssetState,
  plan: AssetPlan,
  input: CycleInput,
  now: Instant,
): Raised {
  const raised: Raised = [];
  const s = plan.sourceIndex.get(input.source) ?? -1;
  const source = state.sources[s];
  const points = plan.pointsOfSource[s];
  if (!source || !points) return raised;
  const previous = source.at;
  if (input.failure !== null) {
    for (const index of points) spoil(state, plan, index, input.failure);
  } else {
    takeBad(state, plan, input);
    if (!input.lone) takeGood(state, plan, input, s, now, raised);
  }
  if (state.evaluate) evaluate(state, plan, now, input.failure === null ? previous : null);
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
  let recipeTouched = state.recipes.length === 0;
  for (const id in input.values) {
    const index = plan.pointIndex.get(id);
    const point = index === undefined ? undefined : state.points[index];
    if (index === undefined || !point || point.counter || input.bad[id] !== undefined) continue;
    if (plan.model.points[index]?.source !== s) continue;
    const value = input.values[id] as Value;
    if (point.value === value && point.tracking) continue;
    if (plan.recipePoint[index]) recipeTouched = true;
    accept(state, plan, index, value);
  }
  chooseRecipe(state, plan, now, recipeTouched);
  for (const index of plan.countersOfSource[s] ?? [])
    takeCounter(state, plan, input, index, now, raised);
  if (source.silent) {
    source.silent = false;
    for (const index of plan.pointsOfSource[s] ?? []) {
      const point = state.points[index];
      if (point?.stale && point.tracking) point.stale = false;
    }
    state.evaluate = true;
  }
  source.at = now.at;
  source.mono = now.mono;
}

function accept(state: AssetState, plan: AssetPlan, index: number, value: Value): void {
  const point = state.points[index] as PointState;
  point.value = value;
  point.tracking = true;
  point.failure = null;
  point.stale = false;
  if (plan.rulePoint[index]) state.evaluate = true;
}

/** A counter that did not move is read all the same: a waiting jump is confirmed, a blind span is bridged. */
function takeCounter(
  state: AssetState,
  plan: AssetPlan,
  input: CycleInput,
  index: number,
  now: Instant,
  raised: Raised,
): void {
  const model = plan.model.points[index];
  const point = state.points[index];
  if (!model || !point?.counter || input.bad[model.id] !== undefined) return;
  const jump = point.failure === "COUNT_JUMP" ? point.counter.jump : null;
  const value = input.values[model.id] ?? (jump ? wholeValue(jump.value) : undefined);
  if (value === undefined || (value === point.value && point.tracking)) {
    const prev = point.tracking ? lastGood(state, plan, index) : null;
    if (!prev) return;
    for (const [role, counter] of plan.counters.entries())
      if (counter.point === index)
        book(state, plan, role, now, prev, { delta: 0, excess: 0, flag: null });
    return;
  }
  if (count(state, plan, index, value, now, raised)) accept(state, plan, index, value);
}

const wholeValue = (text: string): Value => {
  const value = BigInt(text);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
};

function chooseRecipe(state: AssetState, plan: AssetPlan, now: Instant, touched: boolean): void {
  const last = state.recipes.at(-1);
  if (!touched && last && now.at < recipeChangeAfter(plan, last.from)) return;
  let id = "unassigned";
  let idealCycleUs: number | null = null;
  for (const recipe of recipesInForce(plan.model.recipes, now.at)) {
    const holds = recipe.when === null ? true : exprHolds(state, recipe.when);
    if (holds === null) return;
    if (!holds) continue;
    id = recipe.id;
    idealCycleUs = recipe.idealCycleUs;
    break;
  }
  if (last?.id === id && last.idealCycleUs === idealCycleUs) return;
  if (last?.from === now.at) state.recipes.pop();
  state.recipes.push({ from: now.at, id, idealCycleUs });
}

/** The next `validFrom` after `at`: until then an untouched recipe cannot change. */
function recipeChangeAfter(plan: AssetPlan, at: Millis): Millis {
  let next = Number.MAX_SAFE_INTEGER;
  for (const recipe of plan.model.recipes)
    if (recipe.validFrom > at && recipe.validFrom < next) next = recipe.validFrom;
  return next;
}

/** Kleene value of a recipe's expression on last good values; null: undecided. */
function exprHolds(state: AssetState, expr: Expr): boolean | null {
  if (expr.op === "not") {
    const inner = exprHolds(state, expr.of);
    return inner === null ? null : !inner;
  }
  if (expr.op === "all" || expr.op === "any") {
    const wins = expr.op === "any";
    const parts = expr.of.map((part) => exprHolds(state, part));
    return parts.includes(wins) ? wins : parts.includes(null) ? null : !wins;
  }
  const point = state.points[expr.point];
  if (!point || point.value === null || !point.tracking) return null;
  return leafHolds(expr, point.value, false);
}

/** Mark of one leaf on what is now known. */
function markLeaf(state: AssetState, leaf: Leaf, now: Instant, was: boolean): string {
  const point = state.points[leaf.point];
  if (!point || point.value === null || point.stale)
    return markOf(point?.failure ? causeOf(point.failure) : "device-silent");
  if (leaf.op === "moving") {
    return point.movedAt !== null && now.mono - point.movedMono <= leaf.withinMs ? "T" : "F";
  }
  return leafHolds(leaf, point.value, was) ? "T" : "F";
}

/** Logs an evaluation if it says something new. `edgeFrom`: the deciding source's previous good cycle. */
export function evaluate(
  state: AssetState,
  plan: AssetPlan,
  now: Instant,
  edgeFrom: Millis | null,
): void {
  state.evaluate = false;
  const last = state.track.log.at(-1);
  let leaves = "";
  for (const [i, leaf] of plan.rules.leaves.entries())
    leaves += markLeaf(state, leaf, now, last?.leaves.charAt(i) === "T");
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
  state.dirty = true;
}

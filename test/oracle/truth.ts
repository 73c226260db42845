/** Oracle, step 2: the truth of rules at a cycle, three-valued (null: undecided). Accounting rules 2 and 3. */
import type { AssetModel, Expr, Leaf } from "../../agent/core/model.ts";
import type { Good, PointHistory } from "./points.ts";
import { READINGS } from "./readings.ts";

export type Truth = boolean | null;

/** `[from, to)` without an agent; `i` is the index of the entry that stands for its begin. */
export interface Gap {
  i: number;
  from: number;
  to: number;
  cause: "agent-stopped" | "power-lost";
}

export interface World {
  asset: AssetModel;
  /** Instants of all cycles. */
  at: number[];
  points: PointHistory[];
  /** When the agent did not run. */
  gaps: Gap[];
  /** Where knowledge ends. */
  end: number;
}

/** The last good sample of a point at cycle `i`, and the one after it. */
export function goodAt(world: World, point: number, i: number): { last?: Good; next?: Good } {
  const found: { last?: Good; next?: Good } = {};
  for (const good of world.points[point]?.good ?? []) {
    if (good.i <= i) found.last = good;
    else {
      found.next = good;
      break;
    }
  }
  return found;
}

export const holdOf = (world: World, point: number): number =>
  world.asset.sources[world.asset.points[point]?.source ?? 0]?.holdMs ?? 0;

/**
 * Instant at which the sample that is valid at cycle `i` ran out of its hold before another came; null: it never did.
 * Where the agent did not run at that instant, it is noticed at the start, and for what comes after it only.
 */
export function ranOut(world: World, point: number, i: number): number | null {
  const { last, next } = goodAt(world, point, i);
  if (!last) return Number.NEGATIVE_INFINITY;
  const limit = last.at + holdOf(world, point);
  const until = next ? next.at : world.end;
  if (until <= limit) return null;
  const gap = gapAt(world, limit);
  if (!gap) return limit;
  return i >= gap.i ? gap.to : null;
}

/** The gap in which the first millisecond after `limit` lies. */
const gapAt = (world: World, limit: number): Gap | undefined =>
  world.gaps.find((gap) => gap.from < limit + 1 && limit + 1 <= gap.to);

/** The points for want of which an expression is undecided; parts that are decided want nothing. */
export function wanting(
  world: World,
  expr: Expr,
  i: number,
  blind: (point: number) => boolean,
): number[] {
  if (truth(world, expr, i, blind) !== null) return [];
  if (expr.op === "all" || expr.op === "any")
    return expr.of.flatMap((part) => wanting(world, part, i, blind));
  return expr.op === "not" ? wanting(world, expr.of, i, blind) : [expr.point];
}

export function truth(
  world: World,
  expr: Expr,
  i: number,
  blind: (point: number) => boolean,
): Truth {
  if (expr.op === "not") {
    const inner = truth(world, expr.of, i, blind);
    return inner === null ? null : !inner;
  }
  if (expr.op === "all" || expr.op === "any") {
    const parts = expr.of.map((part) => truth(world, part, i, blind));
    const decisive = expr.op === "any";
    if (parts.includes(decisive)) return decisive;
    return parts.includes(null) ? null : !decisive;
  }
  return blind(expr.point) ? null : leaf(world, expr, i);
}

function leaf(world: World, at: Leaf, i: number): boolean {
  const value = goodAt(world, at.point, i).last?.value as number;
  switch (at.op) {
    case "equals":
      return value === at.value;
    case "in":
      return at.values.includes(value);
    case "bit":
      return ((BigInt(value) >> BigInt(at.bit)) & 1n) === (at.equals ? 1n : 0n);
    case "above":
    case "below":
    case "between":
      return latched(world, at, i);
    case "moving":
      return moving(world, at.point, at.withinMs, i);
    default:
      throw new Error(`no lamps here: ${at.op}`);
  }
}

type Limit = Extract<Leaf, { hysteresis: number }>;

/** Limits with hysteresis: the state after all good samples up to cycle `i`. */
function latched(world: World, at: Limit, i: number): boolean {
  let on = false;
  let before: Good | null = null;
  for (const good of world.points[at.point]?.good ?? []) {
    if (good.i > i) break;
    if (before) on = remembered(world, at, before, good, on);
    on = within(at, good.value as number, on);
    before = good;
  }
  const anew = before && started(world, before, i);
  return anew ? within(at, before?.value as number, false) : on;
}

/** The state of a limit just before a new good sample. */
function remembered(world: World, at: Limit, before: Good, good: Good, on: boolean): boolean {
  if (READINGS.hysteresisSurvives) return on;
  if (good.at - before.at > holdOf(world, at.point)) return false;
  const gap = started(world, before, good.i - 1);
  // After a start the first cycle finds the state anew; it may be another source's.
  return gap ? good.i > gap.i + 1 && within(at, before.value as number, false) : on;
}

/** The last start between a sample and cycle `i`. */
const started = (world: World, before: Good, i: number): Gap | undefined =>
  READINGS.hysteresisSurvives
    ? undefined
    : world.gaps.filter((one) => one.i > before.i && one.i <= i).at(-1);

function within(at: Limit, value: number, on: boolean): boolean {
  const slack = on ? at.hysteresis : 0;
  if (at.op === "above") return value > at.limit - slack;
  if (at.op === "below") return value < at.limit + slack;
  return value >= at.low - slack && value <= at.high + slack;
}

/**
 * True from a sample with an increment; false after `within` without one, dated at the last increment. So whether
 * it is true at a cycle is known only by looking ahead for the next increment.
 */
function moving(world: World, point: number, within: number, i: number): boolean {
  const steps = (world.points[point]?.counts ?? []).filter((step) => step.delta > 0n);
  const last = steps.filter((step) => step.i <= i).at(-1);
  if (!last) return false;
  const next = steps.find((step) => step.i > i);
  const until = next ? next.at : world.end;
  if (until - last.at <= within) return true;
  // It ran out. It can be dated back only if somebody was looking when it did.
  const deadline = last.at + within;
  const seen = (world.points[point]?.good ?? [])
    .filter((good) => good.at <= deadline)
    .at(-1) as Good;
  const looking = deadline - seen.at < holdOf(world, point) && !gapAt(world, deadline);
  if (looking && !hidden(world, last.at, deadline)) return false;
  return (world.at[i] as number) <= deadline;
}

/** Whether a start lies in the span and no cycle between it and the end. */
function hidden(world: World, from: number, to: number): boolean {
  const gap = world.gaps.filter((one) => one.from >= from && one.to <= to).at(-1);
  if (!READINGS.startHidesStandstill || !gap) return false;
  return !world.at.some((at, i) => i > gap.i && at <= to);
}

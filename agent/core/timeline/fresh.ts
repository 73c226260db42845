/**
 * Freshness (accounting rule 3), `counterMoving` and lamps: what was believed is withdrawn, back to when it was last
 * known, or replaced by what has been found out since.
 */
import type { AssetState } from "../asset.ts";
import { causeOf } from "../fault.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import { followDemand } from "./demand.ts";
import { markOf } from "./kleene.ts";
import { lampsDue, loseLamp, settleLamps } from "./lamps.ts";
import { lastGood } from "./point.ts";
import { refold, remark } from "./track.ts";

const NEVER = Number.MAX_SAFE_INTEGER;

const holdOf = (plan: AssetPlan, index: number): Millis =>
  plan.model.sources[plan.model.points[index]?.source ?? 0]?.holdMs ?? 0;

/** Monotonic instant at which the next needed point becomes stale, a counter counts as standing still, or a lamp is decided. */
export function withdrawalDue(state: AssetState, plan: AssetPlan): Millis {
  if (state.stopped) return NEVER;
  let due = NEVER;
  for (const [index, leaves] of plan.rules.leavesOfPoint.entries()) {
    const point = state.points[index];
    if (leaves.length === 0 || !point || point.stale) continue;
    const good = lastGood(state, plan, index);
    if (good) due = Math.min(due, good.mono + holdOf(plan, index) + 1);
  }
  const marks = state.track.log.at(-1)?.leaves;
  for (const i of plan.movingLeaves) {
    const leaf = plan.rules.leaves[i];
    const point = leaf && state.points[leaf.point];
    if (leaf?.op === "moving" && point && marks?.charAt(i) === "T")
      due = Math.min(due, point.movedMono + leaf.withinMs + 1);
  }
  return Math.min(due, lampsDue(state, plan, NEVER));
}

/** Withdraws what is due at monotonic `mono`. */
export function withdraw(state: AssetState, plan: AssetPlan, mono: Millis): void {
  let edited = false;
  for (const [index, leaves] of plan.rules.leavesOfPoint.entries())
    if (leaves.length > 0 && expire(state, plan, index, mono)) edited = true;
  for (const leaf of plan.movingLeaves) if (standStill(state, plan, leaf, mono)) edited = true;
  if (settleLamps(state, plan, mono)) edited = true;
  if (!edited) return;
  refold(plan, state.track, mono);
  followDemand(state, plan);
}

/** A point is older than its hold: its leaves are unknown since it was last good. */
function expire(state: AssetState, plan: AssetPlan, index: number, mono: Millis): boolean {
  const point = state.points[index];
  const good = lastGood(state, plan, index);
  if (!point || point.stale || !good || good.mono + holdOf(plan, index) + 1 > mono) return false;
  point.stale = true;
  const source = state.sources[plan.model.points[index]?.source ?? 0];
  if (point.tracking && source) source.silent = true;
  const mark = markOf(point.failure ? causeOf(point.failure) : "device-silent");
  remark(state.track, good.at, good.mono, plan.rules.leavesOfPoint[index] ?? [], () => mark);
  loseLamp(state, plan, index, mark);
  return true;
}

/** A counter did not move for `within`: it has stood still since its last increment. */
function standStill(state: AssetState, plan: AssetPlan, i: number, mono: Millis): boolean {
  const leaf = plan.rules.leaves[i];
  const point = leaf && state.points[leaf.point];
  if (leaf?.op !== "moving" || point?.movedAt == null) return false;
  if (state.track.log.at(-1)?.leaves.charAt(i) !== "T") return false;
  if (point.movedMono + leaf.withinMs + 1 > mono) return false;
  remark(
    state.track,
    point.movedAt,
    point.movedMono,
    [i],
    (old) => (old === "T" ? "F" : old),
    point.movedEdge,
  );
  return true;
}

/** After a time without the agent: values older than their hold are not known any more, from the start on. */
export function outdate(state: AssetState, plan: AssetPlan, mono: Millis): void {
  for (const [index, point] of state.points.entries()) {
    const good = lastGood(state, plan, index);
    if (!good || point.stale || mono - good.mono <= holdOf(plan, index)) continue;
    point.stale = true;
    const source = state.sources[plan.model.points[index]?.source ?? 0];
    if (source && point.tracking) source.silent = true;
  }
}

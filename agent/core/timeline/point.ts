/** A point between cycles: when it was last good, what a good and a bad reading do to it. */

import type { AssetState, PointState } from "../asset.ts";
import { addRepeats } from "../count/aggregate.ts";
import { causeOf } from "../fault.ts";
import type { Value } from "../model.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";

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

const cyclesOf = (state: AssetState, plan: AssetPlan, index: number): number =>
  state.sources[plan.model.points[index]?.source ?? 0]?.cycles ?? 0;

/** A bad reading. It stays bad until the next value; a new cause of blindness calls for an evaluation. */
export function spoil(state: AssetState, plan: AssetPlan, index: number, reason: string): void {
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
  addRepeats(point, cyclesOf(state, plan, index));
  point.tracking = false;
  point.failure = reason;
}

/** A good reading. */
export function accept(state: AssetState, plan: AssetPlan, index: number, value: Value): void {
  const point = state.points[index] as PointState;
  if (point.channel) {
    const cycles = cyclesOf(state, plan, index);
    addRepeats(point, cycles);
    point.channel.from = cycles;
  }
  point.value = value;
  point.tracking = true;
  point.failure = null;
  point.stale = false;
  if (plan.rulePoint[index]) state.evaluate = true;
}

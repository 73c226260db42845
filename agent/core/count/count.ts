/** Counters of a cycle: each good value becomes a booking that waits to be settled (accounting rule 8). */
import type { AssetState, Booking, PointState } from "../asset.ts";
import type { CycleInput } from "../input.ts";
import type { Value } from "../model.ts";
import type { AssetPlan } from "../plant.ts";
import { accept, type Instant, lastGood, spoil } from "../timeline/point.ts";
import { current } from "../timeline/track.ts";
import type { Flag } from "../window/sums.ts";
import { countOf, countSample } from "./counter.ts";

/** Flags raised by a cycle's counters, to be put on the windows that contain its instant. */
export type Raised = Flag[];

interface Step {
  delta: number;
  excess: number;
  flag: Flag | null;
}

/** The counter was read and had not moved. */
const STILL: Step = { delta: 0, excess: 0, flag: null };

/** A step of 0 is booked only where it may bridge a blind span. A point may serve several roles. */
function book(
  state: AssetState,
  plan: AssetPlan,
  index: number,
  now: Instant,
  prev: Instant,
  step: Step,
): void {
  const model = plan.model.points[index];
  if (!model?.counter) return;
  const late = now.mono - prev.mono > (plan.model.sources[model.source]?.holdMs ?? 0);
  if (step.delta === 0 && step.flag === null && !late && !wasBlind(state, prev)) return;
  push(state, plan, index, now, prev, step, late);
}

function push(
  state: AssetState,
  plan: AssetPlan,
  index: number,
  now: Instant,
  prev: Instant,
  step: Step,
  late: boolean,
): void {
  const pieces = plan.model.points[index]?.counter?.pieces ?? 1;
  const recipe = state.recipes.at(-1);
  for (const { role, point } of plan.counters) {
    if (point !== index) continue;
    const booking: Booking = {
      at: now.at,
      prevAt: prev.at,
      role,
      pieces: step.delta * pieces,
      excess: step.excess * pieces,
      ambiguous: step.flag !== null,
      late,
      recipe: recipe?.id ?? "unassigned",
      idealCycleUs: recipe?.idealCycleUs ?? null,
    };
    state.bookings.push(booking);
  }
}

/** Books that the counters of source `s` were read at `now`, those that were not booked there already. */
export function bookStill(
  state: AssetState,
  plan: AssetPlan,
  s: number,
  now: Instant,
  prev: Instant,
): void {
  for (const index of plan.countersOfSource[s] ?? []) {
    const roles = plan.counters.filter(({ point }) => point === index).map(({ role }) => role);
    const isBooked = state.bookings.some(({ at, role }) => at === now.at && roles.includes(role));
    if (isBooked || !state.points[index]?.tracking) continue;
    push(state, plan, index, now, prev, STILL, false);
  }
}

/** Was the condition unknown at some instant since `prev`, or may it turn out to have been? */
function wasBlind({ track }: AssetState, prev: Instant): boolean {
  return current(track).condition === "unknown" || (track.log.at(-1)?.at ?? 0) > prev.at;
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
    point.movedEdge = state.sources[plan.model.points[index]?.source ?? 0]?.at ?? null;
    if (plan.movingLeaves.length > 0) state.evaluate = true;
  }
  if (step.flag) raised.push(step.flag);
  if (!step.baseline) {
    book(state, plan, index, now, prev, step);
  }
  return true;
}

/** A counter that did not move is read all the same: a waiting jump is confirmed, a blind span is bridged. */
export function takeCounter(
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
  const value = input.values[model.id] ?? jump?.value;
  if (value !== undefined && !(value === point.value && point.tracking)) {
    if (count(state, plan, index, value, now, raised)) accept(state, plan, index, value);
    return;
  }
  const prev = point.tracking ? lastGood(state, plan, index) : null;
  if (!prev) return;
  // After a long gap the same value may hide whole wraps.
  const isLate = now.mono - prev.mono > (plan.model.sources[model.source]?.holdMs ?? 0);
  if (isLate) count(state, plan, index, point.value as Value, now, raised);
  else book(state, plan, index, now, prev, STILL);
}

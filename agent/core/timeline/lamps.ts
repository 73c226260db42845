/** The lamps of an asset: their points are watched, and what is found is written into the log, back to its first edge. */
import type { AssetState } from "../asset.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import { firstLamp, lampDue, seeLamp, settleLamp, undecidedSince } from "./lamp.ts";
import type { Instant } from "./point.ts";
import { remark } from "./track.ts";

/** Lamps take up what their points say now, before leaves are marked. `edgeFrom`: previous good cycle of the source. */
export function watchLamps(
  state: AssetState,
  plan: AssetPlan,
  now: Instant,
  edgeFrom: Millis | null,
): void {
  for (const index of plan.lampPoints) {
    const point = state.points[index];
    if (!point || point.value === null || point.stale) continue;
    const isLit = Number(point.value) !== 0;
    const edge = { at: now.at, mono: now.mono, edgeFrom };
    if (point.lamp?.isLit === isLit) continue;
    if (point.lamp) seeLamp(point.lamp, isLit, edge);
    else point.lamp = firstLamp(isLit, edge);
    // marks may be as before, but there is a deadline now
    state.dirty = true;
  }
}

/** Monotonic instant at which the next lamp is decided; `never` where none is watched. */
export function lampsDue(state: AssetState, plan: AssetPlan, never: Millis): Millis {
  let due = never;
  for (const index of plan.lampPoints) {
    const lamp = state.points[index]?.lamp;
    if (lamp) due = Math.min(due, lampDue(lamp) ?? never);
  }
  return due;
}

/** Decides what is due at monotonic `mono`. Returns whether the log was edited; the caller folds anew. */
export function settleLamps(state: AssetState, plan: AssetPlan, mono: Millis): boolean {
  let edited = false;
  for (const index of plan.lampPoints) {
    const lamp = state.points[index]?.lamp;
    const due = lamp ? lampDue(lamp) : null;
    const since = lamp && due !== null && due <= mono ? settleLamp(lamp) : null;
    if (!since) continue;
    for (const i of leavesOf(plan, index)) {
      const leaf = plan.rules.leaves[i];
      const mark = leaf?.op === "lamp" && leaf.shows === lamp?.shows ? "T" : "F";
      remark(state.track, since.at, since.mono, [i], () => mark, since.edgeFrom);
    }
    edited = true;
  }
  return edited;
}

/** A lamp lost from sight while it was watched is not known since its first undecided edge. */
export function loseLamp(state: AssetState, plan: AssetPlan, index: number, mark: string): void {
  const point = state.points[index];
  if (!point?.lamp) return;
  const since = undecidedSince(point.lamp);
  point.lamp = null;
  if (since) remark(state.track, since.at, since.mono, leavesOf(plan, index), () => mark);
}

const leavesOf = (plan: AssetPlan, index: number): number[] =>
  (plan.rules.leavesOfPoint[index] ?? []).filter((i) => plan.rules.leaves[i]?.op === "lamp");

/**
 * Wear of the machines on the wire: a span from onset to failure in plant time, and what it does to readings at any
 * instant, in any order. The physics is that of `decay.ts`; knows no machine, so that machines may know it.
 */
import type { Millis, Span } from "../../agent/core/time.ts";
import { noiseAt } from "../random.ts";
import { type Degradation, type Effects, healthy, SENSOR_FAULTS, wearTo } from "./decay.ts";

export type WireChannel =
  | "oilTemp"
  | "vibration"
  | "current"
  | "pressure"
  | "flow"
  | "filterDp"
  | "speed";

/** From the onset to the failure. Afterwards the machine stands for repair, and is as new when it is done. */
export interface Wear extends Span {
  wear: Degradation;
  /** The channel of a failing sensor. */
  channel: WireChannel;
  repaired: Millis;
}

export const NO_EFFECTS: Readonly<Effects> = Object.freeze(healthy());
const BURST_MS = 120_000;
const CELL_MS = 360_000;

/** Factors on the readings at `t` of all that wears. */
export function effectsAt(wears: readonly Wear[], key: number, t: Millis): Readonly<Effects> {
  let effects: Effects | null = null;
  for (const one of wears) {
    if (t <= one.from || t >= one.repaired || isSensorFault(one.wear)) continue;
    effects ??= healthy();
    wearTo(effects, one.wear, progressOf(one, t), isBurst(key, t));
  }
  return effects ?? NO_EFFECTS;
}

/** 0 at the onset, 1 at the failure and until it is repaired. */
export const progressOf = ({ from, to }: Span, t: Millis): number =>
  Math.min(1, Math.max(0, (t - from) / (to - from)));

export const isSensorFault = (kind: Degradation): boolean =>
  (SENSOR_FAULTS as readonly string[]).includes(kind);

/** Cavitation comes for two minutes, once in six. */
function isBurst(key: number, t: Millis): boolean {
  const cell = Math.floor(t / CELL_MS);
  const begin = noiseAt(key, cell) * (CELL_MS - BURST_MS);
  const within = t - cell * CELL_MS;
  return within >= begin && within < begin + BURST_MS;
}

/** How the sensor of a channel fails at `t`, null while it is sound. */
export function sensorFaultAt(
  wears: readonly Wear[],
  channel: WireChannel,
  t: Millis,
): Wear | null {
  for (const one of wears) {
    if (isSensorFault(one.wear) && one.channel === channel && t >= one.from && t < one.repaired) {
      return one;
    }
  }
  return null;
}

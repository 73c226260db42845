/**
 * One fault in the life of a traced machine: when it begins, how fast it goes, when the machine has failed. Wear goes by
 * running time; 16 h of running are one day. Knows how sensors fail, and leaves what wear does to `decay.ts`.
 */
import type { Millis } from "../../agent/core/time.ts";
import { exponential, type Random, uniform } from "../random.ts";
import { AT, CHANNELS, type TraceChannelId } from "./channels.ts";
import { type Degradation, type Effects, LIFE_DAYS, SENSOR_FAULTS, wearTo } from "./decay.ts";
import { gauss } from "./tail.ts";

/** Running time of a working day: two shifts. */
export const RUN_DAY_MS = 16 * 3_600_000;
const MINUTE = 60_000;
const BURST_MS = 2 * MINUTE;

export interface FaultPlan {
  kind: Degradation;
  /** Running time before the onset, milliseconds. */
  onsetRunMs: Millis;
  /** Multiple of the nominal life. Default 1. */
  lifeFactor?: number;
  /** Deviation of the pace, which wanders by the day. 0: the pace is even. Default 0. */
  unrest?: number;
}

export interface Fault {
  kind: Degradation;
  random: Random;
  onsetRunMs: Millis;
  lifeMs: Millis;
  unrest: number;
  /** Logarithm of the pace, 0 on average. */
  pace: number;
  progress: number;
  /** True instants in plant time, null until they are reached. */
  onsetAt: Millis | null;
  failureAt: Millis | null;
  failureRunMs: Millis | null;
  /** Running time at which the present or next burst begins. */
  burstAt: Millis;
  /** The channel whose sensor fails; the physical faults have none. */
  channel: TraceChannelId | null;
  /** How a lost sensor reads: nothing at all, or the end of its range. */
  isRail: boolean;
  held: number;
}

const SENSORS = ["bearingTemp", "vibration", "current", "pressure", "flow", "filterDp"] as const;

export function beginFault(plan: FaultPlan, random: Random): Fault {
  const isSensor = (SENSOR_FAULTS as readonly string[]).includes(plan.kind);
  return {
    kind: plan.kind,
    random,
    onsetRunMs: plan.onsetRunMs,
    lifeMs: LIFE_DAYS[plan.kind] * RUN_DAY_MS * (plan.lifeFactor ?? 1),
    unrest: plan.unrest ?? 0,
    pace: 0,
    progress: 0,
    onsetAt: null,
    failureAt: null,
    failureRunMs: null,
    burstAt: plan.onsetRunMs,
    channel: isSensor ? (SENSORS[Math.floor(random() * SENSORS.length)] as TraceChannelId) : null,
    isRail: random() < 0.5,
    held: Number.NaN,
  };
}

/** One step of running: sets progress and effects. After the failure nothing gets worse. */
export function wearOn(
  fault: Fault,
  plantAt: Millis,
  runMs: Millis,
  stepMs: Millis,
  effects: Effects,
): void {
  if (runMs <= fault.onsetRunMs) return;
  fault.onsetAt ??= plantAt;
  if (fault.unrest > 0) {
    const stay = Math.exp(-stepMs / RUN_DAY_MS);
    const kick = fault.unrest * Math.sqrt(1 - stay * stay);
    fault.pace = fault.pace * stay + kick * gauss(fault.random);
  }
  fault.progress = Math.min(1, fault.progress + (stepMs / fault.lifeMs) * Math.exp(fault.pace));
  if (fault.progress >= 1 && fault.failureAt === null) {
    fault.failureAt = plantAt;
    fault.failureRunMs = runMs;
  }
  if (runMs > fault.burstAt + BURST_MS) {
    fault.burstAt = runMs + MINUTE + exponential(fault.random, 3 * MINUTE);
  }
  wearTo(effects, fault.kind, fault.progress, runMs > fault.burstAt);
}

/** What a failing sensor makes of its value in a row. */
export function spoilRow(fault: Fault, row: Float64Array): void {
  if (fault.channel === null || fault.onsetAt === null) return;
  const at = AT[fault.channel];
  const { perUnit, kind } = CHANNELS[at];
  if (fault.kind === "sensor-stuck") {
    if (Number.isNaN(fault.held)) fault.held = row[at] as number;
    row[at] = fault.held;
  } else if (fault.kind === "sensor-drift") {
    const value = row[at] as number;
    const bias = fault.progress * (kind === "temperature" ? 12 : 0.25 * value);
    row[at] = Math.round((value + bias) * perUnit) / perUnit;
  } else if (fault.kind === "sensor-lost") {
    row[at] = fault.isRail ? -32_768 / perUnit : Number.NaN;
  }
}

/** Onsets for runs of many seeds: after the warm-up, at no special hour. */
export const onsetOf = (random: Random, days: number): Millis =>
  Math.round((days + uniform(random, 0, 5)) * RUN_DAY_MS);

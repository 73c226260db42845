/**
 * The condition channels of a machine at an instant: physics, wear, sensor noise, quantization.
 * A sensor refreshes every 250 ms, so reading twice within that gives the same value.
 */
import type { Millis } from "../agent/core/time.ts";
import { ambientAt, riseAfter } from "./heat.ts";
import { type ChannelName, type Machine, type Run, runAt } from "./machine.ts";
import { noiseAt } from "./random.ts";
import { effectsAt, progressOf, sensorFaultAt, type Wear } from "./wear/on-wire.ts";

const REFRESH_MS = 250;

/** Values as the sensors' converters deliver them: already on their steps. */
export interface Reading {
  /** Tenths of a degree Celsius. */
  oilTemp10: number;
  ambient10: number;
  /** mm/s RMS in steps of 0.01. */
  vibration: number;
  /** Ampere in steps of 0.1. */
  current: number;
  /** Hundredths of a bar. */
  pressure100: number;
  /** Coolant: tenths of a liter per minute, and thousandths of a bar across its filter. */
  flow10: number;
  filterDp1000: number;
  /** Driven shaft, revolutions per minute. */
  speed: number;
}

const SALT: Record<ChannelName, number> = {
  oilTemp: 0x1f83d9ab,
  vibration: 0x5be0cd19,
  current: 0x3c6ef372,
  pressure: 0x510e527f,
  flow: 0x6a09e667,
  filterDp: 0xbb67ae85,
  speed: 0xa54ff53a,
};
/** Where the converter of a lost sensor stands. */
const RAIL = -32_768;

/** Roughly Gaussian, deviation 1, bounded by ±3.5: the sum of four bytes of one hash. */
function noise(machine: Machine, channel: ChannelName, tick: number): number {
  const bytes = noiseAt(machine.key ^ SALT[channel], tick) * 4294967296;
  const sum = (bytes & 255) + ((bytes >>> 8) & 255) + ((bytes >>> 16) & 255) + (bytes >>> 24);
  return (sum - 510) / 147.8;
}

function wear(machine: Machine, channel: ChannelName, t: Millis): number {
  let sum = 0;
  for (const drift of machine.drifts) {
    if (drift.channel !== channel || t <= drift.from) continue;
    sum += (drift.perHour * (Math.min(t, drift.to) - drift.from)) / 3_600_000;
  }
  return sum;
}

const int16 = (value: number): number => Math.max(-32767, Math.min(32767, Math.round(value)));

/** Oil temperature in tenths of a degree at `t`. */
export function oilTemp10(machine: Machine, t: Millis, run: Run = runAt(machine, t)): number {
  const fault = sensorFaultAt(machine.wears, "oilTemp", t);
  if (!fault) return warm(machine, t, run);
  if (fault.wear === "sensor-lost") return RAIL;
  if (fault.wear === "sensor-stuck") return warm(machine, fault.from, runAt(machine, fault.from));
  return int16(warm(machine, t, run) + 120 * progressOf(fault, t));
}

function warm(machine: Machine, t: Millis, run: Run): number {
  const tick = Math.floor(t / REFRESH_MS);
  const instant = Math.max(run.from, tick * REFRESH_MS);
  const { rise } = effectsAt(machine.wears, machine.key, instant);
  const celsius =
    ambientAt(instant) +
    riseAfter(machine.kind.channels, run, instant) * rise +
    wear(machine, "oilTemp", instant);
  return int16(celsius * 10 + noise(machine, "oilTemp", tick) * 1.2);
}

/** All channels at `t`, as failing sensors show them. */
export function readingAt(machine: Machine, t: Millis, run: Run = runAt(machine, t)): Reading {
  const reading = sound(machine, t, run);
  reading.oilTemp10 = oilTemp10(machine, t, run);
  if (machine.wears.length === 0) return reading;
  for (const [channel, field] of FIELDS) {
    const fault = sensorFaultAt(machine.wears, channel, t);
    if (fault) reading[field] = failing(machine, fault, t, field, reading[field]);
  }
  return reading;
}

const FIELDS = [
  ["vibration", "vibration"],
  ["current", "current"],
  ["pressure", "pressure100"],
  ["flow", "flow10"],
  ["filterDp", "filterDp1000"],
  ["speed", "speed"],
] as const;

function failing(
  machine: Machine,
  fault: Wear,
  t: Millis,
  field: (typeof FIELDS)[number][1],
  value: number,
): number {
  // Floats come from a converter that marks an open input; integers stand at the end of their range.
  if (fault.wear === "sensor-lost") {
    return field === "vibration" || field === "current" ? Number.NaN : RAIL;
  }
  if (fault.wear === "sensor-stuck") {
    return sound(machine, fault.from, runAt(machine, fault.from))[field];
  }
  const steps = field === "vibration" ? 100 : field === "current" ? 10 : 1;
  return Math.round(value * (1 + 0.25 * progressOf(fault, t)) * steps) / steps;
}

/** What sound sensors would show; the oil is left to {@link oilTemp10}. */
function sound(machine: Machine, t: Millis, run: Run): Reading {
  const { vibration, current, pressure } = machine.kind.channels;
  const tick = Math.floor(t / REFRESH_MS);
  const instant = Math.max(run.from, tick * REFRESH_MS);
  const share = Math.min(1, (instant - run.from) / run.plannedMs);
  const effects = effectsAt(machine.wears, machine.key, instant);
  const around = (channel: ChannelName, base: number, deviation: number): number =>
    base + wear(machine, channel, instant) + deviation * noise(machine, channel, tick);
  const level = vibration.base + vibration.gain * run.load;
  const shaking = around("vibration", level * effects.vibration, vibration.noise);
  const power = current.base + current.gain * run.load;
  const drawn = around("current", power * effects.current, current.noise);
  const bar = around(
    "pressure",
    pressure(run.load, share) * effects.pressure,
    0.02 * effects.scatter,
  );
  const turns = run.load > 0 ? 1 : 0;
  const stream = turns * (34 + 6 * run.load) * effects.flow;
  const dp = 0.35 * (stream / 40) ** 2 * effects.filterDp;
  return {
    oilTemp10: 0,
    ambient10: int16(ambientAt(instant) * 10),
    vibration: Math.max(0, Math.round(shaking * 100)) / 100,
    current: Math.max(0, Math.round(drawn * 10)) / 10,
    pressure100: int16(bar * 100),
    flow10: int16(10 * around("flow", stream, 0.3 * turns)),
    filterDp1000: int16(1000 * around("filterDp", dp, 0.004 * turns)),
    speed: int16(around("speed", turns * 1480 * (1 - 0.02 * run.load) * effects.speed, 2 * turns)),
  };
}

/**
 * The condition channels of a machine at an instant: physics, wear, sensor noise, quantization.
 * A sensor refreshes every 250 ms, so reading twice within that gives the same value.
 */
import type { Millis } from "../agent/core/time.ts";
import { ambientAt, riseAfter } from "./heat.ts";
import { type ChannelName, type Machine, type Run, runAt } from "./machine.ts";
import { noiseAt } from "./random.ts";

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
}

const SALT: Record<ChannelName, number> = {
  oilTemp: 0x1f83d9ab,
  vibration: 0x5be0cd19,
  current: 0x3c6ef372,
  pressure: 0x510e527f,
};

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
  const tick = Math.floor(t / REFRESH_MS);
  const instant = Math.max(run.from, tick * REFRESH_MS);
  const celsius =
    ambientAt(instant) +
    riseAfter(machine.kind.channels, run, instant) +
    wear(machine, "oilTemp", instant);
  return int16(celsius * 10 + noise(machine, "oilTemp", tick) * 1.2);
}

/** All channels at `t`. */
export function readingAt(machine: Machine, t: Millis, run: Run = runAt(machine, t)): Reading {
  const { vibration, current, pressure } = machine.kind.channels;
  const tick = Math.floor(t / REFRESH_MS);
  const instant = Math.max(run.from, tick * REFRESH_MS);
  const share = Math.min(1, (instant - run.from) / run.plannedMs);
  const around = (channel: ChannelName, base: number, deviation: number): number =>
    base + wear(machine, channel, instant) + deviation * noise(machine, channel, tick);
  const shaking = around("vibration", vibration.base + vibration.gain * run.load, vibration.noise);
  const drawn = around("current", current.base + current.gain * run.load, current.noise);
  const bar = around("pressure", pressure(run.load, share), 0.02);
  return {
    oilTemp10: oilTemp10(machine, t, run),
    ambient10: int16(ambientAt(instant) * 10),
    vibration: Math.max(0, Math.round(shaking * 100)) / 100,
    current: Math.max(0, Math.round(drawn * 10)) / 10,
    pressure100: int16(bar * 100),
  };
}

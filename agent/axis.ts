/**
 * The time axis of the agent (accounting rule 13): an anchor plus monotonic time, so that no length of time
 * depends on UTC. A pure state machine: it is told both clocks and says how far they have parted.
 */
import type { Millis } from "./core/time.ts";

/** A straight piece of the axis: `utc` at `mono`, going on with `rate` milliseconds per millisecond. */
export interface Axis {
  mono: number;
  utc: number;
  rate: number;
}

export interface Tick {
  axis: Axis;
  /** The instant of this tick on the axis as it was, before any step. */
  at: Millis;
  /** 0, or how far UTC jumped: `at + stepMs` is the UTC from which the axis goes on. */
  stepMs: Millis;
}

/** Offsets from here on are steps; smaller ones are slewed away. */
export const STEP_MS = 500;
const MAX_SLEW = 500e-6;
/** Time in which a small offset shrinks to a third: long against the ticks, so that slewing never overshoots. */
const SLEW_MS = 10_000;

export const anchor = (mono: number, utc: Millis): Axis => ({ mono, utc, rate: 1 });

/** The axis instant of a monotonic one. Exact within the piece; instants before it are extended backward. */
export const instantOf = (axis: Axis, mono: number): Millis =>
  Math.floor(axis.utc + (mono - axis.mono) * axis.rate);

/**
 * Compares the axis with UTC, both read now; due at least every 20 s. An offset below {@link STEP_MS} bends the
 * axis by at most 500 ppm, continuously, so it never runs back. A larger one leaves it and is reported once.
 */
export function tick(axis: Axis, mono: number, utc: Millis): Tick {
  const here = axis.utc + (mono - axis.mono) * axis.rate;
  const at = Math.floor(here);
  const offset = utc - here;
  if (Math.abs(offset) >= STEP_MS) return { axis: anchor(mono, utc), at, stepMs: utc - at };
  const slew = Math.min(Math.max(offset / SLEW_MS, -MAX_SLEW), MAX_SLEW);
  return { axis: { mono, utc: here, rate: 1 + slew }, at, stepMs: 0 };
}

/**
 * The axis of a run (accounting rule 13): anchored at UTC when the agent starts, then monotonic; tells the core of
 * steps and of how far UTC can be trusted.
 */
import { type Axis, anchor, instantOf, tick as tickAxis } from "./axis.ts";
import type { Clock } from "./clock.ts";
import type { Millis } from "./core/time.ts";
import type { ClockQuality } from "./core/vocabulary.ts";
import type { Log } from "./log.ts";
import type { Pipeline } from "./pipeline.ts";
import { iso } from "./record/iso.ts";

const QUALITY_EVERY_MS = 10_000;

export interface Timekeeper {
  now(): Millis;
  /** The axis instant of a monotonic one. */
  at(mono: number): Millis;
  /** Compares the clocks; due with every slot. */
  tick(): void;
  /** Tells the core what the clock is worth at the start. */
  begin(): void;
}

export interface TimekeeperPorts {
  clock: Clock;
  log: Log;
  pipeline: Pipeline;
  /** The trust that UTC deserves now. */
  quality(utc: Millis): ClockQuality;
}

/** Anchored never before what the core already knows: a gateway without a battery-backed clock may start earlier. */
export function openTimekeeper({ clock, log, pipeline, quality }: TimekeeperPorts): Timekeeper {
  let behind = Math.max(0, pipeline.core.state.now + 1 - clock.utc());
  let axis: Axis = anchor(clock.mono(), clock.utc() + behind);
  let probed = Number.NEGATIVE_INFINITY;
  let told: ClockQuality | null = null;
  const measured = (): ClockQuality => (behind > 0 ? "unsynced" : quality(clock.utc()));
  const tell = (at: Millis, stepMs: Millis): void => {
    const now = measured();
    if (now === told && stepMs === 0) return;
    if (stepMs !== 0) log.warn("the clock stepped", { stepMs, at: iso(at) });
    told = now;
    pipeline.enter({ kind: "clock", at, quality: now, stepMs });
  };
  return {
    now: () => instantOf(axis, clock.mono()),
    at: (mono) => instantOf(axis, mono),
    begin() {
      told = measured();
      if (told !== pipeline.core.state.quality)
        pipeline.enter({
          kind: "clock",
          at: instantOf(axis, clock.mono()),
          quality: told,
          stepMs: 0,
        });
    },
    tick() {
      const mono = clock.mono();
      if (behind > 0 && clock.utc() > instantOf(axis, mono)) behind = 0;
      const next = tickAxis(axis, mono, clock.utc() + behind);
      axis = next.axis;
      const due = mono - probed >= QUALITY_EVERY_MS;
      if (due) probed = mono;
      if (due || next.stepMs !== 0) tell(next.at, next.stepMs);
    },
  };
}

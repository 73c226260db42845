/**
 * One simulated machine under watch: healthy months, a life up to a failure. Counts what was told and when; judges
 * nothing. Seeds below 1000 are for tuning, from 1000 on for evaluation.
 */
import type { Context } from "../../agent/core/signal/gate.ts";
import type { BankModel } from "../../agent/core/signal/model.ts";
import { keyOf, stream, uniform } from "../../simulator/random.ts";
import { AT, type TraceChannelId } from "../../simulator/wear/channels.ts";
import type { Degradation } from "../../simulator/wear/decay.ts";
import { onsetOf } from "../../simulator/wear/onset.ts";
import { createTrace, nextRow, type Trace } from "../../simulator/wear/trace.ts";
import { pieceTimer } from "./plant-pieces.ts";
import type { Told, Watch } from "./plant-watch.ts";

const DAY = 86_400_000;
const MONTH = 30 * DAY;
/** Given to learn before months are counted. What is raised in it counts all the same. */
const COMMISSIONING = 14 * DAY;
/** Running days before an onset: a month of service. */
const SERVED_DAYS = 20;

/** Any hour of any day of two years. */
export const startOf = (seed: number): number =>
  Date.UTC(2026, 0, 1) + Math.floor(stream(keyOf(seed, "start"))() * 730 * 24) * 3_600_000;

/** Puts a watch in front of a trace. Calls `hear` for each row on which something was told. */
export interface Seat {
  trace: Trace;
  /** The next row, watched. */
  step(): readonly Told[];
}

export function seat(trace: Trace, model: BankModel, watch: Watch, perCycle = 1): Seat {
  const columns = model.channels.map(({ id }) => AT[id as TraceChannelId]);
  const counted = model.channels.findIndex((channel) => channel.counted);
  const x = new Float64Array(columns.length);
  const now: Context = { at: 0, runMs: 0, state: "", recipe: "", observed: true };
  let services = 0;
  const timer = pieceTimer(perCycle);
  return {
    trace,
    step: () => {
      nextRow(trace);
      for (let i = 0; i < columns.length; i++) x[i] = trace.row[columns[i]!]!;
      if (counted >= 0) x[counted] = timer(trace);
      // Core time is held while a clock that was set back catches up.
      now.at = Math.max(now.at, trace.at);
      now.runMs = trace.runMs;
      now.state = trace.isObserved ? trace.stretch.condition : "unknown";
      now.recipe = String(trace.stretch.product);
      now.observed = trace.isObserved;
      if (trace.services > services) {
        services = trace.services;
        watch.serviced(now);
      }
      return watch.row(x, now);
    },
  };
}

export interface Alarm extends Told {
  plantAt: number;
  runMs: number;
}

/** Something to act on that was not there before. */
const isAlarm = (one: Told): boolean => one.status === "raised" && one.severity !== "info";

export interface Healthy {
  rows: number;
  alarms: Alarm[];
}

/** `months` of 30 days after two weeks of commissioning, with services. */
export function runHealthy(
  seed: number,
  months: number,
  model: BankModel,
  watch: Watch,
  scatter = 1,
  perCycle = 1,
): Healthy {
  const start = startOf(seed);
  const { trace, step } = seat(createTrace({ seed, start, scatter }), model, watch, perCycle);
  const alarms: Alarm[] = [];
  let rows = 0;
  while (trace.plantAt < start + COMMISSIONING + months * MONTH) {
    const told = step();
    rows++;
    for (const one of told) {
      if (isAlarm(one)) alarms.push({ ...one, plantAt: trace.plantAt, runMs: trace.runMs });
    }
  }
  return { rows, alarms };
}

/** Channels in which a fault shows; signals about several channels have none. */
const SHOWS: Record<Degradation, readonly (TraceChannelId | null)[]> = {
  bearing: ["vibration", "bearingTemp", null],
  filter: ["filterDp", "flow", "pressure", null],
  tool: ["current", "cycleTime", "vibration", null],
  cavitation: ["vibration", "pressure", "flow", null],
  belt: ["speed", "cycleTime", "bearingTemp", null],
  "sensor-stuck": [],
  "sensor-drift": [],
  "sensor-lost": [],
};

export interface Failing {
  kind: Degradation;
  /** Raised before the onset: false alarms. */
  before: Alarm[];
  /** From the onset on, in order. */
  after: Alarm[];
  /** The first alarm after the onset in a channel that shows the fault, or null: missed. */
  found: Alarm | null;
  /** The first data-quality signal of the failing sensor. */
  named: Alarm | null;
  channel: TraceChannelId | null;
  onsetAt: number;
  onsetRunMs: number;
  failureAt: number;
  failureRunMs: number;
}

/** A machine that has run for {@link SERVED_DAYS} to five days more, then fails; it is watched to the failure. */
export function runFailure(
  kind: Degradation,
  seed: number,
  model: BankModel,
  watch: Watch,
  scatter = 1,
  perCycle = 1,
): Failing {
  const start = startOf(seed);
  const fault = { kind, onsetRunMs: onsetOf(stream(keyOf(seed, "onset")), SERVED_DAYS) };
  const { trace, step } = seat(
    createTrace({ seed, start, fault, scatter }),
    model,
    watch,
    perCycle,
  );
  const truth = trace.fault!;
  const before: Alarm[] = [];
  const after: Alarm[] = [];
  while (truth.failureAt === null) {
    const told = step();
    for (const one of told) {
      const alarm = { ...one, plantAt: trace.plantAt, runMs: trace.runMs };
      if (isAlarm(one)) (truth.onsetAt === null ? before : after).push(alarm);
    }
  }
  const shows = SHOWS[kind];
  return {
    kind,
    before,
    after,
    found:
      after.find(
        (one) =>
          one.kind !== "data-quality" && shows.includes(one.channel as TraceChannelId | null),
      ) ?? null,
    named:
      after.find((one) => one.kind === "data-quality" && one.channel === truth.channel) ?? null,
    channel: truth.channel,
    onsetAt: truth.onsetAt ?? 0,
    onsetRunMs: truth.onsetRunMs,
    failureAt: truth.failureAt,
    failureRunMs: truth.failureRunMs ?? 0,
  };
}

export interface Judged {
  kind: Degradation;
  /** Progress of the life at the check, by running time: 0.5 to 1. */
  at: number;
  /** Truth in running and calendar milliseconds from the estimate on; null: no estimate stood. */
  left: { runMs: number; ms: number } | null;
  estimate: Told["estimate"];
}

/** The estimate that stands at one random point of the last half of a life that goes its own pace. */
export function runEstimate(
  seed: number,
  kind: Degradation,
  model: BankModel,
  watch: Watch,
): Judged {
  const random = stream(keyOf(seed, "estimate"));
  const lifeFactor = Math.exp(uniform(random, Math.log(0.9), Math.log(3)));
  const plan = { kind, onsetRunMs: onsetOf(random, SERVED_DAYS), lifeFactor, unrest: 0.25 };
  const share = uniform(random, 0.5, 1);
  const start = startOf(seed);
  const { trace, step } = seat(createTrace({ seed, start, fault: plan }), model, watch);
  const truth = trace.fault!;
  const heard: { runMs: number; plantAt: number; estimate: NonNullable<Told["estimate"]> }[] = [];
  while (truth.failureAt === null) {
    for (const { estimate, channel } of step()) {
      const isFresh = estimate !== null && SHOWS[kind].includes(channel as TraceChannelId);
      if (isFresh) heard.push({ runMs: trace.runMs, plantAt: trace.plantAt, estimate });
    }
  }
  const [onset, end] = [truth.onsetRunMs, truth.failureRunMs ?? 0];
  const check = onset + share * (end - onset);
  const last = heard.findLast((one) => one.runMs <= check);
  if (!last || last.estimate.none !== null) return { kind, at: share, left: null, estimate: null };
  const left = { runMs: end - last.runMs, ms: truth.failureAt - last.plantAt };
  return { kind, at: share, left, estimate: last.estimate };
}

/**
 * A simulated machine as the exact history of its states. History is made on demand by `advance` and then
 * never changes; everything else (registers, pieces, channels, truth) is computed from it for any instant.
 * Reads no clock, and one jump or many give the same history.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import type { Condition } from "../agent/core/vocabulary.ts";
import { riseAfter } from "./heat.ts";
import type { Kind, Segment } from "./kind.ts";
import { madeBefore, type Pace, type Rejects, rejectsBelow, rejectsOf, spoil } from "./pieces.ts";
import { keyOf, stream } from "./random.ts";
import { conditionOf } from "./status.ts";
import { effectsAt, type Wear, type WireChannel } from "./wear/on-wire.ts";

/** A stretch in one state, `[from, to)`; runs tile time. */
export interface Run extends Span, Pace {
  status: number;
  reason: number;
  guard: boolean;
  recipe: number;
  condition: Condition;
  load: number;
  /** Length the stretch was meant to have when it began. */
  plannedMs: Millis;
  /** Oil temperature above ambient at `from`, kelvin. */
  rise: number;
}

/** A state forced on the machine from outside, `[from, to)`. Its own life stands still meanwhile. */
export interface Overlay extends Span {
  status: number;
  reason: number;
  guard: boolean;
  /** The higher one shows where overlays meet; among equals the later begun. */
  rank: number;
}

export type ChannelName = WireChannel;

/** Wear: a channel creeps away by so much per hour, `[from, to)`; it keeps what it gained. */
export interface Drift extends Span {
  channel: ChannelName;
  perHour: number;
}

export interface MachineSpec {
  id: string;
  unit: number;
  kind: Kind;
  /** Counters wrap from `modulus - 1` to 0; at most 2^32. */
  modulus: number;
  /** Value of the total counter at the start; null: some past of its own. */
  counterStart: number | null;
}

export interface Machine extends MachineSpec {
  start: Millis;
  key: number;
  runs: Run[];
  /** History below this instant has been shown to somebody and must not change. */
  shown: Millis;
  plan: () => Segment[];
  queue: Segment[];
  /** The segment the last run was cut from, null when it came from an overlay. */
  source: Segment | null;
  overlays: Overlay[];
  drifts: Drift[];
  wears: Wear[];
  rejects: Rejects;
  /** Counters at the start. */
  past: Pieces;
  /** Instants at which both counters went to zero, with the pieces made before. Ascending. */
  resets: { at: Millis; made: Pieces | null }[];
  /** Index of the run that was asked for last. */
  cursor: number;
}

export interface Pieces {
  total: number;
  good: number;
}

/** A machine that begins its life at `start`. Another machine or another order changes nothing in it. */
export function createMachine(spec: MachineSpec, start: Millis, seed: number): Machine {
  const key = keyOf(seed, spec.id);
  const past = Math.floor(stream(keyOf(key, "past"))() * Math.min(spec.modulus, 900_000));
  const total = (spec.counterStart ?? past) % spec.modulus;
  return {
    ...spec,
    start,
    key,
    runs: [],
    shown: start,
    plan: spec.kind.planner(stream(keyOf(key, "plan"))),
    queue: [],
    source: null,
    overlays: [],
    drifts: [],
    wears: [],
    rejects: rejectsOf(stream(keyOf(key, "reject")), spec.kind.rejectRate),
    past: { total, good: Math.floor(total * (1 - spec.kind.rejectRate)) },
    resets: [],
    cursor: 0,
  };
}

/** Makes sure that history covers `[start, to)`, and freezes it there. */
export function advance(machine: Machine, to: Millis): void {
  if (to > machine.shown) machine.shown = to;
  let end = machine.runs.at(-1)?.to ?? machine.start;
  while (end < to) end = extend(machine);
}

/** Forces states on the machine. Throws RangeError when history below `from` was already shown. */
export function disturb(machine: Machine, overlays: Overlay[]): void {
  for (const overlay of overlays) {
    if (overlay.from < machine.shown) throw new RangeError(`${machine.id}: the past is settled`);
    if (overlay.to <= overlay.from) continue;
    machine.overlays.push(overlay);
    cut(machine, overlay.from);
  }
}

/** Both counters restart from zero at `at`. Throws RangeError in settled history. */
export function resetCounters(machine: Machine, at: Millis): void {
  if (at < machine.shown) throw new RangeError(`${machine.id}: the past is settled`);
  machine.resets.push({ at, made: null });
  machine.resets.sort((a, b) => a.at - b.at);
}

/** The state at instant `t`. Throws RangeError before the start. */
export function runAt(machine: Machine, t: Millis): Run {
  if (t < machine.start) throw new RangeError(`${machine.id} has no history at ${t}`);
  advance(machine, t + 1);
  const { runs } = machine;
  let i = Math.min(machine.cursor, runs.length - 1);
  while ((runs[i] as Run).to <= t) i++;
  while ((runs[i] as Run).from > t) i--;
  machine.cursor = i;
  return runs[i] as Run;
}

/** Pieces with an instant in `[start, before)`. */
export function piecesBefore(machine: Machine, before: Millis): Pieces {
  if (before <= machine.start) return { total: 0, good: 0 };
  const run = runAt(machine, before - 1);
  const total = run.first + madeBefore(run, machine.key, before);
  return { total, good: total - rejectsBelow(machine.rejects, total) };
}

/** Both counters as the controller shows them at `t`; a piece shows from its own instant on. */
export function countersAt(machine: Machine, t: Millis): Pieces {
  const made = piecesBefore(machine, t + 1);
  const reset = machine.resets.findLast((one) => one.at <= t);
  if (!reset) {
    made.total = (machine.past.total + made.total) % machine.modulus;
    made.good = (machine.past.good + made.good) % machine.modulus;
    return made;
  }
  reset.made ??= piecesBefore(machine, reset.at);
  made.total = (made.total - reset.made.total) % machine.modulus;
  made.good = (made.good - reset.made.good) % machine.modulus;
  return made;
}

/** Appends one run and returns its end. */
function extend(machine: Machine): Millis {
  const last = machine.runs.at(-1);
  const from = last ? last.to : machine.start;
  machine.overlays = machine.overlays.filter((one) => one.to > from);
  const own = current(machine, from);
  const forced = machine.overlays.length === 0 ? null : covering(machine.overlays, from);
  const state = forced
    ? { ...own, ...forced, ms: forced.to - from, cycleMs: null, load: 0, scrap: 0 }
    : own;
  const to = Math.min(from + state.ms, nextEdge(machine.overlays, from));
  const first = last ? last.first + madeBefore(last, machine.key, last.to) : 0;
  if (state.scrap > 0) spoil(machine.rejects, first, state.scrap);
  machine.runs.push({
    from,
    to,
    status: state.status,
    reason: state.reason,
    guard: state.guard,
    recipe: state.recipe,
    condition: conditionOf(state.status, state.guard),
    cycleMs: state.cycleMs,
    load: state.load,
    first,
    plannedMs: state.ms,
    rise: last ? riseAfter(machine.kind.channels, last, last.to) : 0,
  });
  machine.source = forced ? null : own;
  if (!forced) consume(machine, own, to - from);
  return to;
}

function current(machine: Machine, t: Millis): Segment {
  while (machine.queue.length === 0) {
    const { cycle } = effectsAt(machine.wears, machine.key, t);
    machine.queue.push(...machine.plan().map((one) => slowed(one, cycle)));
  }
  return machine.queue[0] as Segment;
}

/** The same pieces in more time. */
function slowed(segment: Segment, factor: number): Segment {
  const { ms, cycleMs } = segment;
  if (factor === 1 || cycleMs === null) return segment;
  return { ...segment, ms: Math.round(ms * factor), cycleMs: cycleMs * factor };
}

function consume(machine: Machine, segment: Segment, ms: Millis): void {
  segment.ms -= ms;
  segment.scrap = 0;
  if (segment.ms === 0) machine.queue.shift();
}

/** Ends the last run at `at` (it began before: history is made no further than needed); the rest of its segment follows later. */
function cut(machine: Machine, at: Millis): void {
  const last = machine.runs.at(-1);
  if (!last || last.to <= at) return;
  if (machine.source) {
    if (machine.source.ms === 0) machine.queue.unshift(machine.source);
    machine.source.ms += last.to - at;
  }
  last.to = at;
}

function covering(overlays: Overlay[], t: Millis): Overlay | null {
  let best: Overlay | null = null;
  for (const one of overlays) {
    if (one.from > t || one.to <= t) continue;
    const wins = !best || one.rank > best.rank || (one.rank === best.rank && one.from >= best.from);
    if (wins) best = one;
  }
  return best;
}

function nextEdge(overlays: Overlay[], t: Millis): Millis {
  let edge = Number.POSITIVE_INFINITY;
  for (const { from, to } of overlays) {
    if (from > t && from < edge) edge = from;
    if (to > t && to < edge) edge = to;
  }
  return edge;
}

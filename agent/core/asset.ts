/** The whole remembered state of one asset between two inputs. Plain data: it is journaled as JSON. */

import type { Note, PlanInput } from "./annotation/entered.ts";
import type { CounterState } from "./count/counter.ts";
import type { IncidentBody } from "./incident/body.ts";
import { type IncidentsState, newIncidents } from "./incident/state.ts";
import type { Frame } from "./input.ts";
import type { CountFact, IntervalFact, StateBody } from "./journal.ts";
import type { PointModel, Value } from "./model.ts";
import type { AssetPlan } from "./plant.ts";
import type { Millis } from "./time.ts";
import type { LampState } from "./timeline/lamp.ts";
import type { Scrutiny } from "./timeline/plausible.ts";
import type { OpenStop } from "./timeline/stop.ts";
import type { Track } from "./timeline/track.ts";
import { newTrack } from "./timeline/track.ts";
import { newWatch, type Watch } from "./watch.ts";
import type { WindowSums } from "./window/sums.ts";

export interface SourceState {
  /** Last good cycle on the axis; null before the first. */
  at: Millis | null;
  mono: Millis;
  /** Some of its points are stale though not bad: the source fell silent. */
  silent: boolean;
  /** Good cycles so far. */
  cycles: number;
  /** Begin of the minute whose aggregates are being made. */
  minute: Millis;
}

export interface PointState {
  value: Value | null;
  /** Good at the source's last good cycle; otherwise `at`/`mono` say when it last was. */
  tracking: boolean;
  at: Millis | null;
  mono: Millis;
  /** Newest failure since it was last good. */
  failure: string | null;
  stale: boolean;
  counter: CounterState | null;
  /** The minute so far, of a condition channel. */
  channel: ChannelState | null;
  /** Last increment, for `counterMoving`; null before the first. */
  movedAt: Millis | null;
  movedMono: Millis;
  /** Previous good cycle before that increment. */
  movedEdge: Millis | null;
  /** Of a point that a rule reads as a lamp; null before its first value and after it was lost from sight. */
  lamp: LampState | null;
  /** Of a point with plausibility rules, from its first value on. */
  scrutiny?: Scrutiny;
}

/** A minute of a channel. Cycles that repeat a value are added when it changes: `from` is the first one not added. */
export interface ChannelState {
  min: number;
  max: number;
  sum: number;
  n: number;
  from: number;
}

/** A counter delta that waits to be settled. Book only inside the window that contains `at`. */
export interface Booking {
  at: Millis;
  prevAt: Millis;
  role: "total" | "good" | "reject";
  /** Pieces; 0 where the counter was only read across a blind span. */
  pieces: number;
  excess: number;
  /** Reset, wrap in doubt, correction: it cannot bridge a blind span. */
  ambiguous: boolean;
  /** The previous good sample was older than the hold limit. */
  late: boolean;
  recipe: string;
  idealCycleUs: number | null;
}

export interface RecipeSpan {
  from: Millis;
  id: string;
  idealCycleUs: number | null;
}

export interface OpenWindow extends Frame {
  /** Revision 0 is out. */
  published: boolean;
  sums: WindowSums;
}

/** The blind span that covers the settled end. */
export interface OpenBlind {
  from: Millis;
  /** Windows whose loading it touched, by `kind from`. */
  touched: string[];
  /** A count inside it was ambiguous. */
  ambiguous: boolean;
}

/** A blind span that ended at `end`, waiting for the counters. */
export interface Crossing extends OpenBlind {
  end: Millis;
  /** First sample at or after `end` by role; null: it lay outside loading. */
  read: Partial<Record<Booking["role"], Millis | null>>;
}

/** What is settled: everything before `to` is in the windows' sums and never changes. */
export interface Ledger {
  to: Millis;
  stop: OpenStop | null;
  blind: OpenBlind | null;
  /** Edges up to here are booked: they are sure a micro-stop later. */
  edgesTo: Millis;
  /** Blind spans that ended; whether they were bridged shows when every counter was read again. */
  crossings: Crossing[];
  windows: OpenWindow[];
  /** The last interval, still growing. */
  open: IntervalFact | null;
}

export interface Proposal {
  note: Note;
  status: "proposed" | "disputed";
  /** What it is about, as it was settled. */
  intervals: IntervalFact[];
  counts: CountFact[];
}

export interface AssetState {
  id: string;
  firstInputAt: Millis | null;
  /** Between a stop of the agent and its start. */
  stopped: boolean;
  sources: SourceState[];
  points: PointState[];
  track: Track;
  /** Last decided truth of each leaf, for hysteresis. */
  latches: boolean[];
  /** The next evaluation is logged even if nothing changed. */
  evaluate: boolean;
  /** A clock step is not observed before this instant. */
  forcedUntil: Millis | null;
  recipes: RecipeSpan[];
  plans: PlanInput[];
  /** Annotations that hold, in the order in which they do; kept as long as windows may be revised. */
  notes: Note[];
  /** Annotations the other party has not agreed to. They change nothing yet. */
  proposals: Proposal[];
  bookings: Booking[];
  /** Per counter of the plan: no need to look for evidence before this instant. */
  seenUntil: Millis[];
  ledger: Ledger;
  /** Frames that begin up to here have been opened. */
  openedTo: Millis;
  /** Of one that left the configuration and came back: windows that begin earlier are not opened again. */
  accountedTo?: Millis;
  nextSettle: Millis;
  /** Begin of the next frame to open; 0: look it up. */
  nextOpen: Millis;
  /** Next instant at which anything is due, UTC; recomputed when dirty. */
  due: Millis;
  dirty: boolean;
  /** What the last state record said. */
  told: StateBody | null;
  /** Open communication event. */
  comm: { start: Millis } | null;
  ordinals: { state: number; event: number; meta: number };
  /** Where signals are configured. */
  watch: Watch | null;
  /** Where incidents are configured. */
  incidents: IncidentsState | null;
  /** The last message of incidents that were closed, oldest first, as long as a contract may ask. */
  outcomes: IncidentBody[];
}

export function newAsset(plan: AssetPlan, ordinalBase: number): AssetState {
  return {
    id: plan.model.id,
    firstInputAt: null,
    stopped: false,
    sources: plan.model.sources.map(newSource),
    points: plan.model.points.map((point) => newPoint(point)),
    track: newTrack(0),
    latches: plan.rules.leaves.map(() => false),
    evaluate: true,
    forcedUntil: null,
    recipes: [],
    plans: [],
    notes: [],
    proposals: [],
    bookings: [],
    seenUntil: plan.counters.map(() => 0),
    ledger: { to: 0, stop: null, blind: null, edgesTo: 0, crossings: [], windows: [], open: null },
    openedTo: 0,
    nextSettle: 0,
    nextOpen: 0,
    due: Number.MAX_SAFE_INTEGER,
    dirty: true,
    told: null,
    comm: null,
    ordinals: { state: ordinalBase, event: ordinalBase, meta: ordinalBase },
    watch: newWatch(plan.model.signals),
    incidents: plan.model.incidents ? newIncidents(plan.model.id, ordinalBase) : null,
    outcomes: [],
  };
}

export const newSource = (): SourceState => ({
  at: null,
  mono: 0,
  silent: false,
  cycles: 0,
  minute: 0,
});

export function newPoint({ counter, channel }: PointModel): PointState {
  return {
    value: null,
    tracking: false,
    at: null,
    mono: 0,
    failure: null,
    stale: false,
    counter: counter ? { last: null, firstAt: 0, jump: null } : null,
    channel: channel ? { min: 0, max: 0, sum: 0, n: 0, from: 0 } : null,
    movedAt: null,
    movedMono: 0,
    movedEdge: null,
    lamp: null,
  };
}

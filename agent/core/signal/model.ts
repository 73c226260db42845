/**
 * What the signals of an asset watch and by which settings: channels, gates, limits. Made by `config/signal.ts`, or by
 * `settings-plant.ts` from kinds alone; plain data. Decides nothing.
 */
import type { Millis } from "../time.ts";

export type ChannelKind =
  | "temperature"
  | "vibration-velocity"
  | "current"
  | "pressure"
  | "flow"
  | "cycle-time"
  | "other";

/** What a signal says; with the channel it names the one open signal. */
export type SignalKind =
  | "data-quality"
  | "limit"
  | "zone"
  | "drift"
  | "step"
  | "pattern"
  | "start-up"
  | "coast-down"
  | "bus";

/** `info` is below every alarm: it asks nobody to act. */
export type Severity = "info" | "advisory" | "warning" | "alarm";

export interface ValidityModel {
  /** A value repeated to the bit for this long of running is stuck (longer where the channel is known to rest). null: may rest. */
  stuckMs: Millis | null;
  /** No good sample for this long of running, while the asset is observed. */
  gapMs: Millis;
  /** What the sensor can read, both ends included; null: any. */
  low: number | null;
  high: number | null;
}

export interface LimitModel {
  /** Alarm and warning limits, in the unit of the channel; null: none on that side. */
  high: number | null;
  highWarning: number | null;
  low: number | null;
  lowWarning: number | null;
  /** Back inside by this much before it counts as inside again. */
  hysteresis: number;
  /** Beyond for this long before it is raised, inside for this long before it is cleared. */
  onMs: Millis;
  offMs: Millis;
  /** Judged in every state, and while nothing runs. */
  safety: boolean;
}

/** Zone boundaries of ISO 20816-3 and its relatives, r.m.s. velocity in mm/s. */
export interface ZoneModel {
  name: string;
  ab: number;
  bc: number;
  cd: number;
}

export interface DriftModel {
  /** CUSUM of block residuals in baseline sd: reference value and decision limit. */
  k: number;
  h: number;
  /** Least effect: EWMA over 48 blocks, in sd of such means from day to day. */
  effect: number;
  /** Which way is wear. */
  direction: "both" | "up" | "down";
  /** Warm-up: at least so many days with running, and so many valid blocks. */
  learnDays: number;
  learnBlocks: number;
  /** How far the baseline may follow by itself, in the unit of the channel (null: `budgetSd` baseline sd). */
  budget: number | null;
  budgetSd: number;
  /** Judged on the logarithm of the value. */
  log: boolean;
  /** Value that means failure, for the time to threshold; null: no estimate. */
  threshold: number | null;
  /** Extrapolated on the logarithm as well (vibration, differential pressure). */
  logTrend: boolean;
}

export interface StepModel {
  /** Time in the state before it is judged, if less than that of the channel. */
  settleMs: Millis;
  /** Times the channel's own 99.9 % quantile. */
  margin: number;
  /** Least size, in sd of single samples. */
  least: number;
  /** Beyond for this long of running. */
  onMs: Millis;
  /** Quiet for this long of running before it is cleared. */
  offMs: Millis;
}

export interface ChannelModel {
  /** Id of the point. */
  id: string;
  /** First part of its signals' ids: lower-case letters, digits and hyphens, at most 18 characters, unique. */
  slug: string;
  kind: ChannelKind;
  unit: string | null;
  /** Operating states in which it is judged. */
  states: string[];
  /** Time in such a state before it is. */
  settleMs: Millis;
  /** A baseline for each recipe, not only for each state. */
  byRecipe: boolean;
  validity: ValidityModel;
  limit: LimitModel | null;
  zone: ZoneModel | null;
  drift: DriftModel | null;
  step: StepModel | null;
  /** Watch start-up and coast-down; needs a sample a second or more. */
  starts: boolean;
  /** The point counts: its values are seconds of running per piece, on the rows that complete one (`cycle-time.ts`). */
  counted?: true;
  /** Points whose trouble shows here as well: what is learned to be unusual waits while they have a signal. */
  upstream?: string[];
}

export interface BankModel {
  channels: ChannelModel[];
  /** Index of the channel that says how hard the machine works; it explains the others and is not judged for drift. null: none. */
  load: number | null;
  /** The same of the temperature around it. */
  ambient: number | null;
  /** Index of the channel of the flow that pressures depend on; it is judged itself. */
  flow: number | null;
  /** Load at which thresholds are meant; null: the usual one. */
  nominalLoad: number | null;
  /** Channels that are watched together (T2 and Q); null: none. */
  together: number[] | null;
  /** Hash over these settings, made outside the core; every evidence carries it. */
  settings: string;
}

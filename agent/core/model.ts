/**
 * The plant as the core sees it: configuration after templates, defaults and units have been resolved.
 * Made by `config/compile.ts`; plain data, so that it can be journaled and replayed.
 */
import type { ContractModel } from "./contract/model.ts";
import type { IncidentModel } from "./incident/model.ts";
import type { BankModel } from "./signal/model.ts";
import type { Millis } from "./time.ts";
import type { TopicRoot } from "./topic.ts";
import type { Attribution, Condition, WindowKind } from "./vocabulary.ts";

/** A good reading. Integers beyond 2^53 are bigint; text comes from `string` points only. */
export type Value = number | bigint | boolean | string;

/** A rate as an exact fraction: `count` pieces per `perMs` milliseconds. Both positive integers. */
export interface Rate {
  count: number;
  perMs: number;
}

export interface CounterModel {
  /** The counter wraps from `modulus - 1` to 0. Up to 2^64, hence bigint. */
  modulus: bigint;
  maxRate: Rate;
  /** Pieces per count, a positive integer. */
  pieces: number;
}

/** What a value of a point can be and how it can move; what contradicts it is a bad sample. */
export interface Plausibility {
  /** Both ends included. */
  range: { low: number; high: number } | null;
  /** Units per time, in either direction. */
  maxStep: Rate | null;
  /** A value that was read unchanged for this long is no reading any more. */
  frozenMs: Millis | null;
}

export interface PointModel {
  id: string;
  /** Index into {@link AssetModel.sources}. */
  source: number;
  counter: CounterModel | null;
  /** True where per-minute aggregates are kept (numeric, not a counter). */
  channel: boolean;
  unit: string | null;
  /** Absent where every value is believed. Never together with `counter`. */
  plausible?: Plausibility;
}

export interface SourceModel {
  id: string;
  pollMs: Millis;
  /** `holdLast × poll`: a point is fresh while its age is at most this (equal still holds). */
  holdMs: Millis;
}

/** One comparison. `point` is an index into {@link AssetModel.points}. */
export type Leaf =
  | { op: "equals"; point: number; value: Value }
  | { op: "in"; point: number; values: Value[] }
  | { op: "above"; point: number; limit: number; hysteresis: number }
  | { op: "below"; point: number; limit: number; hysteresis: number }
  | { op: "between"; point: number; low: number; high: number; hysteresis: number }
  | { op: "bit"; point: number; bit: number; equals: boolean }
  | { op: "moving"; point: number; withinMs: Millis }
  | { op: "lamp"; point: number; shows: "on" | "off" | "flashing" };

/** A condition expression, Kleene three-valued. */
export type Expr =
  | Leaf
  | { op: "all"; of: Expr[] }
  | { op: "any"; of: Expr[] }
  | { op: "not"; of: Expr };

/** What a rule reports beside its condition: the value of a point, or a fixed word. */
export type ReasonModel = { point: number } | { text: string };

export interface RuleModel {
  is: Condition;
  /** null: always true. */
  when: Expr | null;
  reason: ReasonModel | null;
  attribution: Attribution | null;
  forMs: Millis;
}

/** Where time or pieces go: the six big losses (Nakajima). */
export type Loss = "breakdown" | "setup" | "minor-stop" | "reduced-speed" | "defect" | "start-up";

/** One entry of the reason tree. What is null does not matter; all else must match. */
export interface ReasonNode {
  /** What the rule's reason may say. */
  codes: string[] | null;
  /** With `*` and `?`. */
  pattern: string | null;
  when: Expr | null;
  /** A path from the general to the particular, such as `mechanical/hydraulics/pump`. */
  reason: string;
  loss: Loss | null;
  attribution: Attribution | null;
}

export interface RecipeModel {
  id: string;
  /** null: always matches (the short form `idealCycle:` of an asset without recipes). */
  when: Expr | null;
  /** Integer microseconds per piece. */
  idealCycleUs: number;
  /** Effective from this instant on. */
  validFrom: Millis;
}

export interface CountsModel {
  /** Indexes into {@link AssetModel.points}; null where not configured. `good` and `reject` exclude each other. */
  total: number;
  good: number | null;
  reject: number | null;
}

export interface AssetModel {
  id: string;
  name: string;
  area: string;
  line: string;
  sources: SourceModel[];
  points: PointModel[];
  rules: RuleModel[];
  attribution: Partial<Record<Condition, Attribution>>;
  /** In order; the first that matches names the reason of a stop. */
  reasons?: ReasonNode[];
  /** True while there is no order. */
  noDemand?: Expr;
  /** A fault that was there before a plan began stays a fault inside it, in scheduled time (metrics B2). */
  faultFirst?: boolean;
  /** Absent where nothing is watched. */
  signals?: BankModel;
  /** Absent where nothing opens an incident. */
  incidents?: IncidentModel;
  /** Set by the core: not in the configuration any more. The hash of the last one it was in, which its records bear. */
  left?: string;
  counts: CountsModel | null;
  recipes: RecipeModel[];
  microStopMs: Millis;
  /** Id of the calendar, or null: always `scheduled`, windows in the gateway's zone. */
  calendar: string | null;
  /** IANA zone of its windows: the calendar's, else the gateway's. */
  zone: string;
  windows: WindowKind[];
}

export interface PlantModel {
  /** The gateway id. */
  agent: string;
  /** IANA zone of the gateway; calendars use it too. */
  zone: string;
  /** With "rtc" windows may become final while the clock is unsynced. */
  clockSource: "ntp" | "rtc";
  /** What every topic begins with. */
  root: TopicRoot;
  /** Sorted by id. */
  assets: AssetModel[];
  /** Sorted by id. Absent where there are none. */
  contracts?: ContractModel[];
}

/**
 * Everything that may move the core. Core time moves only by inputs; `at` is UTC milliseconds
 * (the arrival of the last reply of a cycle, the entry of a plan, the tick of an idle loop).
 */
import type {
  ActInput,
  CountsInput,
  DecisionInput,
  PlanInput,
  ReasonInput,
  SignalActInput,
} from "./annotation/entered.ts";
import type { PlantModel, Value } from "./model.ts";
import type { Millis } from "./time.ts";
import type { ClockQuality, Schedule, WindowKind } from "./vocabulary.ts";

/**
 * One pass over the due points of one source, applied atomically.
 * `failure` set: the whole source failed and `values`/`bad` are ignored.
 * Otherwise every point of the source that is not in `bad` and not still marked bad from before is refreshed;
 * a point that was bad stays bad until it gets a value.
 */
export interface CycleInput {
  kind: "cycle";
  at: Millis;
  asset: string;
  source: string;
  /** Points with a (possibly unchanged) value. A point left out keeps its last one. */
  values: Record<string, Value>;
  /** Points read badly, with the reason code. */
  bad: Record<string, string>;
  /** Reason code when nothing of the source could be read, else null: all its points are bad. */
  failure: string | null;
  /** Whole milliseconds that the answers took, each from its request on; absent where nobody knows. */
  tookMs?: Millis;
  /** Only bad news of single points (`values` is empty): refreshes nothing else. */
  lone?: true;
}

/** A period of a contract, resolved to UTC, with the scheduled time and the covered hours the calendars plan for it. */
export interface PeriodInput {
  kind: "period";
  at: Millis;
  contract: string;
  /** Business date the period begins with, `YYYY-MM-DD`. */
  localDate: string;
  from: Millis;
  to: Millis;
  /** By calendar id ("" is the gateway's): spans that are `scheduled`, in order, clipped to `[from, to)`. */
  scheduled: Record<string, { from: Millis; to: Millis }[]>;
  /** The calendars changed at `at`: for a period that was told before, what is planned from then on. */
  anew?: true;
}

export interface AgentStoppedInput {
  kind: "agent-stopped";
  at: Millis;
}

/** A start, or the end of a stalled loop. From `lastAlive` on nothing was observed. */
export interface AgentStartedInput {
  kind: "agent-started";
  at: Millis;
  lastAlive: Millis;
  cause: "agent-stopped" | "power-lost";
}

/** `stepMs` > 0: UTC jumped forward at `at`; < 0: it jumped back. 0: only the quality changed. */
export interface ClockInput {
  kind: "clock";
  at: Millis;
  quality: ClockQuality;
  stepMs: Millis;
}

export interface ConfigInput {
  kind: "config";
  at: Millis;
  /** `sha256:…` of the canonical configuration. */
  hash: string;
  model: PlantModel;
}

/** A window that will be accounted for, resolved to UTC. */
export interface Frame {
  kind: WindowKind;
  from: Millis;
  to: Millis;
  /** Business date `YYYY-MM-DD`. */
  localDate: string;
  shift: string | null;
  /** Of a contract's period. */
  contract?: string;
}

/**
 * The resolved calendar from the previous horizon (exclusive of what was sent before) to `horizon`.
 * `id` "" is the gateway's default calendar (always scheduled). Spans tile `[from, horizon)` without gaps;
 * frames are those whose `from` lies in it, and on the first feed also those that began earlier and end after `from`.
 */
export interface CalendarInput {
  kind: "calendar";
  at: Millis;
  id: string;
  tzdata: string;
  from: Millis;
  horizon: Millis;
  spans: { from: Millis; to: Millis; schedule: Schedule }[];
  frames: Frame[];
  /** The calendar was configured anew: what was known from `at` on is replaced; open windows keep their bounds. */
  anew?: true;
}

/** Something that the shell must put on record, such as parked or dropped `seq` ranges, or another device in a machine's place. */
export interface NoticeInput {
  kind: "notice";
  /** Kind of event; `data` where it is left out. */
  type?: "data" | "config" | "comm";
  /** Whose event it is; the gateway's where it is left out. */
  asset?: string;
  at: Millis;
  start: Millis;
  end: Millis | null;
  detail: Record<string, string | number | boolean | null>;
}

/** Moves core time and nothing else. */
export interface TickInput {
  kind: "tick";
  at: Millis;
}

export type Input =
  | CycleInput
  | PlanInput
  | ReasonInput
  | CountsInput
  | DecisionInput
  | ActInput
  | SignalActInput
  | PeriodInput
  | AgentStoppedInput
  | AgentStartedInput
  | ClockInput
  | ConfigInput
  | CalendarInput
  | NoticeInput
  | TickInput;

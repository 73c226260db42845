/**
 * What people enter: plans, annotations and answers to them, late scrap, acts on incidents and signals. Part of the input
 * of the core; `at` is the instant of the entry, UTC milliseconds.
 */
import type { CountFact, IntervalFact, WindowBody } from "../journal.ts";
import type { Millis } from "../time.ts";
import type { Attribution, Party, Schedule, Via, WindowKind } from "../vocabulary.ts";

/** What the shell's journal knows about the time an annotation concerns; part of the input, so that replay needs no store. */
export interface History {
  /** Settled intervals that overlap the span, its stops whole, and the ones beside them. */
  intervals: IntervalFact[];
  /** Latest revision of every final window that overlaps those. */
  windows: WindowBody[];
  /** Counts booked in the span. */
  counts?: CountFact[];
}

export interface PlanInput {
  kind: "plan";
  at: Millis;
  asset: string;
  from: Millis;
  to: Millis;
  schedule: "planned-stop" | "no-demand";
  by: string;
  why: string;
  /** Of the entry: the same id again changes nothing. */
  id?: string;
  /** Made by the core from the order signal; yields to what people entered. */
  auto?: true;
}

/** An annotation: later knowledge of the span `[from, to)`. What is null or left out stays as it was. */
export interface ReasonInput {
  kind: "reason";
  at: Millis;
  asset: string;
  from: Millis;
  to: Millis;
  reason: string | null;
  attribution: Attribution | null;
  /** A corrected calendar: what the span was planned to be. */
  schedule?: Schedule | null;
  /** A corrected ideal cycle of a recipe, integer microseconds a piece. */
  ideal?: { recipe: string; idealCycleUs: number } | null;
  by: string;
  why: string;
  /** Names it, so that the other party can answer. Unique per agent. */
  id?: string;
  /** Who says so. Without one it holds at once. */
  party?: Party;
  history?: History;
}

/** An annotation without what the shell added to judge it. */
export type Note = Omit<ReasonInput, "history">;

/** A party's answer to an annotation that the other one proposed. */
export interface DecisionInput {
  kind: "decision";
  at: Millis;
  asset: string;
  annotation: string;
  decision: "agreed" | "disputed";
  party: Party;
  by: string;
  why: string;
  /** Of the entry: the same id again changes nothing. */
  id?: string;
  history?: History;
}

/** A step in the life of an incident that somebody took. */
export interface ActInput {
  kind: "act";
  /** Of the act itself: the same id again changes nothing. */
  id: string;
  at: Millis;
  asset: string;
  /** null: the newest open one of the asset. */
  incident: string | null;
  act:
    | "open"
    | "acknowledge"
    | "dispatch"
    | "respond"
    | "restore"
    | "verify"
    | "close"
    | "hold"
    | "release";
  /** Of a response: by a remote session or at the machine. */
  mode: "remote" | "on-site" | null;
  /** Of the one that is opened; without it the first that is configured. */
  severity?: string;
  party: Party | null;
  by: string;
  why: string;
  via: Via;
}

/** What somebody decided about a signal, or an explicit maintenance event (`signal` null) that starts its baselines anew. */
export interface SignalActInput {
  kind: "signal-act";
  id: string;
  at: Millis;
  asset: string;
  signal: string | null;
  act: "acknowledge" | "shelve" | "unshelve" | "maintenance";
  /** End of shelving. */
  until: Millis | null;
  /** Points a maintenance concerns; null: all. */
  points: string[] | null;
  by: string;
  why: string;
  via: Via;
}

/** Late scrap: pieces of a window that turned out to be rejects. */
export interface CountsInput {
  kind: "counts";
  at: Millis;
  asset: string;
  window: WindowKind;
  from: Millis;
  reject: number;
  by: string;
  why: string;
  /** Who says so; a contract may leave counts to one party. */
  party?: Party;
  /** Of the entry: the same id again changes nothing. */
  id?: string;
  history?: History;
}

/** What concerns time that has passed; judged by its history. */
export type LateInput = ReasonInput | DecisionInput | CountsInput;

export const isLate = <T extends { kind: string }>(input: T | LateInput): input is LateInput =>
  input.kind === "reason" || input.kind === "decision" || input.kind === "counts";

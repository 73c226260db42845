/**
 * What the desk for acts needs from a running agent. The desk knows neither pipeline nor store, and whoever implements
 * this decides nothing about what may be entered.
 */

import type { Step } from "../core/incident/act.ts";
import type { Input } from "../core/input.ts";
import type { BudgetAtRisk } from "../core/signal/change.ts";
import type { Standing } from "../core/signal/standing.ts";
import type { Millis } from "../core/time.ts";
import type { Party, WindowKind } from "../core/vocabulary.ts";
import type { Submitted } from "../submission.ts";

/**
 * An input that somebody entered. `id` goes into the journal with every kind of it, so that the same act is known
 * again; `stated` is what the sender's clock said, where that was not about now.
 */
export type Filed = Input & { id: string; stated?: Millis };

/** The stages of an incident, in order; `notified` is where it begins. */
export const STAGES = [
  "notified",
  "acknowledged",
  "dispatched",
  "responded",
  "restored",
  "verified",
  "closed",
] as const;
export type Stage = (typeof STAGES)[number];

/** An incident as people see it. Times are UTC. */
export interface IncidentView {
  /** Of the asset: another one's may be called the same. */
  id: string;
  asset: string;
  /** Such as `s1`. */
  severity: string;
  /** What opened it, with the reason or signal, such as `fault:E12`, `lost-contact`, `signal:drift-oil`. */
  mode: string;
  /** How far it has come. */
  state: Stage;
  from: Millis;
  /** When the machine was restored, null while it is not. */
  to: Millis | null;
  open: boolean;
  /** Its clocks stand still because of the customer. */
  held: boolean;
  reason: string | null;
  /** Steps that would be taken now. */
  fits: readonly Step[];
  /** The next first. `due` null: the clock does not run. */
  limits: { limit: string; due: Millis | null; state: "running" | "near" | "missed" | "met" }[];
}

export interface SignalView {
  /** Of the asset. */
  id: string;
  asset: string;
  state: string;
  severity: string;
  since: Millis;
  /** One sentence with the numbers behind it. */
  text: string;
  /** As last told; absent without a contract about downtime. */
  budgetAtRisk?: BudgetAtRisk[];
}

/** What is watched of a machine, and whether it can be judged yet. */
export interface ChannelView extends Standing {
  asset: string;
}

export interface AnnotationView {
  id: string;
  asset: string;
  party: Party | null;
  /** `proposed`, `agreed`, `disputed`, or `effective` where nobody had to be asked. */
  state: string;
  from: Millis;
  to: Millis;
}

export interface WindowView {
  to: Millis;
  /** Good pieces of it, null where they are not known. */
  good: number | null;
}

/** What is so now. Looked at once an act; nothing in it may change while that is judged. */
export interface ActFacts {
  /** The axis. */
  now: Millis;
  /** Ids. */
  assets: readonly string[];
  /** Is the asset under a contract, so that annotations need a party? */
  contracted(asset: string): boolean;
  /** Ids of its recipes. */
  recipes(asset: string): readonly string[];
  /** Ids of its points. */
  points(asset: string): readonly string[];
  /** Open ones, and those closed of late; the newest first. */
  incidents(): readonly IncidentView[];
  /** Those that are raised, acknowledged or shelved. */
  signals(): readonly SignalView[];
  /** Everything that is watched, by machine. */
  channels(): readonly ChannelView[];
  annotation(id: string): AnnotationView | null;
  /** The window of that asset that begins at that instant, null when there is none in the journal. */
  window(asset: string, kind: WindowKind, from: Millis): Promise<WindowView | null>;
}

export interface ActPort {
  facts(): ActFacts;
  /** Takes an input into the core. Settles when it is durable, or when the core refused it; rejects when it was taken and is not kept yet. */
  submit(input: Input): Promise<Submitted>;
  /** Every input in the journal that is neither cycle nor tick, in any order. Read once, at the first act. */
  journal(): Iterable<Input>;
}

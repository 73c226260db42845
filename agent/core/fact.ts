/**
 * What the core knows after a step. Facts hold integers; text, ratios, hashing and signing are made at the commit.
 */
import type { StandingBody } from "./contract/body.ts";
import type { IncidentBody } from "./incident/body.ts";
import type {
  AggregateFact,
  CountFact,
  EventBody,
  IntervalFact,
  StateBody,
  WindowBody,
} from "./journal.ts";
import type { SignalChange } from "./signal/change.ts";
import type { Millis } from "./time.ts";

export type { AggregateFact, CountFact, EventBody, IntervalFact, StateBody, WindowBody };

/** A record to publish. `time` is the logical instant it became true. */
export type RecordFact = {
  kind: "record";
  asset: string | null;
  time: Millis;
  configHash: string;
} & (
  | { class: "window"; body: WindowBody }
  | { class: "state"; n: number; body: StateBody }
  | { class: "event"; n: number; body: EventBody }
  | { class: "meta"; n: number; body: null }
  | { class: "signal"; body: SignalChange }
  | { class: "incident"; body: IncidentBody }
  | { class: "contract"; version: number; body: StandingBody }
);

export type Fact = IntervalFact | CountFact | AggregateFact | RecordFact;

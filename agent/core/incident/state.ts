/** What is remembered of an asset's incidents between two inputs. Plain data, bounded: it is journaled as JSON. */
import type { Millis } from "../time.ts";
import type { Attribution, Condition, Party, Schedule, UnknownCause } from "../vocabulary.ts";
import type { Coverage, Stamp } from "./coverage.ts";
import { stampFrom } from "./coverage.ts";
import type { IncidentModel, SeverityModel, SignalSeverity, Trigger } from "./model.ts";
import type { IncidentOutcome } from "./outcome.ts";

/** The condition of the machine as it was last told. */
export interface Seen {
  condition: Condition;
  cause: UnknownCause | null;
  reason: string | null;
  /** The first sample that showed it. */
  since: Millis;
  schedule: Schedule;
  attribution: Attribution;
}

/** A stop that may turn out to be a micro-stop. */
export interface Run {
  from: Millis;
  planned: boolean;
}

/** A trigger that is on. */
export interface Watch {
  rule: string;
  /** Of a signal rule. */
  signal: string | null;
  since: Millis;
  detectedAt: Millis;
  /** From when on it counts: on, and in time that counts. */
  armedAt: Millis | null;
  /** The first reason it had. */
  reason: string | null;
  attribution: Attribution;
  /** It has its incident. */
  raised: boolean;
  /** The machine is not observed any more since; null while it is. */
  lapsedAt: Millis | null;
}

/** The clocks stood still, `[from, to)`; `to` null: they do. */
export interface Hold {
  from: Stamp;
  to: Stamp | null;
  reason: string;
  by: string;
  party: Party | null;
}

/** What speaks for a restoration, since the machine is back. */
export interface Proof {
  pieces: number;
  producingMs: Millis;
  producingSince: Millis | null;
}

export interface Incident {
  asset: string;
  id: string;
  version: number;
  /** Id of the rule; `called` when somebody opened it. */
  rule: string;
  trigger: Trigger;
  signal: string | null;
  /** What repeats are told by: trigger, and reason or signal. */
  mode: string;
  reason: string | null;
  /** As they were when it was opened. */
  terms: SeverityModel;
  /** How long the machine must be back. */
  stayMs: Millis;
  attribution: Attribution;
  /** Begin of the disturbance. Covered time counts from here. */
  fault: Stamp;
  detected: Stamp;
  opened: Stamp;
  acknowledged: Stamp | null;
  dispatched: Stamp | null;
  responded: Stamp | null;
  responseMode: "remote" | "on-site" | null;
  restored: Stamp | null;
  verified: Stamp | null;
  closed: Stamp | null;
  visits: { remote: number; onSite: number };
  /** Somebody is on the way: the next response is another visit. */
  underWay: boolean;
  relapses: number;
  /** It relapsed since the last response: the next one is another visit. */
  comeBack?: boolean;
  repeatOf: string | null;
  holds: Hold[];
  /** Up to here covered time is counted; earlier spans of the calendar are not needed. */
  mark: Stamp;
  /** The first sample of the machine being back, null while it is not. */
  back: Millis | null;
  proof: Proof;
  /** Escalation steps that were told, such as `respond 0`. */
  escalated: string[];
}

export interface IncidentsState {
  asset: string;
  /** Number of the newest incident. */
  ordinal: number;
  /** Everything due up to here was done. */
  now: Millis;
  seen: Seen | null;
  /** Since when the schedule is `scheduled`. */
  scheduledSince: Millis;
  run: Run | null;
  /** Micro-stops of late, `[from, to)`, oldest first. */
  micro: { from: Millis; to: Millis }[];
  /** Signals that are raised, and since when as severely. */
  signals: { id: string; severity: SignalSeverity; since: Millis }[];
  watches: Watch[];
  /** Not closed, oldest first. */
  open: Incident[];
  /** Closed within the time of repeats, oldest first. */
  closed: IncidentOutcome[];
  /** Ids of acts that were done, oldest first. */
  acts: string[];
}

/** Most incidents of an asset that are open at once; beyond, the oldest verified one is closed. */
export const MOST_OPEN = 50;
/** Most closed ones and most acts that are remembered. */
export const MOST_CLOSED = 100;
export const MOST_ACTS = 200;
/** Most holds of one incident. */
export const MOST_HOLDS = 20;

/** `ordinal`: ids begin above it. */
export function newIncidents(asset: string, ordinal = 0): IncidentsState {
  return {
    asset,
    ordinal,
    now: 0,
    seen: null,
    scheduledSince: 0,
    run: null,
    micro: [],
    signals: [],
    watches: [],
    open: [],
    closed: [],
    acts: [],
  };
}

/** One instant of one asset, and what it changed. */
export interface Moment {
  model: IncidentModel;
  state: IncidentsState;
  at: Millis;
  coverage: Coverage;
}

/** An instant on the clocks of an incident. */
export const stampOf = (incident: Incident, at: Millis, coverage: Coverage): Stamp =>
  stampFrom(incident.mark, incident.terms.coverage, at, coverage);

export const noProof = (): Proof => ({ pieces: 0, producingMs: 0, producingSince: null });

export const holdOf = ({ holds }: Incident): Hold | null => {
  const last = holds.at(-1);
  return last && last.to === null ? last : null;
};

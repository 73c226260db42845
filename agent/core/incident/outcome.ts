/** The outcome of an incident in integers: what contracts and statistics are made of. Types only. */
import type { Millis } from "../time.ts";
import type { Attribution } from "../vocabulary.ts";
import type { Trigger } from "./model.ts";

/** Time to detect, acknowledge, respond, restore, resolve. */
export const CLOCKS = ["detect", "acknowledge", "respond", "restore", "resolve"] as const;
export type ClockName = (typeof CLOCKS)[number];

export interface Clock {
  /** `ended`: what it waits for did not come and is not needed any more, the machine is back. */
  state: "running" | "reached" | "ended";
  /** Calendar time, holds included. */
  elapsedMs: Millis;
  /** Calendar time without holds. */
  calendarMs: Millis;
  /** Covered time without holds. */
  coveredMs: Millis;
  /** On the clock of the severity; null: no limit. */
  limitMs: Millis | null;
  /** true: reached within the limit; false: the limit has passed; null: neither, or no limit. */
  met: boolean | null;
}

export type Clocks = Record<ClockName, Clock>;

/** What statistics and contracts need of an incident, closed or not. Of an open one the clocks stand at some instant. */
export interface IncidentOutcome {
  asset: string;
  /** Of that asset. */
  id: string;
  trigger: Trigger;
  mode: string;
  severity: string;
  attribution: Attribution;
  /** The clock its limits are counted on. */
  clock: "covered" | "calendar";
  faultAt: Millis;
  openedAt: Millis;
  restoredAt: Millis | null;
  closedAt: Millis | null;
  /** Responses. Remote sessions and visits count apart. */
  visits: { remote: number; onSite: number };
  /** The fault came back before the restoration was verified. */
  relapses: number;
  /** The earlier incident of the same mode. */
  repeatOf: string | null;
  clocks: Clocks;
}

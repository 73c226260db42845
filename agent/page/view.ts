/** What the local page shows. Plain data, made anew for each look; whoever makes it decides nothing about how it looks. */
import type { IncidentView, SignalView } from "../acts/port.ts";
import type { Millis } from "../core/time.ts";
import type { ClockQuality, Condition, Schedule } from "../core/vocabulary.ts";

/** A ratio with its bounds, each null where it is undefined. 1 is 100 %. */
export interface Bounded {
  value: number | null;
  min: number | null;
  max: number | null;
}

export interface MachineView {
  id: string;
  name: string;
  condition: Condition;
  /** Why it is unknown. */
  cause: string | null;
  reason: string | null;
  since: Millis | null;
  schedule: Schedule | null;
  /** The local day so far; null where the machine has no such window. */
  today: { uptime: Bounded; oee: Bounded; coverage: number | null } | null;
}

/** One outcome of a contract so far. */
export interface StandingView {
  contract: string;
  /** Such as `uptime`, with its severity where it has one. */
  outcome: string;
  verdict: string;
  /** Of value and levels, such as `h` or `pieces`; null: they are shares of 1. */
  unit: string | null;
  so: Bounded;
  target: number | null;
  minimum: number | null;
  /** One sentence with budget and forecast, or null. */
  text: string | null;
}

export interface PageView {
  gateway: string;
  site: string;
  /** IANA zone that times are shown in. */
  zone: string;
  now: Millis;
  clock: ClockQuality;
  machines: MachineView[];
  /** Open ones; the newest first. */
  incidents: IncidentView[];
  signals: SignalView[];
  standing: StandingView[];
  /** `trouble`: code of the present one. Null: no broker is configured. */
  broker: { connected: boolean; trouble: string | null } | null;
  outbox: { depth: number; oldestAt: Millis | null; parked: number };
  /** Code of why nothing can be kept now, or null. */
  trouble: string | null;
}

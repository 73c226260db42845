/**
 * What opens an incident on an asset, and what was promised once it is open: configuration in integers and instants.
 * Plain data that is journaled with the plant; decides nothing.
 */
import type { Millis } from "../time.ts";

/** Why an incident was opened; `called`: somebody did. */
export type Trigger = "fault" | "micro-stops" | "signal" | "lost-contact" | "called";

/** Severities of signals, rising. */
export const SIGNAL_SEVERITIES = ["info", "advisory", "warning", "alarm"] as const;
export type SignalSeverity = (typeof SIGNAL_SEVERITIES)[number];

/** Of the rules with one trigger, in order, the first that fits applies. */
export type IncidentRuleModel = { id: string; severity: string } & (
  | {
      on: "fault";
      /** How long the fault lasts before it is an incident; 0: at once. */
      forMs: Millis;
      /** Reasons it is about; null: any, none included. */
      reasons: string[] | null;
    }
  | { on: "lost-contact"; forMs: Millis }
  | {
      on: "micro-stops";
      /** So many that ended within the span. */
      count: number;
      withinMs: Millis;
    }
  | { on: "signal"; atLeast: SignalSeverity }
);

/** Whether a signal of this severity is for the rule. */
export const fits = (rule: IncidentRuleModel, severity: SignalSeverity): boolean =>
  rule.on === "signal" &&
  SIGNAL_SEVERITIES.indexOf(severity) >= SIGNAL_SEVERITIES.indexOf(rule.atLeast);

/** What has a limit. */
export const LIMITS = ["acknowledge", "respond", "restore"] as const;
export type Limit = (typeof LIMITS)[number];

/** When a step is due: at a share of the limit, so long before it, or when it has passed. */
export type EscalationAt = { percent: number } | { beforeMs: Millis } | "breach";

export interface EscalationModel {
  limits: Limit[];
  at: EscalationAt;
  /** As it was configured: `80%`, `30min before`, `on breach`. */
  text: string;
  /** Whom to tell; published as it is. */
  to: string | null;
}

/** The terms of one severity. An incident keeps those it was opened with. */
export interface SeverityModel {
  id: string;
  /** Longest times on the clock; equal is still within. null: no limit. */
  limits: Record<Limit, Millis | null>;
  clock: "covered" | "calendar";
  /** Calendar whose `scheduled` time is covered; null: all time is. */
  coverage: string | null;
  escalation: EscalationModel[];
  /** Reasons for which the clocks may be held; none: any text. */
  holdReasons: string[];
}

/** A push button or key switch: a change of the point to `on` is an act. */
export interface ButtonModel {
  /** Index into the points of the asset. */
  point: number;
  /** Id of that point. */
  name: string;
  act: "open" | "acknowledge" | "respond" | "restore";
  on: boolean;
}

export interface IncidentModel {
  rules: IncidentRuleModel[];
  /** In the order of the configuration; the first one is that of a call without severity. */
  severities: SeverityModel[];
  /** Whether faults outside `scheduled` time count. */
  during: "scheduled" | "always";
  /** A shorter stop between two spans of producing is a micro-stop. */
  microStopMs: Millis;
  /** So long must the machine stay back before it is restored, dated at the first sample. */
  restoredAfterMs: Millis;
  /** What verifies a restoration: good pieces, or stable time; whichever comes first. null: not that. */
  verify: { pieces: number | null; stableMs: Millis | null };
  /** Whether verification closes, or only somebody. */
  closing: "verified" | "by-hand";
  /** A failure of the same mode this soon after closing is a repeat. */
  repeatWithinMs: Millis;
  buttons: ButtonModel[];
}

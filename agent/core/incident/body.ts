/** What is published of an incident: one numbered message for every change. Makes them; changes nothing but the number. */

import type { Millis } from "../time.ts";
import type { Party, Via } from "../vocabulary.ts";
import { clocksOf } from "./clock.ts";
import type { Coverage, Stamp } from "./coverage.ts";
import type { Limit } from "./model.ts";
import type { IncidentOutcome } from "./outcome.ts";
import { type Incident, stampOf } from "./state.ts";

/** What a message reports. */
export type IncidentStatus =
  | "opened"
  | "acknowledged"
  | "dispatched"
  | "responded"
  | "restored"
  | "relapsed"
  | "verified"
  | "closed"
  | "held"
  | "released"
  | "escalated"
  | "attributed";

/** Who took a step, and how it came in. */
export interface Who {
  by: string;
  party: Party | null;
  via: Via;
  why: string;
}

export interface Escalation {
  limit: Limit;
  /** As configured: `80%`, `30min before`, `on breach`. */
  at: string;
  to: string | null;
  breached: boolean;
}

export interface IncidentBody extends IncidentOutcome {
  version: number;
  status: IncidentStatus;
  rule: string;
  reason: string | null;
  detectedAt: Millis;
  acknowledgedAt: Millis | null;
  dispatchedAt: Millis | null;
  respondedAt: Millis | null;
  responseMode: "remote" | "on-site" | null;
  verifiedAt: Millis | null;
  /** Calendar of covered time; null: all time is covered. */
  coverage: string | null;
  holds: {
    from: Millis;
    to: Millis | null;
    reason: string;
    by: string;
    party: Party | null;
  }[];
  /** Of `escalated`. */
  escalation: Escalation | null;
  /** null when the agent made this step. */
  by: string | null;
  party: Party | null;
  via: Via | null;
  why: string | null;
}

/** One message, and the instant it became true. */
export interface IncidentChange {
  at: Millis;
  body: IncidentBody;
}

const instant = (stamp: Stamp | null): Millis | null => stamp?.at ?? null;

/** The message of a step at `at`; takes the next version. */
export function changeOf(
  incident: Incident,
  status: IncidentStatus,
  at: Millis,
  coverage: Coverage,
  who: Who | null,
  escalation: Escalation | null = null,
): IncidentChange {
  const version = ++incident.version;
  const body: IncidentBody = {
    ...outcomeOf(incident, at, coverage),
    version,
    status,
    rule: incident.rule,
    reason: incident.reason,
    detectedAt: incident.detected.at,
    acknowledgedAt: instant(incident.acknowledged),
    dispatchedAt: instant(incident.dispatched),
    respondedAt: instant(incident.responded),
    responseMode: incident.responseMode,
    verifiedAt: instant(incident.verified),
    coverage: incident.terms.coverage,
    holds: incident.holds.map(({ from, to, reason, by, party }) => {
      return { from: from.at, to: instant(to), reason, by, party };
    }),
    escalation,
    by: who?.by ?? null,
    party: who?.party ?? null,
    via: who?.via ?? null,
    why: who?.why ?? null,
  };
  return { at, body };
}

/** The outcome as it stands at `at`. */
export function outcomeOf(incident: Incident, at: Millis, coverage: Coverage): IncidentOutcome {
  return {
    asset: incident.asset,
    id: incident.id,
    trigger: incident.trigger,
    mode: incident.mode,
    severity: incident.terms.id,
    attribution: incident.attribution,
    clock: incident.terms.clock,
    faultAt: incident.fault.at,
    openedAt: incident.opened.at,
    restoredAt: instant(incident.restored),
    closedAt: instant(incident.closed),
    visits: { ...incident.visits },
    relapses: incident.relapses,
    repeatOf: incident.repeatOf,
    clocks: clocksOf(incident, stampOf(incident, at, coverage)),
  };
}

/** Who answers for an incident, told later. Open ones give a message; closed ones are kept by the journal, which is given. */
import type { Millis } from "../time.ts";
import type { Attribution } from "../vocabulary.ts";
import { changeOf, type IncidentBody, type IncidentChange, type Who } from "./body.ts";
import type { Coverage } from "./coverage.ts";
import type { IncidentsState } from "./state.ts";

/** What an annotation says of a span, half-open. */
export interface Statement {
  from: Millis;
  to: Millis;
  attribution: Attribution;
}

/** Incidents whose disturbance began in the span; one that is attributed so already says nothing new. */
export function attribute(
  state: IncidentsState,
  { from, to, attribution }: Statement,
  who: Who,
  at: Millis,
  coverage: Coverage,
): IncidentChange[] {
  const isMeant = (faultAt: Millis, now: Attribution): boolean =>
    from <= faultAt && faultAt < to && now !== attribution;
  for (const outcome of state.closed)
    if (isMeant(outcome.faultAt, outcome.attribution)) outcome.attribution = attribution;
  return state.open
    .filter((incident) => isMeant(incident.fault.at, incident.attribution))
    .map((incident) => {
      incident.attribution = attribution;
      return changeOf(incident, "attributed", at, coverage, who);
    });
}

/** The next version of a closed incident, from its latest one. */
export function reattributed(
  body: IncidentBody,
  attribution: Attribution,
  who: Who,
  at: Millis,
): IncidentChange {
  const { version } = body;
  const next = { ...body, ...who, attribution, version: version + 1, escalation: null };
  return { at, body: { ...next, status: "attributed" } };
}

/**
 * The `incident` part of a record: instants as text, everything else as the core has it. Knows neither topic nor chain,
 * only whether the record is evidence.
 */
import type { IncidentBody } from "../core/incident/body.ts";
import { iso, isoOrNull } from "./iso.ts";

/** Closings are chained, and what is told of a closed incident later. */
export const isChained = ({ closedAt }: IncidentBody): boolean => closedAt !== null;

/** As `records/incident.json` says. */
export function incidentBody(body: IncidentBody): Record<string, unknown> {
  const { clocks, escalation, visits } = body;
  return {
    id: body.id,
    version: body.version,
    status: body.status,
    severity: body.severity,
    attribution: body.attribution,
    rule: body.rule,
    trigger: body.trigger,
    mode: body.mode,
    reason: body.reason,
    repeatOf: body.repeatOf,
    relapses: body.relapses,
    visits: { ...visits },
    faultAt: iso(body.faultAt),
    detectedAt: iso(body.detectedAt),
    openedAt: iso(body.openedAt),
    acknowledgedAt: isoOrNull(body.acknowledgedAt),
    dispatchedAt: isoOrNull(body.dispatchedAt),
    respondedAt: isoOrNull(body.respondedAt),
    responseMode: body.responseMode,
    restoredAt: isoOrNull(body.restoredAt),
    verifiedAt: isoOrNull(body.verifiedAt),
    closedAt: isoOrNull(body.closedAt),
    clock: body.clock,
    coverage: body.coverage,
    clocks: Object.fromEntries(Object.entries(clocks).map(([name, clock]) => [name, { ...clock }])),
    holds: body.holds.map((hold) => ({ ...hold, from: iso(hold.from), to: isoOrNull(hold.to) })),
    escalation: escalation && { ...escalation },
    by: body.by,
    party: body.party,
    via: body.via,
    why: body.why,
  };
}

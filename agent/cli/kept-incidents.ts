/** Incidents as the records of a store tell them, for when no agent runs. Reads only. */
import { type IncidentView, STAGES } from "../acts/port.ts";
import { openReader } from "../store/read.ts";

const PAGE = 1_000;

/** What this needs of an incident record. */
interface Told {
  asset: string;
  incident: {
    id: string;
    severity: string;
    reason: string | null;
    faultAt: string;
    acknowledgedAt: string | null;
    dispatchedAt: string | null;
    respondedAt: string | null;
    restoredAt: string | null;
    verifiedAt: string | null;
    closedAt: string | null;
    holds: { to: string | null }[];
  };
}

/** The newest version of each, the newest incident first. Throws `STORE_UNWRITABLE` when there is no store. */
export function keptIncidents(path: string): IncidentView[] {
  const reader = openReader(path);
  try {
    const newest = new Map<string, Told>();
    let after = 0;
    for (;;) {
      const rows = reader.records(after, PAGE);
      for (const { seq, class: kind, payload } of rows) {
        after = seq;
        if (kind !== "incident") continue;
        const told = JSON.parse(payload) as Told;
        newest.set(`${told.asset}/${told.incident.id}`, told);
      }
      if (rows.length < PAGE)
        return [...newest.values()].map(viewOf).sort((a, b) => b.from - a.from);
    }
  } finally {
    reader.close();
  }
}

function viewOf({ asset, incident }: Told): IncidentView {
  const { id, severity, reason, faultAt, restoredAt, closedAt, holds } = incident;
  const reached = STAGES.findLast(
    (stage) => stage !== "notified" && incident[`${stage}At`] !== null,
  );
  return {
    id,
    asset,
    severity,
    state: reached ?? "notified",
    from: Date.parse(faultAt),
    to: restoredAt === null ? null : Date.parse(restoredAt),
    open: closedAt === null,
    held: closedAt === null && holds.at(-1)?.to === null,
    reason,
    limits: [],
  };
}

/** Incidents as a store tells them, for when no agent runs. Reads only. */
import { incidentsOf } from "../acts/plant-facts.ts";
import { type IncidentView, STAGES } from "../acts/port.ts";
import { nameOf } from "../acts/subject.ts";
import { type Core, type CoreState, coreOf } from "../core/core.ts";
import { upgraded } from "../core/upgrade.ts";
import { openReader, type Reader } from "../store/read.ts";
import { fromTaggedJson } from "../store/tagged-json.ts";

const PAGE = 1_000;

/** What this needs of an incident record. */
interface Told {
  time: string;
  asset: string;
  incident: {
    id: string;
    severity: string;
    mode: string;
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

/**
 * Incidents of the last snapshot, and what newer records say of them; the newest first. Steps whose records were
 * delivered after that snapshot are not seen: only an agent that runs knows all. Throws `STORE_UNWRITABLE` when there
 * is no store.
 */
export function keptIncidents(path: string): IncidentView[] {
  const reader = openReader(path);
  try {
    const core = coreIn(reader.snapshot());
    const known = new Map(
      core && incidentsOf(core, core.state.now).map((each) => [nameOf(each), each]),
    );
    for (const told of toldOf<Told>(reader, "incident"))
      if (Date.parse(told.time) > (core?.state.now ?? 0))
        known.set(nameOf(viewOf(told)), viewOf(told));
    return [...known.values()].sort((a, b) => b.from - a.from);
  } finally {
    reader.close();
  }
}

/** The core of a snapshot; null where there is none, or one that this version cannot read. */
export function coreIn(snapshot: string | null): Core | null {
  if (snapshot === null) return null;
  const { version, state } = fromTaggedJson(snapshot) as { version: number; state: CoreState };
  const known = upgraded(version, state);
  return known && coreOf(known);
}

/** Payloads of a class that are in the store, in order. */
export function* toldOf<T>(reader: Reader, wanted: string): Generator<T> {
  let after = 0;
  for (;;) {
    const rows = reader.records(after, PAGE);
    for (const { class: kind, payload } of rows)
      if (kind === wanted) yield JSON.parse(payload) as T;
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.seq ?? after;
  }
}

function viewOf({ asset, incident }: Told): IncidentView {
  const { id, severity, mode, reason, faultAt, restoredAt, closedAt, holds } = incident;
  const reached = STAGES.findLast(
    (stage) => stage !== "notified" && incident[`${stage}At`] !== null,
  );
  return {
    id,
    asset,
    severity,
    mode,
    state: reached ?? "notified",
    from: Date.parse(faultAt),
    to: restoredAt === null ? null : Date.parse(restoredAt),
    open: closedAt === null,
    held: closedAt === null && holds.at(-1)?.to === null,
    reason,
    fits: [],
    limits: [],
  };
}

/**
 * Outcomes of a contract that are made of incidents: the share answered or restored in time, and the share that came
 * back (metrics A5). Incidents belong to the period they were opened in, repeats to the one the first was closed in.
 */
import type { IncidentOutcome } from "../incident/outcome.ts";
import type { Millis, Span } from "../time.ts";
import { isOthers } from "../timeline/stop.ts";
import { type Ratio, ratio, type Value } from "./measure.ts";
import type { OutcomeModel } from "./model.ts";

/** By asset id, open ones as they stand. */
export type Incidents = Record<string, readonly IncidentOutcome[]>;

const NOTHING: Ratio = { n: 0n, d: 0n };

const holds = ({ from, to }: Span, at: Millis | null): boolean =>
  at !== null && from <= at && at < to;

/** Hits over those due; an open one past its limit is a miss, one within it is still both. */
export function inTime(
  outcome: OutcomeModel,
  incidents: readonly IncidentOutcome[],
  period: Span,
): Value {
  const counts = { hit: 0, miss: 0, open: 0, none: 0 };
  for (const incident of incidents) {
    const isOwn = outcome.severity === null || incident.severity === outcome.severity;
    if (isOwn && holds(period, incident.openedAt)) counts[standOf(outcome, incident)]++;
  }
  const due = counts.hit + counts.miss;
  return {
    value: ratio(counts.hit, due),
    min: ratio(counts.hit, due + counts.open),
    max: ratio(counts.hit + counts.open, due + counts.open),
    coverage: NOTHING,
  };
}

/** `none`: over before anybody had to come. */
function standOf(
  { metric, limitMs, clock }: OutcomeModel,
  { clocks }: IncidentOutcome,
): "hit" | "miss" | "open" | "none" {
  const { state, coveredMs, calendarMs } = clocks[metric === "restore" ? "restore" : "respond"];
  if ((clock === "covered" ? coveredMs : calendarMs) > limitMs) return "miss";
  if (state === "reached") return "hit";
  return state === "running" ? "open" : "none";
}

/** Repeats over closed incidents that the supplier answers for; one whose time is not over may still repeat. */
export function repeats(
  { withinMs, severity }: OutcomeModel,
  incidents: readonly IncidentOutcome[],
  period: Span,
  at: Millis,
): Value {
  let closed = 0;
  let again = 0;
  let open = 0;
  for (const { id, closedAt, attribution, severity: own } of incidents) {
    if (closedAt === null || !holds(period, closedAt) || isOthers(attribution)) continue;
    if (severity !== null && own !== severity) continue;
    closed++;
    const isRepeated = incidents.some(
      (later) => later.repeatOf === id && later.openedAt - closedAt <= withinMs,
    );
    if (isRepeated) again++;
    else if (at < closedAt + withinMs) open++;
  }
  return {
    value: ratio(again, closed),
    min: ratio(again, closed),
    max: ratio(again + open, closed),
    coverage: NOTHING,
  };
}

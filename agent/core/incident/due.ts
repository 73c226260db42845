/**
 * Deadlines of an asset's incidents: a trigger that has lasted, a restoration that has held, one that is verified, an
 * escalation step. Each runs at its own instant; nothing is due that was done.
 */
import type { Millis } from "../time.ts";
import type { IncidentChange } from "./body.ts";
import { type Coverage, NEVER } from "./coverage.ts";
import { escalateDue, nextEscalation } from "./escalation.ts";
import { forgetStops } from "./micro-stop.ts";
import type { IncidentModel } from "./model.ts";
import { restoreDue, restoreNow, verifyDue, verifyNow } from "./recovery.ts";
import { type IncidentsState, type Moment, stampOf } from "./state.ts";
import { isForgotten, isLost, raise, watchDue } from "./trigger.ts";

/** The next instant at which anything is due on the calendar clock, {@link NEVER} while nothing is. Ask again when a calendar grew. */
export function nextDue(model: IncidentModel, state: IncidentsState, coverage: Coverage): Millis {
  const { now, open, watches } = state;
  const moment = { model, state, at: now, coverage };
  let due = NEVER;
  for (const each of watches) due = Math.min(due, watchDue(each, model, now));
  for (const incident of open)
    due = Math.min(
      due,
      restoreDue(incident, state),
      verifyDue(incident, moment),
      nextEscalation(incident, now, coverage),
    );
  return due;
}

/** Does everything that is due up to `at`, each at its own instant, in order. */
export function runDue(
  model: IncidentModel,
  state: IncidentsState,
  at: Millis,
  coverage: Coverage,
): IncidentChange[] {
  const changes: IncidentChange[] = [];
  for (;;) {
    const due = nextDue(model, state, coverage);
    if (due > at) break;
    state.now = due;
    changes.push(...runAt({ model, state, at: due, coverage }));
  }
  if (at > state.now) state.now = at;
  return changes;
}

function runAt(moment: Moment): IncidentChange[] {
  const { model, state, at } = moment;
  const changes: IncidentChange[] = [];
  for (const incident of state.open)
    if (restoreDue(incident, state) <= at) changes.push(restoreNow(moment, incident));
  for (const incident of [...state.open])
    if (verifyDue(incident, moment) <= at) changes.push(...verifyNow(moment, incident));
  for (const each of state.watches)
    if (watchDue(each, model, at) <= at) changes.push(...raise(moment, each));
  for (const incident of state.open) changes.push(...escalateDue(moment, incident));
  return changes;
}

/**
 * Before a calendar forgets what is past: counts the covered time of open incidents up to `to`, and returns the oldest
 * instant, at most `to`, whose spans are still needed. `to` is not after any instant that may still be told.
 */
export function settleClocks(
  model: IncidentModel,
  state: IncidentsState,
  to: Millis,
  coverage: Coverage,
): Millis {
  // A deadline that did not run yet is found by counting from where the last one ran.
  if (to > state.now && nextDue(model, state, coverage) > to) state.now = to;
  const sure = Math.min(to, state.now);
  for (const incident of state.open) {
    // It may be restored as of its first sample.
    const until = incident.restored ? sure : Math.min(sure, incident.back ?? sure);
    if (until > incident.mark.at) incident.mark = stampOf(incident, until, coverage);
  }
  forgetStops(model, state, to);
  return Math.min(sure, ...beginsOf(model, state, to));
}

/** Instants at which an incident may turn out to have begun, or up to which one is counted. */
function beginsOf(
  model: IncidentModel,
  { open, watches, micro, run, seen }: IncidentsState,
  to: Millis,
): Millis[] {
  const stops = run ? [...micro, run] : micro;
  const waiting = watches.filter((each) => !each.raised && !isForgotten(each, model, to));
  return [
    ...open.map(({ mark }) => mark.at),
    ...waiting.map(({ armedAt }) => armedAt ?? to),
    ...stops.map(({ from }) => from),
    // Under another rule the same trouble is another one.
    ...(seen && (seen.condition === "fault" || isLost(seen)) ? [seen.since] : []),
  ];
}

/**
 * Deadlines of an asset's incidents: a trigger that has lasted, a restoration that has held, one that is verified, an
 * escalation step. Each runs at its own instant; nothing is due that was done.
 */
import type { Millis } from "../time.ts";
import type { IncidentChange } from "./body.ts";
import { type Coverage, NEVER } from "./coverage.ts";
import { escalateDue, nextEscalation } from "./escalation.ts";
import type { IncidentModel } from "./model.ts";
import { restoreDue, restoreNow, verifyDue, verifyNow } from "./recovery.ts";
import { type IncidentsState, type Moment, stampOf } from "./state.ts";
import { forgetUnseen, raise, watchDue } from "./trigger.ts";

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
  for (const incident of state.open)
    if (to > incident.mark.at) incident.mark = stampOf(incident, to, coverage);
  forgetUnseen(model, state, to);
  const waiting = state.watches.map(({ raised, armedAt }) => (raised ? to : (armedAt ?? to)));
  return Math.min(to, ...waiting, ...state.micro.map(({ from }) => from));
}

/**
 * The steps of an incident's life, each with its message: whoever calls has made sure that the step is possible.
 * A step takes effect at the instant it is dated, which may lie a little before the present one.
 */
import type { Millis } from "../time.ts";
import { changeOf, type Escalation, type IncidentChange, outcomeOf, type Who } from "./body.ts";
import { later } from "./coverage.ts";
import { holdOf, type Incident, MOST_CLOSED, type Moment, noProof, stampOf } from "./state.ts";

const tell = (
  { at, coverage }: Moment,
  incident: Incident,
  status: IncidentChange["body"]["status"],
  who: Who | null,
  escalation: Escalation | null = null,
): IncidentChange => changeOf(incident, status, at, coverage, who, escalation);

const nowOf = ({ at, coverage }: Moment, incident: Incident) => stampOf(incident, at, coverage);

export function acknowledge(moment: Moment, incident: Incident, who: Who): IncidentChange {
  incident.acknowledged = nowOf(moment, incident);
  return tell(moment, incident, "acknowledged", who);
}

/** Whoever sends somebody has seen the incident. */
export function dispatch(moment: Moment, incident: Incident, who: Who): IncidentChange {
  const now = nowOf(moment, incident);
  incident.acknowledged ??= now;
  incident.dispatched ??= now;
  incident.underWay = true;
  return tell(moment, incident, "dispatched", who);
}

/** The first response stops the clock; every one counts as a visit. */
export function respond(
  moment: Moment,
  incident: Incident,
  mode: "remote" | "on-site",
  who: Who,
): IncidentChange {
  const now = nowOf(moment, incident);
  incident.acknowledged ??= now;
  incident.responded ??= now;
  incident.responseMode = mode;
  incident.underWay = false;
  incident.comeBack = false;
  if (mode === "remote") incident.visits.remote++;
  else incident.visits.onSite++;
  return tell(moment, incident, "responded", who);
}

/** The machine is back since `from`. A hold ends with it. */
export function restore(
  moment: Moment,
  incident: Incident,
  from: Millis,
  who: Who | null,
): IncidentChange {
  const stamp = stampOf(incident, from, moment.coverage);
  incident.restored = stamp;
  const hold = holdOf(incident);
  if (hold) hold.to = later(hold.from, stamp);
  return tell(moment, incident, "restored", who);
}

/** The fault came back before anything verified the restoration: its clock goes on as if it had never stopped. */
export function relapse(moment: Moment, incident: Incident): IncidentChange {
  incident.restored = null;
  incident.back = null;
  incident.proof = noProof();
  incident.relapses++;
  incident.comeBack = incident.responded !== null;
  return tell(moment, incident, "relapsed", null);
}

/** Closes too, where the configuration says so. */
export function verify(moment: Moment, incident: Incident, who: Who | null): IncidentChange[] {
  incident.verified = nowOf(moment, incident);
  forgetMicroStops(moment, incident);
  const verified = tell(moment, incident, "verified", who);
  if (moment.model.closing !== "verified") return [verified];
  return [verified, close(moment, incident, null)];
}

/** Takes it from the open ones; its outcome is kept for repeats. */
export function close(moment: Moment, incident: Incident, who: Who | null): IncidentChange {
  const { state, at, coverage } = moment;
  incident.closed = nowOf(moment, incident);
  const hold = holdOf(incident);
  if (hold) hold.to = incident.closed;
  forgetMicroStops(moment, incident);
  state.open = state.open.filter((other) => other !== incident);
  forgetClosed(moment);
  state.closed.push(outcomeOf(incident, at, coverage));
  return tell(moment, incident, "closed", who);
}

/** Old outcomes cannot be repeated any more. */
function forgetClosed({ model, state, at }: Moment): void {
  const since = at - model.repeatWithinMs;
  state.closed = state.closed
    .filter(({ closedAt }) => closedAt !== null && closedAt >= since)
    .slice(1 - MOST_CLOSED);
}

/** The next incident of micro-stops takes new ones. */
function forgetMicroStops({ state }: Moment, { trigger }: Incident): void {
  if (trigger === "micro-stops") state.micro = [];
}

export function hold(moment: Moment, incident: Incident, who: Who): IncidentChange {
  const { why: reason, by, party } = who;
  incident.holds.push({ from: nowOf(moment, incident), to: null, reason, by, party });
  return tell(moment, incident, "held", who);
}

export function release(moment: Moment, incident: Incident, who: Who): IncidentChange {
  const held = holdOf(incident);
  if (held) held.to = nowOf(moment, incident);
  return tell(moment, incident, "released", who);
}

export function escalate(
  moment: Moment,
  incident: Incident,
  key: string,
  escalation: Escalation,
): IncidentChange {
  incident.escalated.push(key);
  return tell(moment, incident, "escalated", null, escalation);
}

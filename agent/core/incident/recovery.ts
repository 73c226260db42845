/**
 * Whether the machine is back, and what proves it: the first sample out of the disturbance, that it stays so, and then
 * good pieces or stable time. Restores and verifies; a fault that comes back is `trigger.ts`'s.
 */
import type { Millis } from "../time.ts";
import type { Condition } from "../vocabulary.ts";
import type { IncidentChange } from "./body.ts";
import { NEVER } from "./coverage.ts";
import { fits, type SignalSeverity } from "./model.ts";
import { type Incident, type IncidentsState, type Moment, noProof, type Seen } from "./state.ts";
import { restore, verify } from "./step.ts";
import { isLost } from "./trigger.ts";

/** A machine in these could work. `off` and `maintenance` are no recovery; `unknown` says nothing. */
const BACK: Condition[] = ["producing", "idle", "starved", "blocked", "setup", "engineering"];

/** Seen by a sample, if only that no rule is true. */
const isKnown = ({ condition, cause }: Seen): boolean =>
  condition !== "unknown" || cause === "rule-undecided";

/** What the condition says about an incident: true back, false not, null nothing. */
function isBack({ trigger }: Incident, seen: Seen): boolean | null {
  if (trigger === "lost-contact") return isKnown(seen) || (isLost(seen) ? false : null);
  if (trigger !== "fault" && trigger !== "micro-stops") return null;
  return seen.condition === "unknown" ? null : BACK.includes(seen.condition);
}

/** Takes the next condition into account for every incident that is not verified. */
export function followRecovery({ state }: Moment, before: Seen | null, now: Seen): void {
  for (const incident of state.open) {
    if (incident.verified) continue;
    if (!incident.restored) {
      const back = isBack(incident, now);
      if (back === true && incident.back === null) begin(incident, now.since, false);
      if (back === false) end(incident);
    }
    prove(incident, before, now);
  }
}

/** A signal has another severity (null: it was cleared): its incident is over where its rule does not fit any more. */
export function followSignal(
  { model, state, at }: Moment,
  id: string,
  severity: SignalSeverity | null,
): void {
  for (const incident of state.open) {
    if (incident.signal !== id || incident.restored) continue;
    const rule = model.rules.find((each) => each.id === incident.rule);
    if (severity !== null && (!rule || fits(rule, severity))) end(incident);
    else if (incident.back === null) begin(incident, at, false);
  }
}

/** The machine is back since that instant, and perhaps producing. */
export function begin(incident: Incident, since: Millis, producing: boolean): void {
  const back = Math.max(since, incident.fault.at);
  incident.back = back;
  incident.proof = { ...noProof(), producingSince: producing ? back : null };
}

function end(incident: Incident): void {
  incident.back = null;
  incident.proof = noProof();
}

/** Adds up producing time since the machine is back. */
function prove(incident: Incident, before: Seen | null, now: Seen): void {
  const { proof, back } = incident;
  if (proof.producingSince !== null && before?.condition === "producing")
    proof.producingMs += Math.max(0, now.since - proof.producingSince);
  const goesOn = back !== null && now.condition === "producing";
  const from = proof.producingSince ?? now.since;
  proof.producingSince = goesOn ? Math.max(back, now.since, from) : null;
}

/** Good pieces count once the machine is back. */
export function provePieces({ state }: Moment, good: number): void {
  for (const incident of state.open)
    if (!incident.verified && incident.back !== null) incident.proof.pieces += good;
}

/** When an incident is restored by itself, as seen from the state's instant. */
export function restoreDue(incident: Incident, { seen, now }: IncidentsState): Millis {
  const { restored, back, trigger } = incident;
  if (restored || back === null || incident.verified) return NEVER;
  if (trigger !== "signal" && (!seen || isBack(incident, seen) !== true)) return NEVER;
  return Math.max(back + incident.stayMs, now);
}

export const restoreNow = (moment: Moment, incident: Incident): IncidentChange =>
  restore(moment, incident, incident.back ?? moment.at, null);

/** When a restoration is verified by itself, as seen from the state's instant. */
export function verifyDue(incident: Incident, { model, state }: Moment): Millis {
  if (!incident.restored || incident.verified) return NEVER;
  const { proof, back, rule, signal, trigger } = incident;
  if (state.watches.some((each) => each.rule === rule && each.signal === signal)) return NEVER;
  const { pieces, stableMs } = model.verify;
  if (pieces !== null && proof.pieces >= pieces) return state.now;
  if (stableMs === null) return NEVER;
  if (trigger === "lost-contact" || trigger === "signal")
    return Math.max((back ?? incident.restored.at) + stableMs, state.now);
  if (proof.producingSince === null) return NEVER;
  return Math.max(proof.producingSince + stableMs - proof.producingMs, state.now);
}

export const verifyNow = (moment: Moment, incident: Incident): IncidentChange[] =>
  verify(moment, incident, null);

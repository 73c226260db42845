/**
 * What the incidents of an asset hear: its condition, signals and good pieces. Each tells what is so from now on and
 * returns the messages that follow at once; what follows later is `runDue`'s. Whatever is told twice changes nothing.
 */
import type { Millis } from "../time.ts";
import type { IncidentChange } from "./body.ts";
import type { Coverage } from "./coverage.ts";
import { runDue } from "./due.ts";
import { followStops } from "./micro-stop.ts";
import type { IncidentModel, SignalSeverity } from "./model.ts";
import { followRecovery, followSignal, provePieces } from "./recovery.ts";
import type { IncidentsState, Moment, Seen } from "./state.ts";
import { watch } from "./trigger.ts";

function momentOf(
  model: IncidentModel,
  state: IncidentsState,
  at: Millis,
  coverage: Coverage,
): [Moment, IncidentChange[]] {
  const changes = runDue(model, state, at, coverage);
  return [{ model, state, at: state.now, coverage }, changes];
}

const isSame = (a: Seen, b: Seen): boolean =>
  a.condition === b.condition &&
  a.cause === b.cause &&
  a.reason === b.reason &&
  a.since === b.since &&
  a.schedule === b.schedule &&
  a.attribution === b.attribution;

/** The condition, schedule or attribution is another one since `now.since`, as became known at `at`. */
export function seeCondition(
  model: IncidentModel,
  state: IncidentsState,
  now: Seen,
  at: Millis,
  coverage: Coverage,
): IncidentChange[] {
  const before = state.seen;
  const [moment, changes] = momentOf(model, state, at, coverage);
  if (before && isSame(before, now)) return changes;
  if (now.schedule === "scheduled" && before?.schedule !== "scheduled")
    state.scheduledSince = before ? moment.at : now.since;
  state.seen = { ...now };
  followRecovery(moment, before, now);
  changes.push(...followStops(moment, before, now), ...watch(moment));
  changes.push(...runDue(model, state, at, coverage));
  return changes;
}

/** A signal was raised or its severity changed, or it was cleared (`severity` null): from `at` on, whenever it began. */
export function seeSignal(
  model: IncidentModel,
  state: IncidentsState,
  signal: { id: string; severity: SignalSeverity | null },
  at: Millis,
  coverage: Coverage,
): IncidentChange[] {
  const [moment, changes] = momentOf(model, state, at, coverage);
  const { id, severity } = signal;
  const known = state.signals.find((each) => each.id === id);
  if (known?.severity === severity) return changes;
  state.signals = state.signals.filter((each) => each !== known);
  if (severity !== null) state.signals.push({ id, severity, since: moment.at });
  followSignal(moment, id, severity);
  changes.push(...watch(moment), ...runDue(model, state, at, coverage));
  return changes;
}

/** Good pieces were counted. */
export function seePieces(
  model: IncidentModel,
  state: IncidentsState,
  good: number,
  at: Millis,
  coverage: Coverage,
): IncidentChange[] {
  const [moment, changes] = momentOf(model, state, at, coverage);
  if (good <= 0 || state.open.length === 0) return changes;
  provePieces(moment, good);
  changes.push(...runDue(model, state, at, coverage));
  return changes;
}

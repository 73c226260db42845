/**
 * The end of periods and what comes after: verdicts when everything in them is settled, alerts while they run, and
 * numbered corrections of verdicts that later knowledge changed. Nothing is ever taken back without a number.
 */
import { canonicalJson } from "../canonical.ts";
import type { Millis } from "../time.ts";
import type { StandingBody } from "./body.ts";
import { NEVER } from "./book.ts";
import { keyOf } from "./course.ts";
import { noteUnseen } from "./fold.ts";
import type { Outlook } from "./look.ts";
import type { ContractModel } from "./model.ts";
import { standingOf } from "./standing.ts";
import { type ContractState, forgetPeriods, isCutShort, type PeriodState } from "./state.ts";
import { type FinalVerdict, isOfIncidents } from "./verdict.ts";

const openPeriods = ({ periods }: ContractState): PeriodState[] =>
  periods.filter(({ revision }) => revision === null);

/** The period that runs at an instant; null between effect and end of the contract, and before it is known. */
export const periodAt = ({ periods }: ContractState, at: Millis): PeriodState | null =>
  periods.find(({ from, to }) => from <= at && at < to) ?? null;

/**
 * When the next verdict is due: every asset is settled past the end, and every stop there is long enough to be judged.
 * `settleMs`: settle time by asset. `NEVER` without an open period.
 */
export function dueAt(
  model: ContractModel,
  state: ContractState,
  settleMs: Record<string, Millis>,
): Millis {
  const [next] = openPeriods(state);
  if (!next) return NEVER;
  const lags = model.assets.map(({ id, microStopMs }) => (settleMs[id] ?? 0) + microStopMs);
  return next.to + Math.max(0, ...lags);
}

/**
 * Ends the periods that are due at `outlook.at`, oldest first. Call it at {@link dueAt}, with the settled intervals
 * that are not booked yet in `outlook.tails`.
 */
export function closeDue(
  model: ContractModel,
  state: ContractState,
  outlook: Outlook,
  settleMs: Record<string, Millis>,
): StandingBody[] {
  const bodies: StandingBody[] = [];
  while (dueAt(model, state, settleMs) <= outlook.at) {
    const [period] = openPeriods(state);
    if (!period) break;
    const { body } = standingOf(model, state, period, outlook, true);
    bodies.push(sealed(model, period, body));
    const soon = Object.keys(outlook.tails).filter((id) => outlook.tails[id]?.length);
    noteUnseen(model, state, period.to, soon);
  }
  if (bodies.length > 0) forgetPeriods(model, state);
  return bodies;
}

/** Takes the next revision of a period's verdict. */
function sealed(model: ContractModel, period: PeriodState, body: StandingBody): StandingBody {
  const supersedes = period.revision;
  period.revision = (supersedes ?? 0) + 1;
  for (const [i, outcome] of model.outcomes.entries())
    period.verdicts[keyOf(outcome)] = (body.outcomes[i]?.verdict ??
      "indeterminate") as FinalVerdict;
  return { ...body, revision: period.revision, supersedes };
}

/**
 * The standing of the period that runs, with the alerts that fire now, each once per period. null where none runs.
 * Changes nothing but the list of alerts.
 */
export function standing(
  model: ContractModel,
  state: ContractState,
  outlook: Outlook,
): StandingBody | null {
  const period = periodAt(state, outlook.at);
  if (!period || period.revision !== null) return null;
  const { body, due } = standingOf(model, state, period, outlook, false);
  for (const id of due)
    if (!period.alerts.some((alert) => alert.id === id)) period.alerts.push({ id, at: outlook.at });
  return { ...body, alerts: [...period.alerts] };
}

/**
 * Runs a change (an amendment, other proposals, an incident that ended) and gives the verdicts of closed periods that
 * it changed their next revision. `before` and `after` are what was and is known beside the booked sums.
 */
export function restate(
  model: ContractModel,
  state: ContractState,
  before: Outlook,
  after: Outlook,
  change: () => void,
): StandingBody[] {
  const closed = state.periods.filter(({ revision }) => revision !== null);
  const old = closed.map((period) => essence(standingOf(model, state, period, before, true).body));
  change();
  const bodies: StandingBody[] = [];
  for (const [i, period] of closed.entries()) {
    const { body } = standingOf(model, state, period, after, true);
    if (essence(body) !== old[i]) bodies.push(sealed(model, period, body));
  }
  return bodies;
}

/**
 * What time alone has decided since a period ended: a limit has passed, or nothing came back. Verdicts that had waited for
 * it get their next revision.
 */
export function ripen(
  model: ContractModel,
  state: ContractState,
  outlook: Outlook,
): StandingBody[] {
  const waiting = ({ verdicts }: PeriodState): number[] =>
    model.outcomes.flatMap((outcome, i) =>
      isOfIncidents(outcome.metric) && verdicts[keyOf(outcome)] === "indeterminate" ? [i] : [],
    );
  return state.periods.flatMap((period) => {
    const undecided = isCutShort(period) ? [] : waiting(period);
    if (undecided.length === 0) return [];
    const { body } = standingOf(model, state, period, outlook, true);
    const isDecided = undecided.some((i) => body.outcomes[i]?.verdict !== "indeterminate");
    return isDecided ? [sealed(model, period, body)] : [];
  });
}

const essence = ({ at: _at, revision: _revision, supersedes: _, ...body }: StandingBody): string =>
  canonicalJson(body);

/** Whether a standing says something new: a verdict, an alert, a dispute, another period. */
export function isNews(told: StandingBody | null, now: StandingBody): boolean {
  if (!told) return true;
  const gist = (body: StandingBody): string =>
    canonicalJson({
      from: body.from,
      alerts: body.alerts.length,
      revision: body.contractRevision,
      outcomes: body.outcomes.map(({ verdict, disputed }) => [verdict, disputed?.verdict ?? null]),
    });
  return gist(told) !== gist(now);
}

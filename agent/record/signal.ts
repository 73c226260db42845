/** The `signal` part of a record: instants as text, the numbers behind a finding as the core has them. Judges nothing. */
import type {
  BaselineRef,
  BudgetAtRisk,
  Estimate,
  Evidence,
  SignalChange,
} from "../core/signal/change.ts";
import { iso, isoOrNull } from "./iso.ts";

export function signalPart(change: SignalChange): Record<string, unknown> {
  const { at: _at, channel, since, onset, acknowledged, shelvedUntil, baseline, evidence } = change;
  const { id, version, episode, status, kind, severity, detector, budgetAtRisk } = change;
  return {
    ...{ id, version, episode, status, kind, severity, detector, point: channel },
    since: iso(since),
    onset: isoOrNull(onset),
    acknowledged: acknowledged && { ...acknowledged, at: iso(acknowledged.at) },
    shelvedUntil: isoOrNull(shelvedUntil),
    intermittent: change.intermittent,
    by: change.by,
    why: change.why,
    baseline: baseline && baselinePart(baseline),
    evidence: evidencePart(evidence),
    ...(budgetAtRisk && { budgetAtRisk: budgetAtRisk.map(budgetPart) }),
  };
}

const budgetPart = ({ to, ...rest }: BudgetAtRisk) => ({ ...rest, to: iso(to) });

const baselinePart = ({ learned, ...rest }: BaselineRef) => ({ ...rest, learned: iso(learned) });

const evidencePart = ({ first, last, estimate, trace, ...rest }: Evidence) => ({
  ...rest,
  first: isoOrNull(first),
  last: isoOrNull(last),
  estimate: estimate && estimatePart(estimate),
  trace: trace.map(([at, value]) => [iso(at), value]),
});

const estimatePart = ({ at, ...rest }: Estimate) => ({ at: iso(at), ...rest });

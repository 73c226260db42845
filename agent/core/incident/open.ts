/** Opens an incident: number, terms of its severity, and whether it repeats an earlier one. Decides no trigger. */
import type { Millis } from "../time.ts";
import type { Attribution } from "../vocabulary.ts";
import { changeOf, type IncidentChange, type Who } from "./body.ts";
import { stampFrom } from "./coverage.ts";
import type { IncidentModel, SeverityModel, Trigger } from "./model.ts";
import { type Incident, MOST_OPEN, type Moment, noProof } from "./state.ts";
import { close } from "./step.ts";

export interface Opening {
  rule: string;
  trigger: Trigger;
  signal: string | null;
  reason: string | null;
  severity: string;
  attribution: Attribution;
  faultAt: Millis;
  detectedAt: Millis;
  stayMs: Millis;
}

/** The terms of a severity; one that is not configured any more promises nothing. */
const termsOf = ({ severities }: IncidentModel, id: string): SeverityModel =>
  severities.find((severity) => severity.id === id) ?? {
    id,
    limits: { acknowledge: null, respond: null, restore: null },
    clock: "calendar",
    coverage: null,
    escalation: [],
    holdReasons: [],
  };

/** Opens it now: this is its notification, and the message says so. Where too many are open, an old one is closed first. */
export function open(moment: Moment, opening: Opening, who: Who | null): IncidentChange[] {
  const { model, state, at, coverage } = moment;
  const changes = makeRoom(moment);
  const { rule, trigger, signal, reason, attribution, faultAt, stayMs } = opening;
  const terms = copyOf(termsOf(model, opening.severity));
  const fault = { at: faultAt, coveredMs: 0 };
  const stamp = (t: Millis) => stampFrom(fault, terms.coverage, t, coverage);
  const mode = [trigger, signal ?? (trigger === "fault" ? reason : null)]
    .filter((part) => part !== null)
    .join(":");
  const incident: Incident = {
    asset: state.asset,
    id: `i-${++state.ordinal}`,
    version: 0,
    rule,
    trigger,
    signal,
    mode,
    reason,
    terms,
    stayMs,
    attribution,
    fault,
    detected: stamp(Math.max(faultAt, opening.detectedAt)),
    opened: stamp(at),
    acknowledged: null,
    dispatched: null,
    responded: null,
    responseMode: null,
    restored: null,
    verified: null,
    closed: null,
    visits: { remote: 0, onSite: 0 },
    underWay: false,
    relapses: 0,
    repeatOf: repeated(moment, mode, faultAt),
    holds: [],
    mark: fault,
    back: null,
    proof: noProof(),
    escalated: [],
  };
  state.open.push(incident);
  return [...changes, changeOf(incident, "opened", at, coverage, who)];
}

/** The state owns what it keeps: a later configuration must not reach into it. */
const copyOf = (terms: SeverityModel): SeverityModel => ({
  ...terms,
  limits: { ...terms.limits },
  escalation: terms.escalation.map((step) => ({ ...step, limits: [...step.limits] })),
  holdReasons: [...terms.holdReasons],
});

/** The newest incident of the mode that was closed, or at least verified, not longer ago than repeats are told. */
function repeated({ model, state }: Moment, mode: string, faultAt: Millis): string | null {
  const since = faultAt - model.repeatWithinMs;
  const verified = state.open.findLast((each) => each.mode === mode && each.verified !== null);
  if (verified?.verified && verified.verified.at >= since) return verified.id;
  const closed = state.closed.findLast((each) => each.mode === mode);
  return closed && (closed.closedAt ?? 0) >= since ? closed.id : null;
}

function makeRoom(moment: Moment): IncidentChange[] {
  const { open: all } = moment.state;
  if (all.length < MOST_OPEN) return [];
  const oldest = all.find(({ verified }) => verified !== null);
  return oldest ? [close(moment, oldest, null)] : [];
}

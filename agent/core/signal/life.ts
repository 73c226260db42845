/**
 * The life of a signal: raised, updated, cleared, merged when it flaps; one open signal per channel and kind, under an id
 * that is stable over restarts. Knows no detector; persists nothing.
 */
import type { Millis } from "../time.ts";
import type { BaselineRef, BudgetAtRisk, Evidence, SignalChange, SignalStatus } from "./change.ts";
import type { Severity, SignalKind } from "./model.ts";
import { TRACE_POINTS } from "./settings-plant.ts";

/** What a detector found, as the life cycle sees it. */
export interface Finding {
  id: string;
  kind: SignalKind;
  detector: string;
  /** Id of the point; null: about several. */
  channel: string | null;
  severity: Severity;
  onset: Millis | null;
  baseline: BaselineRef | null;
  evidence: Evidence;
  /** Points whose open signals hold it back. */
  upstream?: string[];
}

/** Everything known of one id, open or not; kept for ever, so that versions never repeat. */
export interface SignalState extends Finding {
  stage: "raised" | "cleared";
  version: number;
  episode: number;
  since: Millis;
  toldAt: Millis;
  toldEffect: number;
  /** Instants of the last raisings, newest last, at most four. */
  raises: Millis[];
  intermittent: boolean;
  /** An intermittent one whose cause has gone: open until it has been quiet for a day. */
  quietSince: Millis | null;
  acknowledged: { at: Millis; by: string; why: string } | null;
  shelvedUntil: Millis | null;
  /** Its sensor cannot be believed. */
  suppressed: boolean;
  /** Id of the signal upstream that holds it back. */
  heldBy?: string;
  /** Running time of the machine when that signal was found gone. */
  freedAt?: Millis;
  /** As last told. */
  budgetAtRisk?: BudgetAtRisk[];
}

export type Signals = Record<string, SignalState>;

const DAY = 86_400_000;
const FLAPS = 3;

/** The condition holds: raises the signal, or tells of it again when there is news. */
export function raise(signals: Signals, finding: Finding, at: Millis): SignalChange | null {
  const known = signals[finding.id];
  if (known?.stage === "raised") return renew(known, finding, at);
  const raises = [...(known?.raises ?? []), at].slice(-FLAPS - 1);
  const signal: SignalState = {
    ...finding,
    stage: "raised",
    version: known?.version ?? 0,
    episode: (known?.episode ?? 0) + 1,
    since: at,
    toldAt: at,
    toldEffect: Math.abs(finding.evidence.effect ?? 0),
    raises,
    intermittent: raises.length > FLAPS && at - raises[0]! <= DAY,
    quietSince: null,
    acknowledged: null,
    shelvedUntil: known?.shelvedUntil ?? null,
    suppressed: false,
  };
  signals[finding.id] = signal;
  const cause = causeOf(signals, signal);
  if (cause === null) return tell(signal, "raised", at);
  signal.heldBy = cause;
  return tell(signal, "suppressed", at);
}

/** The open signal of a point upstream; null: none. */
export function causeOf(signals: Signals, { upstream = [] }: SignalState): string | null {
  for (const point of upstream)
    for (const { id, stage, channel } of Object.values(signals))
      if (stage === "raised" && channel === point) return id;
  return null;
}

/** Told again on another severity, every 24 h, or when the effect has grown by a quarter. */
function renew(signal: SignalState, finding: Finding, at: Millis): SignalChange | null {
  const trace = thinned([...signal.evidence.trace, ...newer(finding, signal)]);
  const worse = signal.severity !== finding.severity;
  const effect = Math.abs(finding.evidence.effect ?? 0);
  const news = worse || at - signal.toldAt >= DAY || effect >= 1.25 * signal.toldEffect + 1e-300;
  const returned = signal.quietSince !== null;
  signal.quietSince = null;
  if (returned) signal.raises = [...signal.raises, at].slice(-FLAPS - 1);
  signal.severity = finding.severity;
  signal.onset ??= finding.onset;
  // Another recipe or state has another baseline, and evidence without its own cannot be measured again.
  signal.baseline = finding.baseline;
  signal.evidence = { ...finding.evidence, trace };
  // The configuration may name other causes since.
  if (finding.upstream) signal.upstream = finding.upstream;
  else delete signal.upstream;
  if (!news || signal.heldBy !== undefined) return null;
  signal.toldAt = at;
  signal.toldEffect = effect;
  return tell(signal, "updated", at);
}

const newer = (finding: Finding, { evidence }: SignalState): [Millis, number][] => {
  const last = evidence.trace[evidence.trace.length - 1]?.[0] ?? -1;
  return finding.evidence.trace.filter(([at]) => at > last);
};

/** At most {@link TRACE_POINTS}: every other of the older half goes. */
export function thinned(trace: [Millis, number][]): [Millis, number][] {
  if (trace.length <= TRACE_POINTS) return trace;
  const half = trace.length >> 1;
  return thinned(trace.filter((_, index) => index >= half || index % 2 === 0));
}

/** The condition has gone, by the detector's own patience. */
export function relent(signals: Signals, id: string, at: Millis): SignalChange | null {
  const signal = signals[id];
  if (signal?.stage !== "raised") return null;
  if (signal.intermittent) {
    signal.quietSince ??= at;
    return null;
  }
  return close(signal, at);
}

/**
 * Clears without looking back: after a maintenance, or when an intermittent one has been quiet for a day. Told of
 * shelved ones too, as incidents wait for it.
 */
export function close(signal: SignalState, at: Millis): SignalChange {
  signal.stage = "cleared";
  signal.intermittent = false;
  signal.quietSince = null;
  return told(signal, "cleared", at);
}

/** What passes by time alone: shelving ends, an intermittent signal has been quiet for a day. */
export function expire(signals: Signals, at: Millis): SignalChange[] {
  const changes: SignalChange[] = [];
  for (const signal of Object.values(signals)) {
    const over = signal.shelvedUntil !== null && at >= signal.shelvedUntil;
    if (over) signal.shelvedUntil = null;
    if (signal.stage !== "raised") continue;
    if (over) changes.push(told(signal, "unshelved", at));
    if (signal.quietSince !== null && at - signal.quietSince >= DAY) {
      changes.push(close(signal, at));
    }
  }
  return changes;
}

/** A sensor's own fault vetoes what else is open on its channel, and lets it go again. */
export function veto(
  signals: Signals,
  channel: string,
  suppressed: boolean,
  at: Millis,
): SignalChange[] {
  const changes: SignalChange[] = [];
  for (const signal of Object.values(signals)) {
    const mine = signal.channel === channel && signal.kind !== "data-quality";
    if (!mine || signal.stage !== "raised" || signal.suppressed === suppressed) continue;
    signal.suppressed = suppressed;
    if (signal.heldBy !== undefined) continue;
    const change = tell(signal, suppressed ? "suppressed" : "resumed", at);
    if (change) changes.push(change);
  }
  return changes;
}

/** The next version, unless somebody has shelved the signal. */
export function tell(signal: SignalState, status: SignalStatus, at: Millis): SignalChange | null {
  if (signal.shelvedUntil !== null && at < signal.shelvedUntil) return null;
  return told(signal, status, at);
}

/** The next version, whoever has shelved it. */
export function told(
  signal: SignalState,
  status: SignalStatus,
  at: Millis,
  by: string | null = null,
  why: string | null = null,
): SignalChange {
  signal.version += 1;
  const { id, version, episode, kind, severity, detector, since, onset } = signal;
  const { acknowledged, shelvedUntil, intermittent, baseline } = signal;
  const { heldBy } = signal;
  const evidence = { ...signal.evidence, trace: [...signal.evidence.trace] };
  if (heldBy !== undefined) evidence.upstream = heldBy;
  return {
    id,
    version,
    episode,
    status,
    kind,
    severity,
    detector,
    channel: signal.channel,
    at,
    since,
    onset,
    acknowledged,
    shelvedUntil,
    intermittent,
    by,
    why,
    baseline,
    evidence,
  };
}

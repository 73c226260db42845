/** How things are in a running core, for the desk and the page: machines, incidents, signals, annotations, windows. Changes nothing. */

import type { History } from "../core/annotation/entered.ts";
import type { AssetState, OpenWindow } from "../core/asset.ts";
import type { Core } from "../core/core.ts";
import { fittingSteps } from "../core/incident/act.ts";
import { coverageOf } from "../core/incident/coverage.ts";
import { limitsOf } from "../core/incident/escalation.ts";
import type { IncidentOutcome } from "../core/incident/outcome.ts";
import type { Incident, IncidentsState } from "../core/incident/state.ts";
import type { WindowBody } from "../core/journal.ts";
import type { SignalState } from "../core/signal/life.ts";
import { standingOf } from "../core/signal/standing.ts";
import type { Millis, Span } from "../core/time.ts";
import type { WindowKind } from "../core/vocabulary.ts";
import { measure } from "../core/window/measure.ts";
import { findingText, standsAs } from "./finding.ts";
import type {
  ActFacts,
  AnnotationView,
  ChannelView,
  IncidentView,
  SignalView,
  Stage,
  WindowView,
} from "./port.ts";

/** Closed incidents that are still shown, per machine. */
const SHOWN_CLOSED = 10;

export interface PlantFactsPorts {
  core: Core;
  /** The axis. */
  now: Millis;
  /** Of the journal: final windows and what they are made of. */
  history(asset: string, span: Span): Promise<History>;
}

export function factsOf({ core, now, history }: PlantFactsPorts): ActFacts {
  const { assets } = core.state;
  const modelOf = (asset: string) => core.plan.assets.get(asset)?.model;
  const contracts = core.plan.model.contracts ?? [];
  return {
    now,
    assets: assets.map(({ id }) => id),
    contracted: (asset) => contracts.some((each) => each.assets.some(({ id }) => id === asset)),
    recipes: (asset) => (modelOf(asset)?.recipes ?? []).map(({ id }) => id),
    points: (asset) => (modelOf(asset)?.points ?? []).map(({ id }) => id),
    incidents: () => incidentsOf(core, now),
    signals: () => signalsOf(core),
    channels: () => channelsOf(core),
    annotation: (id) => first(assets, (asset) => annotationOf(asset, id)),
    async window(asset, kind, from) {
      const open = core.byId.get(asset)?.ledger.windows.find(isWindow(kind, from));
      if (open) return viewOfWindow(open);
      const { windows } = await history(asset, { from, to: from + 1 });
      const kept = windows.find(isWindow(kind, from));
      return kept ? viewOfWindow(kept) : null;
    },
  };
}

const isWindow =
  (kind: WindowKind, from: Millis) =>
  (each: { kind: WindowKind; from: Millis }): boolean =>
    each.kind === kind && each.from === from;

const viewOfWindow = ({ to, sums }: OpenWindow | WindowBody): WindowView => ({
  to,
  good: measure(sums).counts.good,
});

function first<T, R>(all: readonly T[], find: (each: T) => R | null): R | null {
  for (const each of all) {
    const found = find(each);
    if (found !== null) return found;
  }
  return null;
}

function annotationOf(
  { id: asset, proposals, notes }: AssetState,
  id: string,
): AnnotationView | null {
  const proposal = proposals.find(({ note }) => note.id === id);
  const note = proposal?.note ?? notes.find((each) => each.id === id);
  if (!note) return null;
  const { party = null, from, to } = note;
  return {
    id,
    asset,
    party,
    state: proposal?.status ?? (party ? "agreed" : "effective"),
    from,
    to,
  };
}

/** Open ones and the last that were closed, of all machines; the newest first. */
export function incidentsOf(core: Core, now: Millis): IncidentView[] {
  const coverage = coverageOf(core.state.calendars);
  const all = core.state.assets.flatMap(({ incidents, outcomes }) => [
    ...(incidents ? incidents.open.map((each) => openView(incidents, each, now, coverage)) : []),
    ...outcomes.slice(-SHOWN_CLOSED).map(closedView),
  ]);
  return all.sort((a, b) => b.from - a.from);
}

function openView(
  state: IncidentsState,
  incident: Incident,
  now: Millis,
  coverage: Parameters<typeof limitsOf>[2],
): IncidentView {
  const { id, asset, terms, mode, reason, fault, restored, holds } = incident;
  return {
    ...{ id, asset, mode, reason, severity: terms.id },
    state: stageOf(incident),
    from: fault.at,
    to: restored?.at ?? null,
    open: true,
    held: holds.at(-1)?.to === null,
    fits: fittingSteps(state, incident),
    limits: limitsOf(incident, now, coverage),
  };
}

/** The furthest that it has come. */
function stageOf({ verified, restored, responded, dispatched, acknowledged }: Incident): Stage {
  if (verified) return "verified";
  if (restored) return "restored";
  if (responded) return "responded";
  if (dispatched) return "dispatched";
  return acknowledged ? "acknowledged" : "notified";
}

function closedView({
  id,
  asset,
  severity,
  mode,
  faultAt,
  restoredAt,
}: IncidentOutcome): IncidentView {
  const reason = mode.startsWith("fault:") ? mode.slice("fault:".length) : null;
  return {
    ...{ id, asset, severity, mode, reason, state: "closed", open: false, held: false },
    ...{ from: faultAt, to: restoredAt, fits: [], limits: [] },
  };
}

/** Those that are raised, of all machines; the newest first. */
export function signalsOf(core: Core): SignalView[] {
  const all = core.state.assets.flatMap(({ id, watch }) =>
    Object.values(watch?.bank.signals ?? {})
      .filter(({ stage }) => stage === "raised")
      .map((signal) => signalView(id, signal)),
  );
  return all.sort((a, b) => b.since - a.since);
}

/** Channels that are watched, of all machines in their order. */
export const channelsOf = (core: Core): ChannelView[] =>
  core.state.assets.flatMap(({ id: asset, watch }) => {
    const model = core.plan.assets.get(asset)?.model.signals;
    return model && watch ? standingOf(model, watch.bank).map((each) => ({ asset, ...each })) : [];
  });

function signalView(asset: string, signal: SignalState): SignalView {
  const { id, severity, since, suppressed, heldBy, budgetAtRisk } = signal;
  const isSuppressed = suppressed || heldBy !== undefined;
  const evidence = { ...signal.evidence, ...(heldBy !== undefined && { upstream: heldBy }) };
  const state = standsAs({ ...signal, isSuppressed });
  const text = findingText({ ...signal, evidence });
  return { id, asset, state, severity, since, text, ...(budgetAtRisk && { budgetAtRisk }) };
}

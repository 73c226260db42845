/**
 * The incidents of the plant's assets beside their timelines: shows them what the core sees, runs their deadlines, and
 * puts their messages into the present instant. What an incident is decides `incident/`.
 */

import type { ActInput, Note } from "./annotation/entered.ts";
import type { AssetState } from "./asset.ts";
import { isJudged, outcomesNow, restateContracts, showNotified } from "./contracts.ts";
import { type Core, event, NEVER, record, stamp } from "./core.ts";
import type { StateBody } from "./fact.ts";
import { applyAct } from "./incident/act.ts";
import { attribute, reattributed } from "./incident/attribute.ts";
import type { IncidentChange, Who } from "./incident/body.ts";
import { pressed } from "./incident/button.ts";
import { type Coverage, coverageOf } from "./incident/coverage.ts";
import { nextDue, runDue, settleClocks } from "./incident/due.ts";
import type { SignalSeverity } from "./incident/model.ts";
import type { IncidentOutcome } from "./incident/outcome.ts";
import { seeCondition, seePieces, seeSignal } from "./incident/see.ts";
import type { CycleInput } from "./input.ts";
import type { Value } from "./model.ts";
import type { AssetPlan } from "./plant.ts";
import type { Millis } from "./time.ts";
import { current } from "./timeline/track.ts";

/** About as many as a machine under contract has in a year. */
const MOST_OUTCOMES = 500;

const coverage = (core: Core): Coverage => coverageOf(core.state.calendars);

interface Press {
  /** Index of the point. */
  point: number;
  from: Value | null;
  to: Value;
}

/** Does something to the incidents of an asset; verdicts that are out follow what it tells with a revision. */
function follow(core: Core, asset: AssetState, work: () => readonly IncidentChange[]): void {
  const before = isJudged(core, asset) ? outcomesNow(core, asset) : null;
  const changes = work();
  const were = before ?? beforeRepeat(core, asset, changes);
  if (were === null || changes.length === 0) tell(core, asset, changes);
  else
    restateContracts(
      core,
      asset,
      () => {
        tell(core, asset, changes);
        return null;
      },
      were,
    );
}

/** The incidents as they were before one was opened that repeats another; null where none was. */
function beforeRepeat(
  core: Core,
  asset: AssetState,
  changes: readonly IncidentChange[],
): IncidentOutcome[] | null {
  const repeats = changes.filter(({ body }) => body.status === "opened" && body.repeatOf !== null);
  if (repeats.length === 0) return null;
  return outcomesNow(core, asset).filter(({ id }) => !repeats.some(({ body }) => body.id === id));
}

function tell(core: Core, asset: AssetState, changes: readonly IncidentChange[]): void {
  // Also what told nothing may have set a deadline.
  asset.dirty = true;
  core.dirty = true;
  for (const { body } of changes) {
    const { id, status, openedAt, closedAt } = body;
    record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "incident", body });
    if (status === "opened") showNotified(core, asset.id, openedAt);
    if (closedAt === null) continue;
    const others = asset.outcomes.filter((known) => known.id !== id);
    asset.outcomes = [...others, body].slice(-MOST_OUTCOMES);
  }
}

/** The state of the machine as it is about to be told. */
export function showCondition(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  body: StateBody,
): void {
  const { incidents: model } = plan.model;
  const { incidents } = asset;
  if (!model || !incidents) return;
  const { condition, cause, reason, since, schedule } = body;
  const { attribution } = current(asset.track);
  const seen = { condition, cause, reason, since, schedule, attribution };
  follow(core, asset, () => seeCondition(model, incidents, seen, core.state.now, coverage(core)));
}

/** Good pieces were counted. */
export function showPieces(core: Core, asset: AssetState, plan: AssetPlan, good: number): void {
  const { incidents: model } = plan.model;
  const { incidents } = asset;
  if (!model || !incidents || good <= 0 || incidents.open.length === 0) return;
  follow(core, asset, () => seePieces(model, incidents, good, core.state.now, coverage(core)));
}

/** A signal was raised, became more or less severe, or was cleared (`severity` null). */
export function showSignal(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  signal: { id: string; severity: SignalSeverity | null; since: Millis },
): void {
  const { incidents: model } = plan.model;
  const { incidents } = asset;
  if (!model || !incidents) return;
  follow(core, asset, () => seeSignal(model, incidents, signal, core.state.now, coverage(core)));
}

const NO_PRESS: readonly Press[] = [];

/** Points of buttons and key switches that a cycle is about to change. */
export function pressesIn(
  asset: AssetState,
  plan: AssetPlan,
  { values }: CycleInput,
): readonly Press[] {
  const buttons = plan.model.incidents?.buttons;
  if (!buttons?.length) return NO_PRESS;
  return buttons.flatMap(({ point, name }) => {
    const [from, to] = [asset.points[point]?.value ?? null, values[name]];
    return to === undefined || from === to ? [] : [{ point, from, to }];
  });
}

/** A point went from one good value to another: it may be a button or a key switch. */
export function showPress(core: Core, asset: AssetState, plan: AssetPlan, press: Press): void {
  const { point, from, to } = press;
  if (!asset.points[point]?.tracking) return;
  const buttons = plan.model.incidents?.buttons ?? [];
  for (const input of pressed(buttons, asset.id, point, from, to, core.state.now))
    act(core, asset, input);
}

/** An annotation says who answers for a span: so it does for the incidents that began in it. */
export function showAttribution(core: Core, asset: AssetState, note: Note): void {
  const { attribution, from, to, by, why, party = null } = note;
  const { incidents } = asset;
  if (attribution === null || !incidents) return;
  const who: Who = { by, party, via: "cli", why };
  const { now } = core.state;
  const closed = asset.outcomes
    .filter((body) => from <= body.faultAt && body.faultAt < to)
    .filter((body) => body.attribution !== attribution)
    .map((body) => reattributed(body, attribution, who, now));
  const open = attribute(incidents, { from, to, attribution }, who, now, coverage(core));
  tell(core, asset, [...closed, ...open]);
}

/** What somebody did about an incident. Refused, it changes nothing; a press that fits nothing is told as an event. */
export function act(core: Core, asset: AssetState, input: ActInput): void {
  const model = core.plan.assets.get(asset.id)?.model.incidents;
  if (!model || !asset.incidents) return;
  const { now } = core.state;
  const { incidents } = asset;
  let refused: string | null = null;
  follow(core, asset, () => {
    const acted = applyAct(model, incidents, input, now, coverage(core));
    refused = acted.refused;
    return acted.changes;
  });
  if (refused === null || input.via !== "button") return;
  const detail = { button: input.by, act: input.act, refused };
  event(core, asset, { type: "data", start: now, end: now, detail });
}

/** Why an act would be refused as things stand; null: it would not. */
export function actRefusal(core: Core, input: ActInput): string | null {
  const asset = core.byId.get(input.asset);
  const model = core.plan.assets.get(input.asset)?.model.incidents;
  if (!asset) return `there is no asset "${input.asset}"`;
  if (!model || !asset.incidents) return `${input.asset} has no incidents configured`;
  const trial = structuredClone(asset.incidents);
  const at = Math.max(core.state.now, input.at);
  return applyAct(model, trial, input, at, coverage(core)).refused;
}

/** When the next thing of its incidents is due, UTC. */
export function incidentsDue(core: Core, asset: AssetState, plan: AssetPlan): Millis {
  const { incidents: model } = plan.model;
  return model && asset.incidents ? nextDue(model, asset.incidents, coverage(core)) : NEVER;
}

export function runIncidents(core: Core, asset: AssetState, plan: AssetPlan): void {
  const { incidents: model } = plan.model;
  const { incidents } = asset;
  if (!model || !incidents) return;
  follow(core, asset, () => runDue(model, incidents, core.state.now, coverage(core)));
}

/** Before calendars forget what is past, up to `to`: the oldest instant the asset still needs. */
export function neededFrom(core: Core, asset: AssetState, to: Millis): Millis {
  const model = core.plan.assets.get(asset.id)?.model.incidents;
  if (!model || !asset.incidents) return to;
  return settleClocks(model, asset.incidents, to, coverage(core));
}

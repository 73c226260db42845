/**
 * The contracts of the plant beside its timelines: books to them what settles, looks at their standing every hour and
 * more often while a machine does not produce, ends their periods, and restates verdicts that later knowledge changed.
 * What a contract makes of it decides `contract/`.
 */

import type { PlanInput } from "./annotation/entered.ts";
import { annotate, annotateCounts } from "./annotation/note.ts";
import { keepForProposals, proposedChange } from "./annotation/proposal.ts";
import type { AssetState } from "./asset.ts";
import { amend, type Change } from "./contract/amend.ts";
import type { StandingBody } from "./contract/body.ts";
import { closeDue, dueAt, isNews, restate, ripen, standing } from "./contract/close.ts";
import { bookCount, bookInterval, noteNotified, notePlan } from "./contract/fold.ts";
import type { Outlook } from "./contract/look.ts";
import type { ContractModel } from "./contract/model.ts";
import { type Core, canSettle, NEVER, record, stamp } from "./core.ts";
import type { Fact } from "./fact.ts";
import { outcomeOf } from "./incident/body.ts";
import { coverageOf } from "./incident/coverage.ts";
import type { IncidentOutcome } from "./incident/outcome.ts";
import type { Standing } from "./standing.ts";
import type { Millis } from "./time.ts";
import { tailOf } from "./timeline/tail.ts";
import { noteReads } from "./unread.ts";

const HOUR = 3_600_000;
/** How often a contract is looked at while one of its machines stands still in scheduled time. */
const CLOSELY = 300_000;

interface Desk {
  model: ContractModel;
  account: Standing;
}

/** Of all contracts in force, and of those that left as long as a period of theirs is not judged. */
export function* desks(core: Core): Generator<Desk> {
  const { contracts } = core.state;
  for (const [i, model] of (core.plan.model.contracts ?? []).entries()) {
    const account = contracts[i];
    if (account && !(model.left === true && isOver(account))) yield { model, account };
  }
}

const isOver = ({ state }: Standing): boolean =>
  state.periods.every(({ revision }) => revision !== null);

const concerns = ({ model }: Desk, asset: string): boolean =>
  model.assets.some(({ id }) => id === asset);

/** Settled time and pieces, each exactly once and in order, as the annotations let them appear. */
export function bookFact(core: Core, asset: AssetState, fact: Fact): void {
  if (core.state.contracts.length === 0) return;
  const { notes } = asset;
  keepForProposals(asset, fact);
  if (fact.kind === "interval")
    for (const piece of annotate([fact], notes))
      for (const { model, account } of desks(core)) bookInterval(model, account.state, piece);
  if (fact.kind === "count")
    for (const count of annotateCounts([fact], notes))
      for (const { model, account } of desks(core)) bookCount(model, account.state, count);
}

export function showPlan(core: Core, plan: PlanInput): void {
  for (const { model, account } of desks(core)) notePlan(model, account.state, plan);
}

/** Somebody was told of an incident: downtime may begin with it. */
export function showNotified(core: Core, asset: string, at: Millis): void {
  for (const { model, account } of desks(core)) noteNotified(model, account.state, asset, at);
}

/** A machine's state was told: what it means for its contracts is looked at soon. */
export function showChange(core: Core, asset: string): void {
  for (const desk of desks(core)) {
    if (!concerns(desk, asset)) continue;
    desk.account.lookAt = Math.min(desk.account.lookAt, nextAfter(core.state.now, CLOSELY));
    core.dirty = true;
  }
}

const nextAfter = (now: Millis, step: Millis): Millis => (Math.floor(now / step) + 1) * step;

/** When the next contract must be looked at or ended, UTC. */
export function contractsDue(core: Core): Millis {
  const { settleMs } = core.plan;
  let due = NEVER;
  for (const { model, account } of desks(core)) {
    due = Math.min(due, account.lookAt);
    if (canSettle(core)) due = Math.min(due, dueAt(model, account.state, settleMs));
  }
  return due;
}

export function runContracts(core: Core): void {
  const { now } = core.state;
  const { settleMs } = core.plan;
  for (const desk of desks(core)) {
    const { model, account } = desk;
    const ends = canSettle(core) && dueAt(model, account.state, settleMs) <= now;
    if (!ends && account.lookAt > now) continue;
    core.dirty = true;
    noteReads(core, model, account.state);
    const outlook = outlookOf(core, model);
    if (ends)
      for (const body of closeDue(model, account.state, outlook, settleMs)) tell(core, desk, body);
    if (account.lookAt <= now) look(core, desk, outlook);
  }
}

function look(core: Core, desk: Desk, outlook: Outlook): void {
  const { model, account } = desk;
  const { now } = core.state;
  const body = standing(model, account.state, outlook);
  const isHour = now % HOUR === 0;
  if (isHour) for (const each of ripen(model, account.state, outlook)) tell(core, desk, each);
  if (body && (isHour || isNews(account.told, body))) {
    account.told = body;
    tell(core, desk, body);
  }
  account.lookAt = nextAfter(now, isQuiet(core, model) ? HOUR : CLOSELY);
}

/** All machines produce or are not meant to. */
const isQuiet = (core: Core, { assets }: ContractModel): boolean =>
  assets.every(({ id }) => {
    const told = core.byId.get(id)?.told;
    return told?.schedule !== "scheduled" || told.condition === "producing";
  });

function tell(core: Core, { account }: Desk, body: StandingBody): void {
  const version = ++account.version;
  record(core, {
    kind: "record",
    asset: null,
    ...stamp(core),
    class: "contract",
    version,
    body,
  });
}

/** What is known beside the booked sums: time that is not settled yet, incidents, what is proposed. */
export function outlookOf(core: Core, model: ContractModel): Outlook {
  const outlook: Outlook = {
    at: core.state.now,
    tails: {},
    counts: [],
    incidents: {},
    proposed: {},
  };
  for (const { id } of model.assets) {
    // One that left the configuration, too: what it settles still counts.
    const asset = core.state.assets.find((each) => each.id === id);
    const plan = core.plan.assets.get(id);
    if (!asset || !plan) continue;
    const tail = tailOf(core, asset, plan);
    const intervals = tail.filter((fact) => fact.kind === "interval");
    const counts = tail.filter((fact) => fact.kind === "count");
    outlook.tails[id] = annotate(intervals, asset.notes);
    outlook.counts.push(...annotateCounts(counts, asset.notes));
    outlook.incidents[id] = outcomesNow(core, asset);
    outlook.proposed[id] = proposedChange(asset, { intervals, counts });
  }
  return outlook;
}

/** Closed ones, and open ones as they stand now. */
export function outcomesNow(core: Core, { incidents, outcomes }: AssetState): IncidentOutcome[] {
  const coverage = coverageOf(core.state.calendars);
  const open = (incidents?.open ?? []).map((each) => outcomeOf(each, core.state.now, coverage));
  return [...outcomes, ...open];
}

/** Whether an incident that is still open was opened in a period whose verdict is out. */
export const isJudged = (core: Core, { id, incidents }: AssetState): boolean =>
  (incidents?.open.length ?? 0) > 0 &&
  [...desks(core)].some(
    (desk) =>
      concerns(desk, id) &&
      desk.account.state.periods.some(
        ({ revision, from, to }) =>
          revision !== null &&
          incidents?.open.some(({ opened }) => from <= opened.at && opened.at < to),
      ),
  );

/**
 * Runs `change`, which moves what contracts are made of in another way than by time: an annotation that holds, a
 * proposal, late scrap. Verdicts of ended periods that it changes get their next revision, the running one is told.
 * `were`: the asset's incidents before, where they have moved already.
 */
export function restateContracts(
  core: Core,
  asset: AssetState,
  change: () => Change | null,
  were?: IncidentOutcome[],
): void {
  const concerned = [...desks(core)].filter((desk) => concerns(desk, asset.id));
  const before = concerned.map(({ model }) => {
    const outlook = outlookOf(core, model);
    return were ? { ...outlook, incidents: { ...outlook.incidents, [asset.id]: were } } : outlook;
  });
  const amendment = change();
  for (const [i, desk] of concerned.entries()) {
    const { model, account } = desk;
    const after = outlookOf(core, model);
    const restated = restate(model, account.state, before[i] ?? after, after, () => {
      if (amendment) amend(model, account.state, asset.id, amendment);
    });
    for (const body of restated) tell(core, desk, body);
    account.lookAt = core.state.now;
    core.dirty = true;
  }
}

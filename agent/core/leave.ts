/**
 * Assets and contracts that leave the configuration, and come back. A machine that is gone is not observed any more
 * (`configuration`); its open windows end as they would, and no new ones begin. Its ordinals and versions are kept, as are
 * those of contracts: what returns goes on numbering. Judges nothing.
 */
import { type AssetState, type Ledger, newAsset } from "./asset.ts";
import { cutShort } from "./contract/state.ts";
import { type Core, calendarOf } from "./core.ts";
import type { Left, Rest } from "./left.ts";
import type { AssetModel, PlantModel } from "./model.ts";
import type { AssetPlan } from "./plant.ts";
import { goBlind, lookAgain } from "./timeline/blind.ts";
import { carryWatch } from "./watch.ts";
import { settle } from "./window/settle.ts";
import { newWindow, ownFrames } from "./window/window.ts";

/** Before a configuration takes effect: ends what it does not hold, and keeps what is to be remembered. */
export function leave(core: Core, next: PlantModel): void {
  const { state } = core;
  const rest = { ...state.left?.rest };
  const assets: AssetModel[] = [];
  for (const plan of core.plan.assets.values()) {
    const { model } = plan;
    if (next.assets.some(({ id }) => id === model.id)) continue;
    const asset = state.assets.find(({ id }) => id === model.id);
    if (asset && model.left === undefined) goBlind(core, asset, plan, state.now, "configuration");
    const isOpen = asset !== undefined && asset.ledger.windows.length > 0;
    if (isOpen || isTold(core, model.id)) assets.push(gone(model, state.configHash));
    if (asset && !isOpen) rest[asset.id] = restOf(asset);
  }
  const contracts = leavingContracts(core, next);
  if (state.left || assets.length + contracts.length + Object.keys(rest).length > 0)
    state.left = { assets, contracts, rest };
}

function leavingContracts(core: Core, next: PlantModel): Left["contracts"] {
  const { now, contracts } = core.state;
  const stays = (contract: string): boolean =>
    next.contracts?.some(({ id }) => id === contract) ?? false;
  return (core.plan.model.contracts ?? []).flatMap((model, i) => {
    const account = contracts[i];
    if (!account || stays(model.id)) return [];
    if (model.left !== true) cutShort(account.state, now);
    return [{ ...model, left: true as const, effectiveTo: Math.min(model.effectiveTo, now) }];
  });
}

/** Nothing of it is watched any more; incidents that are open rest. */
function gone({ signals: _, incidents: __, ...model }: AssetModel, configHash: string): AssetModel {
  return { ...model, left: model.left ?? configHash };
}

/** A record of it waits to be given out, and needs its name. */
const isTold = (core: Core, id: string): boolean =>
  core.state.pending.some(({ asset }) => asset === id);

/** What a detector has learned is not kept, only what was told. */
function restOf({ ledger, watch, ...asset }: AssetState): Rest {
  const { ordinals, incidents, outcomes, notes, proposals } = asset;
  const told = watch && {
    bank: { ...watch.bank, cells: [], books: [], pattern: null },
    ...{ at: watch.at, runMs: watch.runMs, buses: {} },
  };
  return { ordinals, watch: told, incidents, outcomes, notes, proposals, to: ledger.to };
}

/** An asset that left has no open window any more. */
export function retire(core: Core, asset: AssetState): void {
  const { state } = core;
  if (!state.left) return;
  state.left.rest[asset.id] = restOf(asset);
  state.assets = state.assets.filter((other) => other !== asset);
  core.touched.delete(asset);
}

/**
 * It came back while windows of it are still open. Those that began meanwhile and have not ended are opened now: what is
 * settled of them was not observed.
 */
export function rejoin(core: Core, asset: AssetState, plan: AssetPlan): void {
  const { now } = core.state;
  lookAgain(core, asset, plan, now);
  const calendar = calendarOf(core, plan);
  if (!calendar) return;
  const { ledger } = asset;
  for (const frame of ownFrames(core, plan, calendar)) {
    if (frame.from <= asset.openedTo || frame.from > now || frame.to <= now) continue;
    const window = newWindow(core, plan, frame);
    ledger.windows.push(window);
    const own: Ledger = {
      ...{ to: frame.from, stop: null, blind: null, edgesTo: ledger.edgesTo },
      ...{ crossings: [], windows: [window], open: null },
    };
    settle({ state: asset, plan, calendar, ledger: own, emit: () => {} }, ledger.to);
    ledger.blind?.touched.push(...(own.blind?.touched ?? []));
  }
  asset.openedTo = now;
}

/** A new asset; one that was here before goes on numbering, and what was accounted then is not accounted again. */
export function enter(plan: AssetPlan, left: Left | undefined, ordinalBase: number): AssetState {
  const fresh = newAsset(plan, ordinalBase);
  const known = left?.rest[plan.model.id];
  if (!left || !known) return fresh;
  delete left.rest[plan.model.id];
  const { to: accountedTo, watch, incidents, ...rest } = known;
  return {
    ...fresh,
    ...rest,
    accountedTo,
    watch: carryWatch(watch, undefined, plan.model.signals),
    incidents: incidents ?? fresh.incidents,
  };
}

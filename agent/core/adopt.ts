/** A new configuration takes effect: what is known of assets, sources and points that stay is kept. */
import { type AssetState, newAsset, newPoint } from "./asset.ts";
import { assetsById, type Core, event, record, stamp, touch } from "./core.ts";
import type { ConfigInput } from "./input.ts";
import { enter, leave, rejoin } from "./leave.ts";
import { accounted } from "./left.ts";
import { openPeriods } from "./periods.ts";
import { type AssetPlan, type PlantPlan, plantPlan } from "./plant.ts";
import { closeGone } from "./signals.ts";
import { adoptContracts } from "./standing.ts";
import type { Millis } from "./time.ts";
import { carryWatch } from "./watch.ts";
import { raise } from "./window/sums.ts";

/**
 * Whether the core works by it already. Another version of the agent can read more out of the same configuration: what it
 * understands counts, not the hash alone.
 */
export const isAdopted = (
  { state }: Core,
  { hash, model }: Pick<ConfigInput, "hash" | "model">,
): boolean =>
  state.configHash === hash && JSON.stringify(state.model, big) === JSON.stringify(model, big);

export function adopt(core: Core, input: ConfigInput): void {
  const { state } = core;
  if (isAdopted(core, input)) return;
  const first = state.configHash === "";
  const old = core.plan;
  leave(core, input.model);
  core.plan = plantPlan(accounted(input.model, state.left));
  state.model = input.model;
  state.configHash = input.hash;
  state.assets = adoptAssets(core, old);
  core.byId = assetsById(state, core.plan);
  core.touched.clear();
  adoptTerms(core, old, first ? 0 : state.now);
  openPeriods(core);
  for (const asset of state.assets) {
    for (const window of asset.ledger.windows)
      if (window.from < state.now && state.now < window.to) raise(window.sums, "CONFIG_CHANGED");
    touch(core, asset);
    const plan = core.plan.assets.get(asset.id);
    if (!plan) continue;
    closeGone(core, asset, plan);
    if (plan.model.left !== undefined) continue;
    const n = ++asset.ordinals.meta;
    record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "meta", n, body: null });
  }
  if (first) return;
  const detail = { hash: input.hash };
  event(core, null, { type: "config", start: state.now, end: state.now, detail });
}

/** Contracts that are new and name no date begin at `begin`. */
function adoptTerms({ plan, state }: Core, old: PlantPlan, begin: Millis): void {
  const { contracts: were = [] } = old.model;
  const { now, ordinalBase: versionBase } = state;
  const { contracts = [] } = plan.model;
  state.contracts = adoptContracts(contracts, were, state.contracts, { now, begin, versionBase });
}

/** Sorted by id. Those that are new, or come back after their last window was final, begin with their first input. */
function adoptAssets(core: Core, old: PlantPlan): AssetState[] {
  const { state } = core;
  const known = new Map(state.assets.map((asset) => [asset.id, asset]));
  const assets = [...core.plan.assets.values()].flatMap((plan) => {
    const asset = known.get(plan.model.id);
    const before = old.assets.get(plan.model.id);
    if (plan.model.left !== undefined) return asset && asset.ledger.windows.length > 0 ? asset : [];
    if (!asset || !before) return enter(plan, state.left, state.ordinalBase);
    const carried = carryOver(asset, before, plan);
    if (before.model.left !== undefined) rejoin(core, carried, plan);
    return carried;
  });
  return assets.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * The past stays as it was judged: the evaluation log starts anew, because its marks belong to the old rules.
 * A point keeps its value when its source and counter are configured as before.
 */
function carryOver(asset: AssetState, before: AssetPlan, after: AssetPlan): AssetState {
  const fresh = newAsset(after, 0);
  const sources = after.model.sources.map((source, i) => {
    const was = before.sourceIndex.get(source.id);
    return (was === undefined ? undefined : asset.sources[was]) ?? fresh.sources[i] ?? fail();
  });
  const points = after.model.points.map((point) => {
    const was = before.pointIndex.get(point.id);
    const model = was === undefined ? undefined : before.model.points[was];
    const same =
      model !== undefined &&
      before.model.sources[model.source]?.id === after.model.sources[point.source]?.id &&
      JSON.stringify(model.counter, big) === JSON.stringify(point.counter, big);
    const kept = same && was !== undefined ? asset.points[was] : undefined;
    return kept && (kept.channel !== null) === point.channel ? kept : newPoint(point);
  });
  const { track } = asset;
  const base = { ...track.stand, pending: null };
  base.segment = { ...base.segment, rule: null };
  return {
    ...asset,
    sources,
    points,
    track: { base, log: [], stand: base, segments: [...track.segments.slice(0, -1), base.segment] },
    latches: fresh.latches,
    evaluate: true,
    seenUntil: after.counters.map(() => 0),
    nextOpen: 0,
    watch: carryWatch(asset.watch, before.model.signals, after.model.signals),
    // What was open stays known, and no id is given twice, also while nothing is configured to open any.
    incidents: asset.incidents ?? fresh.incidents,
  };
}

const big = (_: string, value: unknown): unknown =>
  typeof value === "bigint" ? value.toString() : value;

function fail(): never {
  throw new Error("source without state");
}

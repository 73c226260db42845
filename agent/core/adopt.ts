/** A new configuration takes effect: what is known of assets, sources and points that stay is kept. */
import { type AssetState, newAsset, newPoint } from "./asset.ts";
import { openPeriods } from "./contracts.ts";
import { type Core, event, record, stamp, touch } from "./core.ts";
import type { ConfigInput } from "./input.ts";
import { type AssetPlan, plantPlan } from "./plant.ts";
import { closeGone } from "./signals.ts";
import { adoptContracts } from "./standing.ts";
import { raise } from "./sums.ts";
import { carryWatch } from "./watch.ts";

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
  core.plan = plantPlan(input.model);
  state.model = input.model;
  state.configHash = input.hash;
  state.assets = [...core.plan.assets.values()]
    .map((plan) => {
      const asset = core.byId.get(plan.model.id);
      const before = old.assets.get(plan.model.id);
      return asset && before ? carryOver(asset, before, plan) : newAsset(plan, state.ordinalBase);
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  core.byId = new Map(state.assets.map((asset) => [asset.id, asset]));
  core.touched.clear();
  const contracts = input.model.contracts ?? [];
  const were = old.model.contracts ?? [];
  state.contracts = adoptContracts(contracts, were, state.contracts, state.now, state.ordinalBase);
  openPeriods(core);
  for (const asset of state.assets) {
    for (const window of asset.ledger.windows)
      if (window.from < state.now && state.now < window.to) raise(window.sums, "CONFIG_CHANGED");
    const n = ++asset.ordinals.meta;
    record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "meta", n, body: null });
    touch(core, asset);
    const plan = core.plan.assets.get(asset.id);
    if (plan) closeGone(core, asset, plan);
  }
  if (first) return;
  const detail = { hash: input.hash };
  event(core, null, { type: "config", start: state.now, end: state.now, detail });
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

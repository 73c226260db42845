/** The remembered state of the whole core, and how its parts put records into the present instant. */
import type { AssetState } from "./asset.ts";
import type { EventBody, Fact, RecordFact } from "./fact.ts";
import type { PeriodInput } from "./input.ts";
import { accounted, type Left } from "./left.ts";
import type { PlantModel } from "./model.ts";
import { type AssetPlan, type PlantPlan, plantPlan } from "./plant.ts";
import type { Standing } from "./standing.ts";
import type { Millis } from "./time.ts";
import type { CalendarState } from "./timeline/schedule.ts";
import type { ClockQuality } from "./vocabulary.ts";

export const NEVER: Millis = Number.MAX_SAFE_INTEGER;

/** Plain data: all there is to journal. */
export interface CoreState {
  now: Millis;
  /** UTC minus monotonic: the sum of all clock steps. */
  offset: Millis;
  quality: ClockQuality;
  /** Begin of a boot segment whose clock was never synchronized, on the axis. */
  unsyncedFrom: Millis | null;
  configHash: string;
  model: PlantModel;
  calendars: Record<string, CalendarState>;
  /** In the order of the model, then those that left. */
  contracts: Standing[];
  /** Periods that were fed, by contract: the running one, the next, and one that ended of late. */
  periods: Record<string, PeriodInput[]>;
  /** Sorted by id. With those that left and are still accounted. */
  assets: AssetState[];
  /** Records of the present instant, sorted and given out when time moves on. */
  pending: RecordFact[];
  ordinals: { event: number };
  /** Where the ordinals of new assets begin. */
  ordinalBase: number;
  /** Absent while nothing ever left the configuration. */
  left?: Left;
}

export interface Core {
  state: CoreState;
  /** Of the configuration, and of what left it and is still accounted. */
  plan: PlantPlan;
  /** Of the configuration. */
  byId: Map<string, AssetState>;
  /** Earliest deadline of all assets, UTC. */
  due: Millis;
  /** Some asset's deadline must be computed anew. */
  dirty: boolean;
  /** Assets whose condition or schedule may have changed in this instant. */
  touched: Set<AssetState>;
  out: Fact[];
}

/** Knows nothing. `ordinalBase`: ids above those that an earlier, lost state can have given out. */
export function newCore(ordinalBase = 0): Core {
  const root = { namespace: "", enterprise: "", site: "" };
  const model: PlantModel = { agent: "", zone: "UTC", clockSource: "ntp", root, assets: [] };
  const state: CoreState = {
    now: 0,
    offset: 0,
    quality: "synced",
    unsyncedFrom: null,
    configHash: "",
    model,
    calendars: {},
    contracts: [],
    periods: {},
    assets: [],
    pending: [],
    ordinals: { event: ordinalBase },
    ordinalBase,
  };
  return coreOf(state);
}

/** Takes up a state, new or journaled. */
export function coreOf(state: CoreState): Core {
  for (const asset of state.assets) asset.dirty = true;
  const plan = plantPlan(accounted(state.model, state.left));
  return {
    state,
    plan,
    byId: assetsById(state, plan),
    due: 0,
    dirty: true,
    touched: new Set(state.assets),
    out: [],
  };
}

export const assetsById = ({ assets }: CoreState, plan: PlantPlan): Core["byId"] =>
  new Map(
    assets
      .filter(({ id }) => plan.assets.get(id)?.model.left === undefined)
      .map((asset) => [asset.id, asset]),
  );

export const calendarOf = (core: Core, plan: AssetPlan): CalendarState | undefined =>
  core.state.calendars[plan.model.calendar ?? ""];

/** Says that an asset's deadlines and published state may have changed. */
export function touch(core: Core, asset: AssetState): void {
  asset.dirty = true;
  core.dirty = true;
  core.touched.add(asset);
}

/** Whether windows may become final (accounting rule 13). */
export const canSettle = ({ state }: Core): boolean =>
  state.quality !== "unsynced" || state.model.clockSource === "rtc";

export const stamp = (core: Core): { time: Millis; configHash: string } => ({
  time: core.state.now,
  configHash: core.state.configHash,
});

/** Of an asset that left, under the last configuration it was in. */
export function record(core: Core, fact: RecordFact): void {
  const configHash = core.plan.assets.get(fact.asset ?? "")?.model.left;
  core.state.pending.push(configHash === undefined ? fact : { ...fact, configHash });
}

/** An event of an asset, or of the gateway (`asset` null). */
export function event(core: Core, asset: AssetState | null, body: EventBody): void {
  const n = asset ? ++asset.ordinals.event : ++core.state.ordinals.event;
  record(core, {
    kind: "record",
    asset: asset?.id ?? null,
    ...stamp(core),
    class: "event",
    n,
    body,
  });
}

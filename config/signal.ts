/**
 * The signals of an asset as the bank's model: kinds picked from units, knobs over the frozen setting, what explains what.
 * Expects what `cross/signal.ts` let through. Knows no detector.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../agent/core/canonical.ts";
import type { BankModel, ChannelModel, LimitModel, ZoneModel } from "../agent/core/signal/model.ts";
import { autoChannel, countedChannel, LIMIT } from "../agent/core/signal/settings-plant.ts";
import { ZONES } from "../agent/core/signal/zone.ts";
import { isModbus } from "./point.ts";
import type { Asset, Point, SignalRule } from "./types.ts";
import { durationMs } from "./units.ts";
import { isTimed, isWatchable, kindOfPoint, upstreamOf } from "./watchable.ts";

/** The model of the asset's bank; null when nothing is watched. */
export function bankModel(asset: Asset): BankModel | null {
  const rules = rulesOf(asset);
  const watched = causesFirst(asset, rules.keys());
  const roles = (role: string): string | null =>
    Object.entries(asset.points).find(([, point]) => isModbus(point) && point.role === role)?.[0] ??
    null;
  if (watched.length === 0) return null;
  const explaining = [roles("load"), roles("ambient"), roles("flow")];
  const ids = [...watched, ...explaining.filter((id) => id !== null && !rules.has(id))] as string[];
  const channels = distinct(
    ids.map((id) => following(asset, channelOf(id, asset, rules.get(id) ?? null))),
  );
  const indexOf = (id: string | null): number | null => (id === null ? null : ids.indexOf(id));
  const [load = null, ambient = null, flow = null] = explaining.map(indexOf);
  // A time per piece is there now and then, and rows of channels together need all of them.
  const together = watched.flatMap((_, i) =>
    i === load || i === ambient || channels[i]?.counted ? [] : [i],
  );
  const model = {
    channels,
    load,
    ambient,
    flow,
    nominalLoad: nominalOf(asset, explaining[0] ?? null),
    together: together.length > 1 && together.length <= MOST_TOGETHER ? together : null,
  };
  const digest = createHash("sha256").update(canonicalJson(model)).digest("hex");
  return { ...model, settings: `sha256:${digest}` };
}

/** The channel with the points upstream of it, where there are any. */
function following({ points }: Asset, channel: ChannelModel): ChannelModel {
  const upstream = upstreamOf(points[channel.id]);
  return upstream.length === 0 ? channel : { ...channel, upstream: [...upstream] };
}

function nominalOf(asset: Asset, load: string | null): number | null {
  const point = load === null ? undefined : asset.points[load];
  return (point && isModbus(point) ? point.nominal : undefined) ?? null;
}

/** Channels of one multivariate model; its cost grows with the square. */
const MOST_TOGETHER = 32;

/** Entries by point. `signals: auto` and `signal: auto` make plain ones, and so does being upstream of a point with one. */
function rulesOf(asset: Asset): Map<string, SignalRule> {
  const rules = new Map<string, SignalRule>();
  for (const [id, point] of Object.entries(asset.points))
    if (asksFor(asset, point)) rules.set(id, plainRule(id));
  if (typeof asset.signals !== "string")
    for (const rule of asset.signals) rules.set(rule.point, merged(rules.get(rule.point), rule));
  // A map gives what is set while it is gone over: causes of causes, too.
  for (const id of rules.keys())
    for (const cause of upstreamOf(asset.points[id]))
      if (!rules.has(cause) && !isOff(asset.points[cause])) rules.set(cause, plainRule(cause));
  return rules;
}

/** A cause is judged before what it explains, so that both on one row are one alarm. */
function causesFirst({ points }: Asset, ids: Iterable<string>): string[] {
  const all = new Set(ids);
  const ordered = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.has(id) || !all.has(id)) return;
    for (const cause of upstreamOf(points[id])) visit(cause);
    ordered.add(id);
  };
  for (const id of all) visit(id);
  return [...ordered];
}

function asksFor({ signals }: Asset, point: Point): boolean {
  if (!isModbus(point) || isOff(point)) return false;
  const kind = kindOfPoint(point);
  if (!isWatchable(point) && !isTimed(point, kind)) return false;
  return point.signal === "auto" || (signals === "auto" && kind !== null);
}

const isOff = (point: Point | undefined): boolean =>
  point !== undefined && isModbus(point) && point.signal === "off";

const plainRule = (point: string): SignalRule => ({
  point,
  detector: "auto",
  while: "producing",
  hysteresis: 0,
  limitFor: "1min",
  limitClear: "5min",
  safety: false,
  cusum: 20,
  learnDays: 5,
  stepSize: 4.2,
  stepFor: "30s",
  starts: false,
  stuck: "4min",
  gap: "5min",
});

/** Two entries about one point: the later one wins; two detectors are both of them. */
function merged(first: SignalRule | undefined, second: SignalRule): SignalRule {
  return first === undefined ? second : { ...first, ...second };
}

function channelOf(id: string, asset: Asset, rule: SignalRule | null): ChannelModel {
  const point = asset.points[id]!;
  if (point.counter) return timedChannel(id, rule);
  const kind = rule?.kind ?? kindOfPoint(point) ?? "other";
  const channel = autoChannel(id, kind, point.unit ?? null);
  const poll = durationMs(asset.sources[point.source]?.poll ?? "1s");
  const range = isModbus(point) ? point.range : undefined;
  channel.validity.low = range?.[0] ?? null;
  channel.validity.high = range?.[1] ?? null;
  if (rule === null) return { ...channel, drift: null, step: null };
  const { validity } = channel;
  if (validity.stuckMs !== null) {
    validity.stuckMs = Math.max(durationMs(rule.stuck), 10 * poll);
  }
  validity.gapMs = Math.max(validity.gapMs, durationMs(rule.gap), 5 * poll);
  if (rule.settle !== undefined) channel.settleMs = durationMs(rule.settle);
  channel.states = [rule.while];
  channel.starts = rule.starts;
  channel.byRecipe = rule.byRecipe ?? channel.byRecipe;
  channel.zone = zoneOf(rule);
  channel.limit = limitOf(rule);
  turnKnobs(channel, rule);
  return only(channel, rule.detector);
}

/** A counter's time per piece; what is asked of a sensor does not concern it. */
function timedChannel(id: string, rule: SignalRule | null): ChannelModel {
  const channel = countedChannel(id);
  if (rule === null) return channel;
  if (rule.settle !== undefined) channel.settleMs = durationMs(rule.settle);
  channel.byRecipe = rule.byRecipe ?? channel.byRecipe;
  channel.limit = limitOf(rule);
  turnKnobs(channel, rule);
  return only(channel, rule.detector);
}

function turnKnobs(channel: ChannelModel, rule: SignalRule): void {
  const { drift, step, zone } = channel;
  if (drift !== null) {
    drift.effect = rule.effect ?? drift.effect;
    drift.h = rule.cusum;
    drift.direction = rule.direction ?? drift.direction;
    drift.learnDays = rule.learnDays;
    drift.budget = rule.budget ?? (zone === null ? null : zone.bc / 4);
    drift.threshold = rule.threshold ?? rule.high ?? rule.low ?? zone?.cd ?? null;
  }
  if (step !== null) {
    step.least = rule.stepSize;
    step.onMs = durationMs(rule.stepFor);
  }
}

function zoneOf({ zone }: SignalRule): ZoneModel | null {
  if (zone === undefined) return null;
  if (typeof zone !== "string") return { name: "own", ab: zone.ab, bc: zone.bc, cd: zone.cd };
  const known = ZONES.find(({ name }) => name === zone);
  return known === undefined ? null : { ...known };
}

function limitOf(rule: SignalRule): LimitModel | null {
  const { high = null, highWarning = null, low = null, lowWarning = null } = rule;
  if ([high, highWarning, low, lowWarning].every((limit) => limit === null)) return null;
  return {
    ...LIMIT,
    high,
    highWarning,
    low,
    lowWarning,
    hysteresis: rule.hysteresis,
    onMs: durationMs(rule.limitFor),
    offMs: durationMs(rule.limitClear),
    safety: rule.safety,
  };
}

function only(channel: ChannelModel, detector: SignalRule["detector"]): ChannelModel {
  const has = (name: SignalRule["detector"]): boolean => detector === "auto" || detector === name;
  return {
    ...channel,
    drift: has("drift") ? channel.drift : null,
    step: has("step") ? channel.step : null,
    limit: has("limit") ? channel.limit : null,
    zone: has("zone") ? channel.zone : null,
  };
}

/** Two points may shorten to one slug; the later gets a number. */
function distinct(channels: ChannelModel[]): ChannelModel[] {
  const taken = new Set<string>();
  return channels.map((channel) => {
    let { slug } = channel;
    for (let n = 2; taken.has(slug); n += 1) slug = `${channel.slug.slice(0, 15)}-${n}`;
    taken.add(slug);
    return { ...channel, slug };
  });
}

/**
 * A checked configuration as the core's plant model: ids become indexes, texts become integers.
 * Expects what `load.ts` let through; checks nothing again. Knows no time zone rules: those come as a function.
 */
import type {
  AssetModel,
  ReasonNode as CoreReasonNode,
  CounterModel,
  PlantModel,
  PointModel,
} from "../agent/core/model.ts";
import { WINDOW_KINDS, type WindowKind } from "../agent/core/vocabulary.ts";
import { contractModels } from "./contract.ts";
import { indexOf, type PointIndex, whenExpr } from "./expression.ts";
import { incidentModel } from "./incident.ts";
import type { LocalTime } from "./local-time.ts";
import { isModbus, kindOf, naturalModulus } from "./point.ts";
import { recipeModels } from "./recipe.ts";
import { bankModel } from "./signal.ts";
import type { Asset, Config, Point, ReasonNode, Rule } from "./types.ts";
import { durationMs, rate } from "./units.ts";

/** Assets are sorted by id; sources and points keep the order of the file. */
export function compile(config: Config, localTime: LocalTime): PlantModel {
  const ids = Object.keys(config.assets).sort();
  const contracts = contractModels(config, localTime);
  return {
    agent: config.gateway.id,
    zone: config.gateway.timezone,
    clockSource: config.clock.source,
    root: {
      namespace: config.mqtt.namespace,
      enterprise: config.gateway.enterprise,
      site: config.gateway.site,
    },
    assets: ids.map((id) => assetModel(id, config.assets[id]!, config, localTime)),
    ...(contracts.length > 0 ? { contracts } : {}),
  };
}

function assetModel(id: string, asset: Asset, config: Config, localTime: LocalTime): AssetModel {
  const zone = config.gateway.timezone;
  const points: PointIndex = { ids: Object.keys(asset.points), points: asset.points };
  const sources = Object.entries(asset.sources);
  const calendar = asset.calendar ?? null;
  const incidents = incidentModel(asset, config);
  const signals = bankModel(asset);
  return {
    id,
    name: asset.name,
    area: asset.area,
    line: asset.line,
    sources: sources.map(([source, { poll, holdLast }]) => {
      const pollMs = durationMs(poll);
      return { id: source, pollMs, holdMs: holdLast * pollMs };
    }),
    points: Object.entries(asset.points).map(([name, point]) =>
      pointModel(name, point, Object.keys(asset.sources)),
    ),
    rules: asset.condition.map((rule) => ruleModel(rule, points)),
    attribution: asset.attribution,
    ...reasonsModel(asset, points),
    counts: countsModel(asset, points),
    recipes: recipeModels(asset, points, (date) => localTime(date, zone)),
    microStopMs: durationMs(asset.microStop),
    calendar,
    zone: (calendar === null ? undefined : config.calendars[calendar]?.zone) ?? zone,
    windows: windowKinds(asset),
    ...(incidents ? { incidents } : {}),
    ...(signals ? { signals } : {}),
  };
}

function pointModel(id: string, point: Point, sources: string[]): PointModel {
  return {
    id,
    source: sources.indexOf(point.source),
    counter: counterModel(point),
    channel: kindOf(point) === "number" && !point.counter,
    unit: point.unit ?? null,
    ...plausibility(point),
  };
}

/** Nothing where every value is believed: such points cost the core nothing. */
function plausibility(point: Point): Pick<PointModel, "plausible"> {
  if (!isModbus(point)) return {};
  const { range, maxStep, frozen } = point;
  if (range === undefined && maxStep === undefined && frozen === undefined) return {};
  const [low = 0, high = 0] = range ?? [];
  return {
    plausible: {
      range: range === undefined ? null : { low, high },
      maxStep: maxStep === undefined ? null : rate(maxStep),
      frozenMs: frozen === undefined ? null : durationMs(frozen),
    },
  };
}

function counterModel(point: Point): CounterModel | null {
  const counter = point.counter;
  if (!counter) return null;
  const modulus = counter.modulus === undefined ? naturalModulus(point) : BigInt(counter.modulus);
  return { modulus: modulus ?? 0n, maxRate: rate(counter.maxRate), pieces: counter.pieces };
}

function ruleModel(rule: Rule, points: PointIndex): AssetModel["rules"][number] {
  return {
    is: rule.is,
    when: rule.when ? whenExpr(rule.when, points) : null,
    reason: reasonModel(rule, points),
    attribution: rule.attribution ?? null,
    forMs: rule.for === undefined ? 0 : durationMs(rule.for),
  };
}

function reasonModel({ reason }: Rule, points: PointIndex): AssetModel["rules"][number]["reason"] {
  if (reason === undefined) return null;
  if (typeof reason === "string") return { text: reason };
  return reason.point === undefined
    ? { text: reason.text ?? "" }
    : { point: indexOf(reason.point, points) };
}

/** Only what is configured: a machine without reason tree or order signal costs the core nothing. */
function reasonsModel(
  { reasons = [], noDemand, overlap }: Asset,
  points: PointIndex,
): Pick<AssetModel, "reasons" | "noDemand" | "faultFirst"> {
  return {
    ...(reasons.length > 0 ? { reasons: reasons.map((node) => reasonNode(node, points)) } : {}),
    ...(noDemand ? { noDemand: whenExpr(noDemand, points) } : {}),
    ...(overlap === "fault-first" ? { faultFirst: true } : {}),
  };
}

const reasonNode = (node: ReasonNode, points: PointIndex): CoreReasonNode => ({
  codes: node.code === undefined ? null : [node.code].flat().map(String),
  pattern: node.pattern ?? null,
  when: node.when ? whenExpr(node.when, points) : null,
  reason: node.is,
  loss: node.loss ?? null,
  attribution: node.attribution ?? null,
});

function countsModel({ counts }: Asset, points: PointIndex): AssetModel["counts"] {
  if (!counts) return null;
  const optional = (id: string | undefined): number | null =>
    id === undefined ? null : indexOf(id, points);
  return {
    total: indexOf(counts.total, points),
    good: optional(counts.good),
    reject: optional(counts.reject),
  };
}

/** In the published order; a shift needs a calendar. */
function windowKinds(asset: Asset): WindowKind[] {
  const wanted: readonly string[] = asset.windows;
  return WINDOW_KINDS.filter((kind) => {
    return wanted.includes(kind) && (kind !== "shift" || asset.calendar !== undefined);
  });
}

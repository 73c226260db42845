/** Lookups that are computed once per configuration and never journaled: rule tables, indexes, the settle time. */
import type { ContractModel, Decider, Deciders, Matter } from "./contract/model.ts";
import type { AssetModel, Expr, Leaf, PlantModel } from "./model.ts";
import type { BusModel } from "./signal/bus-health.ts";
import type { Context } from "./signal/gate.ts";
import type { Millis } from "./time.ts";
import { type RuleTable, ruleTable } from "./timeline/kleene.ts";
import { LAMP_MS } from "./timeline/lamp.ts";

export interface AssetPlan {
  model: AssetModel;
  rules: RuleTable;
  pointIndex: Map<string, number>;
  sourceIndex: Map<string, number>;
  /** Point indexes per source. */
  pointsOfSource: number[][];
  /** Counter points per source. */
  countersOfSource: number[][];
  /** Points with plausibility rules per source. */
  checkedOfSource: number[][];
  /** True for points that a rule's `when` or reason reads. */
  rulePoint: boolean[];
  /** True for points whose value a recipe's `when` reads. */
  recipePoint: boolean[];
  /** Reason point of each rule, -1 where it has none. */
  reasonPoints: number[];
  /** Leaf numbers of `counterMoving` conditions. */
  movingLeaves: number[];
  /** Points that rules read as lamps. */
  lampPoints: number[];
  /** Counters in the order total, good, reject; the point index of each configured one. */
  counters: { role: "total" | "good" | "reject"; point: number }[];
  longestHoldMs: Millis;
  /** How rows for its signals are made; null where nothing is watched. */
  row: RowPlan | null;
  /** Ids of the contracts it is under. */
  contracts: string[];
  /** How long after its end a window becomes final (accounting rule 7). */
  settleMs: Millis;
}

/** A row of channels, with room that is used again and again. */
export interface RowPlan {
  /** The source whose cycles are rows: the fastest with a channel that is read, not counted. */
  source: number;
  /** Point of each channel. */
  points: number[];
  x: Float64Array;
  context: Context;
  /** By source: how it answers is watched as well. */
  buses: BusModel[];
}

export interface PlantPlan {
  model: PlantModel;
  assets: Map<string, AssetPlan>;
  /** Who decides what, of the assets under a contract. */
  deciders: Map<string, Deciders>;
  /** How long after its end a window becomes final, by asset. */
  settleMs: Record<string, Millis>;
}

function leavesOf(expr: Expr | null): Leaf[] {
  if (expr === null) return [];
  if (expr.op === "all" || expr.op === "any") return expr.of.flatMap(leavesOf);
  if (expr.op === "not") return leavesOf(expr.of);
  return [expr];
}

/** How far back a leaf may be decided: a counter that stood still, a lamp that was being watched. */
function retroactionOf(leaf: Leaf): Millis {
  if (leaf.op === "moving") return leaf.withinMs;
  return leaf.op === "lamp" ? LAMP_MS : 0;
}

const longest = (values: number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

function assetPlan(model: AssetModel, contracts: readonly ContractModel[]): AssetPlan {
  const rules = ruleTable(model);
  const recipePoint = model.points.map(() => false);
  for (const recipe of model.recipes)
    for (const leaf of leavesOf(recipe.when)) recipePoint[leaf.point] = true;
  const reasonPoints = model.rules.map((rule) =>
    rule.reason && "point" in rule.reason ? rule.reason.point : -1,
  );
  const { counts } = model;
  const counters = (["total", "good", "reject"] as const).flatMap((role) => {
    const point = counts?.[role] ?? null;
    return point === null ? [] : [{ role, point }];
  });
  const movingLeaves = rules.leaves.flatMap((leaf, i) => (leaf.op === "moving" ? [i] : []));
  const lamps = rules.leaves.flatMap((leaf) => (leaf.op === "lamp" ? [leaf.point] : []));
  const longestHoldMs = longest(model.sources.map((source) => source.holdMs));
  return {
    model,
    rules,
    pointIndex: new Map(model.points.map((point, i) => [point.id, i])),
    sourceIndex: new Map(model.sources.map((source, i) => [source.id, i])),
    pointsOfSource: model.sources.map((_, s) =>
      model.points.flatMap((point, i) => (point.source === s ? [i] : [])),
    ),
    countersOfSource: model.sources.map((_, s) =>
      model.points.flatMap((point, i) => (point.source === s && point.counter ? [i] : [])),
    ),
    checkedOfSource: model.sources.map((_, s) =>
      model.points.flatMap((point, i) => (point.source === s && point.plausible ? [i] : [])),
    ),
    rulePoint: model.points.map(
      (_, i) => (rules.leavesOfPoint[i]?.length ?? 0) > 0 || reasonPoints.includes(i),
    ),
    recipePoint,
    reasonPoints,
    movingLeaves,
    lampPoints: [...new Set(lamps)],
    counters,
    row: rowPlan(model),
    contracts: contracts.map(({ id }) => id),
    longestHoldMs,
    settleMs:
      model.microStopMs +
      longestHoldMs +
      longest(model.rules.map((rule) => rule.forMs)) +
      longest(rules.leaves.map(retroactionOf)) +
      1000,
  };
}

function rowPlan({ signals, points, sources }: AssetModel): RowPlan | null {
  if (!signals || signals.channels.length === 0) return null;
  const indexes = signals.channels.map(({ id }) => points.findIndex((point) => point.id === id));
  const read = indexes.filter((index) => !points[index]?.counter);
  const own = new Set((read.length > 0 ? read : indexes).map((i) => points[i]?.source ?? 0));
  const [fastest = 0] = [...own].sort(
    (a, b) => (sources[a]?.pollMs ?? 0) - (sources[b]?.pollMs ?? 0) || a - b,
  );
  const context = { at: 0, runMs: 0, state: "", recipe: "", observed: false };
  const { settings } = signals;
  const buses = sources.map(({ id: source }, i) => {
    const slug = `bus-${source}`.length <= 18 ? `bus-${source}` : `bus-${source.slice(0, 11)}-${i}`;
    return { source, slug, settings, points: points.filter((point) => point.source === i).length };
  });
  return { source: fastest, points: indexes, x: new Float64Array(indexes.length), context, buses };
}

/** Where contracts differ, only both parties together decide. */
function decidersOf(contracts: readonly ContractModel[]): Deciders {
  const decider = (matter: Matter): Decider => {
    const [first = "both", ...others] = contracts.map(({ decides }) => decides[matter]);
    return others.every((other) => other === first) ? first : "both";
  };
  return {
    reason: decider("reason"),
    attribution: decider("attribution"),
    schedule: decider("schedule"),
    ideal: decider("ideal"),
    counts: decider("counts"),
  };
}

export function plantPlan(model: PlantModel): PlantPlan {
  const { contracts = [] } = model;
  const under = (id: string): ContractModel[] =>
    contracts.filter((each) => each.left !== true && each.assets.some((asset) => asset.id === id));
  const assets = new Map(
    model.assets.map((asset) => [asset.id, assetPlan(asset, under(asset.id))] as const),
  );
  const deciders = model.assets.flatMap(({ id }) => {
    const bound = under(id);
    return bound.length > 0 ? [[id, decidersOf(bound)] as const] : [];
  });
  const settleMs = Object.fromEntries([...assets].map(([id, plan]) => [id, plan.settleMs]));
  return { model, assets, deciders: new Map(deciders), settleMs };
}

/** Random asset models: status, load and guard as rule points, counters on any source, rules in random order. */
import type {
  AssetModel,
  CounterModel,
  Expr,
  Leaf,
  RecipeModel,
  RuleModel,
} from "../../agent/core/model.ts";
import type { Condition } from "../../agent/core/vocabulary.ts";
import type { Dice } from "./dice.ts";
import { type Features, T0 } from "./features.ts";

const CONDITIONS: Condition[] = [
  "idle",
  "starved",
  "blocked",
  "setup",
  "engineering",
  "maintenance",
  "fault",
  "fault",
  "external-fault",
  "off",
];
const [STATUS, LOAD, GUARD, TOTAL, SECOND] = [0, 1, 2, 3, 4] as const;

export function assetOf(d: Dice, features: Features): AssetModel {
  const count = d.int(1, features.sources);
  const sources = Array.from({ length: count }, (_, i) => {
    const pollMs = d.pick([10, 15, 20, 30, 60]) * 1000;
    return { id: `s${i}`, pollMs, holdMs: pollMs * d.pick([1, 2, 3, 3, 4]) };
  });
  const source = (): number => d.int(0, count - 1);
  const counter = (): CounterModel => ({
    modulus: d.pick([1000n, 65_536n, 4_294_967_296n]),
    maxRate: d.pick([
      { count: 1, perMs: 1000 },
      { count: 5, perMs: 1000 },
      { count: 7, perMs: 60_000 },
    ]),
    pieces: d.pick([1, 1, 3]),
  });
  const plain = (id: string, at: number): AssetModel["points"][number] => ({
    id,
    source: at,
    counter: null,
    channel: false,
    unit: null,
  });
  const points = [plain("status", 0), plain("load", source()), plain("guard", source())];
  if (features.counters || features.moving) {
    const model = counter();
    const at = source();
    points.push({ ...plain("total", at), counter: model });
    points.push({
      ...plain("second", d.chance(0.7) ? at : source()),
      counter: d.chance(0.7) ? { ...model } : counter(),
    });
  }
  return {
    id: "press-01",
    name: "Press 1",
    area: "a",
    line: "l",
    sources,
    points,
    rules: rulesOf(d, features, sources[0]?.pollMs ?? 1000),
    attribution: d.chance(0.3)
      ? { fault: d.pick(["supplier", "customer"]), idle: d.pick(["customer", "none"]) }
      : {},
    counts: features.counters && d.chance(0.85) ? countsOf(d) : null,
    recipes: recipesOf(d, features),
    microStopMs: d.int(1, 12) * 30_000,
    calendar: "cal",
    zone: "UTC",
    windows: ["hour", "shift", "day"],
  };
}

function countsOf(d: Dice): AssetModel["counts"] {
  return {
    total: TOTAL,
    ...d.pick([
      { good: SECOND, reject: null },
      { good: SECOND, reject: null },
      { good: null, reject: SECOND },
      { good: null, reject: null },
    ]),
  };
}

function rulesOf(d: Dice, features: Features, pollMs: number): RuleModel[] {
  const rules: RuleModel[] = [];
  const dwell = (): number =>
    features.dwell && d.chance(0.25) ? d.int(1, 5) * pollMs + d.pick([0, 0, -500, 500]) : 0;
  const add = (is: Condition, when: Expr | null): void => {
    const attribution = d.chance(0.15)
      ? d.pick(["supplier", "customer", "third-party"] as const)
      : null;
    rules.push({ is, when, reason: null, attribution, forMs: dwell() });
  };
  const n = d.int(1, 4);
  const at = d.int(0, n);
  for (let i = 0; i < n; i++) {
    if (i === at) add("producing", producing(d, features));
    add(d.pick(CONDITIONS), expression(d, features, 2));
  }
  if (at === n) add("producing", producing(d, features));
  if (d.chance(0.7)) add(d.pick(["idle", "off", "producing"] as const), null);
  return rules;
}

function producing(d: Dice, features: Features): Expr {
  if (features.moving && d.chance(0.3))
    return { op: "moving", point: TOTAL, withinMs: d.int(1, 12) * 15_000 };
  return { op: "in", point: STATUS, values: [1, 2, 3] };
}

function expression(d: Dice, features: Features, depth: number): Expr {
  if (depth > 0 && d.chance(0.3)) {
    const of = Array.from({ length: d.int(1, 3) }, () => expression(d, features, depth - 1));
    return { op: d.pick(["all", "any"] as const), of };
  }
  if (depth > 0 && d.chance(0.1)) return { op: "not", of: expression(d, features, depth - 1) };
  return leafOf(d, features);
}

function leafOf(d: Dice, features: Features): Leaf {
  const hysteresis = features.hysteresis ? d.pick([0, 0, 2, 4]) : 0;
  const low = d.int(0, 10);
  const leaves: Leaf[] = [
    { op: "equals", point: STATUS, value: d.int(0, 6) },
    { op: "equals", point: STATUS, value: d.int(0, 6) },
    { op: "in", point: STATUS, values: [d.int(0, 6), d.int(0, 6)] },
    { op: "bit", point: STATUS, bit: d.int(0, 2), equals: d.chance(0.5) },
    { op: "above", point: LOAD, limit: d.int(5, 18), hysteresis },
    { op: "below", point: LOAD, limit: d.int(2, 15), hysteresis },
    { op: "between", point: LOAD, low, high: low + d.int(0, 8), hysteresis },
    { op: "equals", point: GUARD, value: d.chance(0.3) },
  ];
  if (features.moving) leaves.push({ op: "moving", point: TOTAL, withinMs: d.int(1, 12) * 15_000 });
  return d.pick(leaves);
}

function recipesOf(d: Dice, features: Features): RecipeModel[] {
  if (!features.recipes)
    return [{ id: "default", when: null, idealCycleUs: 1_200_000, validFrom: 0 }];
  const recipes: RecipeModel[] = [];
  for (let i = d.int(0, 3); i > 0; i--)
    recipes.push({
      id: d.pick(["a", "b", "c"]),
      when: d.chance(0.8) ? leafOf(d, { ...features, moving: false, hysteresis: false }) : null,
      idealCycleUs: d.int(1, 3000) * 1000,
      validFrom: d.pick([0, 0, T0 + d.int(0, 7200) * 1000]),
    });
  if (d.chance(0.6)) recipes.push({ id: "rest", when: null, idealCycleUs: 900_000, validFrom: 0 });
  return recipes;
}

/** Oracle, step 4: the timeline of an asset as spans: condition, cause, attribution, recipe, edges. Rules 1, 2, 9, 10. */
import type { CycleInput } from "../../agent/core/input.ts";
import type { AssetModel } from "../../agent/core/model.ts";
import type { Attribution, Condition, UnknownCause } from "../../agent/core/vocabulary.ts";
import { type Verdict, verdicts } from "./condition.ts";
import { READINGS } from "./readings.ts";
import { goodAt, truth, type World } from "./truth.ts";

export interface Recipe {
  id: string;
  idealCycleUs: number | null;
}

export interface Piece {
  from: number;
  to: number;
  condition: Condition;
  cause: UnknownCause | null;
  attribution: Attribution;
  recipe: Recipe;
}

/** An edge may really lie anywhere in `[from, to)`. */
export interface Edge {
  from: number;
  to: number;
}

export interface Timeline {
  pieces: Piece[];
  edges: Edge[];
  /** The recipe after every cycle. */
  recipes: Recipe[];
}

const NO_RECIPE: Recipe = { id: "unassigned", idealCycleUs: null };

export function timeline(world: World, cycles: CycleInput[]): Timeline {
  const said = verdicts(world);
  const recipes = recipesOf(world, cycles);
  const pieces: Piece[] = [
    {
      from: Number.NEGATIVE_INFINITY,
      to: world.at[0] ?? world.end,
      condition: "unknown",
      cause: "agent-stopped",
      attribution: "none",
      recipe: NO_RECIPE,
    },
  ];
  const edges: Edge[] = [];
  let before: Verdict = { is: "blind", cause: "agent-stopped" };
  for (const [i, verdict] of said.entries()) {
    const from = world.at[i] as number;
    const to = world.at[i + 1] ?? world.end;
    if (to === from) continue;
    const condition = conditionOf(world.asset, verdict);
    const cause = causeOf(verdict);
    const attribution = attributionOf(world.asset, verdict, condition);
    pieces.push({ from, to, condition, cause, attribution, recipe: recipes[i] ?? NO_RECIPE });
    if (edgy(before) && edgy(verdict) && conditionOf(world.asset, before) !== condition) {
      const same = (k: number): boolean =>
        world.at[k] === from && conditionOf(world.asset, said[k] as Verdict) === condition;
      let deciding = i;
      while (same(deciding - 1)) deciding--;
      const good = previousGood(cycles, deciding);
      if (good !== null) edges.push({ from: good, to: from });
    }
    before = verdict;
  }
  return { pieces, edges, recipes };
}

const causeOf = (verdict: Verdict): UnknownCause | null =>
  verdict.is === "blind" ? verdict.cause : verdict.is === "none" ? "rule-undecided" : null;

/** Conditions whose beginning or end a sample shows. */
const edgy = (verdict: Verdict): boolean =>
  verdict.is === "rule" || (verdict.is === "none" && READINGS.undecidedRulesMakeEdges);

function conditionOf(asset: AssetModel, verdict: Verdict): Condition {
  return verdict.is === "rule" ? (asset.rules[verdict.rule]?.is ?? "unknown") : "unknown";
}

function attributionOf(asset: AssetModel, verdict: Verdict, condition: Condition): Attribution {
  const own = verdict.is === "rule" ? asset.rules[verdict.rule]?.attribution : null;
  if (own) return own;
  const mapped = asset.attribution[condition];
  if (mapped) return mapped;
  return ["fault", "maintenance", "external-fault"].includes(condition) ? "pending" : "none";
}

/** Instant of the last good cycle of the same source before cycle `i`. */
function previousGood(cycles: CycleInput[], i: number): number | null {
  for (let k = i - 1; k >= 0; k--) {
    const cycle = cycles[k] as CycleInput;
    if (cycle.source === cycles[i]?.source && cycle.failure === null && !cycle.lone)
      return cycle.at;
  }
  return null;
}

/** The recipe after every cycle; only good cycles are samples. */
function recipesOf(world: World, cycles: CycleInput[]): Recipe[] {
  const found: Recipe[] = [];
  for (const [i, cycle] of cycles.entries()) {
    const last = found.at(-1) ?? NO_RECIPE;
    const read = cycle.failure === null && !cycle.lone;
    found.push((read ? recipeAt(world, i) : null) ?? last);
  }
  return found;
}

/** First match at the sample wins; null while a point it needs is bad or was never read: the last recipe holds. */
function recipeAt(world: World, i: number): Recipe | null {
  const at = world.at[i] as number;
  for (const { id, when, idealCycleUs, validFrom } of world.asset.recipes) {
    if (validFrom > at) continue;
    if (READINGS.newestRecipeRowReplaces && replaced(world, id, validFrom, at)) continue;
    const fits = when === null ? true : truth(world, when, i, (point) => badAt(world, point, i));
    if (fits === null) return null;
    if (fits) return { id, idealCycleUs };
  }
  return NO_RECIPE;
}

const replaced = (world: World, id: string, validFrom: number, at: number): boolean =>
  world.asset.recipes.some(
    (row) => row.id === id && row.validFrom <= at && row.validFrom > validFrom,
  );

/** Marked bad after cycle `i`, or never read. Recipes and counters do not go stale between polls; conditions do. */
function badAt(world: World, point: number, i: number): boolean {
  const { last } = goodAt(world, point, i);
  if (!last) return true;
  return (world.points[point]?.bad ?? []).some((bad) => bad.i <= i && bad.i > last.i);
}

/** The recipe in force (accounting rule 9): the first match at the sample; while its point is bad the last one holds. */
import type { AssetState } from "../asset.ts";
import type { Expr, RecipeModel } from "../model.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import { leafHolds } from "./leaf.ts";
import type { Instant } from "./point.ts";

/** `touched`: a point that recipes read has changed. */
export function chooseRecipe(
  state: AssetState,
  plan: AssetPlan,
  now: Instant,
  touched: boolean,
): void {
  const last = state.recipes.at(-1);
  if (!touched && last && now.at < recipeChangeAfter(plan, last.from)) return;
  let id = "unassigned";
  let idealCycleUs: number | null = null;
  for (const recipe of recipesInForce(plan.model.recipes, now.at)) {
    const holds = recipe.when === null ? true : exprHolds(state, recipe.when);
    if (holds === null) return;
    if (!holds) continue;
    id = recipe.id;
    idealCycleUs = recipe.idealCycleUs;
    break;
  }
  if (last?.id === id && last.idealCycleUs === idealCycleUs) return;
  if (last?.from === now.at) state.recipes.pop();
  state.recipes.push({ from: now.at, id, idealCycleUs });
}

/** The next `validFrom` after `at`: until then an untouched recipe cannot change. */
function recipeChangeAfter(plan: AssetPlan, at: Millis): Millis {
  let next = Number.MAX_SAFE_INTEGER;
  for (const recipe of plan.model.recipes)
    if (recipe.validFrom > at && recipe.validFrom < next) next = recipe.validFrom;
  return next;
}

/** Kleene value of a recipe's expression on last good values; null: undecided. */
function exprHolds(state: AssetState, expr: Expr): boolean | null {
  if (expr.op === "not") {
    const inner = exprHolds(state, expr.of);
    return inner === null ? null : !inner;
  }
  if (expr.op === "all" || expr.op === "any") {
    const wins = expr.op === "any";
    const parts = expr.of.map((part) => exprHolds(state, part));
    return parts.includes(wins) ? wins : parts.includes(null) ? null : !wins;
  }
  const point = state.points[expr.point];
  if (!point || point.value === null || !point.tracking) return null;
  return leafHolds(expr, point.value, false);
}

/** The recipes in force at `at`: of rows with one id the newest whose `validFrom` has come. */
export function recipesInForce(recipes: RecipeModel[], at: Millis): RecipeModel[] {
  return recipes.filter(
    (recipe) =>
      recipe.validFrom <= at &&
      !recipes.some(
        (other) =>
          other.id === recipe.id && other.validFrom <= at && other.validFrom > recipe.validFrom,
      ),
  );
}

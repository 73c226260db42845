/** Recipes of an asset as the core matches them: integer ideal cycles, dated in UTC. */
import type { RecipeModel } from "../agent/core/model.ts";
import { type PointIndex, whenExpr } from "./expression.ts";
import type { Asset } from "./types.ts";
import { cycleUsOf, durationUs } from "./units.ts";

/** What the only recipe of an asset with plain `idealCycle` or `idealRate` is called. */
export const DEFAULT_RECIPE = "default";

/**
 * The first that matches and is in force wins, so revisions of one recipe are put newest first, in the places that
 * this recipe has in the list. `midnight` gives UTC milliseconds of 00:00 of a local date.
 */
export function recipeModels(
  asset: Asset,
  points: PointIndex,
  midnight: (date: string) => number,
): RecipeModel[] {
  if (asset.recipes.length === 0) {
    if (asset.idealCycle === undefined && asset.idealRate === undefined) return [];
    return [{ id: DEFAULT_RECIPE, when: null, idealCycleUs: idealUs(asset), validFrom: 0 }];
  }
  const models = asset.recipes.map((recipe) => ({
    id: recipe.id,
    when: recipe.when ? whenExpr(recipe.when, points) : null,
    idealCycleUs: idealUs(recipe),
    validFrom: instant(recipe.validFrom, midnight),
  }));
  const newest = models.toSorted((a, b) => b.validFrom - a.validFrom);
  return models.map(({ id }) => {
    const next = newest.findIndex((model) => model.id === id);
    return newest.splice(next, 1)[0]!;
  });
}

const idealUs = (ideal: { idealCycle?: string; idealRate?: string }): number =>
  ideal.idealCycle === undefined ? cycleUsOf(ideal.idealRate ?? "") : durationUs(ideal.idealCycle);

function instant(text: string | undefined, midnight: (date: string) => number): number {
  if (text === undefined) return 0;
  return text.length === 10 ? midnight(text) : Date.parse(text);
}

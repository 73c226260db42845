/** Counts and recipes of an asset: counters that count, ideal cycles that are possible. */
import type { DraftAsset } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Point, Recipe } from "../types.ts";
import { cycleUsOf, durationUs, isZeroRate, rate } from "../units.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkDate } from "./time.ts";
import { checkWhen, findPoint } from "./when.ts";

interface Ideal {
  idealCycle?: string;
  idealRate?: string;
}

export function checkCounts(report: Report, path: Path, asset: DraftAsset): void {
  const counts = asset.counts;
  if (!counts) return;
  const at = [...path, "counts"];
  if (counts.good !== undefined && counts.reject !== undefined) {
    errorAtKey(
      report,
      [...at, "reject"],
      "does not go with `good`",
      "keep one: the other is the rest of total",
    );
  }
  for (const key of ["total", "good", "reject"] as const) {
    const id = counts[key];
    if (id === undefined) continue;
    const point = findPoint(report, [...at, key], id, asset);
    if (point && !point.counter) {
      error(
        report,
        [...at, key],
        `${id} is not a counter`,
        "give the point `counter: { maxRate: … }`",
      );
    }
  }
}

export function checkRecipes(report: Report, path: Path, asset: DraftAsset): void {
  const total = asset.counts?.total ?? "";
  const counter = Object.hasOwn(asset.points, total) ? (asset.points[total] ?? null) : null;
  checkIdeal(report, path, asset, counter);
  for (const key of ["idealCycle", "idealRate"] as const) {
    if (asset[key] === undefined || asset.recipes.length === 0) continue;
    errorAtKey(report, [...path, key], "does not go with `recipes`", "give every recipe its own");
  }
  for (const [index, recipe] of asset.recipes.entries()) {
    if (recipe) checkRecipe(report, [...path, "recipes", index], recipe, asset, counter);
  }
  checkTwice(report, path, asset.recipes);
}

function checkTwice(report: Report, path: Path, recipes: DraftAsset["recipes"]): void {
  const seen = new Set<string>();
  for (const [index, recipe] of recipes.entries()) {
    if (!recipe) continue;
    const since =
      recipe.validFrom === undefined ? "without `validFrom`" : `from ${recipe.validFrom}`;
    const key = `${recipe.id} ${since}`;
    if (seen.has(key)) {
      error(report, [...path, "recipes", index, "id"], `${recipe.id} is defined twice ${since}`);
    }
    seen.add(key);
  }
}

function checkRecipe(
  report: Report,
  path: Path,
  recipe: Recipe,
  asset: DraftAsset,
  counter: Point | null,
): void {
  if (recipe.id === "unassigned") {
    error(report, [...path, "id"], "must not be unassigned, which names pieces without a recipe");
  }
  if (recipe.when) checkWhen(report, [...path, "when"], recipe.when, asset);
  if (recipe.validFrom !== undefined) checkDate(report, [...path, "validFrom"], recipe.validFrom);
  if (recipe.idealCycle === undefined && recipe.idealRate === undefined) {
    error(report, path, "needs idealCycle or idealRate");
  }
  checkIdeal(report, path, recipe, counter);
}

function checkIdeal(report: Report, path: Path, ideal: Ideal, counter: Point | null): void {
  const { idealCycle, idealRate } = ideal;
  if (idealCycle !== undefined && idealRate !== undefined) {
    errorAtKey(
      report,
      [...path, "idealRate"],
      "does not go with `idealCycle`",
      "keep one of the two",
    );
    return;
  }
  const key = idealCycle === undefined ? "idealRate" : "idealCycle";
  const text = idealCycle ?? idealRate;
  if (text === undefined) return;
  const us = idealCycle === undefined ? cycleUsOrZero(text) : durationUs(text);
  if (us < 1) error(report, [...path, key], `must be at least 1 µs per piece, not ${text}`);
  else if (us > 86_400_000_000)
    error(report, [...path, key], `must be at most 1 day per piece, not ${text}`);
  else if (counter) checkAgainstMaxRate(report, [...path, key], text, us, counter);
}

const cycleUsOrZero = (rateText: string): number =>
  isZeroRate(rateText) ? 0 : cycleUsOf(rateText);

/** At its ideal speed the machine must not outrun what its counter is said to be able to. */
function checkAgainstMaxRate(
  report: Report,
  path: Path,
  text: string,
  us: number,
  { counter }: Point,
): void {
  if (!counter || isZeroRate(counter.maxRate)) return;
  const { count, perMs } = rate(counter.maxRate);
  // pieces per ms: 1000 / us against count × pieces / perMs
  if (1000 * perMs <= count * counter.pieces * us) return;
  const message = `${text} is faster than the counter's maxRate ${counter.maxRate}: such pieces would count as a jump`;
  warn(report, path, message, "raise `maxRate` of the counter");
}

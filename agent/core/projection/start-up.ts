/**
 * Rejects made while a machine started up: those that were counted in time whose reason the tree calls a start-up.
 * Counts are booked by the minute, so a minute that such time begins or ends in goes to one side. Late scrap is of no
 * minute, and of no start-up.
 */
import type { CountFact, IntervalFact } from "../journal.ts";
import type { CountsModel } from "../model.ts";
import { recipeKey } from "../window/sums.ts";
import { lossOf, type NamedLosses } from "./loss.ts";
import type { RecipeRow } from "./lost-pieces.ts";

/** Adds to rows of recipes how many of their rejects these are; null where rejects are not known. */
export function withStartUp<Row extends Omit<RecipeRow, "startUp">>(
  rows: readonly Row[],
  counts: readonly CountFact[],
  pieces: readonly IntervalFact[],
  named: NamedLosses,
  model: CountsModel | null,
): (Row & RecipeRow)[] {
  const spans = pieces.filter((piece) => lossOf(piece, named) === "start-up");
  const found = new Map<string, number>();
  for (const count of spans.length === 0 ? [] : counts) {
    const isMeant =
      count.place === "loading" && spans.some(({ from, to }) => from <= count.at && count.at < to);
    const key = recipeKey(count.recipe, count.idealCycleUs);
    if (isMeant) found.set(key, (found.get(key) ?? 0) + rejectsOf(count, model));
  }
  return rows.map((row) => {
    const { id, idealCycleUs, total, good } = row;
    const early = found.get(recipeKey(id, idealCycleUs)) ?? 0;
    const rejects = total === null || good === null ? null : Math.max(0, total - good);
    return { ...row, startUp: rejects === null ? null : Math.min(rejects, early) };
  });
}

/** More rejects than pieces were found bad later than they were made. */
function rejectsOf({ total, good, reject }: CountFact, model: CountsModel | null): number {
  const rejects = model?.good != null ? total - good : reject;
  return Math.max(0, Math.min(total, rejects));
}

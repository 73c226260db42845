/**
 * What the timeline says of the time a piece takes, as a sample of a signal's channel: pieces of a counter while one
 * recipe was produced without a break. Averaging is decided in `signal/cycle-time.ts`; counts are not settled here.
 */
import type { AssetState } from "../asset.ts";
import type { AssetPlan } from "../plant.ts";
import { newCycleTime, type PieceReading, timePieces } from "../signal/cycle-time.ts";
import type { Instant } from "../timeline/point.ts";
import { current } from "../timeline/track.ts";
import type { Watch } from "../watch.ts";
import { readCounter } from "./counter.ts";

/** Seconds of running per piece where this row completes a value, else NaN. `index`: a point that counts. */
export function pieceTime(
  asset: AssetState,
  plan: AssetPlan,
  watch: Watch,
  index: number,
  now: Instant,
): number {
  const point = asset.points[index];
  const model = plan.model.points[index];
  if (!model?.counter || !point?.counter || point.movedAt === null) return Number.NaN;
  const { last, firstAt } = point.counter;
  const mono = point.movedMono;
  watch.cycles ??= {};
  const known = watch.cycles[model.id];
  if (last === null || known?.mono === mono) return Number.NaN;
  const recipe = asset.recipes.at(-1);
  const { condition, from } = current(asset.track);
  const steady = condition === "producing" ? Math.max(from, recipe?.from ?? 0, firstAt) : now.at;
  const reading: PieceReading = {
    mono,
    count: last,
    pieces: null,
    recipe: recipe?.id ?? "",
    since: steady - (now.at - now.mono),
    pollMs: plan.model.sources[model.source]?.pollMs ?? 0,
  };
  if (!known) {
    watch.cycles[model.id] = newCycleTime(reading);
    return Number.NaN;
  }
  const step = readCounter(model.counter, known.count, last, mono - known.mono);
  if (step.kind === "delta" && step.flag === null)
    reading.pieces = step.delta * model.counter.pieces;
  const isNamed = plan.model.recipes.length === 0 || reading.recipe !== "unassigned";
  const ms = timePieces(known, reading);
  return isNamed ? ms / 1000 : Number.NaN;
}

/**
 * What lost time would have made: each millisecond at the ideal cycle of the recipe it belongs to, in millionths of
 * a piece. Time of a recipe without an ideal cycle cannot be valued and is told apart.
 */
import type { Millis } from "../time.ts";
import type { Cell } from "./cell.ts";
import type { Loss } from "./loss.ts";
import { byLoss, type Micros } from "./losses.ts";

/** Pieces of one recipe at one ideal cycle, inside loading, not recovered. */
export interface RecipeRow {
  id: string;
  idealCycleUs: number | null;
  producingMs: Millis;
  total: number | null;
  good: number | null;
  /** Of the rejects: those made while starting up. */
  startUp: number | null;
}

export interface LostPieces {
  /** Millionths of a piece; null where pieces or ideal cycles are missing. */
  microPieces: number | null;
  us: Micros | null;
}

/** `us` of time at `idealCycleUs` a piece, half-up; negative where a machine was faster than its ideal. */
function microPieces(us: Micros, idealCycleUs: number): number {
  const [n, d] = [BigInt(us) * 1_000_000n, BigInt(idealCycleUs)];
  const half = (value: bigint): bigint => (2n * value + d) / (2n * d);
  return Number(n < 0n ? -half(-n) : half(n));
}

/** By loss, in the order of the ladder: all of them are what lies between observed loading and the good pieces. */
export function lostPieces(
  cells: readonly Cell[],
  recipes: readonly RecipeRow[],
): Record<Loss, LostPieces> {
  const lost = byLoss((): LostPieces => ({ microPieces: 0, us: 0 }));
  const add = (loss: Loss, us: Micros | null, idealCycleUs: number | null): void => {
    const row = lost[loss];
    row.us = row.us === null || us === null ? null : row.us + us;
    if (row.microPieces === null || us === 0) return;
    row.microPieces =
      us === null || idealCycleUs === null ? null : row.microPieces + microPieces(us, idealCycleUs);
  };
  for (const { loss, ms, idealCycleUs } of cells) if (loss) add(loss, ms * 1000, idealCycleUs);
  for (const { idealCycleUs, producingMs, total, good, startUp } of recipes) {
    const ideal = idealCycleUs ?? 0;
    const isBlank = producingMs === 0 && total === 0;
    if (isBlank) continue;
    add("speed", total === null ? null : producingMs * 1000 - total * ideal, idealCycleUs);
    const isTold = total !== null && good !== null && startUp !== null;
    add("defect", isTold ? (total - good - startUp) * ideal : null, idealCycleUs);
    add("start-up", isTold ? startUp * ideal : null, idealCycleUs);
  }
  return lost;
}

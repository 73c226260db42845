/**
 * A sudden change that stays for a minute or returns in bursts: fast mean of the residual of single samples against the
 * channel's own 99.9 % quantile. O(1) a sample; a single outlier and a resting value say nothing.
 */
import { S_FAST, S_LAST, S_LEVEL, S_SIDE, S_SINCE, S_TAIL } from "./cells.ts";
import type { StepModel } from "./model.ts";

/** A residual counts at most so many sd. */
const CLIPPED = 8;
const FAST = 0.3;
/** Running time in which the level follows. */
const LEVEL_MS = 3_600_000;
/** The quantile rises by UP when passed and sinks by 1/999 of it when not. */
const UP = 0.1;
const DOWN = UP / 999;
const FIRST_TAIL = 1.5;

/** What {@link judgeStep} says. */
export const STILL = 0;
export const STEPPED = 1;
export const CALMED = 2;

/** `rest`: residual; `spread`: sd of single samples; `clock`, `dt`: running time. */
export function judgeStep(
  model: StepModel,
  cell: number[],
  rest: number,
  spread: number,
  clock: number,
  dt: number,
): number {
  if (cell[S_TAIL] === 0) cell[S_TAIL] = FIRST_TAIL;
  const w = Math.min(CLIPPED, Math.max(-CLIPPED, (rest - cell[S_LEVEL]!) / spread));
  const fast = cell[S_FAST]! + FAST * (w - cell[S_FAST]!);
  cell[S_FAST] = fast;
  const size = Math.abs(fast);
  const limit = Math.max(model.least, model.margin * cell[S_TAIL]!);
  const away = size > limit;
  if (!away) {
    cell[S_LEVEL]! += Math.min(1, dt / LEVEL_MS) * (rest - cell[S_LEVEL]!);
    cell[S_TAIL]! += size > cell[S_TAIL]! ? UP : -DOWN;
    cell[S_SINCE] = -1;
    return calm(model, cell, clock);
  }
  if (cell[S_SINCE]! < 0) cell[S_SINCE] = clock;
  if (clock - cell[S_SINCE]! < model.onMs) return STILL;
  cell[S_LAST] = clock;
  if (cell[S_SIDE] !== 0) {
    // What stays is the matter of limits and drift.
    if (clock - cell[S_SINCE]! >= model.offMs) cell[S_LEVEL] = rest;
    return STILL;
  }
  cell[S_SIDE] = fast > 0 ? 1 : -1;
  return STEPPED;
}

function calm(model: StepModel, cell: number[], clock: number): number {
  if (cell[S_SIDE] === 0 || clock - cell[S_LAST]! < model.offMs) return STILL;
  cell[S_SIDE] = 0;
  return CALMED;
}

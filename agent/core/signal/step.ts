/**
 * A sudden change that stays for a minute or returns in bursts: fast mean of the residual of single samples against the
 * channel's own 99.9 % quantile. O(1) a sample; a single outlier and a resting value say nothing.
 */
import { SAMPLE } from "./baseline.ts";
import { S_FAST, S_LAST, S_LEVEL, S_REST, S_SIDE, S_SINCE, S_TAIL } from "./cells.ts";
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

/** Judges the residual in `S_REST`; `base` tells the spread of single samples. */
export function judgeStep(model: StepModel, cell: number[], base: number[], gate: Clock): number {
  if (cell[S_TAIL] === 0) cell[S_TAIL] = FIRST_TAIL;
  const far = (cell[S_REST]! - cell[S_LEVEL]!) / base[SAMPLE]!;
  const w = Math.min(CLIPPED, Math.max(-CLIPPED, far));
  const fast = cell[S_FAST]! + FAST * (w - cell[S_FAST]!);
  cell[S_FAST] = fast;
  const size = Math.abs(fast);
  if (size > model.least && size > model.margin * cell[S_TAIL]!) return beyond(model, cell, gate);
  // Clipped as well: the level must not go after one wild sample.
  cell[S_LEVEL]! += Math.min(1, gate.dt / LEVEL_MS) * w * base[SAMPLE]!;
  cell[S_TAIL]! += size > cell[S_TAIL]! ? UP : -DOWN;
  cell[S_SINCE] = -1;
  return cell[S_SIDE] === 0 ? STILL : calm(model, cell, gate);
}

interface Clock {
  clock: number;
  dt: number;
}

function beyond(model: StepModel, cell: number[], { clock }: Clock): number {
  if (cell[S_SINCE]! < 0) cell[S_SINCE] = clock;
  if (clock - cell[S_SINCE]! < model.onMs) return STILL;
  cell[S_LAST] = clock;
  if (cell[S_SIDE] === 0) {
    cell[S_SIDE] = cell[S_FAST]! > 0 ? 1 : -1;
    return STEPPED;
  }
  // What stays is the matter of limits and drift.
  if (clock - cell[S_SINCE]! >= model.offMs) cell[S_LEVEL] = cell[S_REST]!;
  return STILL;
}

function calm(model: StepModel, cell: number[], { clock }: Clock): number {
  if (clock - cell[S_LAST]! < model.offMs) return STILL;
  cell[S_SIDE] = 0;
  return CALMED;
}

/**
 * Cycle time from a counter of pieces and running time, for machines that do not show one: a value like that of a register,
 * held from piece to piece. Its drift by recipe is that of a channel of kind `cycle-time`; nothing is judged here.
 */
import type { Millis } from "../time.ts";

/** Plain JSON data. */
export interface CycleTimeState {
  /** Pieces and running time at the last reading that showed a piece; -1: none yet. */
  count: number;
  runMs: Millis;
  recipe: string;
  /** Running time per piece, ms; -1: not known. */
  cycleMs: number;
}

export const newCycleTime = (): CycleTimeState => ({
  count: -1,
  runMs: 0,
  recipe: "",
  cycleMs: -1,
});

/**
 * Running milliseconds per piece, NaN while unknown. `count` is cumulative; a reset, or another recipe, begins anew, so
 * that no cycle is counted over a change. Stops do not count: `runMs` is running time.
 */
export function cycleTimeOf(
  state: CycleTimeState,
  count: number,
  runMs: Millis,
  recipe: string,
): number {
  if (!(count - count === 0)) return known(state);
  const pieces = count - state.count;
  if (state.count < 0 || pieces < 0 || recipe !== state.recipe || runMs < state.runMs) {
    state.cycleMs = -1;
  } else {
    if (pieces === 0) return known(state);
    if (runMs > state.runMs) state.cycleMs = (runMs - state.runMs) / pieces;
  }
  state.count = count;
  state.runMs = runMs;
  state.recipe = recipe;
  return known(state);
}

const known = ({ cycleMs }: CycleTimeState): number => (cycleMs > 0 ? cycleMs : Number.NaN);

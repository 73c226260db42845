/**
 * A counter of pieces beside the traced machine, read with every row: running seconds per piece by the core's own rule. Knows
 * when the machine produced without a break; the cycle time that the controller shows it never looks at.
 */
import {
  type CycleTimeState,
  newCycleTime,
  timePieces,
} from "../../agent/core/signal/cycle-time.ts";
import type { Trace } from "../../simulator/wear/trace.ts";

/** Rows that may be missed without a break. */
const HELD = 3;

/** The value of each row, NaN where none is complete. `perCycle`: pieces of a cycle, many for a fast machine. */
export function pieceTimer(perCycle: number): (trace: Trace) => number {
  let state: CycleTimeState | null = null;
  let seen = 0;
  let product = -1;
  let [since, last] = [0, 0];
  return ({ plantAt, stepMs, stretch, isObserved, cell }) => {
    const runs = isObserved && stretch.condition === "producing";
    if (!runs || stretch.product !== product || plantAt - last > HELD * stepMs) since = plantAt;
    product = stretch.product;
    last = plantAt;
    const count = Math.floor(cell.made * perCycle);
    if (!isObserved || count === seen) return Number.NaN;
    const pieces = count - seen;
    seen = count;
    const recipe = String(stretch.product);
    const reading = { mono: plantAt, count, pieces, recipe, since, pollMs: stepMs };
    if (state !== null) return timePieces(state, reading) / 1000;
    state = newCycleTime(reading);
    return Number.NaN;
  };
}

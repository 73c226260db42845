/**
 * Cycle time from a counter of pieces: running time from piece to piece over as many as it takes to be sure of it, by
 * recipe. Slow cycles count, stops do not. Its drift is that of a channel of kind `cycle-time`; nothing is judged here.
 */
import type { Millis } from "../time.ts";

/** Plain JSON data of one counter. */
export interface CycleTimeState {
  /** Monotonic instant and count of the last reading that showed a piece. */
  mono: Millis;
  count: number | bigint;
  recipe: string;
  /** Gathered so far: pieces, and the time they took. */
  pieces: number;
  ms: Millis;
  /** Milliseconds per piece as last told for this recipe; 0: not yet. */
  usualMs: number;
  /** Waits in a row that were too long for a cycle. */
  waits: number;
}

/** A reading that shows a piece more. */
export interface PieceReading {
  mono: Millis;
  count: number | bigint;
  /** Pieces since the last such reading; null: the counter was reset, corrected or jumped, or nobody looked. */
  pieces: number | null;
  recipe: string;
  /** Monotonic instant from which the machine has produced this recipe without a break. */
  since: Millis;
  /** How often the counter is read. */
  pollMs: Millis;
}

/**
 * A span between two readings is known to one reading or one piece, whichever is shorter: after a hundred of either it is
 * known to about 1 %, and values of slow polls are nearly as continuous as those of fast ones.
 */
const ENOUGH = 100;
/** A wait of more than so many cycles on top of the reading's own delay is a stop that the condition did not show. */
const STOP_CYCLES = 2;
/** Pieces that tell well enough how long a cycle is to call a wait a stop. */
const TELLING = 5;
/** So many in a row are no stops: the machine is that slow now. */
const SLOW_NOW = 5;

export const newCycleTime = (reading: PieceReading): CycleTimeState => ({
  mono: reading.mono,
  count: reading.count,
  recipe: reading.recipe,
  pieces: 0,
  ms: 0,
  usualMs: 0,
  waits: 0,
});

/**
 * Running milliseconds per piece on the reading that completes them, else NaN. Time and pieces across a stop are left
 * out, those before another recipe or a count that is not sure are forgotten.
 */
export function timePieces(state: CycleTimeState, reading: PieceReading): number {
  const { mono, count, pieces, recipe, since, pollMs } = reading;
  const ms = mono - state.mono;
  const before = state.mono;
  state.mono = mono;
  state.count = count;
  if (recipe !== state.recipe) state.usualMs = 0;
  if (recipe !== state.recipe || pieces === null) {
    state.recipe = recipe;
    begin(state);
    return Number.NaN;
  }
  if (since > before || isStop(state, pieces, ms - pollMs)) return Number.NaN;
  state.pieces += pieces;
  state.ms += ms;
  if (state.pieces < ENOUGH && state.ms < ENOUGH * pollMs) return Number.NaN;
  state.usualMs = state.ms / state.pieces;
  begin(state);
  return state.usualMs;
}

function begin(state: CycleTimeState): void {
  state.pieces = 0;
  state.ms = 0;
  state.waits = 0;
}

function isStop(state: CycleTimeState, pieces: number, least: Millis): boolean {
  const usual = state.pieces >= TELLING ? state.ms / state.pieces : state.usualMs;
  if (usual === 0 || least <= STOP_CYCLES * usual * pieces) {
    state.waits = 0;
    return false;
  }
  state.waits += 1;
  if (state.waits < SLOW_NOW) return true;
  state.usualMs = 0;
  begin(state);
  return false;
}

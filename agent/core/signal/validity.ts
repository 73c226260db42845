/**
 * Whether a sensor can be believed: stuck, dead, silent, out of range, flat. Comes first and vetoes every other detector
 * of the channel; judges only while the machine runs, and never says anything about the machine.
 */
import { BORN, DOUBT, FAULT, FAULTS, GRAIN, LONGEST, REST, SEEN, VALUE } from "./cells.ts";
import type { ValidityModel } from "./model.ts";

/** What {@link watch} says of a sample. */
export const SOUND = 0;
/** Not to be used. */
export const SKIP = 1;
/** A fault has begun; not to be used. */
export const BEGAN = 2;
/** A fault is over; the sample is good again. */
export const ENDED = 3;

export const STUCK = FAULTS.indexOf("stuck");
export const DEAD = FAULTS.indexOf("dead");
export const GAP = FAULTS.indexOf("gap");
export const RANGE = FAULTS.indexOf("out-of-range");
export const FLAT = FAULTS.indexOf("flat");

const MINUTE = 60_000;
/** Running time in which it is learned how long the value rests by itself, and how long a rest must be until then. */
const YOUNG_MS = 120 * MINUTE;
const YOUNG_REST_MS = 20 * MINUTE;
/** A rest so many times the longest known one is none of its own. */
const REST_TIMES = 4;
const RANGE_MS = 30_000;
const SOUND_MS = 2 * MINUTE;

/**
 * Judges value `i` of a row; any number is taken, NaN and infinities too. Numbers travel in arrays and records here, not
 * as arguments, so that a quiet sample allocates nothing.
 */
export function watch(
  model: ValidityModel,
  cell: number[],
  x: ArrayLike<number>,
  i: number,
  gate: Clock,
): number {
  const v = x[i]!;
  if (!(v - v === 0)) return silent(model, cell, gate);
  if (cell[BORN]! < 0) {
    cell[BORN] = gate.clock;
    cell[VALUE] = v;
    cell[REST] = gate.clock;
  }
  cell[SEEN] = gate.clock;
  const rests = v === cell[VALUE];
  if (!rests) moved(cell, x, i, gate);
  const wrong = wrongness(model, cell, x, i, gate, rests);
  if (cell[FAULT] === 0) {
    if (wrong === 0) return SOUND;
    if (wrong < 0) return SKIP;
    cell[FAULT] = wrong;
    cell[DOUBT] = -1;
    return BEGAN;
  }
  return cell[FAULT] === FLAT ? SKIP : recover(cell, gate, wrong !== 0, rests);
}

/** The part of a gate that is read here: running time so far, and of it since the last row (0 while nothing runs). */
interface Clock {
  clock: number;
  dt: number;
}

function silent(model: ValidityModel, cell: number[], gate: Clock): number {
  if (cell[SEEN]! < 0) cell[SEEN] = gate.clock;
  cell[REST]! += gate.dt;
  if (cell[FAULT] !== 0) {
    cell[DOUBT] = -1;
    return SKIP;
  }
  if (gate.clock - cell[SEEN]! <= model.gapMs) return SKIP;
  cell[FAULT] = GAP;
  cell[DOUBT] = -1;
  return BEGAN;
}

function moved(cell: number[], x: ArrayLike<number>, i: number, gate: Clock): void {
  const v = x[i]!;
  const step = Math.min(Number.MAX_VALUE, Math.abs(v - cell[VALUE]!));
  if (cell[GRAIN] === 0 || step < cell[GRAIN]!) cell[GRAIN] = step;
  const rest = gate.clock - cell[REST]!;
  if (cell[FAULT] === 0 && rest > cell[LONGEST]!) cell[LONGEST] = rest;
  cell[VALUE] = v;
  cell[REST] = gate.clock;
}

/** 0: nothing; -1: the sample is wrong, but not yet for long enough; else the fault. */
function wrongness(
  model: ValidityModel,
  cell: number[],
  x: ArrayLike<number>,
  i: number,
  gate: Clock,
  rests: boolean,
): number {
  const { low, high } = model;
  const v = x[i]!;
  if ((low !== null && v < low) || (high !== null && v > high)) return outside(cell, gate);
  if (cell[FAULT] === 0) cell[DOUBT] = -1;
  if (!rests || !isTooLong(model, cell, gate)) return 0;
  return v === 0 || v === low || v === high ? DEAD : STUCK;
}

function outside(cell: number[], { clock }: Clock): number {
  if (cell[FAULT] !== 0) return RANGE;
  if (cell[DOUBT]! < 0) cell[DOUBT] = clock;
  return clock - cell[DOUBT]! >= RANGE_MS ? RANGE : -1;
}

/** Whether the value has rested longer than it ever does by itself. */
function isTooLong({ stuckMs }: ValidityModel, cell: number[], { clock }: Clock): boolean {
  const rest = clock - cell[REST]!;
  if (stuckMs === null || rest < stuckMs || rest < REST_TIMES * cell[LONGEST]!) return false;
  return rest >= YOUNG_REST_MS || clock - cell[BORN]! >= YOUNG_MS;
}

/** Over when the value has been there, inside its range and alive, for a while. */
function recover(cell: number[], { clock }: Clock, wrong: boolean, rests: boolean): number {
  if (wrong || (rests && clock - cell[REST]! >= SOUND_MS)) {
    cell[DOUBT] = -1;
    return SKIP;
  }
  if (cell[DOUBT]! < 0) {
    if (rests && (cell[FAULT] === STUCK || cell[FAULT] === DEAD)) return SKIP;
    cell[DOUBT] = clock;
  }
  if (clock - cell[DOUBT]! < SOUND_MS) return SKIP;
  cell[FAULT] = 0;
  cell[DOUBT] = -1;
  return ENDED;
}

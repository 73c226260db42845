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

/** `clock`: running time so far; `dt`: of it since the last call (0 while nothing runs). Any `v` is taken, NaN and infinities too. */
export function watch(
  model: ValidityModel,
  cell: number[],
  v: number,
  clock: number,
  dt: number,
): number {
  if (!(v - v === 0)) return silent(model, cell, clock, dt);
  if (cell[BORN]! < 0) born(cell, v, clock);
  cell[SEEN] = clock;
  const rests = v === cell[VALUE];
  if (!rests) moved(cell, v, clock);
  const wrong = wrongness(model, cell, v, clock, rests);
  if (cell[FAULT] === 0) {
    if (wrong === 0) return SOUND;
    if (wrong < 0) return SKIP;
    cell[FAULT] = wrong;
    cell[DOUBT] = -1;
    return BEGAN;
  }
  return cell[FAULT] === FLAT ? SKIP : recover(cell, clock, wrong !== 0, rests);
}

function born(cell: number[], v: number, clock: number): void {
  cell[BORN] = clock;
  cell[VALUE] = v;
  cell[REST] = clock;
}

function silent(model: ValidityModel, cell: number[], clock: number, dt: number): number {
  if (cell[SEEN]! < 0) cell[SEEN] = clock;
  cell[REST]! += dt;
  if (cell[FAULT] !== 0) {
    cell[DOUBT] = -1;
    return SKIP;
  }
  if (clock - cell[SEEN]! <= model.gapMs) return SKIP;
  cell[FAULT] = GAP;
  cell[DOUBT] = -1;
  return BEGAN;
}

function moved(cell: number[], v: number, clock: number): void {
  const step = Math.abs(v - cell[VALUE]!);
  if (cell[GRAIN] === 0 || step < cell[GRAIN]!) cell[GRAIN] = step;
  const rest = clock - cell[REST]!;
  if (cell[FAULT] === 0 && rest > cell[LONGEST]!) cell[LONGEST] = rest;
  cell[VALUE] = v;
  cell[REST] = clock;
}

/** 0: nothing; -1: the sample is wrong, but not yet for long enough; else the fault. */
function wrongness(
  model: ValidityModel,
  cell: number[],
  v: number,
  clock: number,
  rests: boolean,
): number {
  const { low, high, stuckMs } = model;
  if ((low !== null && v < low) || (high !== null && v > high)) return outside(cell, clock);
  if (cell[FAULT] === 0) cell[DOUBT] = -1;
  if (!rests || stuckMs === null) return 0;
  const rest = clock - cell[REST]!;
  if (rest < stuckMs || rest < restLimit(stuckMs, cell, clock)) return 0;
  return v === 0 || v === low || v === high ? DEAD : STUCK;
}

function outside(cell: number[], clock: number): number {
  if (cell[FAULT] !== 0) return RANGE;
  if (cell[DOUBT]! < 0) cell[DOUBT] = clock;
  return clock - cell[DOUBT]! >= RANGE_MS ? RANGE : -1;
}

function restLimit(stuckMs: number, cell: number[], clock: number): number {
  const known = Math.max(stuckMs, REST_TIMES * cell[LONGEST]!);
  return clock - cell[BORN]! < YOUNG_MS ? Math.max(known, YOUNG_REST_MS) : known;
}

/** Over when the value has been there, inside its range and alive, for a while. */
function recover(cell: number[], clock: number, wrong: boolean, rests: boolean): number {
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

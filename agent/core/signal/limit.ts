/**
 * Fixed limits with hysteresis and dwell: the plainest detector, and the one a contract can name. Blind to slow wear by
 * design; judges one value at a time and keeps two numbers.
 */
import { LEVEL, SINCE } from "./cells.ts";
import type { LimitModel } from "./model.ts";

/** Judges value `i` of a row, which is a number. True when the level (2 alarm high, 1 warning high, 0 inside, -1, -2 low) has changed. */
export function judgeLimit(
  model: LimitModel,
  cell: number[],
  x: ArrayLike<number>,
  i: number,
  gate: { at: number; clock: number },
): boolean {
  const held = cell[LEVEL]!;
  if (held === 0 && isInside(model, x, i)) {
    cell[SINCE] = -1;
    return false;
  }
  const clock = model.safety ? gate.at : gate.clock;
  const level = levelOf(model, x[i]!, held);
  if (level === held) {
    cell[SINCE] = -1;
    return false;
  }
  if (cell[SINCE]! < 0) cell[SINCE] = clock;
  const worse = level * held < 0 || Math.abs(level) > Math.abs(held);
  if (clock - cell[SINCE]! < (worse ? model.onMs : model.offMs)) return false;
  cell[LEVEL] = level;
  cell[SINCE] = -1;
  return true;
}

function isInside(model: LimitModel, x: ArrayLike<number>, i: number): boolean {
  const v = x[i]!;
  const { high, highWarning, low, lowWarning } = model;
  if ((high !== null && v >= high) || (highWarning !== null && v >= highWarning)) return false;
  return !((low !== null && v <= low) || (lowWarning !== null && v <= lowWarning));
}

/** A limit already passed counts until the value is back by the hysteresis. */
function levelOf(model: LimitModel, v: number, held: number): number {
  const h = model.hysteresis;
  const up = beyond(v, model.high, model.highWarning, held, h);
  if (up === 2) return 2;
  const down = beyond(-v, minus(model.low), minus(model.lowWarning), -held, h);
  return down > up ? -down : up;
}

function beyond(v: number, alarm: number | null, warning: number | null, held: number, h: number) {
  if (alarm !== null && v >= alarm - (held >= 2 ? h : 0)) return 2;
  return warning !== null && v >= warning - (held >= 1 ? h : 0) ? 1 : 0;
}

const minus = (limit: number | null): number | null => (limit === null ? null : -limit);

/** The limit that a level stands for. */
export function limitAt(model: LimitModel, level: number): number | null {
  if (level >= 2) return model.high;
  if (level === 1) return model.highWarning;
  if (level === -1) return model.lowWarning;
  return level <= -2 ? model.low : null;
}

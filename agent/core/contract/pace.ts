/**
 * How fast the budget was spent lately, on scheduled time: nights do not dilute it (metrics D1). Cells of a fixed
 * step hold load and downtime of all assets together; cells without load do not exist. Only as many as the longest
 * window needs. A window is filled with whole cells, newest first.
 */
import type { Millis } from "../time.ts";
import type { ContractModel } from "./model.ts";

export interface Pace {
  stepMs: Millis;
  /** Nothing is kept of cells before this index, so that late corrections of them change nothing. */
  oldest: number;
  /** Sorted by index: `[index, load, down]`, index × step is the begin. */
  cells: [number, Millis, Millis][];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FINEST = 5 * MINUTE;
/** Cells a window is made of at least, where the finest step allows it. */
const FINENESS = 96;

/** Shown when the contract names no windows of its own. */
export const DEFAULT_WINDOWS: readonly Millis[] = [HOUR, 6 * HOUR];

/** The two windows whose burn is shown, shorter first. */
export function windowsOf({ burnAlerts }: ContractModel): Millis[] {
  const own = [...new Set(burnAlerts.map(({ windowMs }) => windowMs))].sort((a, b) => a - b);
  if (own.length === 0) return [...DEFAULT_WINDOWS];
  return own.length === 1 ? own : [own[0] ?? HOUR, own.at(-1) ?? HOUR];
}

const longest = (model: ContractModel): Millis => windowsOf(model).at(-1) ?? HOUR;

/** Cells of another step than the contract's present one are forgotten. */
export function newPace(model: ContractModel, known?: Pace): Pace {
  const stepMs = Math.max(FINEST, Math.ceil(longest(model) / FINENESS / MINUTE) * MINUTE);
  return known?.stepMs === stepMs ? known : { stepMs, oldest: 0, cells: [] };
}

const keptCells = (model: ContractModel, { stepMs }: Pace): number =>
  Math.ceil(longest(model) / stepMs) + 2;

/** Adds (`sign` 1) or takes off (-1) load in `[from, to)`; what was forgotten is ignored. */
export function pace(
  model: ContractModel,
  state: Pace,
  { from, to }: { from: Millis; to: Millis },
  isDown: boolean,
  sign: 1 | -1,
): void {
  const { stepMs, cells } = state;
  const kept = keptCells(model, state);
  const last = Math.ceil(to / stepMs) - 1;
  const first = Math.max(Math.floor(from / stepMs), last - kept, state.oldest);
  for (let index = first; index <= last; index++) {
    const ms = Math.min(to, (index + 1) * stepMs) - Math.max(from, index * stepMs);
    const cell = cellAt(cells, index);
    cell[1] += sign * ms;
    if (isDown) cell[2] += sign * ms;
  }
  if (sign < 0) state.cells = cells.filter(([, load]) => load !== 0);
}

/** Forgets cells beyond the longest window; when time goes on, not when the past is corrected. */
export function prunePace(model: ContractModel, state: Pace): void {
  const kept = keptCells(model, state);
  if (state.cells.length <= kept) return;
  state.cells = state.cells.slice(-kept);
  state.oldest = state.cells[0]?.[0] ?? 0;
}

function cellAt(cells: Pace["cells"], index: number): [number, Millis, Millis] {
  let at = cells.length;
  while (at > 0 && (cells[at - 1]?.[0] ?? 0) > index) at--;
  const known = cells[at - 1];
  if (known?.[0] === index) return known;
  const cell: [number, Millis, Millis] = [index, 0, 0];
  cells.splice(at, 0, cell);
  return cell;
}

/** Load and downtime of the newest cells that hold `windowMs` of load for each of `assets` machines, or all there are. */
export function lately(
  { cells }: Pace,
  windowMs: Millis,
  assets: number,
): { load: Millis; down: Millis } {
  let load = 0;
  let down = 0;
  for (let i = cells.length - 1; i >= 0 && load < windowMs * assets; i--) {
    load += cells[i]?.[1] ?? 0;
    down += cells[i]?.[2] ?? 0;
  }
  return { load, down };
}

/**
 * The signals of one asset: `newBank`, `sense` and nothing else is needed to run them. Rows go through validity, gate and
 * detectors; changes of signals come out. A quiet row allocates nothing. Knows no points, rules or time of day.
 */
import { newCells, OPEN } from "./cells.ts";
import { added, NONE, type SignalChange } from "./change.ts";
import { type Context, continues, type Gate, newGate, turn } from "./gate.ts";
import { expire, type Signals } from "./life.ts";
import { judgeLimit } from "./limit.ts";
import type { BankModel } from "./model.ts";
import { limitChange, validityChange } from "./report.ts";
import { SKIP, SOUND, watch } from "./validity.ts";

/** Plain JSON data; a snapshot of it, restored at any row, has the same future to the bit. */
export interface BankState {
  gate: Gate;
  /** Operating states (and recipes) with a baseline of their own. */
  contexts: string[];
  /** By channel: {@link newCells}. */
  cells: number[][];
  signals: Signals;
  /** When things that pass by time alone are looked at next. */
  nextExpiry: number;
}

const EXPIRY_MS = 60_000;

export function newBank(model: BankModel): BankState {
  return {
    gate: newGate(),
    contexts: [],
    cells: model.channels.map(newCells),
    signals: {},
    nextExpiry: 0,
  };
}

/** One row: `x` by channel, NaN where bad or absent, read and not kept. `now.at` never goes back. */
export function sense(
  model: BankModel,
  bank: BankState,
  x: ArrayLike<number>,
  now: Context,
): readonly SignalChange[] {
  const { gate, cells } = bank;
  let out = NONE;
  if (!continues(gate, now)) turn(model, gate, cells, bank.contexts, now);
  const dt = gate.running && gate.at >= 0 ? now.at - gate.at : 0;
  gate.clock += dt;
  gate.at = now.at;
  if (now.at >= bank.nextExpiry) out = pass(bank, now, out);
  for (let i = 0; i < cells.length; i += 1) out = judge(model, bank, i, x, now, dt, out);
  return out;
}

/** One channel of a row. */
function judge(
  model: BankModel,
  bank: BankState,
  i: number,
  x: ArrayLike<number>,
  now: Context,
  dt: number,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const channel = model.channels[i]!;
  const cell = bank.cells[i]!;
  const { gate } = bank;
  const v = x[i]!;
  const verdict = gate.running ? watch(channel.validity, cell, v, gate.clock, dt) : SKIP;
  const list = verdict > SKIP ? added(out, validityChange(model, bank, i, x, now)) : out;
  const open = verdict === SOUND && now.at >= cell[OPEN]!;
  const { limit } = channel;
  if (limit === null || !(v - v === 0 && (open || limit.safety))) return list;
  const clock = limit.safety ? now.at : gate.clock;
  return judgeLimit(limit, cell, v, clock)
    ? added(list, limitChange(model, bank, i, v, now))
    : list;
}

function pass(
  bank: BankState,
  now: Context,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  bank.nextExpiry = now.at + EXPIRY_MS;
  let list = out;
  for (const change of expire(bank.signals, now.at)) list = added(list, change);
  return list;
}

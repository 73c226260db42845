/**
 * The signals of one asset: `newBank`, `sense` and nothing else is needed to run them. Rows go through validity, gate and
 * detectors; changes of signals come out. A quiet row allocates nothing. Knows no points, rules or time of day.
 */
import type { Millis } from "../time.ts";
import { AMBIENT, BY_AMBIENT, BY_FLOW, BY_LOAD, CENTER, FLOW, LOAD, SHIFT } from "./baseline.ts";

import { dropBlock, gather } from "./block.ts";
import { type Book, baseOf, firstBase, newBook } from "./book.ts";
import { FAULT, newCells, OPEN, REST, S_REST } from "./cells.ts";
import { added, NONE, type SignalChange } from "./change.ts";
import { type Diary, newDiary } from "./diary.ts";
import { type Context, type Contexts, continues, type Gate, move, newGate, turn } from "./gate.ts";
import { endBlock, isAnother } from "./judge-block.ts";
import { expire, type Signals, veto } from "./life.ts";
import { judgeLimit } from "./limit.ts";
import type { BankModel, ChannelModel, StepModel } from "./model.ts";
import type { MspcState } from "./mspc.ts";
import { limitChange, startChange, stepChange, validityChange } from "./report.ts";
import { BLOCK_MS, DWELL_MS } from "./settings-plant.ts";
import { followStart, isSteady, newStarts } from "./starts.ts";
import { judgeStep, STILL } from "./step.ts";
import { holdBack } from "./upstream.ts";
import { BEGAN, FLAT, SKIP, SOUND, watch } from "./validity.ts";

/** Plain JSON data; a snapshot of it, restored at any row, has the same future to the bit. */
export interface BankState {
  gate: Gate;
  contexts: Contexts;
  diary: Diary;
  /** By channel: {@link newCells}, and what lasts. */
  cells: number[][];
  books: Book[];
  /** What is known of the channels together; null until there are two. */
  pattern: MspcState | null;
  signals: Signals;
  /** When things that pass by time alone are looked at next. */
  nextExpiry: number;
}

const EXPIRY_MS = 60_000;

export function newBank(model: BankModel): BankState {
  return {
    gate: newGate(),
    contexts: { states: [], recipes: [] },
    diary: newDiary(),
    cells: model.channels.map(newCells),
    books: model.channels.map(newBook),
    pattern: null,
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
  const { gate, cells, diary } = bank;
  let out = NONE;
  const steady = continues(gate, now);
  if (!steady) {
    turn(model, gate, cells, bank.contexts, now);
    if (gate.running && isAnother(bank, now.at)) out = endBlock(model, bank, out);
  }
  move(gate, now, steady);
  out = lapse(bank, now.at, out);
  for (let i = 0; i < cells.length; i += 1) out = judge(model, bank, i, x, now, out);
  let blockEnds = false;
  if (gate.running) {
    diary.ranAt = now.at;
    diary.runMs = now.runMs;
    blockEnds = gate.clock - diary.from >= BLOCK_MS;
    if (blockEnds) out = endBlock(model, bank, out);
  }
  return blockEnds || out.length > 0 ? holdBack(bank.signals, now, out) : out;
}

/** One channel of a row. */
function judge(
  model: BankModel,
  bank: BankState,
  i: number,
  x: ArrayLike<number>,
  now: Context,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const channel = model.channels[i]!;
  const cell = bank.cells[i]!;
  const { gate } = bank;
  const v = x[i]!;
  const verdict = gate.running ? watch(channel.validity, cell, x, i, gate) : SKIP;
  let list = verdict > SKIP ? vetoed(model, bank, i, x, now, verdict, out) : out;
  if (channel.starts) list = judgeStarts(model, bank, i, x, now, list);
  const { limit, step } = channel;
  const held = limit !== null && v - v === 0;
  const open = gate.at >= cell[OPEN]!;
  if (held && (limit.safety || (open && verdict === SOUND)) && judgeLimit(limit, cell, x, i, gate))
    list = added(list, limitChange(model, bank, i, v, now));
  if (verdict !== SOUND) {
    if (open && cell[FAULT] === FLAT && v - v === 0) gather(cell, x, i);
    return list;
  }
  if (open) gather(cell, x, i);
  return step !== null && isReady(channel, step, cell, gate)
    ? judgeSudden(model, bank, i, x, now, list)
    : list;
}

/**
 * What is sudden can be told from a transient sooner than what is slow. A value that rests says nothing: the end of its
 * range is where a lost sensor stands until it is named.
 */
const isReady = (channel: ChannelModel, step: StepModel, cell: number[], gate: Gate): boolean =>
  gate.at >= cell[OPEN]! - Math.max(0, channel.settleMs - step.settleMs) &&
  gate.at >= gate.turned + DWELL_MS &&
  cell[REST]! >= gate.clock;

/** Step and spike, as far as there is a baseline to step away from. */
function judgeSudden(
  model: BankModel,
  bank: BankState,
  i: number,
  x: ArrayLike<number>,
  now: Context,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const { gate } = bank;
  const { step, byRecipe } = model.channels[i]!;
  const base = baseOf(bank.books[i]!, byRecipe ? gate.recipeContext : gate.context);
  if (base === null || step === null) return out;
  const cell = bank.cells[i]!;
  const verdict = hasResidual(model, cell, base, x, i) ? judgeStep(step, cell, base, gate) : STILL;
  return verdict === STILL ? out : added(out, stepChange(model, bank, i, x[i]!, base, now));
}

/** Start-up and coast-down, which only make sense outside steady running. */
function judgeStarts(
  model: BankModel,
  bank: BankState,
  i: number,
  x: ArrayLike<number>,
  now: Context,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const book = bank.books[i]!;
  book.starts ??= newStarts();
  if (isSteady(book.starts, x, i, bank.gate)) return out;
  const base = firstBase(book);
  const usual = base === null ? Number.NaN : base[CENTER]! + base[SHIFT]!;
  let list = out;
  for (const one of followStart(book.starts, x[i]!, now.at, bank.gate.running, usual) ?? []) {
    list = added(list, startChange(model, bank, i, one, now));
  }
  return list;
}

/** Leaves the residual of a sample in its cell; false when it cannot be told. */
function hasResidual(
  model: BankModel,
  cell: number[],
  base: number[],
  x: ArrayLike<number>,
  i: number,
): boolean {
  let rest = x[i]! - base[CENTER]! - base[SHIFT]!;
  if (base[BY_LOAD] !== 0) rest -= base[BY_LOAD]! * (x[model.load ?? i]! - base[LOAD]!);
  if (base[BY_AMBIENT] !== 0) rest -= base[BY_AMBIENT]! * (x[model.ambient ?? i]! - base[AMBIENT]!);
  if (base[BY_FLOW] !== 0) rest -= base[BY_FLOW]! * (x[model.flow ?? i]! - base[FLOW]!);
  cell[S_REST] = rest - rest === 0 ? rest : 0;
  return rest - rest === 0;
}

/** A sensor has gone bad, or is good again: what else is open on its channel waits meanwhile. */
function vetoed(
  model: BankModel,
  bank: BankState,
  i: number,
  x: ArrayLike<number>,
  now: Context,
  verdict: number,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const change = validityChange(model, bank, i, x, now);
  if (change === null) return out;
  let list = out;
  if (verdict === BEGAN) dropBlock(bank.cells[i]!);
  for (const one of veto(bank.signals, model.channels[i]!.id, verdict === BEGAN, now.at)) {
    list = added(list, one);
  }
  return added(list, change);
}

/** What passes by time alone, looked at once a minute. */
export function lapse(
  bank: Pick<BankState, "signals" | "nextExpiry">,
  at: Millis,
  out: readonly SignalChange[] = NONE,
): readonly SignalChange[] {
  if (at < bank.nextExpiry) return out;
  bank.nextExpiry = at + EXPIRY_MS;
  let list = out;
  for (const change of expire(bank.signals, at)) list = added(list, change);
  return list;
}

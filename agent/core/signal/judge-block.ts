/**
 * A block of ten minutes of running is over: each channel's mean goes to its baseline, drift and zones, days are closed,
 * and what is found becomes a change of a signal. The slow half of a bank; runs every ten minutes, not every row.
 */
import type { Millis } from "../time.ts";
import { type Block, newLearning, SAMPLE, SCALE, settleBaseline, study } from "./baseline.ts";
import { blockMean, blockSd, dropBlock, emptyBlock, FEW, goodShare, isFull } from "./block.ts";
import { type Book, baseOf, endDayOf, remember } from "./book.ts";
import { COUNT, FAULT, FLAT_BLOCKS, GRAIN } from "./cells.ts";
import { added, type SignalChange } from "./change.ts";
import { dayOf, endDay } from "./diary.ts";
import { accumulate, CLEARED, effectOf, RAISED, residual, STANDS } from "./drift.ts";
import { driftChange, driftOver, zoneChange } from "./findings.ts";
import type { BankModel, ChannelModel } from "./model.ts";
import { judgePattern, type Patterned } from "./pattern.ts";
import type { Reported } from "./report.ts";
import { validityChange } from "./report.ts";
import { BLOCK_MS } from "./settings-plant.ts";
import { FLAT } from "./validity.ts";
import { judgeZone } from "./zone.ts";

export type Blocked = Reported & Patterned;

/** A stop longer than this ends a block. */
const PAUSE_MS = 10 * 60_000;
/** Scatter below this part of the usual one, in two blocks, is no scatter of a living sensor. */
const FLAT_PART = 0.05;

/** True when the running that begins or goes on belongs to another block. */
export const isAnother = ({ diary, gate }: Blocked, at: Millis): boolean =>
  gate.context !== diary.context ||
  gate.recipeContext !== diary.recipeContext ||
  at - diary.ranAt > PAUSE_MS ||
  at < diary.ranAt;

/** Ends the block that is being made; less than half of one is forgotten. `clock`: running clock at its end. */
export function endBlock(
  model: BankModel,
  bank: Blocked,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const { diary, cells, gate } = bank;
  const whole = gate.clock - diary.from >= BLOCK_MS / 2;
  let list = out;
  if (whole && diary.ranAt >= 0) list = judgeAll(model, bank, out);
  for (const cell of cells) {
    if (whole) emptyBlock(cell);
    else dropBlock(cell);
  }
  diary.from = gate.clock;
  diary.context = gate.context;
  diary.recipeContext = gate.recipeContext;
  diary.state = gate.state;
  diary.recipe = gate.recipe;
  return list;
}

function judgeAll(
  model: BankModel,
  bank: Blocked,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const { diary, cells } = bank;
  const day = dayOf(diary.ranAt);
  if (diary.day < 0) diary.day = day;
  if (day > diary.day) endDays(model, bank, day);
  const load = covariate(model.load, cells);
  const ambient = covariate(model.ambient, cells);
  const flow = covariate(model.flow, cells);
  const z = new Array<number>(cells.length).fill(Number.NaN);
  let list = out;
  for (const [i, channel] of model.channels.entries()) {
    const cell = cells[i]!;
    // A counted value is a mean over many pieces by itself.
    if (!isFull(cell, channel.counted ? 1 : FEW)) continue;
    const mean = blockMean(cell);
    const log = channel.drift?.log === true;
    const block: Block = {
      value: log ? Math.log(mean) : mean,
      load,
      ambient,
      flow: channel.kind === "pressure" ? flow : Number.NaN,
      sd: log ? blockSd(cell) / mean : blockSd(cell),
      day,
      at: diary.ranAt,
    };
    list = judgeOne(model, bank, i, channel, block, list);
    z[i] = deviationOf(bank, i, channel, block);
  }
  list = added(list, judgePattern(model, bank, z));
  diary.blockAt = diary.ranAt;
  return list;
}

function endDays(model: BankModel, { diary, books }: Blocked, today: number): void {
  for (const [i, book] of books.entries()) {
    const { drift } = model.channels[i]!;
    if (drift !== null) endDayOf(book, drift);
  }
  endDay(diary, diary.from, today);
}

function covariate(channel: number | null, cells: number[][]): number {
  if (channel === null) return Number.NaN;
  const cell = cells[channel]!;
  return cell[COUNT]! >= FEW && cell[FAULT] === 0 ? blockMean(cell) : Number.NaN;
}

function judgeOne(
  model: BankModel,
  bank: Blocked,
  i: number,
  channel: ChannelModel,
  block: Block,
  out: readonly SignalChange[],
): readonly SignalChange[] {
  const book = bank.books[i]!;
  const cell = bank.cells[i]!;
  const context = contextOf(bank, channel);
  const base = baseOf(book, context);
  let list = out;
  if (base !== null && !channel.counted && isFlat(cell, base, block)) {
    list = added(list, flatChange(model, bank, i, block));
  }
  if (cell[FAULT] !== 0) return list;
  const { zone, drift } = channel;
  if (zone !== null && judgeZone(zone, cell, block.value, effectOf(book.drift))) {
    list = added(list, zoneChange(model, bank, i, block));
  }
  const explains = i === model.load || i === model.ambient;
  if (drift === null || explains || !(block.value - block.value === 0)) return list;
  if (base === null) {
    learn(book, channel, context, block, cell[GRAIN]!, model);
    return list;
  }
  const verdict = accumulate(drift, book.drift, base, block);
  const hour = remember(book, base, block);
  if (verdict === CLEARED) return added(list, driftOver(model, bank, i));
  if (verdict !== RAISED && !(verdict === STANDS && hour)) return list;
  return added(list, driftChange(model, bank, i, base, block, goodShare(cell)));
}

/** Of a block, in sd of its baseline; NaN when there is none to tell. */
function deviationOf(bank: Blocked, i: number, channel: ChannelModel, block: Block): number {
  const base = baseOf(bank.books[i]!, contextOf(bank, channel));
  if (base === null || bank.cells[i]![FAULT] !== 0) return Number.NaN;
  return residual(base, block) / base[SCALE]!;
}

const contextOf = ({ diary }: Blocked, channel: ChannelModel): number =>
  channel.byRecipe ? diary.recipeContext : diary.context;

function learn(
  book: Book,
  channel: ChannelModel,
  context: number,
  block: Block,
  grain: number,
  model: BankModel,
): void {
  const { drift } = channel;
  if (drift === null || context < 0 || lacks(model, channel, block)) return;
  while (book.learning.length <= context) book.learning.push([]);
  while (book.bases.length <= context) book.bases.push([]);
  let learning = book.learning[context]!;
  if (learning.length === 0) {
    learning = newLearning();
    book.learning[context] = learning;
  }
  if (!study(learning, block, drift)) return;
  const relative = drift.log ? grain / Math.exp(block.value) : grain;
  const base = settleBaseline(learning, book.version + 1, relative, block.at);
  if (base === null) return;
  book.version += 1;
  book.bases[context] = base;
  book.learning[context] = [];
}

/** A covariate that there should be is not known. */
function lacks(model: BankModel, channel: ChannelModel, block: Block): boolean {
  if (model.load !== null && Number.isNaN(block.load)) return true;
  if (model.ambient !== null && Number.isNaN(block.ambient)) return true;
  return model.flow !== null && channel.kind === "pressure" && Number.isNaN(block.flow);
}

/** True when the fault of being flat has begun or ended. */
function isFlat(cell: number[], base: number[], block: Block): boolean {
  if (cell[FAULT] !== 0 && cell[FAULT] !== FLAT) return false;
  const usual = base[SAMPLE]!;
  const flat = block.sd < FLAT_PART * usual && usual > cell[GRAIN]!;
  if (cell[FAULT] === FLAT) return !flat;
  cell[FLAT_BLOCKS] = flat ? cell[FLAT_BLOCKS]! + 1 : 0;
  return cell[FLAT_BLOCKS]! >= 2;
}

function flatChange(model: BankModel, bank: Blocked, i: number, block: Block): SignalChange | null {
  const cell = bank.cells[i]!;
  cell[FAULT] = cell[FAULT] === FLAT ? 0 : FLAT;
  cell[FLAT_BLOCKS] = 0;
  const now = {
    at: block.at,
    runMs: bank.diary.runMs,
    state: bank.diary.state,
    recipe: bank.diary.recipe,
    observed: true,
  };
  return validityChange(model, bank, i, [block.value, block.value], now);
}

/** The memory of an asset's signals: the bank with its clock of running time. Plain data; senses nothing. */
import { type BankState, newBank } from "./signal/bank.ts";
import type { BusState } from "./signal/bus-health.ts";
import type { CycleTimeState } from "./signal/cycle-time.ts";
import type { BankModel, ChannelModel } from "./signal/model.ts";
import type { Millis } from "./time.ts";

export interface Watch {
  bank: BankState;
  /** Instant of the last row, null before the first. */
  at: Millis | null;
  /** Time it was seen producing from row to row. */
  runMs: Millis;
  /** How its sources answer, by source; made with the first cycle. */
  buses: Record<string, BusState>;
  /** Time per piece of the counters that are watched, by point; made with the first piece. */
  cycles?: Record<string, CycleTimeState>;
}

export const newWatch = (model: BankModel | undefined): Watch | null =>
  model ? { bank: newBank(model), at: null, runMs: 0, buses: {} } : null;

/**
 * Another configuration: channels that are as they were keep what was learned of them. What was told of signals stays
 * in any case, so that no version is ever given twice; without signals it rests.
 */
export function carryWatch(
  known: Watch | null,
  before: BankModel | undefined,
  after: BankModel | undefined,
): Watch | null {
  if (!known) return newWatch(after);
  if (!after) return known;
  const { bank } = known;
  const fresh = newBank(after);
  const { signals } = bank;
  if (!before) return { ...known, bank: { ...fresh, signals } };
  for (const [i, channel] of after.channels.entries()) {
    const was = before.channels.findIndex(({ id }) => id === channel.id);
    const same = was >= 0 && settingOf(before.channels[was]) === settingOf(channel);
    const [cells, book] = [bank.cells[was], bank.books[was]];
    if (!same || !cells || !book) continue;
    fresh.cells[i] = cells;
    fresh.books[i] = book;
  }
  // How channels went together says nothing of other ones.
  const pattern = sameTogether(before, after) ? bank.pattern : null;
  return { ...known, bank: { ...bank, cells: fresh.cells, books: fresh.books, pattern } };
}

/** All that what was learned depends on; what is upstream does not matter to it. */
const settingOf = (channel: ChannelModel | undefined): string =>
  JSON.stringify({ ...channel, upstream: null });

const sameTogether = (before: BankModel, after: BankModel): boolean => {
  const named = ({ channels, together }: BankModel): string =>
    JSON.stringify(together?.map((i) => channels[i]?.id) ?? null);
  return named(before) === named(after);
};

/** What people decide about signals: acknowledge, shelve, unshelve, and a maintenance after which normal is learned anew. */
import type { Millis } from "../time.ts";
import { type Book, relearn } from "./book.ts";
import { CELLS, newCells, S_LEVEL } from "./cells.ts";
import { added, NONE, type SignalChange } from "./change.ts";
import { close, type SignalState, type Signals, told } from "./life.ts";
import type { BankModel } from "./model.ts";
import type { MspcState } from "./mspc.ts";

/** The part of a `SignalActInput` that the signals of an asset need. */
export interface SignalAct {
  at: Millis;
  /** Id of the signal; null for a maintenance. */
  signal: string | null;
  act: "acknowledge" | "shelve" | "unshelve" | "maintenance";
  until: Millis | null;
  /** Points a maintenance concerns; null: all. */
  points: readonly string[] | null;
  by: string;
  why: string;
}

interface Acted {
  cells: number[][];
  books: Book[];
  pattern: MspcState | null;
  signals: Signals;
}

/** Why an act concerns nothing, as things stand; null: it does. */
export function signalRefusal(
  signals: Signals,
  { act, at, signal, until }: SignalAct,
): string | null {
  if (act === "maintenance") return null;
  if (signal === null || signals[signal]?.stage !== "raised")
    return signal === null ? `${act}: of which signal?` : `no signal "${signal}" is raised`;
  if (act === "shelve" && (until === null || until <= at))
    return "a signal is shelved until an instant that is to come";
  return null;
}

/** An act on an unknown signal, or one that changes nothing, gives no change. */
export function actOn(model: BankModel, bank: Acted, act: SignalAct): readonly SignalChange[] {
  if (act.act === "maintenance") return maintain(model, bank, act);
  const signal = bank.signals[act.signal ?? ""];
  if (!signal || signalRefusal(bank.signals, act) !== null) return NONE;
  return added(NONE, decide(signal, act));
}

function decide(signal: SignalState, act: SignalAct): SignalChange | null {
  const { at, by, why, until } = act;
  switch (act.act) {
    case "acknowledge":
      if (signal.acknowledged !== null) return null;
      signal.acknowledged = { at, by, why };
      return told(signal, "acknowledged", at, by, why);
    case "shelve":
      signal.shelvedUntil = until;
      return told(signal, "shelved", at, by, why);
    case "unshelve":
      if (signal.shelvedUntil === null) return null;
      signal.shelvedUntil = null;
      return told(signal, "unshelved", at, by, why);
    case "maintenance":
      return null;
  }
}

/** Baselines of the points are begun anew, and what is open on them is cleared, shelved or not. */
function maintain(model: BankModel, bank: Acted, act: SignalAct): readonly SignalChange[] {
  let list = NONE;
  const concerned = (id: string | null): boolean =>
    id === null || act.points === null || act.points.includes(id);
  // The line is no matter of single points.
  const isLeft = ({ kind }: SignalState): boolean =>
    kind === "data-quality" || kind === "limit" || (kind === "bus" && act.points !== null);
  for (const [i, channel] of model.channels.entries()) {
    if (!concerned(channel.id)) continue;
    relearn(bank.books[i]!);
    const fresh = newCells();
    for (let k = S_LEVEL; k < CELLS; k += 1) bank.cells[i]![k] = fresh[k]!;
  }
  bank.pattern = null;
  for (const signal of Object.values(bank.signals)) {
    if (signal.stage !== "raised" || !concerned(signal.channel)) continue;
    if (isLeft(signal)) continue;
    signal.shelvedUntil = null;
    list = added(list, { ...close(signal, act.at), by: act.by, why: act.why });
  }
  return list;
}

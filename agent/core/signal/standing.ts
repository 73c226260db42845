/** What the bank knows of each channel now, for people: learning, judging, or why not. Reads state, changes nothing. */

import type { BankState } from "./bank.ts";
import { BLOCKS, DAYS, LEARNED, REFUSED, VERSION } from "./baseline.ts";
import { FAULT, FAULTS } from "./cells.ts";
import type { BankModel } from "./model.ts";

export interface Standing {
  channel: string;
  /** `none`: no drift is judged here; `learning`: the baseline is not known yet; `contaminated`: its halves differed, it is learned on. */
  baseline: "none" | "learning" | "contaminated" | "judging";
  /** Days with running that were seen while learning, of how many. */
  days: number;
  ofDays: number;
  /** Versions of baselines in force, by context, with the blocks and the instant they were learned from. */
  learned: { context: string; version: number; blocks: number; at: number }[];
  /** A fault of the sensor that stands, or null. */
  fault: string | null;
}

/** In the order of the model's channels. */
export function standingOf(model: BankModel, bank: BankState): Standing[] {
  return model.channels.map((channel, i) => {
    const { bases, learning } = bank.books[i]!;
    const names = channel.byRecipe ? bank.contexts.recipes : bank.contexts.states;
    const learned = bases.flatMap((base, k) =>
      base.length === 0
        ? []
        : [
            {
              context: names[k] ?? "",
              version: base[VERSION]!,
              blocks: base[BLOCKS]!,
              at: base[LEARNED]!,
            },
          ],
    );
    const open = learning.filter((one) => one.length > 0);
    const most = (place: number): number => Math.max(0, ...open.map((one) => one[place]!));
    const explains = i === model.load || i === model.ambient;
    const fault = bank.cells[i]![FAULT]!;
    return {
      channel: channel.id,
      baseline: baselineWord(channel.drift === null || explains, learned.length, most(REFUSED)),
      days: most(DAYS),
      ofDays: channel.drift?.learnDays ?? 0,
      learned,
      fault: fault === 0 ? null : (FAULTS[fault] ?? null),
    };
  });
}

function baselineWord(unjudged: boolean, known: number, refused: number): Standing["baseline"] {
  if (unjudged) return "none";
  if (known > 0) return "judging";
  return refused > 0 ? "contaminated" : "learning";
}

/** What losses are called, and what one comes to in words. Counts nothing. */
import type { BigLoss } from "../core/contract/model.ts";
import type { Loss } from "../core/projection/loss.ts";
import { type Figures, isTold } from "./build.ts";
import { clockTime, NONE, piecesText } from "./words.ts";

/** In the order of Nakajima's six; what has no word among them last. */
export const LOSS_NAMES: Record<Loss, string> = {
  breakdown: "breakdowns",
  setup: "set-up",
  "minor-stop": "minor stops",
  speed: "reduced speed",
  defect: "rejects",
  "start-up": "start-up",
  "other-stop": "other stops",
};

/** The same classes as a contract's value model names them. */
export const BIG_LOSS_NAMES: Record<BigLoss, string> = {
  breakdown: LOSS_NAMES.breakdown,
  setup: LOSS_NAMES.setup,
  "minor-stops": LOSS_NAMES["minor-stop"],
  speed: LOSS_NAMES.speed,
  defects: LOSS_NAMES.defect,
  "start-up": LOSS_NAMES["start-up"],
  "other-stops": LOSS_NAMES["other-stop"],
};

/** Those to show of some machines: without start-up losses where none are told apart. */
export function shownLosses(all: readonly Figures[]): Loss[] {
  const names = Object.keys(LOSS_NAMES) as Loss[];
  return names.filter(
    (loss) => loss !== "start-up" || all.some(({ isStartUpTold }) => isStartUpTold),
  );
}

/** Time and pieces of a loss; a dash where nothing can tell. */
export function lossTexts(figures: Figures, loss: Loss): { time: string; pieces: string } {
  const { us, microPieces } = figures.lost[loss];
  if (us === null || !isTold(figures, loss)) return { time: NONE, pieces: NONE };
  const isCounted = figures.totals.pieces.machines > 0;
  return {
    time: clockTime(Math.round(us / 1000)),
    pieces: isCounted ? piecesText(microPieces) : NONE,
  };
}

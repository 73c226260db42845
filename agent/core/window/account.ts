/** One piece of timeline into the sums of a window (accounting rules 10 and 11). Pure addition, no look-ahead. */
import type { IntervalFact } from "../journal.ts";
import type { Millis } from "../time.ts";
import { isOthers } from "../timeline/stop.ts";
import type { Attribution, Condition } from "../vocabulary.ts";
import { recipeSums, type WindowSums } from "./sums.ts";

type Standing = "up" | "down" | "excluded";

/** Where an observed millisecond of loading stands in the contract's uptime. Micro-stops are up, whatever they hold. */
export function uptimeStanding(
  condition: Condition,
  attribution: Attribution,
  micro: boolean,
): Standing {
  if (micro) return "up";
  if (condition === "fault" || condition === "maintenance")
    return isOthers(attribution) ? "excluded" : "down";
  if (condition === "external-fault" || condition === "off")
    return attribution === "supplier" ? "down" : "excluded";
  return "up";
}

/** Adds `ms` of a settled piece that lies wholly in the window. */
export function addPiece(sums: WindowSums, piece: IntervalFact, ms: Millis): void {
  const { condition, attribution, schedule } = piece;
  sums.conditionMs[condition] += ms;
  sums.scheduleMs[schedule] += ms;
  sums.attributionMs[attribution] += ms;
  if (piece.cause) sums.unknownMs[piece.cause] += ms;
  if (schedule !== "scheduled") return;
  sums.loadingMs += ms;
  if (condition === "unknown") {
    sums.blindMs += ms;
    return;
  }
  const micro = piece.stop === "micro";
  const prime = piece.stopPrime === "micro";
  if (micro) sums.microStops.ms += ms;
  if (condition === "producing" || micro) sums.runMs += ms;
  if (condition === "producing" || prime) sums.runPrimeMs += ms;
  if (condition === "producing")
    recipeSums(sums, piece.recipe, piece.idealCycleUs).producingMs += ms;
  const standing = uptimeStanding(condition, attribution, micro);
  if (standing === "up") sums.upMs += ms;
  if (standing === "down") sums.downMs += ms;
  if (standing === "excluded") sums.excludedMs += ms;
  const primed = uptimeStanding(condition, attribution, prime);
  if (primed === "up") sums.upPrimeMs += ms;
  if (primed === "down") sums.downPrimeMs += ms;
}

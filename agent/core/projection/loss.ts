/**
 * Which of the six big losses (Nakajima, metrics reference A6) time is lost to: what the reason tree says of its
 * reason, else the length of its stop, else its condition. By the name of the reason, so that one that people gave
 * later is classed as well. Adds nothing up.
 */
import type { IntervalFact } from "../journal.ts";
import type { ReasonNode } from "../model.ts";
import type { Condition } from "../vocabulary.ts";

/** In the order of the ladder. `other-stop` has no word among the six: waiting, trials, outside causes, off. */
export const LOSSES = [
  "breakdown",
  "setup",
  "other-stop",
  "minor-stop",
  "speed",
  "defect",
  "start-up",
] as const;
export type Loss = (typeof LOSSES)[number];

/** By reason. */
export type NamedLosses = ReadonlyMap<string, Loss>;

/** What the entries of a reason tree call their reasons; of two that say one reason, the first. */
export function namedLosses(reasons: readonly ReasonNode[] = []): NamedLosses {
  const named = new Map<string, Loss>();
  for (const { reason, loss } of reasons)
    if (loss !== null && !named.has(reason))
      named.set(reason, loss === "reduced-speed" ? "speed" : loss);
  return named;
}

type Axes = Pick<IntervalFact, "condition" | "schedule" | "stop" | "reason">;

/** The loss a millisecond belongs to; null where it is none: producing, not observed, not scheduled. */
export function lossOf(
  { condition, schedule, stop, reason }: Axes,
  named: NamedLosses,
): Loss | null {
  if (schedule !== "scheduled" || condition === "unknown" || condition === "producing") return null;
  const said = reason === null ? undefined : named.get(reason);
  return said ?? stopLoss(condition, stop === "micro");
}

/** The loss of a stop that no reason tree names. */
export function stopLoss(
  condition: Condition,
  isMicro: boolean,
): Extract<Loss, "breakdown" | "setup" | "minor-stop" | "other-stop"> {
  if (isMicro) return "minor-stop";
  if (condition === "fault" || condition === "maintenance") return "breakdown";
  return condition === "setup" ? "setup" : "other-stop";
}

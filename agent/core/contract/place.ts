/**
 * Where one piece of timeline stands under a contract: its bucket or the exclusion that claims it. Pure judgement;
 * adds nothing up, knows no period. Micro-stops and producing time are never claimed.
 */

import type { IntervalFact } from "../journal.ts";
import { stopLoss } from "../projection/loss.ts";
import type { Millis } from "../time.ts";
import { isOthers, isStop } from "../timeline/stop.ts";
import type { Attribution, Condition } from "../vocabulary.ts";
import { uptimeStanding } from "../window/account.ts";
import type { BigLoss, ContractAsset, ContractModel, Exclusion, Match } from "./model.ts";
import type { Bucket, Claim, TimeLoss, Whole } from "./tally.ts";

/** What a piece needs beside its axes. */
export interface Circumstance {
  /** Its stop is a micro-stop. */
  micro: boolean;
  /** How long before its begin the plan over it was entered; `NEVER` where there is none. */
  noticeMs: Millis;
  /** Somebody was notified of the stop; only asked where downtime starts with it. */
  notified: boolean;
}

export type Place =
  | { bucket: Bucket; claim: null }
  | { bucket: null; claim: { code: string; kind: keyof Claim } };

const FAILED: Condition[] = ["fault", "maintenance", "external-fault", "off"];

const into = (bucket: Bucket): Place => ({ bucket, claim: null });

const listed = <T>(list: readonly T[], value: T): boolean =>
  list.length === 0 || list.includes(value);

export const matches = (
  { conditions, reasons }: Match,
  { condition, reason }: IntervalFact,
): boolean =>
  listed(conditions, condition) && (reasons.length === 0 || reasons.includes(reason ?? ""));

/** Who answers for it under the contract: its rules speak where nobody was named yet. */
export function answerable({ attribution }: ContractModel, piece: IntervalFact): Attribution {
  if (piece.attribution !== "pending") return piece.attribution;
  return attribution.rules.find((rule) => matches(rule, piece))?.is ?? "pending";
}

/** Whether the piece is part of what the contract divides by. */
export function inBase(model: ContractModel, { condition, schedule }: IntervalFact): boolean {
  if (condition === "setup" && model.setup === "excluded") return false;
  switch (schedule) {
    case "scheduled":
      return true;
    case "no-demand":
      return model.noDemand === "include";
    case "planned-stop":
      return model.denominator !== "loading";
    case "unscheduled":
      return model.denominator === "calendar";
  }
}

export function placeOf(model: ContractModel, piece: IntervalFact, seen: Circumstance): Place {
  const { condition } = piece;
  const base = inBase(model, piece);
  if (condition === "producing" || seen.micro) return into(base ? "up" : "outside");
  const attribution = answerable(model, piece);
  const exclusion = model.exclusions.find((each) => claims(each, piece, attribution, base));
  if (exclusion) {
    const kind = condition === "unknown" ? "blind" : FAILED.includes(condition) ? "down" : "up";
    if (seen.noticeMs < exclusion.noticeMs) return into(kind);
    return { bucket: null, claim: { code: exclusion.code, kind } };
  }
  if (!base) return into("outside");
  if (condition === "unknown") return into("blind");
  return into(bucketOf(model, condition, attribution, seen));
}

function bucketOf(
  model: ContractModel,
  condition: Condition,
  attribution: Attribution,
  { notified }: Circumstance,
): Bucket {
  const standing = uptimeStanding(condition, attribution, false);
  if (standing !== "down") return standing;
  if (model.downtimeStart === "notification" && !notified) return "up";
  return attribution === "pending" ? "pending" : "down";
}

/** Outside the denominator only failed time can be claimed, and only by name of its schedule. */
function claims(
  exclusion: Exclusion,
  piece: IntervalFact,
  attribution: Attribution,
  base: boolean,
): boolean {
  const { schedules, attributions } = exclusion;
  if (!base && (!schedules.includes(piece.schedule) || !FAILED.includes(piece.condition)))
    return false;
  return (
    listed(schedules, piece.schedule) &&
    listed(attributions, attribution) &&
    matches(exclusion, piece)
  );
}

/** SEMI E10 supplier-dependent uptime: what others answer for leaves operations time, maintenance on plan stays in. */
export function wholeOf(
  model: ContractModel,
  piece: IntervalFact,
  micro: boolean,
): keyof Whole | null {
  if (piece.schedule === "unscheduled" && model.denominator !== "calendar") return null;
  if (piece.condition === "unknown") return "blind";
  const named = answerable(model, piece);
  const { pendingResolvesTo } = model.attribution;
  const answers = named === "pending" && isOthers(pendingResolvesTo) ? pendingResolvesTo : named;
  const standing = uptimeStanding(piece.condition, answers, micro);
  return standing === "excluded" ? null : standing;
}

/** As records of contracts say it. */
const AS_TOLD = {
  breakdown: "breakdown",
  setup: "setup",
  "minor-stop": "minor-stops",
  "other-stop": "other-stops",
} as const satisfies Record<string, TimeLoss>;

/**
 * Which of the big losses time of a machine is lost to: the one its reason tree names for the reason, else that of
 * its stop, as in reports.
 */
export function lossOf(
  { losses = [] }: ContractAsset,
  { condition, reason }: IntervalFact,
  micro: boolean,
): BigLoss | null {
  if (!isStop(condition)) return null;
  const named = losses.find((each) => each.reason === reason)?.is;
  return named ?? AS_TOLD[stopLoss(condition, micro)];
}

/** Thousandths of full capability that a stop takes over from the piece before it. */
export const permilleBefore = (model: ContractModel, piece: IntervalFact | null): number =>
  piece?.condition === "producing" ? capabilityOf(model, piece) : 1000;

/** Thousandths of full capability that the piece itself has. */
export const capabilityOf = (model: ContractModel, piece: IntervalFact): number =>
  model.capability?.find((each) => matches(each, piece))?.permille ?? 1000;

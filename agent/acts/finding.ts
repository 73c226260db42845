/** What a signal found, in one sentence for people: the numbers, what it waits for, what is at stake. Judges nothing. */
import type { BudgetAtRisk } from "../core/signal/change.ts";
import type { SignalState } from "../core/signal/life.ts";
import type { Millis } from "../core/time.ts";

export interface Found extends Pick<SignalState, "kind" | "channel"> {
  evidence: Pick<SignalState["evidence"], "reason" | "value" | "limit" | "sigmas" | "upstream">;
  budgetAtRisk?: readonly Omit<BudgetAtRisk, "to">[];
}

/** In one word; what nobody is to hear is that before all else. */
export function standsAs(signal: {
  shelvedUntil: unknown;
  acknowledged: unknown;
  isSuppressed: boolean;
}): string {
  if (signal.shelvedUntil !== null) return "shelved";
  if (signal.isSuppressed) return "suppressed";
  return signal.acknowledged === null ? "raised" : "acknowledged";
}

/** What was found, with the numbers that it was compared with. */
export function findingText({ kind, channel, evidence, budgetAtRisk = [] }: Found): string {
  const { upstream } = evidence;
  const found = kind === "bus" ? lineText(evidence) : pointText(kind, channel, evidence);
  const waits = upstream === undefined ? [] : [`waits for ${upstream}`];
  return [found, ...waits, ...budgetAtRisk.map(budgetText)].join("; ");
}

function pointText(kind: string, channel: string | null, evidence: Found["evidence"]): string {
  const { reason, value, limit, sigmas } = evidence;
  const numbers = [
    value === null ? null : `value ${brief(value)}`,
    limit === null ? null : `limit ${brief(limit)}`,
    sigmas === null ? null : `${brief(sigmas)} sd from its baseline`,
  ].filter((text) => text !== null);
  const what = `${kind} of ${channel ?? "several points"}: ${reason}`;
  return numbers.length === 0 ? what : `${what} (${numbers.join(", ")})`;
}

/** Of a line: a share of its cycles where the wiring is to blame, else what an answer takes. */
function lineText({ reason, value, limit }: Found["evidence"]): string {
  const isWiring = reason === "wiring";
  const told = (number: number | null): string => {
    if (number === null) return "unknown";
    return isWiring ? `${brief(100 * number)} %` : `${brief(number)} ms`;
  };
  const what = isWiring ? "cycles broken or unanswered" : "time of answers";
  return `line: ${reason} (${what} ${told(value)}, usually ${told(limit)})`;
}

const budgetText = ({ contract, metric, allowedMs, leftMs }: Omit<BudgetAtRisk, "to">): string =>
  `${contract} ${metric} has ${hours(leftMs)} of ${hours(allowedMs)} downtime left`;

/** Four digits are enough for people. */
const brief = (value: number): string => String(Number(value.toPrecision(4)));

const hours = (ms: Millis): string => `${(ms / 3_600_000).toFixed(1)} h`;

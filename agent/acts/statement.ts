/**
 * Annotations, answers to them, late scrap and plans: what is said about accounted time, as inputs. Under a contract
 * nobody speaks without a party; what a party may decide is the contract's, and the core's to judge.
 */
import { durationUs } from "../../config/units.ts";
import type { Millis } from "../core/time.ts";
import type { WindowKind } from "../core/vocabulary.ts";
import { isRefusal, type Refusal, refusal } from "./answer.ts";
import { type Act, isStatement } from "./document.ts";
import type { ActFacts, Filed, IncidentView } from "./port.ts";
import { comingSpan, pastSpan } from "./span.ts";

/** Who acts, on what, when: what every input needs. */
export interface Frame {
  id: string;
  at: Millis;
  asset: string;
  by: string;
  why: string;
}

/** `isRemote`: it came from outside the gateway, where nobody proved who speaks. */
export function wantsParty(
  act: Act,
  asset: string,
  facts: ActFacts,
  isRemote: boolean,
): Refusal | null {
  const isNeeded =
    act.act === "agree" || act.act === "dispute" || isRemote || facts.contracted(asset);
  if (act.party !== undefined || !isStatement(act.act) || !isNeeded) return null;
  return refusal(
    `${act.act} needs a party`,
    "what is said about accounted time is said for the supplier or for the customer, so that the other one can answer",
    isRemote
      ? "set `as` in the configuration of this way in, such as `mqtt: { commands: { as: customer } }`"
      : "say for whom: `--party supplier` or `--party customer`",
  );
}

export function annotationInput(
  act: Act,
  frame: Frame,
  incident: IncidentView | null,
  facts: ActFacts,
): Filed | Refusal {
  const span = pastSpan(act, facts, incident);
  if (isRefusal(span)) return span;
  const ideal = idealOf(act, frame.asset, facts);
  if (ideal && isRefusal(ideal)) return ideal;
  return {
    kind: "reason",
    ...frame,
    ...span,
    reason: act.reason ?? null,
    attribution: act.attribution ?? null,
    ...(act.act === "schedule" && { schedule: act.schedule ?? null }),
    ...(ideal && { ideal }),
    ...(act.party && { party: act.party }),
  };
}

function idealOf(
  { act, recipe, idealCycle }: Act,
  asset: string,
  facts: ActFacts,
): { recipe: string; idealCycleUs: number } | Refusal | null {
  if (act !== "ideal" || recipe === undefined || idealCycle === undefined) return null;
  const known = facts.recipes(asset);
  if (!known.includes(recipe))
    return refusal(
      `${asset} has no recipe ${recipe}`,
      "an ideal cycle is corrected for a recipe of the configuration",
      known.length > 0 ? `known: ${known.join(", ")}` : "give the asset recipes or `idealCycle`",
    );
  const idealCycleUs = durationUs(idealCycle);
  if (idealCycleUs >= 1) return { recipe, idealCycleUs };
  return refusal(
    `an ideal cycle of ${idealCycle} is none`,
    "a piece takes at least one microsecond",
    "give the time of a piece, such as `--ideal-cycle 1.2s`",
  );
}

export function decisionInput(act: Act, frame: Frame, facts: ActFacts): Filed | Refusal {
  const { annotation = "", party } = act;
  const found = facts.annotation(annotation);
  if (party === undefined || !found) throw new Error("the desk looks for both first");
  if (found.party === party && act.act === "agree")
    return refusal(
      `annotation ${annotation} was made by the ${party}`,
      "the other party agrees or disputes",
      `let the ${party === "supplier" ? "customer" : "supplier"} answer it`,
    );
  const decision = act.act === "agree" ? "agreed" : "disputed";
  return { kind: "decision", ...frame, annotation, decision, party };
}

export async function countsInput(
  act: Act,
  frame: Frame,
  facts: ActFacts,
): Promise<Filed | Refusal> {
  const { window = "", reject = 0 } = act;
  const [, , kindInId, ...rest] = window.split("/");
  const kind = (kindInId ?? window) as WindowKind;
  const from = kindInId === undefined ? act.from : Date.parse(rest[0] ?? "");
  if (from === undefined || Number.isNaN(from))
    return refusal(
      "the window is not named",
      "late scrap belongs to one window: its id, or its kind and its begin",
      `\`uptime-agent scrap hour --asset ${frame.asset} --from 14:00 --reject ${reject}\``,
    );
  if (from > facts.now)
    return refusal(
      `the ${kind} from ${new Date(from).toISOString()} is in the future`,
      "scrap is told of what has been made",
      "check the time",
    );
  const found = await facts.window(frame.asset, kind, from);
  if (!found)
    return refusal(
      `${frame.asset} has no ${kind} that begins at ${new Date(from).toISOString()}`,
      "it is another machine's or another kind's, or not in the journal any more",
      `\`uptime-agent report --asset ${frame.asset}\` shows its windows`,
    );
  if (found.good !== null && reject > found.good)
    return refusal(
      `${reject} rejects are more than the ${found.good} good pieces of the window`,
      "late scrap comes on top of the rejects that are known, out of the good pieces",
      found.to > facts.now
        ? "check the number and the window; pieces of one that is not over count some minutes after they were made"
        : "check the number and the window",
    );
  const { party } = act;
  return { kind: "counts", ...frame, window: kind, from, reject, ...(party ? { party } : {}) };
}

export function planInput(act: Act, frame: Frame, facts: ActFacts): Filed | Refusal {
  const span = comingSpan(act, facts);
  if (isRefusal(span)) return span;
  const schedule = act.schedule === "no-demand" ? "no-demand" : "planned-stop";
  return { kind: "plan", ...frame, ...span, schedule };
}

/**
 * The reason tree: what a machine says of a stop (a register's code, a text, the state of other points) as a named
 * reason, with who answers for it. The first entry that matches holds. Decides no condition.
 */

import type { ReasonNode } from "../model.ts";
import type { AssetPlan } from "../plant.ts";
import type { Attribution, Condition } from "../vocabulary.ts";
import { truthOf } from "./kleene.ts";

export interface Said {
  reason: string | null;
  attribution: Attribution | null;
}

/** Who answers for a condition when neither rule nor configuration says. */
export const DEFAULT_ATTRIBUTION: Partial<Record<Condition, Attribution>> = {
  fault: "pending",
  maintenance: "pending",
  "external-fault": "pending",
};

/** By the rule, else by the asset's map, else by default. */
export const answersFor = (plan: AssetPlan, rule: number, condition: Condition): Attribution =>
  plan.model.rules[rule]?.attribution ??
  plan.model.attribution[condition] ??
  DEFAULT_ATTRIBUTION[condition] ??
  "none";

/** The reason of a rule as the tree understands it; producing has none to understand. */
export function saidBy(
  plan: AssetPlan,
  rule: number,
  shown: { reasons: (string | null)[]; leaves: string },
): Said {
  const model = plan.model.rules[rule];
  const text =
    model?.reason && "text" in model.reason ? model.reason.text : (shown.reasons[rule] ?? null);
  if (!plan.model.reasons || model?.is === "producing") return { reason: text, attribution: null };
  return classify(plan, text, shown.leaves);
}

/** `text`: what the rule's reason says; `leaves`: the marks of the evaluation. Undecided conditions do not match. */
function classify(plan: AssetPlan, text: string | null, leaves: string): Said {
  for (const [i, node] of (plan.model.reasons ?? []).entries())
    if (says(node, text) && holds(plan, i, leaves))
      return { reason: node.reason, attribution: node.attribution };
  return { reason: text, attribution: null };
}

function says({ codes, pattern }: ReasonNode, text: string | null): boolean {
  if (codes !== null && (text === null || !codes.includes(text))) return false;
  return pattern === null || (text !== null && matches(text, pattern));
}

function holds(plan: AssetPlan, i: number, leaves: string): boolean {
  const tree = plan.rules.reasonTrees[i];
  return tree == null || truthOf(tree, leaves) === "T";
}

/** `*` stands for any text, `?` for one character; all else for itself. */
export function matches(text: string, pattern: string): boolean {
  let [t, p, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      mark = t;
    } else if (pattern[p] === "?" || pattern[p] === text[t]) {
      p++;
      t++;
    } else if (star < 0) return false;
    else {
      p = star + 1;
      t = ++mark;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/**
 * No demand by order signal: while the configured condition is true there is no order, and scheduled time becomes
 * `no-demand`. Derived from the log of evaluations like the condition itself, so that a signal lost from sight takes
 * its word back from when it was last known. Not known is not "no order".
 */

import type { PlanInput } from "../annotation/entered.ts";
import type { AssetState } from "../asset.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import { truthOf } from "./kleene.ts";

const OPEN = Number.MAX_SAFE_INTEGER;

/** Lays the spans without demand under the plans that people entered. Call when the log may have changed. */
export function followDemand(state: AssetState, plan: AssetPlan): void {
  const tree = plan.rules.demandTree;
  if (tree === null) return;
  const { log } = state.track;
  const first = log[0]?.at;
  if (first === undefined) return;
  const spans: PlanInput[] = [];
  for (const span of state.plans)
    if (span.auto && span.from < first) spans.push({ ...span, to: Math.min(span.to, first) });
  for (const [i, e] of log.entries()) {
    if (e.forced !== null || truthOf(tree, e.leaves) !== "T") continue;
    const to = log[i + 1]?.at ?? OPEN;
    const last = spans.at(-1);
    if (last && last.to >= e.at) last.to = to;
    else spans.push(withoutDemand(state.id, e.at, to));
  }
  state.plans = [...spans, ...state.plans.filter(({ auto }) => !auto)];
}

const withoutDemand = (asset: string, from: Millis, to: Millis): PlanInput => ({
  kind: "plan",
  at: from,
  asset,
  from,
  to,
  schedule: "no-demand",
  by: "order signal",
  why: "",
  auto: true,
});

/**
 * What a machine that fails would draw on: the downtime that its contracts have left at this instant. Computed when a
 * signal is told, never on a quiet cycle; books nothing and tells nothing.
 */
import { periodAt } from "./contract/close.ts";
import { courseOf } from "./contract/course.ts";
import { lookAt, outcomeOf } from "./contract/look.ts";
import { desks, outlookOf } from "./contracts.ts";
import type { Core } from "./core.ts";
import type { AssetPlan } from "./plant.ts";
import type { BudgetAtRisk } from "./signal/change.ts";

/** Of every outcome with a downtime budget in a running period, in the order of the contracts. Empty without one. */
export function budgetsAtRisk(core: Core, { contracts }: AssetPlan): BudgetAtRisk[] {
  if (contracts.length === 0) return [];
  return [...desks(core)].flatMap(({ model, account: { state } }) => {
    const period = contracts.includes(model.id) ? periodAt(state, core.state.now) : null;
    if (!period || period.revision !== null) return [];
    const outlook = outlookOf(core, model);
    const look = lookAt(model, state, period, outlook, false);
    return model.outcomes.flatMap((outcome): BudgetAtRisk[] => {
      const { budget } = courseOf(look, outcome, outcomeOf(look, outcome, outlook), outlook);
      if (budget === null) return [];
      const { allowedMs, leftMs } = budget;
      return [{ contract: model.id, metric: outcome.metric, to: period.to, allowedMs, leftMs }];
    });
  });
}

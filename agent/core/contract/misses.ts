/** Periods whose verdict missed in a row, and what the contract says follows from it. Looks back only at closed ones. */
import type { OutcomeStanding } from "./body.ts";
import { keyOf } from "./course.ts";
import type { OutcomeModel } from "./model.ts";
import type { ContractState, PeriodState } from "./state.ts";
import type { FinalVerdict } from "./verdict.ts";

/** Up to and with `period`, whose verdict is `end`. One that is not decided neither counts nor ends the row. */
export function missesOf(
  { periods }: ContractState,
  period: PeriodState,
  outcome: OutcomeModel,
  end: FinalVerdict,
): OutcomeStanding["misses"] {
  const { misses } = outcome;
  if (!misses) return null;
  const earlier = periods
    .filter(({ from, revision }) => from < period.from && revision !== null)
    .map(({ verdicts }) => verdicts[keyOf(outcome)] ?? "indeterminate")
    .reverse();
  let count = 0;
  for (const verdict of [end, ...earlier]) {
    if (verdict === "met") break;
    if (verdict !== "indeterminate") count++;
  }
  const follows = count >= misses.count && end !== "met";
  return { count, limit: misses.count, consequence: follows ? misses.consequence : null };
}

/** Periods of contracts as they are told: opened for contracts in force, planned anew when a calendar is corrected, shown as windows. */
import { replanned } from "./contract/planned.ts";
import { openPeriod, replan } from "./contract/state.ts";
import { desks } from "./contracts.ts";
import type { Core } from "./core.ts";
import type { Frame, PeriodInput } from "./input.ts";

/** Assets settle within hours; periods that ended longer ago are opened by none. */
const KEPT = 48 * 3_600_000;

/** A period that begins within two days, or has begun. It may be told before its contract is, and anew. */
export function takePeriod(core: Core, input: PeriodInput): void {
  const { periods, now } = core.state;
  if (input.anew) {
    periods[input.contract] = (periods[input.contract] ?? []).map((told) =>
      told.from === input.from && told.to === input.to ? takeAnew(core, told, input) : told,
    );
    return;
  }
  const kept = (periods[input.contract] ?? []).filter(({ to }) => to > now - KEPT);
  periods[input.contract] = [...kept, input];
  openPeriods(core);
}

/** A corrected calendar: what was told of the period holds up to the correction. */
function takeAnew(core: Core, told: PeriodInput, input: PeriodInput): PeriodInput {
  const period = replanned(told, input, input.at);
  for (const { model, account } of desks(core))
    if (model.id === input.contract) {
      replan(account.state, period);
      account.lookAt = Math.min(account.lookAt, core.state.now);
    }
  core.dirty = true;
  return period;
}

/** Opens what was told of the periods of contracts in force. What is open already stays as it is. */
export function openPeriods(core: Core): void {
  const { periods, now } = core.state;
  for (const { model, account } of desks(core))
    for (const input of periods[model.id] ?? [])
      if (openPeriod(model, account.state, input))
        account.lookAt = Math.min(account.lookAt, Math.max(now, input.from));
  core.dirty = true;
}

/** The windows of a contract's periods. */
export function framesOf(core: Core, contract: string): Frame[] {
  const model = core.plan.model.contracts?.find(({ id }) => id === contract);
  if (!model) return [];
  return (core.state.periods[contract] ?? [])
    .filter(({ from, to }) => from < model.effectiveTo && model.effectiveFrom < to)
    .map(({ from, to, localDate }) => {
      return { kind: "period", contract, from, to, localDate, shift: null };
    });
}

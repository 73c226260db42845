/** What the core remembers of one contract. Plain data. */
import type { StandingBody } from "./contract/body.ts";
import { NEVER } from "./contract/book.ts";
import type { ContractModel } from "./contract/model.ts";
import { adoptContract, type ContractState, newContract } from "./contract/state.ts";
import type { Millis } from "./time.ts";

export interface Standing {
  state: ContractState;
  /** Of the last message. */
  version: number;
  /** The last standing that was published. */
  told: StandingBody | null;
  /** When it is looked at next, UTC. */
  lookAt: Millis;
}

/**
 * The accounts of a new configuration, in its order: those of contracts that stay go on, others begin where their
 * text says, and at `begin` where it names no date. `before`: the contracts as they were.
 */
export function adoptContracts(
  models: readonly ContractModel[],
  before: readonly ContractModel[],
  known: readonly Standing[],
  { now, begin, versionBase }: { now: Millis; begin: Millis; versionBase: number },
): Standing[] {
  return models.map((model) => {
    const account = known.find(({ state }) => state.contract === model.id);
    if (!account) {
      const state = newContract(model, model.effective.from === null ? begin : 0);
      return { state, version: versionBase, told: null, lookAt: now };
    }
    if (model.left === true) return { ...account, lookAt: NEVER };
    const was = before.find(({ id }) => id === model.id);
    const isBack = was?.left === true;
    // What was not booked while it was away is unseen: nobody takes a contract out over a bad day.
    if (isBack) account.state.folds = {};
    adoptContract(model, was, account.state, now, isBack ? 0 : now);
    return { ...account, told: isBack ? null : account.told, lookAt: now };
  });
}

/**
 * Counters that were never read at a scheduled instant of a contract's period, as the period's windows know it: of such
 * a machine's pieces a contract says nothing. Reads nothing itself.
 */
import type { AssetState, OpenWindow } from "./asset.ts";
import type { ContractModel } from "./contract/model.ts";
import { type ContractState, noteUnread } from "./contract/state.ts";
import type { Core } from "./core.ts";
import type { WindowSums } from "./window/sums.ts";

/** While a period runs, a counter is missed once the machine was observed in loading; at its end, once there was any. */
export const isUnread = ({ seen, loadingMs, blindMs }: WindowSums, isOver: boolean): boolean =>
  Object.values(seen).includes(false) && loadingMs > (isOver ? 0 : blindMs);

/** The period of this window ended. */
export function noteEnd(core: Core, asset: AssetState, window: OpenWindow, sums: WindowSums): void {
  const account = core.state.contracts.find(({ state }) => state.contract === window.contract);
  if (account) noteUnread(account.state, asset.id, window, isUnread(sums, true));
}

/** Periods that are not settled yet, as they stand. */
export function noteReads(core: Core, { id, assets }: ContractModel, state: ContractState): void {
  for (const each of assets)
    for (const window of core.byId.get(each.id)?.ledger.windows ?? [])
      if (window.contract === id)
        noteUnread(state, each.id, window, isUnread(window.sums, window.published));
}

/** A journaled state of an earlier shape brought to this one. Loses nothing; what did not exist begins empty. */

import type { Note } from "./annotation/entered.ts";
import type { AssetState } from "./asset.ts";
import type { CoreState } from "./core.ts";
import type { Signals } from "./signal/life.ts";

/** Shape of the journaled core state; what a snapshot says it has. */
export const STATE_VERSION = 3;

type Old<T> = Partial<T> & Record<string, unknown>;

/** The state of a snapshot of that version; null: it is of a later one, or none that was ever written. */
export function upgraded(version: unknown, state: CoreState): CoreState | null {
  if (version === STATE_VERSION) return state;
  const known = state as Old<CoreState> as CoreState;
  if (version === 2) return { ...known, assets: known.assets.map(fromSecond) };
  if (version !== 1) return null;
  const assets = known.assets.map((asset) => fromFirst(asset as Old<AssetState>));
  return { ...known, contracts: [], periods: {}, assets };
}

/** Version 2 kept the signals of lines apart, with other sums, which begin anew. */
function fromSecond(asset: AssetState): AssetState {
  const { watch } = asset;
  if (!watch) return asset;
  const buses = Object.values(watch.buses as unknown as Record<string, { signals: Signals }>);
  const signals = Object.assign({}, watch.bank.signals, ...buses.map((bus) => bus.signals));
  return { ...asset, watch: { ...watch, buses: {}, bank: { ...watch.bank, signals } } };
}

/** Version 1 kept annotations as `reasons`, and knew no proposals. */
function fromFirst({ reasons, ...asset }: Old<AssetState>): AssetState {
  return {
    ...asset,
    notes: (reasons ?? []) as Note[],
    proposals: [],
    watch: null,
    incidents: null,
    outcomes: [],
  } as unknown as AssetState;
}

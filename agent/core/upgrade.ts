/** A journaled state of an earlier shape brought to this one. Loses nothing; what did not exist begins empty. */
import type { AssetState } from "./asset.ts";
import type { CoreState } from "./core.ts";
import type { Note } from "./entered.ts";

/** Shape of the journaled core state; what a snapshot says it has. */
export const STATE_VERSION = 2;

type Old<T> = Partial<T> & Record<string, unknown>;

/** The state of a snapshot of that version; null: it is of a later one, or none that was ever written. */
export function upgraded(version: unknown, state: CoreState): CoreState | null {
  if (version === STATE_VERSION) return state;
  if (version !== 1) return null;
  const known = state as Old<CoreState> as CoreState;
  const assets = known.assets.map((asset) => fromFirst(asset as Old<AssetState>));
  return { ...known, contracts: [], periods: {}, assets };
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

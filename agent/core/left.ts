/**
 * What a configuration does not hold any more and the core still remembers: so that nothing is lost silently, and no id
 * is ever given out twice. Plain data; how it comes about is told in `leave.ts`.
 */
import type { AssetState } from "./asset.ts";
import type { ContractModel } from "./contract/model.ts";
import type { AssetModel, PlantModel } from "./model.ts";
import type { Millis } from "./time.ts";

export interface Left {
  /** Assets that are accounted, unobserved, until the windows that were open are final. */
  assets: AssetModel[];
  /** Contracts that are left; what they had begun is ended. */
  contracts: ContractModel[];
  /** By id, of assets that are done: what they go on from should they return. */
  rest: Record<string, Rest>;
}

export interface Rest
  extends Pick<
    AssetState,
    "ordinals" | "watch" | "incidents" | "outcomes" | "notes" | "proposals"
  > {
  /** Up to here it was accounted. */
  to: Millis;
}

/** The plant with what has left it and is still accounted. */
export function accounted(model: PlantModel, left: Left | undefined): PlantModel {
  if (!left || left.assets.length + left.contracts.length === 0) return model;
  return {
    ...model,
    assets: [...model.assets, ...left.assets],
    contracts: [...(model.contracts ?? []), ...left.contracts],
  };
}

/** Which configuration was in force when an input of a journal was entered. Fed in the journal's order; keeps the newest only. */
import type { Deciders } from "../core/contract/model.ts";
import type { Input } from "../core/input.ts";
import type { PlantModel } from "../core/model.ts";
import { plantPlan } from "../core/plant.ts";

export interface InForce {
  see(input: Input): void;
  /** Who decides what about an asset just now; absent where no contract is. */
  decidersOf(asset: string): Deciders | undefined;
}

export function rulesInForce(): InForce {
  let model: PlantModel | null = null;
  let deciders: ReadonlyMap<string, Deciders> | null = null;
  return {
    see(input) {
      if (input.kind === "config") [model, deciders] = [input.model, null];
    },
    decidersOf(asset) {
      if (model) deciders ??= plantPlan(model).deciders;
      return deciders?.get(asset);
    },
  };
}

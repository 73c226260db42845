/**
 * The configuration a record was made with. A step that brings a new one still gives out records of the one before:
 * they are told under theirs. Knows only what it has been shown; a record of an older one falls back to the newest.
 */
import type { Core } from "../core/core.ts";
import type { RecordFact } from "../core/fact.ts";
import type { Input } from "../core/input.ts";
import type { PlantModel } from "../core/model.ts";

export interface Models {
  /** Before each step. */
  see(input: Input): void;
  of(fact: RecordFact): PlantModel;
}

export function modelsOf(core: Core): Models {
  const known = new Map<string, PlantModel>([[core.state.configHash, core.state.model]]);
  return {
    see(input) {
      if (input.kind === "config") known.set(input.hash, input.model);
    },
    of: (fact) => known.get(fact.configHash) ?? core.plan.model,
  };
}

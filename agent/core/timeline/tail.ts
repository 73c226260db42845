/** The timeline from its settled end to now as it looks at this moment. Settles nothing: it walks over a copy. */
import type { AssetState } from "../asset.ts";
import { type Core, calendarOf } from "../core.ts";
import type { Fact } from "../fact.ts";
import type { AssetPlan } from "../plant.ts";
import { settle } from "../window/settle.ts";

/** Intervals and counts, in order; the first interval may begin before the settled end. */
export function tailOf(core: Core, asset: AssetState, plan: AssetPlan): Fact[] {
  const calendar = calendarOf(core, plan);
  if (!calendar || asset.firstInputAt === null) return [];
  const facts: Fact[] = [];
  const ledger = structuredClone({ ...asset.ledger, windows: [] });
  settle(
    { state: asset, plan, calendar, ledger, emit: (fact) => facts.push(fact) },
    core.state.now,
  );
  if (ledger.open) facts.push(ledger.open);
  return facts;
}

/**
 * A cycle on its way through the core: points, condition and counters first, then what looks on: incidents, flags of open
 * windows, signals. Decides nothing itself.
 */
import type { AssetState } from "./asset.ts";
import { type Core, touch } from "./core.ts";
import { pressesIn, showPieces, showPress } from "./incidents.ts";
import type { CycleInput } from "./input.ts";
import { holding } from "./ledger.ts";
import { observe } from "./observe.ts";
import type { AssetPlan } from "./plant.ts";
import { showBus, showRow } from "./signals.ts";
import { raise } from "./sums.ts";
import { begun, markSeen } from "./window.ts";

/** Good pieces that the last cycle booked; all pieces where nothing tells them apart. */
function goodSince(asset: AssetState, plan: AssetPlan, booked: number): number {
  const role = plan.model.counts?.good == null ? "total" : "good";
  let pieces = 0;
  for (const booking of asset.bookings.slice(booked))
    if (booking.role === role) pieces += booking.pieces;
  return pieces;
}

export function applyCycle(core: Core, input: CycleInput): void {
  const { state } = core;
  const plan = core.plan.assets.get(input.asset);
  const asset = core.byId.get(input.asset);
  if (!plan || !asset) return;
  if (asset.firstInputAt === null) begun(core, input.asset);
  const instant = { at: state.now, mono: input.at - state.offset };
  const booked = asset.bookings.length;
  const presses = plan.model.incidents ? pressesIn(asset, plan, input) : [];
  const raised = observe(asset, plan, input, instant, core.out);
  if (plan.model.incidents) showPieces(core, asset, plan, goodSince(asset, plan, booked));
  for (const press of presses) showPress(core, asset, plan, press);
  if (asset.dirty) touch(core, asset);
  for (const window of holding(asset.ledger, state.now))
    for (const flag of raised) raise(window.sums, flag);
  if (plan.row && !input.lone) showBus(core, asset, plan, input);
  if (input.failure !== null || input.lone) return;
  markSeen(core, asset, plan, input.source);
  if (plan.row) showRow(core, asset, plan, input.source, instant);
}

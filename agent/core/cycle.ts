/**
 * A cycle on its way through the core: points, condition and counters first, then what looks on: incidents, flags of open
 * windows, signals. Decides nothing itself.
 */
import type { AssetState } from "./asset.ts";
import { type Core, touch } from "./core.ts";
import type { Raised } from "./count/count.ts";
import { pressesIn, showPieces, showPress } from "./incidents.ts";
import type { CycleInput } from "./input.ts";
import type { AssetPlan } from "./plant.ts";
import { showBus, showRow } from "./signals.ts";
import type { Millis } from "./time.ts";
import { observe } from "./timeline/observe.ts";
import { holding } from "./window/ledger.ts";
import { raise } from "./window/sums.ts";
import { begun, markSeen } from "./window/window.ts";

/** Good pieces that the last cycle booked; all pieces where nothing tells them apart. */
function goodSince(asset: AssetState, plan: AssetPlan, booked: number): number {
  const role = plan.model.counts?.good == null ? "total" : "good";
  let pieces = 0;
  for (let i = booked; i < asset.bookings.length; i++) {
    const booking = asset.bookings[i];
    if (booking?.role === role) pieces += booking.pieces;
  }
  return pieces;
}

/** What counters raised concerns the windows that hold the instant. */
function flag(asset: AssetState, now: Millis, raised: Raised): void {
  for (const window of holding(asset.ledger, now))
    for (const each of raised) raise(window.sums, each);
}

export function applyCycle(core: Core, input: CycleInput): void {
  const { state } = core;
  const plan = core.plan.assets.get(input.asset);
  const asset = core.byId.get(input.asset);
  if (!plan || !asset) return;
  if (asset.firstInputAt === null) begun(core, input.asset);
  const instant = { at: state.now, mono: input.at - state.offset };
  const booked = asset.bookings.length;
  const presses = pressesIn(asset, plan, input);
  const raised = observe(asset, plan, input, instant, core.out);
  if (plan.model.incidents) showPieces(core, asset, plan, goodSince(asset, plan, booked));
  for (const press of presses) showPress(core, asset, plan, press);
  if (asset.dirty) touch(core, asset);
  if (raised.length > 0) flag(asset, state.now, raised);
  if (plan.row && !input.lone) showBus(core, asset, plan, input);
  if (input.failure !== null || input.lone) return;
  markSeen(core, asset, plan, input.source);
  if (plan.row) showRow(core, asset, plan, input.source, instant);
}

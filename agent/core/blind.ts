/** Times without observation: the agent stopped, the power failed, the clock stepped (accounting rules 4 and 13). */
import type { AssetState } from "./asset.ts";
import { type Core, event, touch } from "./core.ts";
import { outdate } from "./fresh.ts";
import type { ClockInput } from "./input.ts";
import { evaluate } from "./observe.ts";
import type { AssetPlan } from "./plant.ts";
import { worse } from "./sums.ts";
import type { Millis } from "./time.ts";
import { refold } from "./track.ts";
import { begin } from "./window.ts";

const running = (core: Core): { asset: AssetState; plan: AssetPlan }[] =>
  core.state.assets.flatMap((asset) => {
    const plan = core.plan.assets.get(asset.id);
    return plan && asset.firstInputAt !== null ? [{ asset, plan }] : [];
  });

/** From `utc` on nothing is observed; what was believed after it is withdrawn. */
export function beginBlind(core: Core, utc: Millis, cause: "agent-stopped" | "power-lost"): void {
  for (const { asset, plan } of running(core)) {
    const at = Math.max(utc, asset.ledger.to);
    const last = asset.track.log.at(-1);
    if (asset.stopped && last?.forced && last.at <= at) continue;
    asset.track.log = asset.track.log.filter((e) => e.at < at);
    asset.track.log.push({
      at,
      mono: at - core.state.offset,
      leaves: "s".repeat(plan.rules.leaves.length),
      reasons: plan.reasonPoints.map(() => null),
      edgeFrom: null,
      forced: cause,
    });
    refold(plan, asset.track, at - core.state.offset);
    asset.stopped = true;
    asset.forcedUntil = null;
    touch(core, asset);
  }
}

/** The agent runs again; the blind time lasts until the first decided evaluation. */
export function resume(core: Core, utc: Millis): void {
  for (const { asset, plan } of running(core)) {
    asset.stopped = false;
    asset.evaluate = true;
    outdate(asset, plan, utc - core.state.offset);
    touch(core, asset);
  }
}

/** A step of UTC, or only another quality of it. */
export function applyClock(core: Core, input: ClockInput): void {
  const { state } = core;
  const { stepMs, quality } = input;
  const synchronizes = state.unsyncedFrom !== null && quality !== "unsynced";
  state.quality = quality;
  for (const { asset } of running(core)) {
    for (const window of asset.ledger.windows) {
      if (window.from > state.now || state.now >= window.to) continue;
      const { clock } = window.sums;
      clock.quality = worse(clock.quality, quality);
      clock.maxStepMs = Math.max(clock.maxStepMs, Math.abs(stepMs));
      if (stepMs < 0) clock.heldMs -= stepMs;
    }
    touch(core, asset);
  }
  const detail = { quality, stepMs };
  const start = state.now;
  state.offset += stepMs;
  if (stepMs > 0 && synchronizes) shiftBoot(core, state.unsyncedFrom ?? state.now, stepMs);
  else if (stepMs > 0)
    for (const { asset, plan } of running(core)) {
      if (asset.stopped) continue;
      asset.forcedUntil = state.now + stepMs;
      const instant = { at: state.now, mono: state.now + stepMs - state.offset };
      evaluate(asset, plan, instant, null);
    }
  if (quality !== "unsynced") state.unsyncedFrom = null;
  else state.unsyncedFrom ??= state.now;
  const end = stepMs === 0 ? start : start + Math.max(0, stepMs);
  event(core, null, { type: "clock", start, end, detail });
}

/** The first synchronization of a boot: what was seen since its start moves to where it really happened. */
function shiftBoot(core: Core, from: Millis, stepMs: Millis): void {
  const moved = (at: Millis): Millis => (at >= from ? at + stepMs : at);
  const movedOrNull = (at: Millis | null): Millis | null => (at === null ? null : moved(at));
  core.state.now += stepMs;
  for (const { asset, plan } of running(core)) {
    const fresh = (asset.firstInputAt ?? 0) >= from;
    const { track } = asset;
    if (fresh) {
      const { told } = asset;
      begin(core, asset, plan);
      asset.told = told;
      asset.track = { ...asset.track, log: track.log };
    }
    for (const e of asset.track.log) {
      e.at = moved(e.at);
      e.edgeFrom = movedOrNull(e.edgeFrom);
    }
    for (const source of asset.sources) source.at = movedOrNull(source.at);
    for (const point of asset.points) {
      point.at = movedOrNull(point.at);
      point.movedAt = movedOrNull(point.movedAt);
      if (point.counter) point.counter.firstAt = moved(point.counter.firstAt);
    }
    for (const booking of asset.bookings) {
      booking.at = moved(booking.at);
      booking.prevAt = moved(booking.prevAt);
    }
    for (const span of asset.recipes) span.from = moved(span.from);
    refold(plan, asset.track, core.state.now - core.state.offset);
  }
}

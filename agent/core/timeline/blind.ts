/** Times without observation: the agent stopped, the power failed, the clock stepped (accounting rules 4 and 13). */
import type { AssetState } from "../asset.ts";
import { type Core, event, touch } from "../core.ts";
import type { ClockInput } from "../input.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import type { UnknownCause } from "../vocabulary.ts";
import { windowKey } from "../window/ledger.ts";
import { worse } from "../window/sums.ts";
import { begin } from "../window/window.ts";
import { followDemand } from "./demand.ts";
import { outdate } from "./fresh.ts";
import type { LampState } from "./lamp.ts";
import { loseLamp } from "./lamps.ts";
import { evaluate } from "./observe.ts";
import { refold } from "./track.ts";

const running = (core: Core): { asset: AssetState; plan: AssetPlan }[] =>
  core.state.assets.flatMap((asset) => {
    const plan = core.plan.assets.get(asset.id);
    return plan && asset.firstInputAt !== null ? [{ asset, plan }] : [];
  });

/** Those of the configuration: what left it is blind already, and stays so. */
const watched = (core: Core): ReturnType<typeof running> =>
  running(core).filter(({ plan }) => plan.model.left === undefined);

/** From `utc` on nothing is observed; what was believed after it is withdrawn. */
export function beginBlind(core: Core, utc: Millis, cause: "agent-stopped" | "power-lost"): void {
  for (const { asset, plan } of watched(core)) goBlind(core, asset, plan, utc, cause);
}

/** The same of one asset. */
export function goBlind(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  utc: Millis,
  cause: UnknownCause,
): void {
  const at = Math.max(utc, asset.ledger.to);
  const last = asset.track.log.at(-1);
  if (asset.stopped && last?.forced && last.at <= at) return;
  asset.track.log = asset.track.log.filter((e) => e.at < at);
  asset.track.log.push({
    at,
    mono: at - core.state.offset,
    leaves: "s".repeat(plan.rules.leaves.length),
    reasons: plan.reasonPoints.map(() => null),
    edgeFrom: null,
    forced: cause,
  });
  for (const index of plan.lampPoints) loseLamp(asset, plan, index, "s");
  refold(plan, asset.track, at - core.state.offset);
  followDemand(asset, plan);
  asset.stopped = true;
  asset.forcedUntil = null;
  touch(core, asset);
}

/** The agent runs again; the blind time lasts until the first decided evaluation. */
export function resume(core: Core, utc: Millis): void {
  for (const { asset, plan } of watched(core)) lookAgain(core, asset, plan, utc);
}

/** The same of one asset. */
export function lookAgain(core: Core, asset: AssetState, plan: AssetPlan, utc: Millis): void {
  asset.stopped = false;
  asset.evaluate = true;
  outdate(asset, plan, utc - core.state.offset);
  touch(core, asset);
}

/** A step of UTC, or only another quality of it. */
export function applyClock(core: Core, input: ClockInput): void {
  const { state } = core;
  const { stepMs, quality } = input;
  const { unsyncedFrom, now: start } = state;
  const synchronizes = unsyncedFrom !== null && quality !== "unsynced";
  state.quality = quality;
  state.offset += stepMs;
  for (const { asset } of running(core)) noteClock(asset, start, input);
  if (stepMs > 0 && synchronizes) shiftBoot(core, unsyncedFrom, stepMs);
  else if (stepMs > 0) distrust(core, stepMs);
  state.unsyncedFrom = quality === "unsynced" ? (unsyncedFrom ?? start) : null;
  for (const { asset } of running(core)) touch(core, asset);
  const end = start + Math.max(0, stepMs);
  event(core, null, { type: "clock", start, end, detail: { quality, stepMs } });
}

/** Windows that contain the instant carry the clock's quality and steps. */
function noteClock(asset: AssetState, at: Millis, { stepMs, quality }: ClockInput): void {
  for (const window of asset.ledger.windows) {
    if (window.from > at || at >= window.to) continue;
    const { clock } = window.sums;
    clock.quality = worse(clock.quality, quality);
    clock.maxStepMs = Math.max(clock.maxStepMs, Math.abs(stepMs));
    clock.heldMs += Math.max(0, -stepMs);
  }
}

/** A step forward: the time that was jumped over was not observed. */
function distrust(core: Core, stepMs: Millis): void {
  const { now, offset } = core.state;
  for (const { asset, plan } of running(core)) {
    if (asset.stopped) continue;
    asset.forcedUntil = now + stepMs;
    evaluate(asset, plan, { at: now, mono: now + stepMs - offset }, null);
  }
}

/** The first synchronization of a boot: what was seen since its start moves to where it really happened. */
function shiftBoot(core: Core, from: Millis, stepMs: Millis): void {
  const move: Move = (at) => (at !== null && at >= from ? ((at + stepMs) as typeof at) : at);
  core.state.now += stepMs;
  for (const { asset, plan } of running(core)) {
    const first = asset.firstInputAt ?? 0;
    if (first >= from) beginAnew(core, asset, plan, move(first));
    moveAsset(asset, move);
    refold(plan, asset.track, core.state.now - core.state.offset);
    followDemand(asset, plan);
  }
}

type Move = <T extends Millis | null>(at: T) => T;

/** The asset was first seen in this boot: its windows are those of the true time. What was published is not again. */
function beginAnew(core: Core, asset: AssetState, plan: AssetPlan, first: Millis): void {
  const { told, track, ledger } = asset;
  begin(core, asset, plan, first);
  asset.told = told;
  asset.track = { ...asset.track, log: track.log };
  for (const window of asset.ledger.windows) {
    const same = ledger.windows.find((was) => windowKey(was) === windowKey(window));
    window.published = same?.published ?? false;
    window.sums.clock = same?.sums.clock ?? { ...window.sums.clock, quality: "unsynced" };
    for (const { role } of plan.counters)
      window.sums.seen[role] = ledger.windows.some((was) => was.sums.seen[role] === true);
  }
}

function moveAsset(asset: AssetState, move: Move): void {
  for (const e of asset.track.log) {
    e.at = move(e.at);
    e.edgeFrom = move(e.edgeFrom);
  }
  for (const source of asset.sources) source.at = move(source.at);
  for (const point of asset.points) {
    point.at = move(point.at);
    point.movedAt = move(point.movedAt);
    point.movedEdge = move(point.movedEdge);
    if (point.lamp) moveLamp(point.lamp, move);
    if (point.counter) point.counter.firstAt = move(point.counter.firstAt);
  }
  for (const booking of asset.bookings) {
    booking.at = move(booking.at);
    booking.prevAt = move(booking.prevAt);
  }
  for (const span of asset.recipes) span.from = move(span.from);
}

/** While it is watched, the begin may be the very object of its first or last edge. */
function moveLamp({ from, edges }: LampState, move: Move): void {
  for (const edge of new Set(from ? [from, ...edges] : edges)) {
    edge.at = move(edge.at);
    edge.edgeFrom = move(edge.edgeFrom);
  }
}

/**
 * The one step over the whole plant: first every deadline that is due, each at its own instant, then the input.
 * Live, restart, replay, audit and tests all run this. It owns and mutates `core`; nothing else is touched.
 */
import { adopt } from "./adopt.ts";
import type { AssetState } from "./asset.ts";
import { applyClock, beginBlind, resume } from "./blind.ts";
import { contractsDue, runContracts, showPlan, takePeriod } from "./contracts.ts";
import { type Core, calendarOf, event, NEVER, touch } from "./core.ts";
import { decide } from "./decide.ts";
import type { Fact } from "./fact.ts";
import { withdraw, withdrawalDue } from "./fresh.ts";
import { act, incidentsDue, neededFrom, runIncidents, showPieces } from "./incidents.ts";
import type { CalendarInput, CycleInput, Input } from "./input.ts";
import { evaluate, observe } from "./observe.ts";
import type { AssetPlan } from "./plant.ts";
import { extend, forget, scheduleAt } from "./schedule.ts";
import { actOnSignal, showRow } from "./signals.ts";
import { raise } from "./sums.ts";
import { flush } from "./tell.ts";
import type { Millis } from "./time.ts";
import { ripenAt } from "./track.ts";
import {
  begin,
  closeWindows,
  markSeen,
  nextWindowDue,
  openWindows,
  settleMinute,
} from "./window.ts";

/** Applies one input. Returns what became known; facts of one instant come together, in publication order. */
export function advance(core: Core, input: Input): Fact[] {
  core.out = [];
  if (input.kind === "calendar") {
    applyCalendar(core, input);
    return core.out;
  }
  if (input.kind === "period") {
    takePeriod(core, input);
    for (const asset of core.state.assets) reopen(core, asset);
    return core.out;
  }
  if (input.kind === "agent-started") {
    const from = Math.min(input.lastAlive, input.at);
    runTo(core, from);
    beginBlind(core, from, input.cause);
  }
  runTo(core, input.at);
  apply(core, input);
  return core.out;
}

/** Ends the present instant, so that its records are given out. For the end of a replay and of a run. */
export function finish(core: Core): Fact[] {
  core.out = [];
  flush(core);
  return core.out;
}

function runTo(core: Core, utc: Millis): void {
  reschedule(core);
  while (core.due <= utc) {
    moveTo(core, core.due);
    for (const asset of core.state.assets) if (asset.due <= core.due) runDue(core, asset);
    runContracts(core);
    reschedule(core);
  }
  moveTo(core, utc);
}

function moveTo(core: Core, utc: Millis): void {
  if (utc <= core.state.now) return;
  flush(core);
  core.state.now = utc;
}

function reschedule(core: Core): void {
  if (!core.dirty) return;
  core.dirty = false;
  let due = contractsDue(core);
  for (const asset of core.state.assets) {
    if (asset.dirty) {
      asset.due = dueOf(core, asset);
      asset.dirty = false;
    }
    if (asset.due < due) due = asset.due;
  }
  core.due = due;
}

function applyCalendar(core: Core, input: CalendarInput): void {
  const { calendars, assets } = core.state;
  const calendar = extend(calendars[input.id], input);
  calendars[input.id] = calendar;
  const users = assets.filter((asset) => asset.firstInputAt !== null);
  if (users.length > 0)
    forget(calendar, Math.min(...users.map((asset) => neededFrom(core, asset, asset.ledger.to))));
  for (const asset of assets) reopen(core, asset);
}

/** There may be other windows to open. */
function reopen(core: Core, asset: AssetState): void {
  asset.nextOpen = 0;
  asset.dirty = true;
  core.dirty = true;
}

function dueOf(core: Core, asset: AssetState): Millis {
  const plan = core.plan.assets.get(asset.id);
  if (!plan || asset.firstInputAt === null) return NEVER;
  const { offset, now } = core.state;
  let mono = withdrawalDue(asset, plan);
  const { pending } = asset.track.stand;
  if (pending) mono = Math.min(mono, pending.mono + (plan.model.rules[pending.rule]?.forMs ?? 0));
  const calendar = calendarOf(core, plan);
  const scheduled = calendar ? scheduleAt(calendar, asset.plans, now).until : NEVER;
  return Math.min(
    mono === NEVER ? NEVER : mono + offset,
    asset.forcedUntil ?? NEVER,
    scheduled,
    nextWindowDue(core, asset, plan),
    incidentsDue(core, asset, plan),
  );
}

function runDue(core: Core, asset: AssetState): void {
  const plan = core.plan.assets.get(asset.id);
  if (!plan) return;
  const { now } = core.state;
  const mono = core.due - core.state.offset;
  touch(core, asset);
  if (asset.forcedUntil !== null && asset.forcedUntil <= core.due) {
    asset.forcedUntil = null;
    evaluate(asset, plan, { at: now, mono }, null);
  }
  if (!asset.stopped) withdraw(asset, plan, mono);
  ripenAt(plan, asset.track, mono);
  openWindows(core, asset, plan);
  closeWindows(core, asset, plan);
  settleMinute(core, asset, plan);
  runIncidents(core, asset, plan);
}

function apply(core: Core, input: Exclude<Input, { kind: "calendar" | "period" }>): void {
  const { state } = core;
  switch (input.kind) {
    case "tick":
      return;
    case "cycle":
      applyCycle(core, input);
      return;
    case "plan": {
      const asset = named(core, input.asset);
      if (!asset || input.at >= input.from) return;
      asset.plans.push(input);
      showPlan(core, input);
      return;
    }
    case "reason":
    case "decision":
    case "counts": {
      const asset = named(core, input.asset);
      if (asset) decide(core, asset, input);
      return;
    }
    case "act": {
      const asset = named(core, input.asset);
      if (asset) act(core, asset, input);
      return;
    }
    case "signal-act": {
      const asset = named(core, input.asset);
      if (asset) actOnSignal(core, asset, input);
      return;
    }
    case "agent-stopped":
      beginBlind(core, state.now, "agent-stopped");
      return;
    case "agent-started":
      resume(core, input.at);
      return;
    case "clock":
      applyClock(core, input);
      return;
    case "config":
      adopt(core, input);
      return;
    case "notice": {
      const { type = "data", start, end, detail } = input;
      const asset = input.asset === undefined ? null : core.byId.get(input.asset);
      if (asset !== undefined) event(core, asset, { type, start, end, detail });
      return;
    }
  }
}

/** The asset of an input; its timeline begins with the first one. */
function named(core: Core, id: string): AssetState | undefined {
  const asset = core.byId.get(id);
  const plan = core.plan.assets.get(id);
  if (!asset || !plan) return undefined;
  if (asset.firstInputAt === null) begin(core, asset, plan);
  touch(core, asset);
  return asset;
}

/** Good pieces that the last cycle booked; all pieces where nothing tells them apart. */
function goodSince(asset: AssetState, plan: AssetPlan, booked: number): number {
  const role = plan.model.counts?.good == null ? "total" : "good";
  let pieces = 0;
  for (const booking of asset.bookings.slice(booked))
    if (booking.role === role) pieces += booking.pieces;
  return pieces;
}

function applyCycle(core: Core, input: CycleInput): void {
  const { state } = core;
  const plan = core.plan.assets.get(input.asset);
  const asset = core.byId.get(input.asset);
  if (!plan || !asset) return;
  if (asset.firstInputAt === null) named(core, input.asset);
  const instant = { at: state.now, mono: input.at - state.offset };
  const booked = asset.bookings.length;
  const raised = observe(asset, plan, input, instant, core.out);
  if (plan.model.incidents) showPieces(core, asset, plan, goodSince(asset, plan, booked));
  if (asset.dirty) touch(core, asset);
  for (const flag of raised)
    for (const window of asset.ledger.windows)
      if (window.from <= state.now && state.now < window.to) raise(window.sums, flag);
  if (input.failure !== null || input.lone) return;
  markSeen(core, asset, plan, input.source);
  if (plan.row) showRow(core, asset, plan, input.source, instant);
}

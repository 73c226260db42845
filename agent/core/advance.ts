/**
 * The one step over the whole plant: first every deadline that is due, each at its own instant, then the input.
 * Live, restart, replay, audit and tests all run this. It owns and mutates `core`; nothing else is touched.
 */
import { adopt } from "./adopt.ts";
import { decide } from "./annotation/decide.ts";
import type { AssetState } from "./asset.ts";
import { contractsDue, runContracts, showPlan } from "./contracts.ts";
import { type Core, calendarOf, event, NEVER, touch } from "./core.ts";
import { applyCycle } from "./cycle.ts";
import type { Fact } from "./fact.ts";
import { act, incidentsDue, neededFrom, runIncidents } from "./incidents.ts";
import type { CalendarInput, Input } from "./input.ts";
import { retire } from "./leave.ts";
import { takePeriod } from "./periods.ts";
import { actOnSignal } from "./signals.ts";
import { flush } from "./tell.ts";
import type { Millis } from "./time.ts";
import { applyClock, beginBlind, resume } from "./timeline/blind.ts";
import { withdraw, withdrawalDue } from "./timeline/fresh.ts";
import { evaluate } from "./timeline/observe.ts";
import { extend, forget, scheduleAt } from "./timeline/schedule.ts";
import { ripenAt } from "./timeline/track.ts";
import { begun, closeWindows, nextWindowDue, openWindows, settleMinute } from "./window/window.ts";

/** Applies one input. Returns what became known; facts of one instant come together, in publication order. */
export function advance(core: Core, input: Input): Fact[] {
  core.out = [];
  if (input.kind === "calendar") {
    applyCalendar(core, input);
    return core.out;
  }
  if (input.kind === "period") {
    if (input.anew) runTo(core, input.at);
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
  for (;;) {
    reschedule(core);
    // The instant is over: what it tells may set deadlines before the next one.
    if (Math.min(core.due, utc) > core.state.now) {
      flush(core);
      reschedule(core);
    }
    if (core.due > utc) break;
    moveTo(core, core.due);
    for (const asset of core.state.assets) if (asset.due <= core.due) runDue(core, asset);
    runContracts(core);
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
  if (plan.model.left !== undefined && asset.ledger.windows.length === 0) retire(core, asset);
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
      const asset = begun(core, input.asset);
      if (!asset || input.at >= input.from) return;
      asset.plans.push(input);
      showPlan(core, input);
      return;
    }
    case "reason":
    case "decision":
    case "counts": {
      const asset = begun(core, input.asset);
      if (asset) decide(core, asset, input);
      return;
    }
    case "act": {
      const asset = begun(core, input.asset);
      if (asset) act(core, asset, input);
      return;
    }
    case "signal-act": {
      const asset = begun(core, input.asset);
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

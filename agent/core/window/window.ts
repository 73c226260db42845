/** Windows of an asset (accounting rule 7): opened at their begin, provisional at their end, final after the settle time. */
import type { AssetState, OpenWindow } from "../asset.ts";
import { bookFact } from "../contracts.ts";
import { type Core, calendarOf, canSettle, NEVER, record, stamp, touch } from "../core.ts";
import type { WindowBody } from "../fact.ts";
import type { Frame } from "../input.ts";
import { framesOf } from "../periods.ts";
import type { AssetPlan } from "../plant.ts";
import type { Millis } from "../time.ts";
import { type CalendarState, scheduleAt } from "../timeline/schedule.ts";
import { newTrack, prune } from "../timeline/track.ts";
import { noteEnd } from "../unread.ts";
import { WINDOW_KINDS } from "../vocabulary.ts";
import { failureOpen, type SettleContext, soFar, windowKey } from "./ledger.ts";
import { cutInterval, settle } from "./settle.ts";
import { emptySums, type WindowSums } from "./sums.ts";

const MINUTE = 60_000;
/** How long annotations can still meet a window that is revised: the retention a contract year needs. */
const NOTES_MS = 400 * 24 * 3_600_000;

export function newWindow(core: Core, plan: AssetPlan, frame: Frame): OpenWindow {
  const sums = emptySums();
  for (const { role } of plan.counters) sums.seen[role] = false;
  sums.clock.quality = core.state.quality;
  return { ...frame, published: false, sums };
}

/** Of its calendar, and the periods of its contracts. */
export const ownFrames = (core: Core, plan: AssetPlan, calendar: CalendarState): Frame[] => [
  ...calendar.frames.filter((frame) => plan.model.windows.includes(frame.kind)),
  ...plan.contracts.flatMap((id) => framesOf(core, id)),
];

/**
 * Begins an asset's timeline at its first input, `first`: every window that ends after it exists with its nominal
 * bounds, and the time before is `unknown` (`agent-stopped`).
 */
export function begin(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  first: Millis = core.state.now,
): void {
  const { now } = core.state;
  const calendar = calendarOf(core, plan);
  if (!calendar) return;
  const frames = ownFrames(core, plan, calendar).filter(
    (frame) =>
      frame.from <= now && frame.to > first && frame.from >= (asset.accountedTo ?? frame.from),
  );
  const from = Math.min(first, ...frames.map((frame) => frame.from));
  asset.firstInputAt = first;
  asset.track = newTrack(from);
  asset.evaluate = true;
  asset.ledger = {
    to: from,
    stop: null,
    blind: null,
    edgesTo: 0,
    crossings: [],
    windows: frames.map((frame) => newWindow(core, plan, frame)),
    open: null,
  };
  asset.openedTo = now;
  asset.nextOpen = 0;
  asset.nextSettle = (Math.floor(now / MINUTE) + 1) * MINUTE;
}

/** The asset of an input; its timeline begins with the first one. */
export function begun(core: Core, id: string): AssetState | undefined {
  const asset = core.byId.get(id);
  const plan = core.plan.assets.get(id);
  if (!asset || !plan) return undefined;
  if (asset.firstInputAt === null) begin(core, asset, plan);
  touch(core, asset);
  return asset;
}

/** Opens the windows that have begun. */
export function openWindows(core: Core, asset: AssetState, plan: AssetPlan): void {
  const { now } = core.state;
  const calendar = calendarOf(core, plan);
  if (!calendar || asset.nextOpen > now) return;
  asset.nextOpen = NEVER;
  if (plan.model.left !== undefined) return;
  for (const frame of ownFrames(core, plan, calendar)) {
    if (frame.from <= asset.openedTo) continue;
    if (frame.from <= now) asset.ledger.windows.push(newWindow(core, plan, frame));
    else asset.nextOpen = Math.min(asset.nextOpen, frame.from);
  }
  asset.openedTo = Math.max(now, asset.openedTo);
}

/** When the next window must be opened, published, made final, or the next minute settled. */
export function nextWindowDue(core: Core, asset: AssetState, plan: AssetPlan): Millis {
  if (asset.nextOpen === 0) openWindows(core, asset, plan);
  const settles = canSettle(core);
  let due = asset.nextOpen;
  if (settles) due = Math.min(due, asset.nextSettle);
  for (const window of asset.ledger.windows) {
    if (!window.published) due = Math.min(due, window.to);
    else if (settles) due = Math.min(due, window.to + plan.settleMs);
  }
  return due;
}

function contextOf(core: Core, asset: AssetState, plan: AssetPlan): SettleContext | null {
  const calendar = calendarOf(core, plan);
  if (!calendar) return null;
  const emit: SettleContext["emit"] = (fact) => {
    core.out.push(fact);
    bookFact(core, asset, fact);
  };
  return { state: asset, plan, calendar, ledger: asset.ledger, emit };
}

const byEnd = (a: OpenWindow, b: OpenWindow): number =>
  a.to - b.to || WINDOW_KINDS.indexOf(a.kind) - WINDOW_KINDS.indexOf(b.kind);

/** Publishes what ended and makes final what has settled. */
export function closeWindows(core: Core, asset: AssetState, plan: AssetPlan): void {
  const { now } = core.state;
  const context = contextOf(core, asset, plan);
  if (!context) return;
  const ended = asset.ledger.windows.filter((window) => window.to <= now).sort(byEnd);
  for (const window of ended) {
    if (!window.published) {
      window.published = true;
      publish(core, asset, plan, window, provisional(context, window), 0);
    } else if (canSettle(core) && window.to + plan.settleMs <= now) {
      settle(context, window.to);
      cutInterval(context);
      const sums = closing(context, window);
      publish(core, asset, plan, window, sums, 1);
      if (window.kind === "period") noteEnd(core, asset, window, sums);
      asset.ledger.windows = asset.ledger.windows.filter((open) => open !== window);
      tidy(asset, plan);
    }
  }
}

/** The sums of a window as they stand at its end, without settling anything. */
function provisional(context: SettleContext, window: OpenWindow): WindowSums {
  const { ledger } = context;
  const copy = structuredClone({ ...ledger, windows: [window] });
  const trial = { ...context, ledger: copy, emit: () => {} };
  settle(trial, window.to);
  return closing(trial, copy.windows[0] as OpenWindow);
}

/** What depends on the settled end being the window's end: an open failure, a blind span that goes on. */
function closing({ ledger }: SettleContext, window: OpenWindow): WindowSums {
  window.sums.open = failureOpen(ledger) ? 1 : 0;
  window.sums.unbridged = soFar(ledger, window).unbridged;
  return window.sums;
}

function publish(
  core: Core,
  asset: AssetState,
  plan: AssetPlan,
  window: OpenWindow,
  sums: WindowSums,
  revision: 0 | 1,
): void {
  const { kind, from, to, localDate, shift, contract } = window;
  const body: WindowBody = {
    kind,
    from,
    to,
    localDate,
    shift: shift === null ? null : { calendar: plan.model.calendar ?? "", id: shift },
    ...(contract === undefined ? {} : { contract }),
    revision,
    final: revision === 1,
    supersedes: null,
    by: null,
    why: null,
    sums,
  };
  record(core, { kind: "record", asset: asset.id, ...stamp(core), class: "window", body });
}

/** Settles once a minute, so that the journal follows and the log stays short. */
export function settleMinute(core: Core, asset: AssetState, plan: AssetPlan): void {
  const { now } = core.state;
  if (now < asset.nextSettle || !canSettle(core)) return;
  const context = contextOf(core, asset, plan);
  if (context) settle(context, now - plan.settleMs);
  tidy(asset, plan);
  asset.nextSettle = (Math.floor(now / MINUTE) + 1) * MINUTE;
}

/** Forgets what no later step can need. */
function tidy(asset: AssetState, plan: AssetPlan): void {
  const { to } = asset.ledger;
  prune(plan, asset.track, to, to - plan.longestHoldMs);
  asset.bookings = asset.bookings.filter((booking) => booking.at >= to);
  const open = asset.ledger.windows.map(windowKey);
  asset.ledger.crossings = asset.ledger.crossings.filter(({ touched }) =>
    touched.some((key) => open.includes(key)),
  );
  const begun = asset.recipes.findLastIndex((span) => span.from <= to);
  if (begun > 0) asset.recipes = asset.recipes.slice(begun);
  asset.plans = asset.plans.filter((plan) => plan.to > to);
  asset.notes = asset.notes.filter((note) => note.to > to - NOTES_MS);
}

/** Notes that a counter was read at a scheduled instant, at most once per window and schedule span. */
export function markSeen(core: Core, asset: AssetState, plan: AssetPlan, source: string): void {
  const { now } = core.state;
  if (plan.counters.every((_, role) => now < (asset.seenUntil[role] ?? 0))) return;
  const s = plan.sourceIndex.get(source);
  const calendar = calendarOf(core, plan);
  if (!calendar) return;
  const { schedule, until } = scheduleAt(calendar, asset.plans, now);
  const windows = asset.ledger.windows.filter(({ from, to }) => from <= now && now < to);
  const next = Math.min(until, asset.nextOpen || now, ...windows.map(({ to }) => to));
  for (const [role, counter] of plan.counters.entries()) {
    if (now < (asset.seenUntil[role] ?? 0)) continue;
    const isOwn = plan.model.points[counter.point]?.source === s;
    if (!isOwn || !asset.points[counter.point]?.tracking) continue;
    if (schedule === "scheduled")
      for (const window of windows) window.sums.seen[counter.role] = true;
    asset.seenUntil[role] = next;
  }
}

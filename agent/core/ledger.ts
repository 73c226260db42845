/**
 * What a ledger counts beside lengths: stops where they begin and end, blind spans that were bridged, edges in doubt.
 * Called by `settle.ts` as it walks; every function adds to the windows of the ledger it is given.
 */
import type { AssetState, Ledger, OpenStop, OpenWindow } from "./asset.ts";
import type { Fact } from "./fact.ts";
import type { AssetPlan } from "./plant.ts";
import { type CalendarState, scheduleAt } from "./schedule.ts";
import type { Stop } from "./stop.ts";
import { type Millis, overlapMs } from "./time.ts";

export interface SettleContext {
  state: AssetState;
  plan: AssetPlan;
  calendar: CalendarState;
  ledger: Ledger;
  emit: (fact: Fact) => void;
}

export const windowKey = (window: OpenWindow): string =>
  `${window.kind} ${window.from} ${window.shift ?? ""}`;

export const holding = (ledger: Ledger, instant: Millis): OpenWindow[] =>
  ledger.windows.filter((window) => window.from <= instant && instant < window.to);

/** Counts a stop where it begins: a micro-stop inside loading, a failure anywhere. */
export function openStop(context: SettleContext, stop: Stop, cursor: Millis): void {
  const { ledger, calendar, state } = context;
  const counted = ledger.stop?.from === stop.from && ledger.stop.failure;
  if (stop.class === "stop") {
    if (stop.failure && !counted)
      for (const window of holding(ledger, stop.from)) window.sums.failures++;
  } else if (
    cursor === stop.from &&
    scheduleAt(calendar, state.plans, cursor).schedule === "scheduled"
  ) {
    for (const window of holding(ledger, cursor)) window.sums.microStops.count++;
  }
  ledger.stop = openOf(stop);
}

const openOf = ({ from, left, planned, failure, class: judged }: Stop): OpenStop => ({
  from,
  left,
  planned,
  failure,
  class: judged,
});

export function closeStop(context: SettleContext, stop: Stop): void {
  const { end } = stop;
  context.ledger.stop = null;
  if (end === null || !stop.failure || stop.class !== "stop") return;
  for (const window of context.ledger.windows)
    if (window.from < end && end <= window.to) window.sums.restoredMs += end - stop.from;
}

/** Whether a failure covers the settled end. */
export const failureOpen = ({ stop }: Ledger): boolean =>
  stop?.failure === true && stop.class === "stop";

/** A blind span ended: it is bridged where it lies wholly in the window and every counter was read unambiguously across it. */
export function closeBlind(context: SettleContext, end: Millis): void {
  const { ledger, state, plan, calendar } = context;
  const { blind } = ledger;
  ledger.blind = null;
  if (!blind) return;
  const crossings = plan.counters.map(({ role, point }) => {
    const first = state.points[point]?.counter?.firstAt ?? Number.MAX_SAFE_INTEGER;
    const doubt = state.bookings.some(
      (b) => b.role === role && b.ambiguous && b.at > blind.from && b.prevAt < end,
    );
    const crossing = state.bookings.find((b) => b.role === role && b.prevAt < end && b.at >= end);
    if (first > blind.from || doubt || blind.ambiguous || !crossing) return null;
    const { schedule } = scheduleAt(calendar, state.plans, crossing.at);
    return schedule === "scheduled" ? crossing.at : null;
  });
  for (const window of ledger.windows) {
    if (!blind.touched.includes(windowKey(window))) continue;
    const whole = blind.from >= window.from && end <= window.to;
    const bridged = crossings.length > 0 && crossings.every((at) => at !== null && at < window.to);
    if (!whole || !bridged) window.sums.unbridged = true;
  }
}

export function addEdges(context: SettleContext, to: Millis): void {
  const { ledger, state } = context;
  const { segments } = state.track;
  for (const [i, segment] of segments.entries()) {
    const before = segments[i - 1];
    if (!before || segment.edgeFrom === null || before.condition === segment.condition) continue;
    if (before.condition === "unknown" || segment.condition === "unknown") continue;
    const from = Math.max(segment.edgeFrom, ledger.to);
    const end = Math.min(segment.from, to);
    if (end <= from) continue;
    for (const window of ledger.windows)
      window.sums.edgeUncertaintyMs += overlapMs({ from, to: end }, window.from, window.to);
  }
}

/**
 * The clocks of an incident (metrics A5): each in calendar and in covered time, minus the time it was held.
 * Derived from its instants whenever they are asked for; nothing here runs.
 */
import { earlier, later, type Stamp } from "./coverage.ts";
import type { Limit } from "./model.ts";
import type { Clock, Clocks } from "./outcome.ts";
import type { Incident } from "./state.ts";

/** All clocks as they stand at `now`. */
export function clocksOf(incident: Incident, now: Stamp): Clocks {
  const { fault, opened, restored, closed } = incident;
  const over = restored ?? closed;
  const clock = (from: Stamp, reached: Stamp | null, end: Stamp | null, limit?: Limit): Clock =>
    clockOf(incident, from, reached, end, now, limit);
  return {
    detect: clock(fault, incident.detected, null),
    acknowledge: clock(opened, incident.acknowledged, over, "acknowledge"),
    respond: clock(opened, incident.responded, over, "respond"),
    restore: clock(fault, restored, closed, "restore"),
    resolve: clock(opened, closed, null),
  };
}

function clockOf(
  incident: Incident,
  from: Stamp,
  reached: Stamp | null,
  over: Stamp | null,
  now: Stamp,
  limit?: Limit,
): Clock {
  const to = reached ?? over ?? now;
  const state = reached ? "reached" : over ? "ended" : "running";
  const held = heldBetween(incident, from, to, now);
  const elapsedMs = Math.max(0, to.at - from.at);
  const calendarMs = elapsedMs - held.at;
  const coveredMs = Math.max(0, to.coveredMs - from.coveredMs) - held.coveredMs;
  const { terms } = incident;
  const limitMs = limit === undefined ? null : terms.limits[limit];
  const spent = terms.clock === "covered" ? coveredMs : calendarMs;
  const within = limitMs !== null && spent > limitMs ? false : null;
  const met = limitMs !== null && reached && within === null ? true : within;
  return { state, elapsedMs, calendarMs, coveredMs, limitMs, met };
}

/** Held time of `[from, to)` on both clocks. Holds do not overlap. */
function heldBetween({ holds }: Incident, from: Stamp, to: Stamp, now: Stamp): Stamp {
  const held = { at: 0, coveredMs: 0 };
  for (const hold of holds) {
    const begin = later(hold.from, from);
    const end = earlier(hold.to ?? now, to);
    if (end.at <= begin.at) continue;
    held.at += end.at - begin.at;
    held.coveredMs += end.coveredMs - begin.coveredMs;
  }
  return held;
}

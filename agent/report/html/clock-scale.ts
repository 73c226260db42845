/**
 * Where an instant lies on an axis of local clock time, so that days with a change of the clock line up with others: the
 * hour that a clock skips stays empty, the one that it shows twice holds both at half the width. Draws nothing.
 */
import type { Millis, Span } from "../../core/time.ts";
import { localTime } from "../words.ts";

export interface ClockScale {
  /** 0 at the begin of the span, 1 at its end. */
  position(t: Millis): number;
  /** Milliseconds by which the clock goes back inside the span; negative: forward. */
  changeMs: Millis;
}

/** What a clock on the wall shows, as if it were UTC. */
const wallTime = (t: Millis, zone: string): Millis =>
  Date.parse(`${localTime(t, zone).replace(" ", "T")}Z`) + (t % 1000);

/** A span too short to show a change on the clock is drawn as it elapses. */
export function clockScale({ from, to }: Span, zone: string): ClockScale {
  const begin = wallTime(from, zone);
  const nominal = wallTime(to, zone) - begin;
  const changeMs = to - from - nominal;
  const elapsed = { position: (t: Millis) => (t - from) / (to - from), changeMs };
  if (changeMs === 0) return elapsed;
  const change = changeIn({ from, to }, (t) => wallTime(t, zone) - begin !== t - from);
  const twice = Math.max(changeMs, 0);
  if (change - twice < from || change + twice > to) return elapsed;
  const clock = (t: Millis): Millis => {
    if (t < change - twice) return t - from;
    if (t >= change + twice) return t - from - changeMs;
    return change - twice - from + (t - change + twice) / 2;
  };
  return { position: (t) => clock(t) / nominal, changeMs };
}

/** The first instant for which `isLater` holds, as it does from then on. */
function changeIn({ from, to }: Span, isLater: (t: Millis) => boolean): Millis {
  let [low, high] = [from, to];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isLater(middle)) high = middle;
    else low = middle;
  }
  return high;
}

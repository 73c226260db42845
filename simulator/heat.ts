/**
 * Temperature: a first-order lag of oil behind load, on top of an ambient that follows the day.
 * Closed form over a stretch of constant load; integrates nothing.
 */
import type { Millis } from "../agent/core/time.ts";
import type { Channels } from "./kind.ts";

const DAY = 86_400_000;

/** Degrees Celsius: 21 on average, coldest about 03:00 UTC, warmest about 15:00 UTC. */
export function ambientAt(t: Millis): number {
  return 21 + 4.5 * Math.sin((2 * Math.PI * (t - DAY * 0.375)) / DAY);
}

/** Kelvin above ambient at `t` of a stretch that began at `from` with `rise`. */
export function riseAfter(
  channels: Channels,
  stretch: { from: Millis; load: number; rise: number },
  t: Millis,
): number {
  const goal = channels.oil.riseK * stretch.load;
  return goal + (stretch.rise - goal) * Math.exp((stretch.from - t) / channels.oil.tauMs);
}

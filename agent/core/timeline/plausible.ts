/**
 * Values that were read well and cannot be true: outside their range, further from the last good one than the machine
 * can move, or unchanged for longer than a live channel ever is. Judges one point at a time; repairs nothing.
 */
import type { Plausibility, Value } from "../model.ts";
import type { Millis } from "../time.ts";

export type Implausible = "VALUE_RANGE" | "VALUE_STEP" | "VALUE_FROZEN";

/** What is remembered of a point that is checked. Plain data: it is journaled. */
export interface Scrutiny {
  /** The last value that was read, believed or not. */
  value: Value;
  mono: Millis;
  /** How long it has been read without a change. Time in which it was not read does not count. */
  sameMs: Millis;
  /** Samples refused so far, by reason. */
  refused: Partial<Record<Implausible, number>>;
}

/** A value with the monotonic instant it was read. */
export interface Seen {
  value: Value;
  mono: Millis;
}

/** Takes note of a value. `holdMs`: longer apart than this, nothing is known of the time between two values. */
export function scrutinize(past: Scrutiny | null, now: Seen, holdMs: Millis): Scrutiny {
  const { value, mono } = now;
  if (past === null) return { value, mono, sameMs: 0, refused: {} };
  const apart = mono - past.mono;
  const isSame = past.value === value;
  past.sameMs = isSame ? past.sameMs + (apart <= holdMs ? apart : 0) : 0;
  past.value = value;
  past.mono = mono;
  return past;
}

/**
 * Why the noted value cannot be believed, or null. `good` is the last one that was; the value may differ from it by
 * `maxStep` for the time between, and always by as much as for one poll.
 */
export function doubt(
  rules: Plausibility,
  { value, mono, sameMs }: Scrutiny,
  good: Seen | null,
  pollMs: Millis,
): Implausible | null {
  const { range, maxStep, frozenMs } = rules;
  const number = Number(value);
  if (range && !(range.low <= number && number <= range.high)) return "VALUE_RANGE";
  if (maxStep && good) {
    const dt = Math.max(mono - good.mono, pollMs);
    const moved = Math.abs(number - Number(good.value));
    if (!(moved * maxStep.perMs <= maxStep.count * dt)) return "VALUE_STEP";
  }
  return frozenMs !== null && sameMs >= frozenMs ? "VALUE_FROZEN" : null;
}

export const isImplausible = (reason: string | null): boolean =>
  reason === "VALUE_RANGE" || reason === "VALUE_STEP" || reason === "VALUE_FROZEN";

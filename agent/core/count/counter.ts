/** Counter arithmetic (accounting rule 8): exact integers, rollover before reset before correction before jump. */
import type { CounterModel, Rate, Value } from "../model.ts";
import type { Millis } from "../time.ts";

export type CounterFlag = "COUNT_UNCERTAIN" | "COUNT_RESET" | "COUNT_CORRECTED" | "COUNT_JUMP";

/** `delta` in counts (not pieces); `excess`: what further wraps could add. */
export type Reading =
  | { kind: "delta"; delta: number; excess: number; flag: CounterFlag | null }
  | { kind: "jump" };

/** Largest plausible number of counts in `dtMs`: floor(rate × dt) + 1. */
export function plausibleCounts(rate: Rate, dtMs: Millis): bigint {
  return (BigInt(rate.count) * BigInt(Math.max(0, dtMs))) / BigInt(rate.perMs) + 1n;
}

/** A count: a safe integer, or a bigint beyond. */
type Count = number | bigint;

/** The exact integer of a counter value, or null where it is none (fraction, text, negative, past the modulus). */
export function countOf(value: Value, modulus: bigint): Count | null {
  if (typeof value === "number")
    return Number.isSafeInteger(value) && value >= 0 && value < modulus ? value : null;
  if (typeof value === "boolean" || (typeof value === "string" && !/^\d+$/.test(value)))
    return null;
  const whole = BigInt(value);
  if (whole < 0n || whole >= modulus) return null;
  return whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole;
}

/** Compares `now` with the last good value, `dtMs` of monotonic time apart. */
export function readCounter(model: CounterModel, last: Count, now: Count, dtMs: Millis): Reading {
  return plainStep(model, last, now, dtMs) ?? exactStep(model, BigInt(last), BigInt(now), dtMs);
}

/** The everyday case in plain numbers, all of them safe: a step forward that no wrap could explain as well. */
function plainStep(model: CounterModel, last: Count, now: Count, dtMs: Millis): Reading | null {
  if (typeof last !== "number" || typeof now !== "number" || now < last) return null;
  const product = model.maxRate.count * Math.max(0, dtMs);
  if (product > Number.MAX_SAFE_INTEGER) return null;
  const m = Math.floor(product / model.maxRate.perMs) + 1;
  const delta = now - last;
  return delta <= m && m < model.modulus ? { kind: "delta", delta, excess: 0, flag: null } : null;
}

function exactStep(model: CounterModel, last: bigint, now: bigint, dtMs: Millis): Reading {
  const m = plausibleCounts(model.maxRate, dtMs);
  const d = forward(last, now, model.modulus);
  if (d <= m) {
    const wraps = (m - d) / model.modulus;
    return {
      kind: "delta",
      delta: Number(d),
      excess: Number(wraps * model.modulus),
      flag: wraps > 0n ? "COUNT_UNCERTAIN" : null,
    };
  }
  if (now < last && now <= m)
    return { kind: "delta", delta: Number(now), excess: 0, flag: "COUNT_RESET" };
  if (now < last) return { kind: "delta", delta: 0, excess: 0, flag: "COUNT_CORRECTED" };
  return { kind: "jump" };
}

const forward = (from: bigint, to: bigint, modulus: bigint): bigint =>
  (((to - from) % modulus) + modulus) % modulus;

/** A counter between samples. `jump`: an implausible value that waits for its confirmation. */
export interface CounterState {
  last: Count | null;
  /** Where counting began: the baseline's instant on the axis. */
  firstAt: Millis;
  jump: { value: Count; mono: Millis } | null;
}

/** One good sample. Returns null when it is a jump that waits (the sample is bad once and refreshes nothing). */
export function countSample(
  model: CounterModel,
  state: CounterState,
  now: Count,
  at: Millis,
  mono: Millis,
  lastGoodMono: Millis,
): { delta: number; excess: number; flag: CounterFlag | null; baseline: boolean } | null {
  const { last, jump } = state;
  if (last === null) {
    state.last = now;
    state.firstAt = at;
    return { delta: 0, excess: 0, flag: null, baseline: true };
  }
  state.jump = null;
  if (jump && confirms(model, jump, now, mono)) {
    state.last = now;
    return { delta: 0, excess: 0, flag: "COUNT_JUMP", baseline: false };
  }
  const reading = readCounter(model, last, now, mono - lastGoodMono);
  if (reading.kind === "jump") {
    state.jump = { value: now, mono };
    return null;
  }
  state.last = now;
  return { ...reading, baseline: false };
}

function confirms(
  model: CounterModel,
  jump: { value: Count; mono: Millis },
  now: Count,
  mono: Millis,
): boolean {
  const d = forward(BigInt(jump.value), BigInt(now), model.modulus);
  return d <= plausibleCounts(model.maxRate, mono - jump.mono);
}

/** Counter arithmetic (accounting rule 8): exact integers, rollover before reset before correction before jump. */
import type { CounterModel, Rate, Value } from "./model.ts";
import type { Millis } from "./time.ts";

export type CounterFlag = "COUNT_UNCERTAIN" | "COUNT_RESET" | "COUNT_CORRECTED" | "COUNT_JUMP";

/** `delta` in counts (not pieces); `excess`: what further wraps could add. */
export type Reading =
  | { kind: "delta"; delta: number; excess: number; flag: CounterFlag | null }
  | { kind: "jump" };

/** Largest plausible number of counts in `dtMs`: floor(rate × dt) + 1. */
export function plausibleCounts(rate: Rate, dtMs: Millis): bigint {
  return (BigInt(rate.count) * BigInt(Math.max(0, dtMs))) / BigInt(rate.perMs) + 1n;
}

/** The exact integer of a counter value, or null where it is none (fraction, text, negative, past the modulus). */
export function countOf(value: Value, modulus: bigint): bigint | null {
  let whole: bigint;
  if (typeof value === "bigint") whole = value;
  else if (typeof value === "number") {
    if (!Number.isInteger(value)) return null;
    whole = BigInt(value);
  } else if (typeof value === "boolean" || !/^\d+$/.test(value)) return null;
  else whole = BigInt(value);
  return whole >= 0n && whole < modulus ? whole : null;
}

/** Compares `now` with the last good value, `dtMs` of monotonic time apart. */
export function readCounter(model: CounterModel, last: bigint, now: bigint, dtMs: Millis): Reading {
  const m = plausibleCounts(model.maxRate, dtMs);
  const d = (((now - last) % model.modulus) + model.modulus) % model.modulus;
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

/** A counter between samples. `jump`: an implausible value that waits for its confirmation. */
export interface CounterState {
  last: string | null;
  /** Where counting began: the baseline's instant on the axis. */
  firstAt: Millis;
  lastAt: Millis;
  lastMono: Millis;
  jump: { value: string; mono: Millis } | null;
}

/** One good sample. Returns null when it is a jump that waits (the sample is bad once and refreshes nothing). */
export function countSample(
  model: CounterModel,
  state: CounterState,
  now: bigint,
  at: Millis,
  mono: Millis,
  lastGoodMono: Millis,
): { delta: number; excess: number; flag: CounterFlag | null; baseline: boolean } | null {
  const rebase = (): void => {
    state.last = now.toString();
    state.lastAt = at;
    state.lastMono = mono;
    state.jump = null;
  };
  if (state.last === null) {
    rebase();
    state.firstAt = at;
    return { delta: 0, excess: 0, flag: null, baseline: true };
  }
  if (state.jump) {
    const { value, mono: seen } = state.jump;
    const d = (((now - BigInt(value)) % model.modulus) + model.modulus) % model.modulus;
    if (d <= plausibleCounts(model.maxRate, mono - seen)) {
      rebase();
      return { delta: 0, excess: 0, flag: "COUNT_JUMP", baseline: false };
    }
  }
  const reading = readCounter(model, BigInt(state.last), now, mono - lastGoodMono);
  if (reading.kind === "jump") {
    state.jump = { value: now.toString(), mono };
    return null;
  }
  rebase();
  return { ...reading, baseline: false };
}

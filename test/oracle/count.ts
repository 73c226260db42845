/** Oracle: one step of a counter, accounting rule 8, in the order of its sentences. */
import type { CounterModel } from "../../agent/core/model.ts";
import type { Flag } from "../../agent/core/window/sums.ts";

export interface Count {
  i: number;
  at: number;
  /** The counter's previous good sample. */
  since: number;
  /** In counts of the register, not yet pieces. */
  delta: bigint;
  /** What further wraps could add. */
  extra: bigint;
  flag: Flag | null;
}

export interface Step {
  delta: bigint;
  extra: bigint;
  flag: Flag | null;
  /** Within m of the last value. */
  near: boolean;
}

/** null: a jump. */
export function count(model: CounterModel, last: bigint, now: bigint, dt: number): Step | null {
  const most = (BigInt(model.maxRate.count) * BigInt(dt)) / BigInt(model.maxRate.perMs) + 1n;
  const modulus = model.modulus;
  const d = (((now - last) % modulus) + modulus) % modulus;
  if (d <= most) {
    let extra = 0n;
    while (d + extra + modulus <= most) extra += modulus;
    return { delta: d, extra, flag: extra > 0n ? "COUNT_UNCERTAIN" : null, near: true };
  }
  if (now < last && now <= most) return { delta: now, extra: 0n, flag: "COUNT_RESET", near: false };
  if (now < last) return { delta: 0n, extra: 0n, flag: "COUNT_CORRECTED", near: false };
  return null;
}

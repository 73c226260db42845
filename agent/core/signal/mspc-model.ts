/**
 * A learned MSPC model and what one row does to it: standardise, detrend, clip, discount, smooth, and measure T2 and
 * Q. Plain data, no allocation per row. Refuses to decide (`mspc.ts`) and to learn (`mspc-learn.ts`).
 */
import type { Latch } from "./latch.ts";
import type { MspcSettings } from "./settings-stream.ts";

/** All arrays are in the model's own order of channels; `order` leads back to the caller's. */
export interface MspcModel {
  order: number[];
  mean: number[];
  /** 1 / sd. */
  rate: number[];
  weight: number[];
  /** Where the slow baseline is now, in sd from the training mean. */
  base: number[];
  /** The smoothed, weighted residual. */
  smooth: number[];
  /** Its mean over the training rows. */
  center: number[];
  /** Row k is component k, by falling variance. */
  vectors: number[];
  /** 1 / variance of each component. */
  inverse: number[];
  kept: number;
  /** Square roots of T2 and Q are multiplied by these: 1 / their training quantile. */
  perT: number;
  perQ: number;
  /** T2 and Q of the newest row, on that scale. */
  t: number;
  q: number;
  latch: Latch;
}

/** Rounds to a grid of 2^-14, ties to even: what differs only by the rounding of a unit becomes the same number. */
const GRID = 1.5 * 2 ** 38;
export const onGrid = (z: number): number => z + GRID - GRID;

/** Of a baseline's step towards the newest value, in sd. */
const STEP_CLIP = 3;

const clip = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/** Takes a row in. A channel that is not a finite number keeps its smoothed residual; returns how many those were. */
export function filter(
  model: MspcModel,
  x: ArrayLike<number>,
  settings: MspcSettings,
  follows: boolean,
): number {
  const { order, mean, rate, weight, base, smooth } = model;
  let missing = 0;
  for (let j = 0; j < order.length; j++) {
    const value = x[order[j]!]!;
    if (value - value !== 0) {
      missing++;
      continue;
    }
    const z = onGrid((value - mean[j]!) * rate[j]!);
    let b = base[j]!;
    if (follows) {
      b = clip(b + settings.detrend * clip(z - b, STEP_CLIP), settings.budget);
      base[j] = b;
    }
    const residual = clip(z - b, settings.clip) * weight[j]!;
    smooth[j] = smooth[j]! + settings.smoothing * (residual - smooth[j]!);
  }
  return missing;
}

/**
 * Hotelling's T2 over the kept components and Q over the rest, into `t` and `q`. Each component of Q counts by its own
 * variance: a plain squared error would drown a broken correlation in the noise of unrelated channels.
 */
export function measure(model: MspcModel): void {
  const { smooth, center, vectors, inverse, kept } = model;
  const m = smooth.length;
  let t = 0;
  let q = 0;
  for (let k = 0, at = 0; k < m; k++) {
    let score = 0;
    for (let j = 0; j < m; j++, at++) score += vectors[at]! * (smooth[j]! - center[j]!);
    const part = score * score * inverse[k]!;
    if (k < kept) t += part;
    else q += part;
  }
  model.t = Math.sqrt(t) * model.perT;
  model.q = Math.sqrt(q) * model.perQ;
}

/** What each channel adds to the statistic that `ofT` names, never below 0; own order. */
export function parts(model: MspcModel, ofT: boolean): number[] {
  const { smooth, center, vectors, inverse, kept } = model;
  const m = smooth.length;
  const residual = smooth.map((value, j) => value - center[j]!);
  const pull = residual.map(() => 0);
  for (let k = ofT ? 0 : kept; k < (ofT ? kept : m); k++) {
    let score = 0;
    for (let j = 0; j < m; j++) score += vectors[k * m + j]! * residual[j]!;
    for (let j = 0; j < m; j++) pull[j] = pull[j]! + score * inverse[k]! * vectors[k * m + j]!;
  }
  return pull.map((value, j) => Math.max(0, value * residual[j]!));
}

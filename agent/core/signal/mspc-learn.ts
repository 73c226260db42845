/**
 * What MSPC learns from its training rows: means, spreads, weights of the channels, components and limits.
 * Channels are put in an order that depends on their shape alone (not on unit, sign or place), and values on a grid,
 * so that permuted and rescaled channels give the same sums in the same order, to the bit.
 */
import { newLatch } from "./latch.ts";
import { quantileOf, symmetricEigen } from "./matrix.ts";
import { filter, type MspcModel, measure, onGrid } from "./mspc-model.ts";
import type { MspcSettings } from "./settings-stream.ts";

/** Blocks of the training rows between which a channel may wander. */
const BLOCKS = 8;
/**
 * A training value farther from the median than so many times the width of the inner 96 % is a misreading: a single one would
 * blind its channel for good.
 */
const WILD = 20;
const INNER = [0.02, 0.98] as const;

interface Shape {
  channel: number;
  mean: number;
  rate: number;
  weight: number;
  /** Lag-1 product sum and absolute sum of the standardised values: free of unit, sign and place. */
  keys: [number, number];
}

/** Training rows, row-major; null is a value that was absent. */
export interface Training {
  channels: number;
  rows: readonly (number | null)[];
}

/** The model of these rows, its filter where they end; null where no channel can be judged. */
export function learn(given: Training, settings: MspcSettings): MspcModel | null {
  const training = withoutWild(given);
  const { channels, rows } = training;
  const shapes: Shape[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const column: (number | null)[] = [];
    for (let i = channel; i < rows.length; i += channels) column.push(rows[i] ?? null);
    const shape = shapeOf(channel, column, settings);
    if (shape) shapes.push(shape);
  }
  if (shapes.length === 0) return null;
  shapes.sort((a, b) => a.keys[0] - b.keys[0] || a.keys[1] - b.keys[1] || a.channel - b.channel);
  const model = bare(shapes);
  const smoothed = smoothedRows(model, training, settings);
  components(model, smoothed, settings);
  limits(model, smoothed, settings);
  return model;
}

/** Null for a channel that never changed, or of which less than half was there: it cannot be judged. */
function shapeOf(
  channel: number,
  column: readonly (number | null)[],
  settings: MspcSettings,
): Shape | null {
  const good = column.filter((x) => x !== null);
  const first = good[0];
  if (first === undefined || good.length * 2 < column.length) return null;
  if (good.every((x) => x === first)) return null;
  // Shifted by the first value: a large offset costs no digits.
  const mean = first + good.reduce((sum, x) => sum + (x - first), 0) / good.length;
  const variance = good.reduce((sum, x) => sum + (x - mean) ** 2, 0) / good.length;
  const rate = 1 / Math.sqrt(variance);
  if (!(Number.isFinite(mean) && Number.isFinite(rate) && rate > 0)) return null;
  const z = column.map((x) => (x === null ? null : onGrid((x - mean) * rate)));
  return { channel, mean, rate, weight: weightOf(z, settings.discount), keys: keysOf(z) };
}

/** Misreadings as absent. A channel that rests on one value nearly always has no width to tell them by. */
function withoutWild({ channels, rows }: Training): Training {
  const kept = [...rows];
  for (let channel = 0; channel < channels; channel++) {
    const good = rows.filter((x, i): x is number => x !== null && i % channels === channel);
    const middle = quantileOf(good, 0.5);
    const far = WILD * (quantileOf(good, INNER[1]) - quantileOf(good, INNER[0]));
    if (!(far > 0)) continue;
    for (let i = channel; i < kept.length; i += channels)
      if (Math.abs((kept[i] ?? middle) - middle) > far) kept[i] = null;
  }
  return { channels, rows: kept };
}

function keysOf(z: readonly (number | null)[]): [number, number] {
  let lagged = 0;
  let size = 0;
  let last = 0;
  for (const value of z) {
    if (value === null) continue;
    lagged += value * last;
    size += Math.abs(value);
    last = value;
  }
  return [lagged, size];
}

/** 1 for a channel that only rattles; less, the more its block means wander beyond what rattling explains. */
function weightOf(z: readonly (number | null)[], discount: number): number {
  const length = Math.floor(z.length / BLOCKS);
  let wander = 0;
  let within = 0;
  let steps = 0;
  let blocks = 0;
  let last: number | null = null;
  for (let b = 0; b < BLOCKS; b++) {
    const block = z.slice(b * length, (b + 1) * length).filter((v) => v !== null);
    if (block.length === 0) continue;
    const mean = block.reduce((sum, v) => sum + v, 0) / block.length;
    within += block.reduce((sum, v) => sum + (v - mean) ** 2, 0) / block.length;
    blocks++;
    if (last !== null) {
      wander += (mean - last) ** 2;
      steps++;
    }
    last = mean;
  }
  if (steps === 0) return 1;
  const excess = Math.max(0, wander / steps - (2 * within) / blocks / length);
  return 1 / Math.sqrt(1 + BLOCKS * discount * excess);
}

function bare(shapes: readonly Shape[]): MspcModel {
  const m = shapes.length;
  const zeros = (): number[] => new Array<number>(m).fill(0);
  return {
    order: shapes.map((shape) => shape.channel),
    mean: shapes.map((shape) => shape.mean),
    rate: shapes.map((shape) => shape.rate),
    weight: shapes.map((shape) => shape.weight),
    base: zeros(),
    smooth: zeros(),
    center: zeros(),
    vectors: new Array<number>(m * m).fill(0),
    inverse: zeros(),
    kept: 0,
    perT: 1,
    perQ: 1,
    t: 0,
    q: 0,
    latch: newLatch(),
  };
}

/** The smoothed residual of every training row, from the one that `settle` lets in. Leaves the filter where it ended. */
function smoothedRows(
  model: MspcModel,
  { channels, rows }: Training,
  settings: MspcSettings,
): number[][] {
  const n = rows.length / channels;
  const from = Math.round(n * settings.settle);
  const smoothed: number[][] = [];
  const x = new Array<number>(channels).fill(0);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < channels; j++) x[j] = rows[i * channels + j] ?? Number.NaN;
    filter(model, x, settings, true);
    if (i >= from) smoothed.push([...model.smooth]);
  }
  return smoothed;
}

function components(model: MspcModel, smoothed: readonly number[][], settings: MspcSettings): void {
  const m = model.order.length;
  model.center = model.center.map(
    (_, j) => smoothed.reduce((sum, row) => sum + row[j]!, 0) / smoothed.length,
  );
  const covariance = new Array<number>(m * m).fill(0);
  for (let j = 0; j < m; j++)
    for (let k = 0; k < m; k++) {
      let sum = 0;
      for (const row of smoothed)
        sum += (row[j]! - model.center[j]!) * (row[k]! - model.center[k]!);
      covariance[j * m + k] = sum / smoothed.length;
    }
  const diagonal = model.order.map((_, j) => covariance[j * m + j]!);
  const ridge = settings.ridge * quantileOf(diagonal, 0.5) + Number.EPSILON;
  for (let j = 0; j < m; j++) covariance[j * m + j] = covariance[j * m + j]! + ridge;
  const { values, vectors } = symmetricEigen(covariance, m);
  model.vectors = vectors;
  const total = values.reduce((sum, v) => sum + v, 0);
  let explained = 0;
  while (model.kept < Math.max(1, m - 1) && explained < settings.explained * total)
    explained += values[model.kept++]!;
  model.inverse = values.map((value) => 1 / value);
}

/** Own quantiles instead of the F and chi-square tables: rows are neither independent nor normal. */
function limits(model: MspcModel, smoothed: readonly number[][], settings: MspcSettings): void {
  const last = model.smooth;
  const pairs = smoothed.map((row) => {
    model.smooth = row;
    measure(model);
    return [model.t, model.q] as const;
  });
  model.smooth = last;
  const t = quantileOf(
    pairs.map((pair) => pair[0]),
    settings.quantile,
  );
  const q = quantileOf(
    pairs.map((pair) => pair[1]),
    settings.quantile,
  );
  model.perT = t > 0 ? 1 / t : 0;
  model.perQ = q > 0 ? 1 / q : 0;
}

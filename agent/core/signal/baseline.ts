/**
 * What is normal for a channel in one context (state, or state and recipe): robust centre, dependence on load and ambient,
 * spread within a day and from day to day. Learned once from running time; begun anew only by a maintenance. How far it
 * follows says `follow.ts`. Judges nothing.
 */
import type { DriftModel } from "./model.ts";
import { deviation, median, spread, theilSen } from "./order.ts";

/** Places in a baseline. */
export const VERSION = 0;
export const BLOCKS = 1;
export const CENTER = 2;
/** Dependence on load, ambient and flow, and what they were at the centre. */
export const BY_LOAD = 3;
export const LOAD = 4;
export const BY_AMBIENT = 5;
export const AMBIENT = 6;
export const BY_FLOW = 7;
export const FLOW = 8;
export const WITHIN = 9;
export const DAILY = 10;
export const SCALE = 11;
export const SHIFT = 12;
export const LEARNED = 13;
/** Spread of single samples within a block. */
export const SAMPLE = 14;
/** Days that its spread from day to day was told from. */
export const DAYS_KNOWN = 15;
/** Widest spread from day to day in its first month; absent in what older versions learned. */
export const EARLY_DAILY = 16;
const PLACES = 17;

/** Places in what is being learned, before the points. */
const STRIDE = 0;
const SEEN = 1;
export const DAYS = 2;
const LAST_DAY = 3;
export const REFUSED = 4;
const HEAD = 5;
/** A point: value, load, ambient, flow, day, spread of samples. */
const WIDTH = 6;
const POINTS = 96;

/** Times the spread by which the halves of a warm-up may differ. */
const CONTAMINATED = 3;
/** Before any day is seen, the spread from day to day is taken for this part of that within a day, and for so many days' worth. */
const PRIOR = 0.8;
export const PRIOR_DAYS = 12;
/** Of the spread within a day, what is left in the mean of 8 h, by variance (blocks follow their neighbours). */
export const LEFT = 0.09;
/** Few days tell the spread badly: the effect asked for is larger by this over their number. */
const FEW = 3;

export interface Block {
  value: number;
  /** NaN when unknown. */
  load: number;
  ambient: number;
  flow: number;
  /** Spread of its samples. */
  sd: number;
  day: number;
  at: number;
}

export const newLearning = (): number[] => [1, 0, 0, -1, 0];

/** Takes a block in; true when there is enough to learn from. */
export function study(learning: number[], block: Block, model: DriftModel): boolean {
  const seen = learning[SEEN]!;
  learning[SEEN] = seen + 1;
  if (block.day !== learning[LAST_DAY]) {
    learning[LAST_DAY] = block.day;
    learning[DAYS]! += 1;
  }
  if (seen % learning[STRIDE]! === 0) {
    learning.push(block.value, known(block.load), known(block.ambient), known(block.flow));
    learning.push(block.day, block.sd);
    if (learning.length >= HEAD + WIDTH * POINTS) thin(learning);
  }
  return learning[DAYS]! > model.learnDays && learning[SEEN]! >= model.learnBlocks;
}

/** Unknown covariates count as 0: they are so for all points, or the block was not valid. */
const known = (value: number): number => (value - value === 0 ? value : 0);

function thin(learning: number[]): void {
  learning[STRIDE]! *= 2;
  let to = HEAD;
  for (let from = HEAD; from < learning.length; from += 2 * WIDTH) {
    for (let k = 0; k < WIDTH; k += 1) learning[to + k] = learning[from + k]!;
    to += WIDTH;
  }
  learning.length = to;
}

/**
 * The baseline of what was studied, or null when its halves disagree: then the first half is forgotten and learning goes
 * on. `grain`: resolution of the register; the scale is at least half of it.
 */
export function settleBaseline(
  learning: number[],
  version: number,
  grain: number,
  at: number,
): number[] | null {
  const column = (k: number): number[] => {
    const values: number[] = [];
    for (let i = HEAD + k; i < learning.length; i += WIDTH) values.push(learning[i]!);
    return values;
  };
  const day = column(4);
  const fit = regress(column(0), [column(1), column(2), column(3)]);
  const days = [...new Set(day)].map((one) => fit.rest.filter((_, i) => day[i] === one));
  const medians = days.map(median);
  const within = spread(
    days.flatMap((rest, i) => rest.map((value) => value - medians[i]!)),
    0,
  );
  if (isContaminated(fit.rest, medians, within)) {
    forgetFirstHalf(learning);
    return null;
  }
  const center = median(fit.rest);
  const daily = spreadOfDays(medians, Math.max(within, grain / 2));
  const base = new Array<number>(PLACES).fill(0);
  base[VERSION] = version;
  base[BLOCKS] = learning[SEEN]!;
  base[CENTER] = center;
  for (const [k, slope] of fit.slopes.entries()) {
    base[BY_LOAD + 2 * k] = slope;
    base[LOAD + 2 * k] = fit.middles[k]!;
  }
  base[WITHIN] = Math.max(within, grain / 2);
  base[DAILY] = daily;
  base[EARLY_DAILY] = daily;
  base[SCALE] = Math.hypot(base[WITHIN], daily);
  base[LEARNED] = at;
  base[DAYS_KNOWN] = medians.length;
  base[SAMPLE] = Math.max(median(column(5)), grain / 2);
  return base[SCALE] > 0 ? base : null;
}

/** Of few days, pulled towards what is usual. */
function spreadOfDays(medians: number[], within: number): number {
  const n = medians.length - 1;
  const usual = (PRIOR * within) ** 2;
  return Math.sqrt((PRIOR_DAYS * usual + n * deviation(medians) ** 2) / (PRIOR_DAYS + n));
}

/** Spread of the mean of 8 h of a healthy machine, wider while it is known from few days. */
export function noiseOf(base: number[]): number {
  const spread = Math.sqrt(base[DAILY]! ** 2 + LEFT * base[WITHIN]! ** 2);
  return spread * (1 + FEW / (PRIOR_DAYS + base[DAYS_KNOWN]!));
}

function isContaminated(rest: number[], medians: number[], within: number): boolean {
  const half = rest.length >> 1;
  const apart = Math.abs(median(rest.slice(0, half)) - median(rest.slice(half)));
  const moves = medians.slice(1).map((value, i) => (value - medians[i]!) / Math.SQRT2);
  return apart > CONTAMINATED * Math.hypot(within, spread(moves, 0));
}

function forgetFirstHalf(learning: number[]): void {
  const points = (learning.length - HEAD) / WIDTH;
  learning.splice(HEAD, WIDTH * (points >> 1));
  learning[SEEN] = Math.ceil(learning[SEEN]! / 2);
  learning[DAYS] = Math.ceil(learning[DAYS]! / 2);
  learning[REFUSED]! += 1;
}

interface Fit {
  rest: number[];
  slopes: number[];
  middles: number[];
}

/** Robust dependence on each covariate, where it explains something; twice round, as they may depend on each other. */
function regress(y: number[], xs: number[][]): Fit {
  const middles = xs.map(median);
  const slopes = xs.map(() => 0);
  const without = (skip: number): number[] =>
    y.map((value, i) =>
      xs.reduce(
        (sum, x, k) => (k === skip ? sum : sum - slopes[k]! * (x[i]! - middles[k]!)),
        value,
      ),
    );
  for (let round = 0; round < 2; round += 1) {
    for (const [k, x] of xs.entries()) slopes[k] = slopeOn(x, without(k), EXPLAINS[k]!);
  }
  return { rest: without(-1), slopes, middles };
}

/**
 * What must be left of the spread for load, ambient and flow to count. Weather and wandering both take days, so that in a
 * warm-up the one seems to follow the other; a season later that would be drift.
 */
const EXPLAINS = [0.97, 0.7, 0.97];

/** 0 where the spread left is not below `part`. */
function slopeOn(x: number[], y: number[], part: number): number {
  const wide = deviation(x);
  if (!(wide > 0)) return 0;
  const slope = theilSen(x, y, wide / 2);
  const middle = median(x);
  const rest = y.map((value, i) => value - slope * (x[i]! - middle));
  return spread(rest, median(rest)) < part * spread(y, median(y)) ? slope : 0;
}

/** Value expected of a block, before what was followed; NaN when a covariate is needed and unknown. */
export function expectedOf(base: number[], block: Block): number {
  const part = (slope: number, x: number, middle: number): number =>
    slope === 0 ? 0 : slope * (x - middle);
  return (
    base[CENTER]! +
    part(base[BY_LOAD]!, block.load, base[LOAD]!) +
    part(base[BY_AMBIENT]!, block.ambient, base[AMBIENT]!) +
    part(base[BY_FLOW]!, block.flow, base[FLOW]!)
  );
}

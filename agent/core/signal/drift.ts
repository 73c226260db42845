/**
 * Slow change of one channel: CUSUM and effect size of the residuals of 10-minute blocks, in sd that allow for drift from
 * day to day. Both must agree, so that neither a blip nor a hair's breadth is reported. Knows no clock and no life cycle.
 */
import { type Block, expectedOf, LEARNED, noiseOf, SCALE, SHIFT, VERSION } from "./baseline.ts";
import type { DriftModel } from "./model.ts";
import { CLIP, EFFECT_BLOCKS } from "./settings-plant.ts";

/** Places in the state of a drift. */
export const UP = 0;
export const DOWN = 1;
/** EWMA of clipped residuals over {@link EFFECT_BLOCKS}: in sd of such means while healthy, and in units. Decides. */
const EFFECT = 2;
const RAW = 3;
/** Instants at which the sums last were zero. */
export const UP_FROM = 4;
export const DOWN_FROM = 5;
/** Blocks judged since it began anew, at most EFFECT_BLOCKS. */
export const JUDGED = 6;
/** 1: raised as too high, -1: as too low, 0: not raised. */
export const SIDE = 7;
/** Blocks in a row that were calm while raised. */
export const CALM = 8;
/** Sum and number of block values of the hour that is being made. */
export const HOUR_SUM = 9;
export const HOUR_N = 10;
/**
 * As RAW, of residuals that may be as large as they are when they stay, and not when they come once: what people are told.
 * Absent in what older versions kept.
 */
const PLAIN = 11;
const PLACES = 12;

/** A block counts for the effect at most this many sd: one bad block is no effect, a large one can be told as it is. */
const CLIP_EFFECT = 8;
/** However quiet it is from day to day: a drift is at least so many sd of one block. */
const LEAST_EFFECT = 1.5;

export const newDrift = (): number[] => new Array<number>(PLACES).fill(0);

/** What {@link accumulate} says. */
export const QUIET = 0;
export const RAISED = 1;
export const CLEARED = 2;
/** Still raised. */
export const STANDS = 3;

/** `model.log`: judged on the logarithm; NaN when the value has none. */
export const scaled = (model: DriftModel, value: number): number =>
  model.log ? Math.log(value) : value;

/** Residual of a block against what its baseline has followed to; NaN when it cannot be told. */
export const residual = (base: number[], block: Block): number =>
  block.value - expectedOf(base, block) - base[SHIFT]!;

/** One block more. The sums stay as they are while nothing can be said. */
export function accumulate(
  model: DriftModel,
  state: number[],
  base: number[],
  block: Block,
): number {
  const rest = residual(base, block);
  if (!(rest - rest === 0) || base[VERSION] === 0 || block.at < base[LEARNED]!) return QUIET;
  const z = Math.min(CLIP, Math.max(-CLIP, rest / base[SCALE]!));
  const n = Math.min(EFFECT_BLOCKS, state[JUDGED]! + 1);
  state[JUDGED] = n;
  const weight = 2 / (EFFECT_BLOCKS + 1);
  const clipped = CLIP_EFFECT * base[SCALE]!;
  state[RAW]! += weight * (Math.min(clipped, Math.max(-clipped, rest)) - state[RAW]!);
  state[EFFECT] = state[RAW]! / noiseOf(base);
  const plain = effectOf(state);
  const most = CLIP_EFFECT * (base[SCALE]! + Math.abs(plain));
  state[PLAIN] = plain + weight * (Math.min(most, Math.max(-most, rest)) - plain);
  sum(model, state, UP, UP_FROM, z, block.at);
  sum(model, state, DOWN, DOWN_FROM, -z, block.at);
  return state[SIDE] === 0 ? begin(model, state, base) : end(model, state);
}

/** How far the last {@link EFFECT_BLOCKS} blocks lie from their baseline, in units. */
export const effectOf = (state: number[]): number => state[PLAIN] ?? state[RAW]!;

function sum(
  model: DriftModel,
  state: number[],
  place: number,
  from: number,
  z: number,
  at: number,
): void {
  const next = state[place]! + z - model.k;
  if (state[place] === 0) state[from] = at;
  state[place] = Math.min(2 * model.h, Math.max(0, next));
}

function begin(model: DriftModel, state: number[], base: number[]): number {
  const { h, direction, effect } = model;
  const size = Math.abs(state[RAW]!);
  if (size < LEAST_EFFECT * base[SCALE]! || Math.abs(state[EFFECT]!) <= effect) return QUIET;
  if (state[UP]! > h && state[RAW]! > 0 && direction !== "down") state[SIDE] = 1;
  else if (state[DOWN]! > h && state[RAW]! < 0 && direction !== "up") state[SIDE] = -1;
  else return QUIET;
  state[CALM] = 0;
  return RAISED;
}

/** Over when the effect has stayed below half of what is reported for as long as it takes to measure it. */
function end(model: DriftModel, state: number[]): number {
  const calm = Math.abs(state[EFFECT]!) < model.effect / 2;
  state[CALM] = calm ? state[CALM]! + 1 : 0;
  if (state[CALM]! < EFFECT_BLOCKS) return STANDS;
  state[SIDE] = 0;
  state[UP] = 0;
  state[DOWN] = 0;
  return CLEARED;
}

/** Nothing stands or is about to: the baseline may follow. */
export const isCalm = (model: DriftModel, state: number[]): boolean =>
  state[SIDE] === 0 && Math.max(state[UP]!, state[DOWN]!) < model.h / 2;

/** Since when it drifts: the last instant at which its sum was zero. */
export const onsetOf = (state: number[]): number =>
  state[SIDE]! < 0 ? state[DOWN_FROM]! : state[UP_FROM]!;

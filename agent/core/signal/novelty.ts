/**
 * Novelty in one channel at any sampling: winsorised residual, level shift, leaky CUSUM and change of activity, each
 * over its own running quantile; the loudest speaks, once per event. O(1), below 1 kB. Refuses to name a state: a
 * novelty is an instant, and one that stays is told once.
 */
import { FLOOR, firstLimit, nextLimit, paces } from "./quantile.ts";
import type { RowDetector, RowVerdict } from "./row.ts";
import { LEAST_TRAINING, NOVELTY, type NoveltySettings } from "./settings-stream.ts";

export const NOVELTY_KINDS = ["residual", "shift", "drift", "activity"] as const;
export type NoveltyKind = (typeof NOVELTY_KINDS)[number];

/** Plain JSON data: a snapshot at any row, restored, goes on to the bit. */
export interface NoveltyState {
  settings: NoveltySettings;
  /** Factors per row of the own quantiles. */
  up: number;
  down: number;
  phase: "learning" | "judging";
  seen: number;
  last: number;
  level: number;
  fast: number;
  slow: number;
  /** Mean absolute residual, winsorised and plain: the plain one is the floor of the other. */
  scale: number;
  rough: number;
  /** One-sided leaky CUSUMs. */
  above: number;
  below: number;
  /** Mean absolute increment, fast and slow. */
  activity: number;
  usual: number;
  peak: number;
  /** By `NOVELTY_KINDS`: the statistics of the newest row and their own quantiles. */
  now: number[];
  limits: number[];
  missing: number;
}

/** Rows before the levels may be trusted to winsorise, and before the quantiles listen. */
const SETTLED = 20;
const LISTENS = 30;
/** No statistic counts beyond this: it is unmistakable anyway. */
const CEILING = 50;
/** The winsorised scale is never below this share of the plain one. */
const ROUGH_SHARE = 0.02;
/** Keeps the ratio of activities finite where nothing moves. */
const STILL = 0.05;

export function newNovelty(settings: NoveltySettings = NOVELTY): NoveltyState {
  return {
    settings: { ...settings, train: Math.max(LEAST_TRAINING, settings.train) },
    ...paces(settings.exceeded, settings.learning),
    phase: "learning",
    seen: 0,
    last: 0,
    level: 0,
    fast: 0,
    slow: 0,
    scale: 0,
    rough: 0,
    above: 0,
    below: 0,
    activity: 0,
    usual: 0,
    peak: 0,
    now: [0, 0, 0, 0],
    limits: [0, 0, 0, 0],
    missing: 0,
  };
}

const clip = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/**
 * `x[0]` is judged. `score` is r / (r + limit) of the ratio r to the own quantile, 0.5 at the limit, and 0 on rows
 * that tell nothing new; `alarm` and `onset` mark the rows at or above 0.5. A value that is no number is skipped.
 */
export function stepNovelty(state: NoveltyState, x: ArrayLike<number>, verdict: RowVerdict): void {
  const value = x[0]!;
  verdict.score = 0;
  verdict.alarm = false;
  verdict.onset = false;
  if (!isUsable(value)) {
    state.missing++;
    return;
  }
  if (state.seen === 0) start(state, value);
  state.seen++;
  const scale = state.scale + ROUGH_SHARE * state.rough;
  observe(state, value, scale);
  adapt(state, value, scale);
  if (state.phase === "learning") {
    learnLimits(state);
    return;
  }
  const ratio = loudest(state);
  state.peak *= state.settings.peakDecay;
  if (ratio <= state.peak) return;
  state.peak = ratio * state.settings.novel;
  verdict.score = ratio / (ratio + state.settings.on);
  verdict.alarm = verdict.score >= 0.5;
  verdict.onset = verdict.alarm;
}

/** Squares and differences of more than this would leave the range of a double. */
const isUsable = (value: number): boolean => Math.abs(value) < 1e150;

function start(state: NoveltyState, value: number): void {
  state.last = value;
  state.level = value;
  state.fast = value;
  state.slow = value;
}

/** The four statistics of this value, against levels and scale of the rows before it. */
function observe(state: NoveltyState, value: number, scale: number): void {
  const { settings, now } = state;
  const quick = Math.max(settings.fast, 1 / state.seen);
  state.fast += quick * (value - state.fast);
  const step = Math.abs(value - state.last);
  const most = 2 * settings.winsor * state.usual;
  const increment = state.seen > SETTLED ? Math.min(step, most) : step;
  state.activity += quick * (increment - state.activity);
  const deviation = Math.abs(value - state.level);
  if (scale > 0) {
    now[0] = Math.min(CEILING, deviation / scale);
    now[1] = Math.min(CEILING, Math.abs(state.fast - state.slow) / scale);
    const pull = clip((value - state.slow) / scale, settings.winsor);
    state.above = Math.max(0, state.above * settings.leak + pull - settings.slack);
    state.below = Math.max(0, state.below * settings.leak - pull - settings.slack);
    now[2] = Math.max(state.above, state.below);
  } else {
    now[0] = deviation === 0 ? 0 : CEILING;
    now[1] = 0;
    now[2] = 0;
  }
  const pace = (state.activity + STILL * state.usual) / ((1 + STILL) * state.usual);
  now[3] = state.usual > 0 ? Math.min(CEILING, Math.max(pace, 1 / pace) - 1) : 0;
  state.usual += Math.max(settings.slow, 1 / state.seen) * (increment - state.usual);
  state.last = value;
}

/** Levels and scales follow, an outlier only as far as `winsor` allows. */
function adapt(state: NoveltyState, value: number, scale: number): void {
  const { settings } = state;
  const young = 1 / state.seen;
  const limit = state.seen > SETTLED && scale > 0 ? settings.winsor * scale : Infinity;
  const deviation = value - state.level;
  const size = Math.abs(deviation);
  state.level += Math.max(settings.level, young) * clip(deviation, limit);
  state.scale += Math.max(settings.scale, young) * (Math.min(size, 1.5 * limit) - state.scale);
  const slow = Math.max(settings.slow, young);
  state.rough += slow * (size - state.rough);
  state.slow += slow * clip(value - state.slow, 2 * limit);
}

function learnLimits(state: NoveltyState): void {
  const { now, limits, down } = state;
  if (state.seen >= LISTENS)
    for (let k = 0; k < limits.length; k++) limits[k] = firstLimit(limits[k]!, now[k]!, down);
  if (state.seen >= state.settings.train) state.phase = "judging";
}

/** The largest ratio of a statistic to its own quantile, which then learns from it. */
function loudest(state: NoveltyState): number {
  const { now, limits, up, down } = state;
  let ratio = 0;
  for (let k = 0; k < limits.length; k++) {
    const limit = Math.max(FLOOR, limits[k]!);
    ratio = Math.max(ratio, now[k]! / limit);
    limits[k] = nextLimit(limit, now[k]!, up, down);
  }
  return ratio;
}

/** Which statistic is loudest on the newest row. */
export function noveltyKind(state: NoveltyState): NoveltyKind {
  let loud = 0;
  for (let k = 1; k < state.limits.length; k++)
    if (state.now[k]! * state.limits[loud]! > state.now[loud]! * state.limits[k]!) loud = k;
  return NOVELTY_KINDS[loud]!;
}

export const novelty: RowDetector<NoveltyState> = {
  step: stepNovelty,
  contributions: () => [{ channel: 0, share: 1 }],
};

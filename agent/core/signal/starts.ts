/**
 * How a drive starts and coasts down: time to nine tenths of the usual value, peak, area and the time it takes to stop,
 * each against its own starts before. Needs a sample a second or more; says nothing of machines that are polled slower.
 */
import type { Millis } from "../time.ts";
import { deviation, median, spread } from "./order.ts";

/** Places of the start or stop in hand: phase, instant it began, value it goes to, peak, area, last instant. */
const [PHASE, BEGAN, GOAL, PEAK, AREA, LAST] = [0, 1, 2, 3, 4, 5];
const [RESTING, RISING, RUNNING, FALLING] = [0, 1, 2, 3];

export const FEATURES = ["rise", "peak", "area", "coast"] as const;
export type Feature = (typeof FEATURES)[number];

/** Plain JSON data. */
export interface StartsState {
  now: number[];
  /** By feature: what is learned from (emptied then), and [median, spread, CUSUM up, CUSUM down, mean of the last eight]. */
  learning: number[][];
  usual: number[][];
}

/** A feature that has drifted, or has come back. */
export interface StartFinding {
  feature: Feature;
  raised: boolean;
  value: number;
  usual: number;
  sigmas: number;
}

/** Starts that are learned from. */
const LEARN = 30;
const K = 0.5;
const H = 8;
const CLIP = 4;
/** Mean of so many starts, in sd, that is told; half of it is the end. */
const RECENT = 8;
const LEAST = 2;
/** Spread of a feature is at least this part of its value. */
const LEAST_SPREAD = 0.02;
/** Longest start or stop; a longer one tells nothing. */
const LONGEST: Millis = 120_000;
/** Slowest pace of samples at which a start has a shape. */
const PACE: Millis = 2_000;

export const newStarts = (): StartsState => ({
  now: [RESTING, 0, 0, 0, 0, 0],
  learning: FEATURES.map(() => []),
  usual: FEATURES.map(() => []),
});

/** Nothing can be said of a sample in steady running but that it was there. */
export function isSteady(state: StartsState, x: ArrayLike<number>, i: number, gate: Gate): boolean {
  const { now } = state;
  const v = x[i]!;
  if (!gate.running || now[PHASE] !== RUNNING || gate.at - now[LAST]! > PACE) return false;
  if (v - v === 0) now[LAST] = gate.at;
  return true;
}

interface Gate {
  at: Millis;
  running: boolean;
}

/**
 * One sample; `runs`: whether the machine is in its running state, `usual`: value of steady running (NaN: unknown yet).
 * Findings come at the end of a start or of a stop; null otherwise.
 */
export function followStart(
  state: StartsState,
  v: number,
  at: Millis,
  runs: boolean,
  usual: number,
): StartFinding[] | null {
  const { now } = state;
  const dt = at - now[LAST]!;
  const lost = !(v - v === 0) || dt > PACE || dt < 0;
  now[LAST] = at;
  if (lost) {
    now[PHASE] = runs ? RUNNING : RESTING;
    return null;
  }
  switch (now[PHASE]) {
    case RESTING:
      if (runs && usual > 0) begin(now, RISING, at, usual);
      return null;
    case RISING:
      return rise(state, v, at, runs, dt);
    case RUNNING:
      if (!runs && usual > 0) begin(now, FALLING, at, usual);
      return null;
    default:
      return fall(state, v, at, runs);
  }
}

function begin(now: number[], phase: number, at: Millis, usual: number): void {
  now[PHASE] = phase;
  now[BEGAN] = at;
  now[GOAL] = usual;
  now[PEAK] = 0;
  now[AREA] = 0;
}

function rise(state: StartsState, v: number, at: Millis, runs: boolean, dt: Millis) {
  const { now } = state;
  now[PEAK] = Math.max(now[PEAK]!, v);
  now[AREA]! += (v * dt) / 1000;
  const took = at - now[BEGAN]!;
  if (!runs || took > LONGEST) {
    now[PHASE] = runs ? RUNNING : RESTING;
    return null;
  }
  // An inrush passes nine tenths at once and comes back: the start is over when the value stays near its goal.
  if (v < 0.9 * now[GOAL]! || v > 1.2 * now[GOAL]!) return null;
  now[PHASE] = RUNNING;
  const values = [took / 1000, now[PEAK]!, now[AREA]!];
  return findings(values.map((value, k) => judge(state, k, value)));
}

function fall(state: StartsState, v: number, at: Millis, runs: boolean) {
  const { now } = state;
  const took = at - now[BEGAN]!;
  if (runs || took > LONGEST) {
    now[PHASE] = runs ? RUNNING : RESTING;
    return null;
  }
  if (v > 0.1 * now[GOAL]!) return null;
  now[PHASE] = RESTING;
  return findings([judge(state, FEATURES.indexOf("coast"), took / 1000)]);
}

const findings = (all: (StartFinding | null)[]): StartFinding[] | null => {
  const found = all.filter((one) => one !== null);
  return found.length > 0 ? found : null;
};

const [MEDIAN, SPREAD, UP, DOWN, MEAN, SIDE] = [0, 1, 2, 3, 4, 5];

function judge(state: StartsState, k: number, value: number): StartFinding | null {
  const usual = state.usual[k]!;
  if (usual.length === 0) {
    learn(state, k, value);
    return null;
  }
  const z = (value - usual[MEDIAN]!) / usual[SPREAD]!;
  const clipped = Math.min(CLIP, Math.max(-CLIP, z));
  usual[UP] = Math.min(2 * H, Math.max(0, usual[UP]! + clipped - K));
  usual[DOWN] = Math.min(2 * H, Math.max(0, usual[DOWN]! - clipped - K));
  usual[MEAN]! += (clipped - usual[MEAN]!) / RECENT;
  const size = Math.abs(usual[MEAN]!);
  const off = Math.max(usual[UP]!, usual[DOWN]!) > H && size > LEAST;
  const raised = usual[SIDE] === 0 ? off : size > LEAST / 2;
  if (raised === (usual[SIDE] === 1)) return null;
  usual[SIDE] = raised ? 1 : 0;
  // What starts show is one finding: it is over when none of it stands.
  const start = k < FEATURES.indexOf("coast");
  if (!raised && start && state.usual.slice(0, 3).some((one) => one[SIDE] === 1)) return null;
  const feature = FEATURES[k]!;
  return { feature, raised, value, usual: usual[MEDIAN]!, sigmas: usual[MEAN]! };
}

function learn(state: StartsState, k: number, value: number): void {
  const learning = state.learning[k]!;
  learning.push(value);
  if (learning.length < LEARN) return;
  const middle = median(learning);
  // Times come in whole samples: many equal ones make the median deviation too small.
  const seen = Math.max(spread(learning, middle), deviation(learning));
  const wide = Math.max(seen, LEAST_SPREAD * Math.abs(middle), 1e-9);
  state.usual[k] = [middle, wide, 0, 0, 0, 0];
  state.learning[k] = [];
}

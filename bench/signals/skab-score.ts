/**
 * The scores of SKAB: pooled rows, and the NAB score over changepoints with its windows of 60 s. Validated by what it
 * must give for null, always-on and blind detectors, and by the published T2+Q row. Refuses to know a detector.
 */
import { type Confusion, confusion, rates } from "../../agent/signals/score.ts";
import type { Labelled } from "./data.ts";

export const TRAIN = 400;
const WINDOW_MS = 60_000;

const PROFILES = {
  standard: [1, -0.11, -1],
  lowFP: [1, -0.22, -1],
  lowFN: [1, -0.11, -2],
} as const;
export type Profile = keyof typeof PROFILES;

export interface SkabScores {
  f1: number;
  far: number;
  mar: number;
  nab: Record<Profile, number>;
  changepoints: number;
  missed: number;
  falsePoints: number;
}

/** `alarms`: one array per file, 0 or 1 per row. */
export function skabScores(
  files: readonly Labelled[],
  alarms: readonly ArrayLike<number>[],
): SkabScores {
  const pooled: Confusion = { tp: 0, tn: 0, fp: 0, fn: 0 };
  const sums: Record<Profile, number> = { standard: 0, lowFP: 0, lowFN: 0 };
  let changepoints = 0;
  let missed = 0;
  let falsePoints = 0;
  files.forEach((file, k) => {
    const sum = confusion(alarms[k]!, file.anomaly, TRAIN);
    for (const key of ["tp", "tn", "fp", "fn"] as const) pooled[key] += sum[key];
    const hits = changes(alarms[k]!).map((i) => file.rows.at[i]!);
    const windows = windowsOf(file);
    changepoints += windows.length;
    for (const profile of Object.keys(PROFILES) as Profile[])
      sums[profile] += fileScore(windows, hits, PROFILES[profile]);
    missed += windows.filter((window) => !hits.some((t) => within(window, t))).length;
    falsePoints += hits.filter((t) => !windows.some((window) => within(window, t))).length;
  });
  const normal = (profile: Profile): number => {
    const [tp, , fn] = PROFILES[profile];
    return (100 * (sums[profile] - changepoints * fn)) / (changepoints * (tp - fn));
  };
  const { f1, farPercent, marPercent } = rates(pooled);
  return {
    f1: f1 ?? 0,
    far: farPercent ?? 0,
    mar: marPercent ?? 0,
    nab: { standard: normal("standard"), lowFP: normal("lowFP"), lowFN: normal("lowFN") },
    changepoints,
    missed,
    falsePoints,
  };
}

/** Test rows at which the alarm turns; the first test row if it is on there. */
function changes(alarms: ArrayLike<number>): number[] {
  const out: number[] = [];
  for (let i = TRAIN; i < alarms.length; i++)
    if (i === TRAIN ? alarms[i] : alarms[i] !== alarms[i - 1]) out.push(i);
  return out;
}

type Window = [begin: number, end: number];

const within = ([begin, end]: Window, t: number): boolean => t >= begin && t <= end;

function windowsOf({ rows, changepoint }: Labelled): Window[] {
  const windows: Window[] = [];
  for (let i = TRAIN; i < changepoint.length; i++)
    if (changepoint[i]) windows.push([rows.at[i]!, rows.at[i]! + WINDOW_MS]);
  for (let k = 1; k < windows.length; k++)
    if (windows[k - 1]![1] >= windows[k]![0]) windows[k]![0] = windows[k - 1]![1];
  return windows;
}

function fileScore(
  windows: readonly Window[],
  hits: readonly number[],
  [tp, fp, fn]: readonly [number, number, number],
): number {
  let sum = 0;
  for (const [begin, end] of windows) {
    const hit = hits.find((t) => t >= begin && t <= end);
    if (hit === undefined) sum += fn;
    else {
      const late = Math.min(999, Math.trunc((1000 * (hit - begin)) / (end - begin)));
      const x = -Math.PI / 2 + (Math.PI * late) / 999;
      sum += ((tp - fp) / 2) * (-Math.tanh(x) / Math.tanh(Math.PI / 2)) + (tp + fp) / 2;
    }
  }
  return sum + fp * hits.filter((t) => !windows.some((window) => within(window, t))).length;
}

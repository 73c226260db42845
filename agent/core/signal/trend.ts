/**
 * Time to a threshold from daily medians: a robust line through the days since the onset and the chance that it has
 * crossed by then. Says "no estimate" by rule rather than guess; knows no channel and draws no conclusions.
 */
import type { NoEstimate } from "./change.ts";
import { kendall, median, theilSen } from "./order.ts";

export interface TrendInput {
  /** Running time of each day's median, ms, ascending, and the medians themselves. */
  run: readonly number[];
  value: readonly number[];
  /** Running time when the drift began. */
  onsetRun: number;
  /** Running time now. */
  nowRun: number;
  threshold: number;
  /** Spread of a daily median while healthy, in units. */
  scale: number;
  log: boolean;
}

/** Running time left, ms; a quantile beyond the horizon is null. */
export interface Crossing {
  none: NoEstimate | null;
  p10: number | null;
  p50: number | null;
  p90: number | null;
}

/** Days a trend needs, and the part of the way to the threshold that they must have covered. */
const LEAST_DAYS = 7;
const LEAST_SINCE_ONSET = 3;
const COVERED = 0.3;
/** Times the span of observation. */
const HORIZON = 3;
/** Wear changes its pace: relative spread of the way of one day, as of a Wiener process with drift. */
const UNREST = 0.29;
const DAY = 86_400_000;

const nothing = (none: NoEstimate): Crossing => ({ none, p10: null, p50: null, p90: null });

export function crossing(input: TrendInput): Crossing {
  const { run, value, onsetRun, nowRun, threshold, log } = input;
  if (run.length < LEAST_DAYS) return nothing("too-few-days");
  if (log && !(threshold > 0 && value.every((one) => one > 0))) return nothing("no-slope");
  const of = (one: number): number => (log ? Math.log(one) : one);
  const y = value.map(of);
  const since = Math.max(
    0,
    run.findIndex((at) => at >= onsetRun),
  );
  const first = Math.min(run.length - LEAST_SINCE_ONSET, since);
  const direction = kendall(y.slice(Math.min(first, run.length - LEAST_DAYS)));
  const goal = of(threshold);
  const line = lineOf(run.slice(first), y.slice(first), nowRun);
  if (direction === 0 || !(line.slope * (goal - line.now) > 0)) return nothing("no-slope");
  const start = median(y.slice(0, Math.max(1, first)));
  const covered = (line.now - start) / (goal - start);
  if (!(covered >= COVERED)) return nothing("too-little-covered");
  const scale = log ? input.scale / median(value.slice(0, Math.max(1, first))) : input.scale;
  const spreads = Math.max(scale, line.spread);
  const at = (z: number): number | null => quantile(line, goal, spreads, z, HORIZON * line.span);
  const p50 = at(0);
  if (p50 === null) return nothing("beyond-horizon");
  return { none: null, p10: at(-1.2816), p50, p90: at(1.2816) };
}

interface Line {
  slope: number;
  /** Value of the line now. */
  now: number;
  n: number;
  span: number;
  /** Of x, and from now back to its mean. */
  squares: number;
  back: number;
  spread: number;
}

function lineOf(run: readonly number[], y: readonly number[], nowRun: number): Line {
  const slope = theilSen(run, y);
  const now = median(y.map((value, i) => value + slope * (nowRun - run[i]!)));
  const n = run.length;
  const mean = run.reduce((sum, at) => sum + at, 0) / n;
  const squares = run.reduce((sum, at) => sum + (at - mean) ** 2, 0);
  const rest = y.map((value, i) => Math.abs(value + slope * (nowRun - run[i]!) - now));
  const span = Math.max(DAY / 2, nowRun - run[0]!);
  return { slope, now, n, span, squares, back: nowRun - mean, spread: 1.4826 * median(rest) };
}

/**
 * Least t at which the line has passed the goal by `-z` spreads of its own prediction (z < 0: some chance already).
 * Spread of the prediction at t: of the mean, of the slope, and of the pace of wear.
 */
function quantile(
  line: Line,
  goal: number,
  spreads: number,
  z: number,
  horizon: number,
): number | null {
  const short = (t: number): number => {
    const ahead = Math.abs(goal - line.now) - Math.abs(line.slope) * t;
    const slopeVariance = spreads ** 2 * (1 / line.n + (line.back + t) ** 2 / line.squares);
    const pace = (UNREST * line.slope) ** 2 * DAY * (t + t ** 2 / line.span);
    return ahead + z * Math.sqrt(slopeVariance + pace);
  };
  if (short(0) <= 0) return 0;
  if (short(horizon) > 0) return null;
  let low = 0;
  let high = horizon;
  for (let i = 0; i < 50; i += 1) {
    const middle = (low + high) / 2;
    if (short(middle) > 0) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Streaming multivariate process control: a row of channels against what the training rows taught, by Hotelling's T2
 * and Q of smoothed, detrended residuals, with hysteresis and contributions. O(m^2) per row. Refuses to relearn by
 * itself and to know of time: the caller gates by operating state.
 */
import { latchOn } from "./latch.ts";
import { learn } from "./mspc-learn.ts";
import { filter, type MspcModel, measure, parts } from "./mspc-model.ts";
import type { Contribution, RowDetector, RowVerdict } from "./row.ts";
import { LEAST_TRAINING, MSPC, type MspcSettings } from "./settings-stream.ts";

/** Plain JSON data: a snapshot at any row, restored, goes on to the bit. */
export interface MspcState {
  settings: MspcSettings;
  channels: number;
  /** Training rows so far, row-major, null where absent; emptied once learned. */
  rows: (number | null)[];
  /** `blind`: the training rows were over and no channel could be judged; it never alarms. */
  phase: "learning" | "judging" | "blind";
  model: MspcModel | null;
  /** Values that were absent while judging, of channels that are judged. */
  missing: number;
}

/** At least one channel; fewer training rows than `LEAST_TRAINING` are raised to it. */
export function newMspc(channels: number, settings: MspcSettings = MSPC): MspcState {
  return {
    settings: { ...settings, train: Math.max(LEAST_TRAINING, settings.train) },
    channels,
    rows: [],
    phase: "learning",
    model: null,
    missing: 0,
  };
}

/** The statistic on the scale of its limit: T2 and Q, each as a multiple of its training quantile. */
export function statisticOf(state: MspcState): number {
  const { model, settings } = state;
  return model === null ? 0 : Math.max(settings.weightT * model.t, settings.weightQ * model.q);
}

/** `score` is 0.5 at the limit, s / (s + limit) elsewhere; `onset` is the row at which an alarm begins or ends. */
export function stepMspc(state: MspcState, x: ArrayLike<number>, verdict: RowVerdict): void {
  const { model, settings } = state;
  verdict.onset = false;
  if (model === null) {
    verdict.score = 0;
    verdict.alarm = false;
    if (state.phase === "learning") keep(state, x);
    return;
  }
  state.missing += filter(model, x, settings, !model.latch.raised);
  measure(model);
  const statistic = statisticOf(state);
  verdict.onset = latchOn(model.latch, statistic, settings);
  verdict.alarm = model.latch.raised;
  verdict.score = statistic / (statistic + settings.on);
}

function keep(state: MspcState, x: ArrayLike<number>): void {
  const { channels, rows, settings } = state;
  for (let j = 0; j < channels; j++) {
    const value = x[j]!;
    rows.push(value - value === 0 ? value : null);
  }
  if (rows.length < settings.train * channels) return;
  state.model = learn(state, settings);
  state.phase = state.model === null ? "blind" : "judging";
  state.rows = [];
}

/** Share of each channel in the statistic that speaks loudest now; all 0 while nothing deviates. Caller's order. */
export function mspcContributions(state: MspcState): Contribution[] {
  const shares = new Array<number>(state.channels).fill(0);
  const { model, settings } = state;
  if (model !== null) {
    const each = parts(model, settings.weightT * model.t >= settings.weightQ * model.q);
    const total = each.reduce((sum, part) => sum + part, 0);
    if (total > 0)
      model.order.forEach((channel, j) => {
        shares[channel] = each[j]! / total;
      });
  }
  return shares.map((share, channel) => ({ channel, share }));
}

/** Channels that could not be judged: constant, or absent for more than half of the training rows. */
export function blindChannels(state: MspcState): number[] {
  if (state.phase === "learning") return [];
  const judged = state.model?.order ?? [];
  return Array.from({ length: state.channels }, (_, j) => j).filter((j) => !judged.includes(j));
}

export const mspc: RowDetector<MspcState> = { step: stepMspc, contributions: mspcContributions };

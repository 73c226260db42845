/**
 * The one frozen setting of the stream detectors: MSPC over rows of channels, novelty in one channel. Chosen on
 * SKAB valve1, the anomaly-free SKAB file and simulated faults (docs/signals.md says how). Nothing here may depend
 * on a row's index, a file's name, a date or a length. All times are in rows, so any sampling period will do.
 */

export interface MspcSettings {
  /** Rows that are learned, assumed healthy. More: steadier limits. Must be at least `LEAST_TRAINING`. */
  train: number;
  /** Share of the training rows left out of the covariance, while the smoothing settles. */
  settle: number;
  /** How fast the baseline follows, per row, while nothing is raised. Higher: drift is forgiven, slow faults too. */
  detrend: number;
  /** The baseline follows at most this far from the training mean, in training sd: wear is not learned away. */
  budget: number;
  /** A residual counts at most this many sd. Lower: single outliers matter less. */
  clip: number;
  /** How much a channel that wandered while learning is discounted. Higher: fewer false alarms on drifting channels. */
  discount: number;
  /** Weight of the newest row in the smoothed residual. Lower: quieter, sees smaller and slower faults, later. */
  smoothing: number;
  /** Added to the diagonal of the covariance, in medians of it. Higher: quieter, blinder to broken correlations. */
  ridge: number;
  /** Share of the variance that the kept components explain. */
  explained: number;
  /** Both statistics are divided by this quantile of their own training values. */
  quantile: number;
  /** Weights of T2 (channels move together) and Q (they no longer do). */
  weightT: number;
  weightQ: number;
  /** Alarm limit, in training quantiles (on the scale of sd). Higher: fewer false alarms, later and fewer finds. */
  on: number;
  /** Rows in a row above the limit before the alarm. Higher: later, fewer short false alarms. */
  rowsOn: number;
  /** The alarm ends below this share of the limit… */
  off: number;
  /** …or below this share of its own decaying peak, whichever is higher. */
  ofPeak: number;
  /** What is left of the peak after one row. */
  peakDecay: number;
  /** Rows in a row below before the alarm ends. Higher: fewer, longer events. */
  rowsOff: number;
}

/** Fewer training rows than this teach nothing that could be trusted. */
export const LEAST_TRAINING = 40;

export const MSPC: MspcSettings = {
  train: 400,
  settle: 0.15,
  detrend: 0.003,
  budget: 40,
  clip: 5,
  discount: 10,
  smoothing: 0.22,
  ridge: 0.1,
  explained: 0.65,
  quantile: 0.99,
  weightT: 1.6,
  weightQ: 0.72,
  on: 1.8,
  rowsOn: 4,
  off: 0.9,
  ofPeak: 0.5,
  peakDecay: 0.998,
  rowsOff: 12,
};

export interface NoveltySettings {
  /** Rows that are only learned from. */
  train: number;
  /** Weight of the newest row in the level, its scale, the slow level and the fast level. */
  level: number;
  scale: number;
  slow: number;
  fast: number;
  /** What of the leaky CUSUM is left after one row, and the deviation in scales that it forgives. */
  leak: number;
  slack: number;
  /** A residual moves levels as if it were at most this many scales: an outlier is not the new normal. */
  winsor: number;
  /** Each statistic is divided by the value that this share of rows exceeds, learned as it runs. Higher: more alarms. */
  exceeded: number;
  /** How fast that quantile learns. Lower: one long event blinds it less. */
  learning: number;
  /** An alarm is news for as long as nothing is `novel` times its peak… */
  novel: number;
  /** …and this is left of the peak after one row. Lower: more alarms for one event. */
  peakDecay: number;
  /** Alarm limit as a multiple of the own quantile. Higher: fewer false alarms and fewer finds. */
  on: number;
}

export const NOVELTY: NoveltySettings = {
  train: 400,
  level: 0.2,
  scale: 0.002,
  slow: 0.003,
  fast: 0.1,
  leak: 0.99,
  slack: 1.5,
  winsor: 4,
  exceeded: 0.01,
  learning: 0.015,
  novel: 1.8,
  peakDecay: 0.995,
  on: 1.25,
};

/** What a technician may ask for instead of a number: factors on both limits, all else as frozen. */
export const SENSITIVITIES = { quiet: 1.15, normal: 1, keen: 0.85 } as const;
export type Sensitivity = keyof typeof SENSITIVITIES;

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
  /** Weight of T2 against Q. */
  weightT: number;
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
  detrend: 0.002,
  budget: 40,
  clip: 5,
  discount: 10,
  smoothing: 0.12,
  ridge: 0.3,
  explained: 0.6,
  quantile: 0.98,
  weightT: 1.3,
  on: 2,
  rowsOn: 5,
  off: 0.95,
  ofPeak: 0.45,
  peakDecay: 0.998,
  rowsOff: 12,
};

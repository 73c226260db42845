/**
 * Plain-number state of one channel: what the detectors keep between samples, as places in one array of doubles, so
 * that a sample writes numbers and allocates nothing. Names places; holds no rule.
 */

/** Last good value. */
export const VALUE = 0;
/** Running clock when the value last changed. */
export const REST = 1;
/** Running clock of the last good sample; -1 before the first call. */
export const SEEN = 2;
/** Longest rest that ended by itself, ms of running. */
export const LONGEST = 3;
/** Smallest step between two different values; 0: none seen. */
export const GRAIN = 4;
/** Index into {@link FAULTS}. */
export const FAULT = 5;
/** Running clock since when the samples contradict FAULT; -1: they do not. */
export const DOUBT = 6;
/** Running clock of the first good sample; -1 before it. */
export const BORN = 7;
/** Instant from which samples count; {@link CLOSED} while the state is another. */
export const OPEN = 8;
/** Milliseconds it had been warm when IN last changed, and whether it is in one of its states (0 or 1). */
export const WARM = 9;
export const IN = 10;
/** Limit level in force, -2 to 2, and running clock since when another one holds (-1: none). */
export const LEVEL = 11;
export const SINCE = 12;
/** Block: good samples, sum and sum of squares of deviations from REF. */
export const COUNT = 13;
export const SUM = 14;
export const SQUARES = 15;
export const REF = 16;
/** Usual number of samples of a block. */
export const USUAL = 17;
/** Step: followed level of the residual, fast mean, own quantile, running clocks since when and when last beyond, side. */
export const S_LEVEL = 18;
export const S_FAST = 19;
export const S_TAIL = 20;
export const S_SINCE = 21;
export const S_LAST = 22;
export const S_SIDE = 23;
/** Blocks in a row with hardly any scatter. */
export const FLAT_BLOCKS = 24;
/** Zone level in force, and blocks in a row beyond or inside it. */
export const ZONE = 25;
export const ZONE_BLOCKS = 26;
/** Residual of the sample in hand. */
export const S_REST = 27;
export const CELLS = 28;

export const FAULTS = ["none", "stuck", "dead", "gap", "out-of-range", "flat"] as const;

/** Later than any instant. */
export const CLOSED = Number.MAX_SAFE_INTEGER;

export function newCells(): number[] {
  const cell = new Array<number>(CELLS).fill(0);
  cell[SEEN] = -1;
  cell[DOUBT] = -1;
  cell[BORN] = -1;
  cell[OPEN] = CLOSED;
  cell[SINCE] = -1;
  cell[S_SINCE] = -1;
  cell[S_LAST] = -1;
  return cell;
}

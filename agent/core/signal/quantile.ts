/**
 * A running quantile in one number: it climbs when exceeded and sinks when not, in steps of its own size, so that
 * the unit does not matter. Refuses to be exact: it is a limit that calibrates itself, not a statistic to report.
 */

/** Of a limit, wherever it is used: after silence not every rustle is a novelty. */
export const FLOOR = 0.05;
/** A value above the limit pulls it at most this far beyond itself. */
const BEYOND = 1.05;

/** The limit after `value`: `up` and `down` are its factors per row, from `paces`. */
export function nextLimit(limit: number, value: number, up: number, down: number): number {
  return value > limit ? Math.min(limit * up, value * BEYOND) : limit * down;
}

/** At rest where `exceeded` of all rows lie above: climbing and sinking balance. */
export function paces(exceeded: number, learning: number): { up: number; down: number } {
  return { up: Math.exp(learning), down: Math.exp(-learning * exceeded) };
}

/** While learning: the largest so far, slowly forgotten. */
export function firstLimit(limit: number, value: number, down: number): number {
  return value > limit ? value : limit * down;
}

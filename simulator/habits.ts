/**
 * Sequences that several kinds of machine share: a fault with its abort and reset, a short stop, a setup
 * with a recipe change. Durations are of the size that plants see; nothing here depends on the time of day.
 */
import { type Segment, segment } from "./kind.ts";
import { exponential, logNormal, type Random, uniform } from "./random.ts";
import { STATUS } from "./status.ts";

const MINUTE = 60_000;

/** Abort for a moment, stand for a heavy-tailed time (most below, few far above the median), then reset. */
export function fault(random: Random, recipe: number, reason: number, medianMs: number): Segment[] {
  const standing = Math.min(6 * 60 * MINUTE, Math.max(15_000, logNormal(random, medianMs, 1)));
  return [
    segment(uniform(random, 1_200, 3_000), STATUS.aborting, { recipe, reason }),
    segment(standing, STATUS.aborted, { recipe, reason }),
    segment(uniform(random, 2_000, 6_000), STATUS.resetting, { recipe }),
  ];
}

/** A stop of 5 to 90 s that an operator clears by hand; short ones are the most frequent. */
export function microStop(random: Random, recipe: number, reason: number): Segment {
  const ms = 5_000 + Math.min(85_000, exponential(random, 18_000));
  return segment(ms, STATUS.held, { recipe, reason, load: 0.05 });
}

/** Waiting for the neighbor: starved without the outfeed guard, blocked with it. Some gaps last less than two polls. */
export function waiting(random: Random, recipe: number, guard: boolean, meanMs: number): Segment {
  const ms = 400 + exponential(random, meanMs);
  return segment(ms, STATUS.suspended, { recipe, guard, reason: guard ? 52 : 51, load: 0.1 });
}

/**
 * A setup that ends with another recipe. The register changes well inside the setup, as when the operator
 * loads the program, so no piece is made within seconds of the change.
 */
export function setup(
  random: Random,
  from: number,
  to: number,
  low: number,
  high: number,
): Segment[] {
  const ms = uniform(random, low, high);
  return [
    segment(ms * 0.4, STATUS.starting, { recipe: from, reason: 31 }),
    segment(ms * 0.6, STATUS.starting, { recipe: to, reason: 31 }),
  ];
}

/** Pieces made for `ms` at about `idealMs` each; one stretch in eight runs visibly slower. */
export function producing(
  random: Random,
  recipe: number,
  idealMs: number,
  ms: number,
  scrap = 0,
): Segment {
  const slow = random() < 0.125 ? uniform(random, 1.08, 1.3) : uniform(random, 1.01, 1.05);
  const load = Math.min(1, uniform(random, 0.85, 1) / Math.sqrt(slow));
  return segment(ms, STATUS.execute, { recipe, cycleMs: idealMs * slow, load, scrap });
}

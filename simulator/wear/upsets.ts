/**
 * What befalls the watching rather than the machine: lost polls, a bus that is down, an agent that restarts, a clock that
 * is set; and the service visits. Decides when; what a row looks like then is decided in `trace.ts`.
 */
import type { Millis } from "../../agent/core/time.ts";
import { exponential, type Random, uniform } from "../random.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

export interface Upsets {
  random: Random;
  /** The bus gives nothing in `[busFrom, busTo)`. */
  busFrom: Millis;
  busTo: Millis;
  /** No agent in `[downFrom, downTo)`. */
  downFrom: Millis;
  downTo: Millis;
  stepAt: Millis;
  /** Agent's clock minus plant time. */
  offset: Millis;
  serviceAt: Millis;
}

/** Without `real` nothing of this ever happens. `serviceAfter`: days to the first service. */
export function createUpsets(
  random: Random,
  start: Millis,
  real: boolean,
  service: boolean,
): Upsets {
  const never = Number.POSITIVE_INFINITY;
  const busFrom = real ? start + exponential(random, 12 * DAY) : never;
  const downFrom = real ? start + exponential(random, 15 * DAY) : never;
  return {
    random,
    busFrom,
    busTo: busFrom + uniform(random, 1, 60) * MINUTE,
    downFrom,
    downTo: downFrom + uniform(random, 1, 10) * MINUTE,
    stepAt: real ? start + uniform(random, 1, 60) * DAY : never,
    offset: 0,
    serviceAt: service ? workday(start + uniform(random, 20, 80) * DAY) : never,
  };
}

const STEPS = [3_600_000, -3_600_000, 90_000, -90_000, 3_000, -2_000] as const;

/** Redraws what is over at `t`; sets the clock when it is time. */
export function passBy(upsets: Upsets, t: Millis): void {
  const { random } = upsets;
  if (t >= upsets.busTo) {
    upsets.busFrom = t + exponential(random, 12 * DAY);
    upsets.busTo = upsets.busFrom + uniform(random, 1, 60) * MINUTE;
  }
  if (t >= upsets.downTo) {
    upsets.downFrom = t + exponential(random, 15 * DAY);
    upsets.downTo = upsets.downFrom + uniform(random, 1, 10) * MINUTE;
  }
  if (t >= upsets.stepAt) {
    upsets.offset += STEPS[Math.floor(random() * STEPS.length)] as number;
    upsets.stepAt = t + uniform(random, 60, 120) * DAY;
  }
}

/** Ten o'clock UTC of the first Tuesday at or after `t`. */
export function workday(t: Millis): Millis {
  const day = Math.floor(t / DAY);
  return (day + ((5 - (day % 7) + 7) % 7)) * DAY + 10 * 60 * MINUTE;
}

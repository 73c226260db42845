/**
 * When the traced machine does what: two shifts from Monday to Friday, a short Saturday every other week, breaks,
 * batches of four products, setups, micro-stops, faults. Made a day at a time; knows nothing of sensors.
 */
import type { Millis } from "../../agent/core/time.ts";
import type { Condition } from "../../agent/core/vocabulary.ts";
import { exponential, type Random, uniform } from "../random.ts";

/** A stretch in one condition that ends at `to`. */
export interface Stretch {
  condition: Condition;
  /** Index of the product. */
  product: number;
  to: Millis;
}

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
export const PRODUCTS = 4;

export interface Shifts {
  random: Random;
  product: number;
  /** Product time left of the batch. */
  batchLeft: Millis;
  /** Stretches up to here were made. */
  planned: Millis;
  queue: Stretch[];
}

/** Begins at midnight UTC of the day of `start`. */
export function createShifts(random: Random, start: Millis): Shifts {
  const planned = Math.floor(start / DAY) * DAY;
  const product = Math.floor(random() * PRODUCTS);
  return { random, product, batchLeft: uniform(random, 1, 5) * HOUR, planned, queue: [] };
}

/** The stretch that covers `t`; ask in ascending order. */
export function stretchAt(shifts: Shifts, t: Millis): Stretch {
  for (;;) {
    const first = shifts.queue[0];
    if (!first) planDay(shifts);
    else if (first.to > t) return first;
    else shifts.queue.shift();
  }
}

function planDay(shifts: Shifts): void {
  const { random, planned: day } = shifts;
  shifts.planned = day + DAY;
  const weekday = (Math.floor(day / DAY) + 3) % 7; // 1970-01-01 was a Thursday; 0 is Monday.
  const isShort = weekday === 5 && Math.floor(day / (7 * DAY)) % 2 === 0;
  if (weekday >= 5 && !isShort) {
    push(shifts, "off", shifts.planned);
    return;
  }
  push(shifts, "off", day + 6 * HOUR + uniform(random, -10, 10) * MINUTE);
  work(shifts, day + 10 * HOUR);
  push(shifts, "idle", day + 10.5 * HOUR);
  work(shifts, day + 14 * HOUR);
  if (!isShort) {
    work(shifts, day + 18 * HOUR);
    push(shifts, "idle", day + 18.5 * HOUR);
    work(shifts, Math.round(day + 22 * HOUR + uniform(random, -10, 10) * MINUTE));
  }
  push(shifts, "off", day + DAY);
}

/** Production until `until`, with all that gets in its way. */
function work(shifts: Shifts, until: Millis): void {
  const { random } = shifts;
  let t = shifts.queue.at(-1)?.to ?? shifts.planned - DAY;
  while (t < until) {
    if (shifts.batchLeft <= 0) {
      shifts.product = (shifts.product + 1 + Math.floor(random() * (PRODUCTS - 1))) % PRODUCTS;
      shifts.batchLeft = uniform(random, 2, 5) * HOUR;
      t = push(shifts, "setup", Math.min(until, t + uniform(random, 8, 25) * MINUTE));
      continue;
    }
    const from = t;
    t = push(shifts, "producing", Math.min(until, t + MINUTE + exponential(random, 25 * MINUTE)));
    shifts.batchLeft -= t - from;
    if (t >= until) return;
    const luck = random();
    if (luck < 0.03) {
      t = push(shifts, "fault", Math.min(until, t + uniform(random, 4, 30) * MINUTE));
    } else {
      const waiting = luck < 0.5 ? "idle" : "starved";
      t = push(shifts, waiting, Math.min(until, t + uniform(random, 15_000, 120_000)));
    }
  }
}

function push(shifts: Shifts, condition: Condition, to: Millis): Millis {
  const whole = Math.round(to);
  shifts.queue.push({ condition, product: shifts.product, to: whole });
  return whole;
}

/** Puts a stretch over all that was planned before `to`. */
export function insert(shifts: Shifts, condition: Condition, to: Millis): void {
  while (shifts.planned < to) planDay(shifts);
  shifts.queue = shifts.queue.filter((one) => one.to > to);
  shifts.queue.unshift({ condition, product: shifts.product, to });
}

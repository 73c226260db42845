/** Timelines told in chapters: so long this status, with so many pieces. Polls exactly, so that lengths come out exactly. */
import type { CalendarSpec, ShiftSpec } from "../../agent/calendar/spec.ts";
import type { AssetModel, Value } from "../../agent/core/model.ts";
import type { Millis } from "../../agent/core/time.ts";
import { type Bench, bench, press } from "./plant.ts";

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Status words of the press. */
export const IDLE = 0;
export const SETUP = 3;
export const RUN = 6;
export const FAULT = 8;
export const MAINTENANCE = 12;
export const EXTERNAL = 13;

export interface Story {
  /** Polls `ms` long; pieces come evenly, the first poll shows none of them, the last all. */
  run(
    ms: Millis,
    status: number,
    total?: number,
    good?: number,
    more?: Record<string, Value>,
  ): Story;
  /** One last poll of what was, then nothing for `ms`. */
  blind(ms: Millis): Story;
  /** One last poll, then idle until every window is final. */
  end(): void;
  /** Where the next chapter begins. */
  now(): Millis;
}

export function story(plant: Bench, start: Millis, everyMs: Millis = SECOND): Story {
  let at = start;
  let last: Record<string, Value> = { status: IDLE, total: 0, good: 0 };
  let made = { total: 0, good: 0 };
  const told: Story = {
    run(ms, status, total = 0, good = total, more = {}) {
      const polls = ms / everyMs;
      const share = (pieces: number, k: number): number =>
        Math.floor((pieces * k) / Math.max(1, polls - 1));
      for (let k = 0; k < polls; k++) {
        const counts = { total: made.total + share(total, k), good: made.good + share(good, k) };
        last = { ...last, status, ...counts, ...more };
        plant.cycle(at + k * everyMs, last);
      }
      made = { total: made.total + total, good: made.good + good };
      at += ms;
      return told;
    },
    blind(ms) {
      plant.cycle(at, { ...last, ...made });
      at += ms;
      return told;
    },
    end() {
      plant.cycle(at, { ...last, ...made });
      plant.tick(at + 3 * HOUR);
    },
    now: () => at,
  };
  return told;
}

/** A calendar of one kind of shift on every day of the week. */
export function shifts(
  ...all: (Pick<ShiftSpec, "id" | "start" | "end"> & Partial<ShiftSpec>)[]
): CalendarSpec {
  const daily = { days: [1, 2, 3, 4, 5, 6, 7], breaks: [] };
  return {
    dayStart: "00:00",
    shifts: all.map((shift) => ({ ...daily, ...shift })),
    holidays: [],
    zone: null,
  };
}

/** The press with an ideal cycle, polled every `everyMs`. Counters may make 100 pieces a second. */
export function machine(
  idealCycleUs: number,
  changes: Partial<AssetModel> = {},
  everyMs: Millis = SECOND,
): AssetModel {
  const base = press();
  const rate = { count: 100, perMs: 1000 };
  return {
    ...base,
    points: base.points.map((point) =>
      point.counter ? { ...point, counter: { ...point.counter, maxRate: rate } } : point,
    ),
    sources: [{ id: "main", pollMs: everyMs, holdMs: 3 * everyMs }],
    recipes: [{ id: "default", when: null, idealCycleUs, validFrom: 0 }],
    ...changes,
  };
}

export const SIX = Date.UTC(2026, 10, 23, 6);
export type Chapter = [seconds: number, status: number | null];

/** An hour from six of chapters (null is blind), the rest of it runs. Micro-stop limit 300 s. */
export function hour(chapters: Chapter[], changes: Partial<AssetModel> = {}): Bench {
  const plant = bench(SIX, machine(1_000_000, changes));
  const told = story(plant, SIX);
  for (const [seconds, status] of chapters)
    if (status === null) told.blind(seconds * SECOND);
    else told.run(seconds * SECOND, status);
  const rest = SIX + HOUR - told.now();
  if (rest > 0) told.run(rest, RUN);
  told.run(HOUR / 2, RUN).end();
  return plant;
}

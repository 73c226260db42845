/** Accounting rule 11: stops judged whole, micro-stops, and the bounds with unknown read as producing. */
import { describe, expect, test } from "vitest";
import { bench } from "../../support/plant.ts";
import {
  type Chapter,
  FAULT,
  HOUR,
  hour,
  IDLE,
  MAINTENANCE,
  machine,
  RUN,
  SECOND,
  SETUP,
  SIX,
  story,
} from "../../support/story.ts";

describe("what a micro-stop is", () => {
  test.each<[string, Chapter[], { count: number; ms: number }]>([
    [
      "1 ms short of the limit is measured by polls: 299 s",
      [
        [600, RUN],
        [299, IDLE],
      ],
      { count: 1, ms: 299_000 },
    ],
    [
      "exactly the limit is none",
      [
        [600, RUN],
        [300, IDLE],
      ],
      { count: 0, ms: 0 },
    ],
    [
      "a short fault is one",
      [
        [600, RUN],
        [60, FAULT],
      ],
      { count: 1, ms: 60_000 },
    ],
    [
      "several conditions in one run are one stop",
      [
        [600, RUN],
        [100, IDLE],
        [100, FAULT],
        [99, IDLE],
      ],
      { count: 1, ms: 299_000 },
    ],
    [
      "together they may be too long",
      [
        [600, RUN],
        [200, IDLE],
        [200, FAULT],
      ],
      { count: 0, ms: 0 },
    ],
    [
      "set-up is none, however short",
      [
        [600, RUN],
        [20, SETUP],
      ],
      { count: 0, ms: 0 },
    ],
    [
      "maintenance inside makes it none",
      [
        [600, RUN],
        [20, IDLE],
        [5, MAINTENANCE],
        [20, IDLE],
      ],
      { count: 0, ms: 0 },
    ],
    [
      "touching unknown before is none",
      [
        [600, RUN],
        [60, null],
        [60, IDLE],
      ],
      { count: 0, ms: 0 },
    ],
    [
      "touching unknown after is none",
      [
        [600, RUN],
        [60, IDLE],
        [60, null],
        [60, RUN],
      ],
      { count: 0, ms: 0 },
    ],
    ["the first thing seen is none", [[60, IDLE]], { count: 0, ms: 0 }],
  ])("%s", (_, chapters, expected) => {
    expect(hour(chapters).sums("hour", SIX).microStops).toEqual(expected);
  });

  test("across the window edge: counted where it begins, its time clipped", () => {
    const plant = hour([
      [3500, RUN],
      [100, IDLE],
      [100, IDLE],
    ]);
    expect(plant.sums("hour", SIX).microStops).toEqual({ count: 1, ms: 100_000 });
    expect(plant.sums("hour", SIX + HOUR, 0).microStops).toEqual({ count: 0, ms: 100_000 });
    expect(plant.sums("hour", SIX, 0).microStops).toEqual({ count: 0, ms: 0 });
  });
});

describe("bounds with unknown read as producing", () => {
  test("a short stop beside unknown time would have been a micro-stop", () => {
    const plant = hour([
      [600, RUN],
      [60, FAULT],
      [540, null],
      [60, RUN],
    ]);
    const { oee, uptime } = plant.measures("hour", SIX);
    expect(oee.runMs).toBe(3_000_000);
    expect(oee.availability).toBe(0.980392);
    expect(oee.availabilityMin).toBe(0.833333);
    expect(oee.availabilityMax).toBe(1);
    expect([uptime.value, uptime.min, uptime.max]).toEqual([0.980392, 0.833333, 1]);
  });

  test("the blind time is in neither run' nor up' nor down'", () => {
    const sums = hour([
      [600, RUN],
      [60, FAULT],
      [540, null],
      [60, RUN],
    ]).sums("hour", SIX);
    expect([sums.runPrimeMs, sums.upPrimeMs, sums.downPrimeMs, sums.blindMs]).toEqual([
      3_060_000, 3_060_000, 0, 540_000,
    ]);
  });

  test("time before the first input counts as such", () => {
    const plant = bench(SIX + HOUR / 2, machine(1_000_000));
    story(plant, SIX + HOUR / 2)
      .run(60 * SECOND, IDLE)
      .run(HOUR, RUN)
      .end();
    const { oee } = plant.measures("hour", SIX);
    expect(plant.sums("hour", SIX).unknownMs["agent-stopped"]).toBe(HOUR / 2);
    expect([oee.availabilityMin, oee.availabilityMax]).toEqual([0.483333, 1]);
  });
});

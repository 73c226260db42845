/** Edge cases of the metrics reference (C3, 21 to 28): stops, plans, unknown time, zero denominators. */
import { describe, expect, test } from "vitest";
import type { PlanInput } from "../../agent/core/annotation/entered.ts";
import type { Millis } from "../../agent/core/time.ts";
import type { Measures } from "../../agent/core/window/measure.ts";
import { type Bench, bench } from "../support/plant.ts";
import {
  FAULT,
  HOUR,
  IDLE,
  MAINTENANCE,
  MINUTE,
  machine,
  RUN,
  SECOND,
  shifts,
  story,
} from "../support/story.ts";

const MONDAY = Date.UTC(2026, 10, 23);
const SIX = MONDAY + 6 * HOUR;
const SHIFT = { calendar: "work", windows: ["shift" as const] };
const early = shifts({ id: "early", start: "06:00", end: "14:00" });

const plan = (plant: Bench, at: Millis, from: Millis, to: Millis): void => {
  const input: PlanInput = {
    kind: "plan",
    at,
    asset: "press-01",
    from,
    to,
    schedule: "planned-stop",
    by: "planner",
    why: "service",
  };
  plant.feed(input);
};

describe("C3", () => {
  describe("21 micro-stop threshold", () => {
    /** Stops of 40, 120, 299, 300 and 900 s in an hour, 190 pieces of 10 s. */
    function hour(microStopMs: Millis): Bench {
      const plant = bench(SIX, machine(10_000_000, { microStopMs }));
      story(plant, SIX)
        .run(300 * SECOND, RUN, 40)
        .run(40 * SECOND, IDLE)
        .run(300 * SECOND, RUN, 40)
        .run(120 * SECOND, IDLE)
        .run(300 * SECOND, RUN, 40)
        .run(299 * SECOND, IDLE)
        .run(300 * SECOND, RUN, 40)
        .run(300 * SECOND, FAULT)
        .run(300 * SECOND, RUN, 30)
        .run(900 * SECOND, FAULT)
        .run(441 * SECOND, RUN)
        .end();
      return plant;
    }

    test("300 s: the stop of exactly 300 s is downtime", () => {
      const plant = hour(300 * SECOND);
      expect(plant.sums("hour", SIX).microStops).toEqual({ count: 3, ms: 459 * SECOND });
      expect(plant.measures("hour", SIX).oee).toMatchObject({
        runMs: 2400 * SECOND,
        availability: 0.666667,
        performance: 0.791667,
        oee: 0.527778,
      });
    });

    test("120 s: OEE stays", () => {
      const plant = hour(120 * SECOND);
      expect(plant.sums("hour", SIX).microStops).toEqual({ count: 1, ms: 40 * SECOND });
      expect(plant.measures("hour", SIX).oee).toMatchObject({
        runMs: 1981 * SECOND,
        availability: 0.550278,
        performance: 0.959112,
        oee: 0.527778,
      });
    });
  });

  test("22 a stop across the window edge is judged whole", () => {
    const plant = bench(SIX, machine(10_000_000));
    story(plant, SIX)
      .run(3450 * SECOND, RUN, 300)
      .run(400 * SECOND, FAULT)
      .run(3350 * SECOND, RUN, 300)
      .end();
    for (const [from, down] of [
      [SIX, 150],
      [SIX + HOUR, 250],
    ] as const) {
      expect(plant.sums("hour", from).microStops).toEqual({ count: 0, ms: 0 });
      expect(plant.measures("hour", from).uptime).toMatchObject({ downMs: down * SECOND });
      expect(plant.measures("hour", from).oee.runMs).toBe(HOUR - down * SECOND);
    }
    // one failure, counted where it begins, restored with its full length where it ends
    const first = plant.sums("hour", SIX);
    const second = plant.sums("hour", SIX + HOUR);
    expect([first.failures, first.restoredMs, first.open]).toEqual([1, 0, 1]);
    expect([second.failures, second.restoredMs, second.open]).toEqual([0, 400 * SECOND, 0]);
  });

  test("23 an event across the shift edge", () => {
    const plant = bench(
      SIX,
      machine(10_000_000, SHIFT),
      shifts(
        { id: "early", start: "06:00", end: "14:00" },
        { id: "late", start: "14:00", end: "22:00" },
      ),
    );
    story(plant, SIX)
      .run(465 * MINUTE, RUN)
      .run(35 * MINUTE, FAULT)
      .run(460 * MINUTE, RUN)
      .end();
    expect(plant.sums("shift", SIX).downMs).toBe(15 * MINUTE);
    expect(plant.sums("shift", SIX + 8 * HOUR).downMs).toBe(20 * MINUTE);
  });

  describe("24 overlap of fault and plan", () => {
    /** Fault 09:30-10:30, machine back at 11:00. */
    function overlap(planFrom: Millis): Measures["oee"] & { downMs: Millis } {
      const plant = bench(SIX, machine(10_000_000, SHIFT), early);
      plan(plant, SIX, planFrom, MONDAY + 11 * HOUR);
      story(plant, SIX)
        .run(210 * MINUTE, RUN)
        .run(60 * MINUTE, FAULT)
        .run(30 * MINUTE, MAINTENANCE)
        .run(180 * MINUTE, RUN)
        .end();
      const { oee, uptime } = plant.measures("shift", SIX);
      return { ...oee, downMs: uptime.downMs };
    }

    test("the plan wins", () => {
      expect(overlap(MONDAY + 10 * HOUR)).toMatchObject({
        loadingMs: 420 * MINUTE,
        downMs: 30 * MINUTE,
        availability: 0.928571,
      });
    });

    test("other convention: planned only after the fault", () => {
      expect(overlap(MONDAY + 10.5 * HOUR)).toMatchObject({
        loadingMs: 450 * MINUTE,
        downMs: 60 * MINUTE,
        availability: 0.866667,
      });
    });
  });

  test("25 planned overrun: the calendar holds after the plan's end", () => {
    const plant = bench(SIX, machine(10_000_000, SHIFT), early);
    plan(plant, SIX, MONDAY + 10 * HOUR, MONDAY + 11 * HOUR);
    story(plant, SIX)
      .run(240 * MINUTE, RUN)
      .run(100 * MINUTE, MAINTENANCE)
      .run(140 * MINUTE, RUN)
      .end();
    const sums = plant.sums("shift", SIX);
    expect(sums.scheduleMs["planned-stop"]).toBe(60 * MINUTE);
    expect(sums.downMs).toBe(40 * MINUTE);
    expect(sums.runMs).toBe(380 * MINUTE);
  });

  test("26 unknown time: value, bounds and coverage", () => {
    const plant = bench(SIX, machine(10_000_000, SHIFT), early);
    story(plant, SIX)
      .run(100 * MINUTE, RUN)
      .blind(60 * MINUTE)
      .run(100 * MINUTE, RUN)
      .run(21 * MINUTE, FAULT)
      .run(199 * MINUTE, RUN)
      .end();
    const m = plant.measures("shift", SIX);
    expect(m.oee).toMatchObject({
      loadingMs: 480 * MINUTE,
      observedLoadingMs: 420 * MINUTE,
      runMs: 399 * MINUTE,
      availability: 0.95,
      availabilityMin: 0.83125,
      availabilityMax: 0.95625,
    });
    expect(m.uptime).toMatchObject({ value: 0.95, min: 0.83125, max: 0.95625 });
    expect(m.coverage.value).toBe(0.875);
  });

  describe("27 zero denominators", () => {
    test("not scheduled: all ratios null", () => {
      const asset = machine(10_000_000, { calendar: "work" });
      const plant = bench(SIX + 10 * HOUR, asset, early);
      story(plant, SIX + 10 * HOUR)
        .run(HOUR, RUN, 100)
        .end();
      const { oee, uptime, coverage } = plant.measures("hour", SIX + 10 * HOUR);
      expect(Object.entries(oee).filter(([key]) => !/(Ms|Us)$/.test(key))).toEqual(
        [
          "availability",
          "availabilityMin",
          "availabilityMax",
          "performance",
          "quality",
          "oee",
          "oeeMin",
          "oeeMax",
        ].map((key) => [key, null]),
      );
      expect(uptime).toMatchObject({ value: null, min: null, max: null });
      expect(coverage.value).toBeNull();
    });

    test("no run: availability 0, performance null, OEE 0", () => {
      const plant = bench(SIX, machine(10_000_000));
      story(plant, SIX).run(HOUR, FAULT).end();
      expect(plant.measures("hour", SIX).oee).toMatchObject({
        availability: 0,
        performance: null,
        quality: null,
        oee: 0,
      });
    });

    test("no pieces: performance 0, quality null, OEE 0", () => {
      const plant = bench(SIX, machine(10_000_000));
      story(plant, SIX).run(HOUR, RUN).end();
      expect(plant.measures("hour", SIX).oee).toMatchObject({
        availability: 1,
        performance: 0,
        quality: null,
        oee: 0,
      });
    });
  });

  test("28 performance above 100 % is kept and flagged", () => {
    const plant = bench(SIX, machine(1_000_000));
    story(plant, SIX).run(HOUR, RUN, 3780, 3700).end();
    const m = plant.measures("hour", SIX);
    expect(m.oee).toMatchObject({ performance: 1.05, oee: 1.027778 });
    expect(m.flags).toEqual(["IDEAL_CYCLE_SUSPECT"]);
  });
});

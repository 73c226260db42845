/** Worked examples from public sources (metrics reference C1): cycles in, ratios out. */
import { describe, expect, test } from "vitest";
import type { Measures } from "../../agent/core/window/measure.ts";
import { ratio } from "../../agent/core/window/measure.ts";
import { bench } from "../support/plant.ts";
import {
  DAY,
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

/** A Monday. */
const MONDAY = Date.UTC(2026, 10, 23);
const SIX = MONDAY + 6 * HOUR;
const SHIFT = { calendar: "work", windows: ["shift" as const] };
const early = (end: string, breaks: { start: string; end: string }[] = []) =>
  shifts({ id: "early", start: "06:00", end, breaks });

describe("C1", () => {
  /** 480 min: 373 run, 47 stopped, 60 in two breaks. */
  function vorne(breaks: { start: string; end: string }[]): Measures {
    const plant = bench(SIX, machine(1_000_000, SHIFT), early("14:00", breaks));
    story(plant, SIX)
      .run(180 * MINUTE, RUN, 10_000, 9800)
      .run(30 * MINUTE, IDLE)
      .run(47 * MINUTE, FAULT)
      .run(103 * MINUTE, RUN, 5000, 4900)
      .run(30 * MINUTE, IDLE)
      .run(90 * MINUTE, RUN, 4271, 4148)
      .end();
    return plant.measures("shift", SIX);
  }

  test("1 Vorne/oee.com shift", () => {
    const { oee, counts } = vorne([
      { start: "09:00", end: "09:30" },
      { start: "12:00", end: "12:30" },
    ]);
    expect(counts).toMatchObject({ total: 19_271, good: 18_848, reject: 423 });
    expect(oee).toMatchObject({
      loadingMs: 420 * MINUTE,
      runMs: 373 * MINUTE,
      availability: 0.888095,
      performance: 0.861081,
      quality: 0.97805,
      oee: 0.747937,
    });
  });

  test("2 same times, other convention: breaks count as loss", () => {
    const { oee } = vorne([]);
    expect(oee).toMatchObject({
      loadingMs: 480 * MINUTE,
      runMs: 373 * MINUTE,
      availability: 0.777083,
      oee: 0.654444,
    });
  });

  describe("3 SMRP Machine D: three denominators", () => {
    function machineD(calendar: "work" | null, planned: boolean): Measures {
      const asset = machine(1_000_000, { calendar, windows: ["day"] }, 6 * SECOND);
      const spec = calendar ? shifts({ id: "long", start: "04:00", end: "20:00" }) : null;
      const plant = bench(MONDAY, asset, spec);
      const four = MONDAY + 4 * HOUR;
      if (planned)
        plant.feed({
          kind: "plan",
          at: MONDAY,
          asset: asset.id,
          from: four,
          to: four + 5976 * SECOND,
          schedule: "planned-stop",
          by: "planner",
          why: "service",
        });
      story(plant, MONDAY, 6 * SECOND)
        .run(4 * HOUR, IDLE)
        .run(5976 * SECOND, MAINTENANCE)
        .run(7488 * SECOND, FAULT)
        .run(44_136 * SECOND, RUN)
        .run(4 * HOUR, IDLE)
        .end();
      return plant.measures("day", MONDAY);
    }

    test("planned stops are losses", () => {
      expect(machineD("work", false).oee.availability).toBe(0.76625);
    });
    test("planned stops are excluded", () => {
      expect(machineD("work", true).oee.availability).toBe(0.854951);
    });
    test("calendar time", () => {
      expect(machineD(null, false).oee.availability).toBe(0.510833);
    });
  });

  test("4 Versalytics: a plant is the sum of its machines", () => {
    const day = (idealS: number, downMin: number, total: number, scrap: number): Measures => {
      const plant = bench(SIX, machine(idealS * 1_000_000, SHIFT), early("13:35"));
      story(plant, SIX)
        .run((455 - downMin) * MINUTE, RUN, total, total - scrap)
        .run(downMin * MINUTE, FAULT)
        .end();
      return plant.measures("shift", SIX);
    };
    const a = day(10, 32, 2240, 50);
    expect(a.oee).toMatchObject({
      availability: 0.92967,
      performance: 0.882585,
      quality: 0.977679,
      oee: 0.802198,
    });
    const b = day(45, 18, 450, 25);
    expect(b.oee).toMatchObject({
      availability: 0.96044,
      performance: 0.772311,
      quality: 0.944444,
      oee: 0.700549,
    });
    const c = day(70, 30, 229, 11);
    expect(c.oee.oee).toBe(0.558974);
    const idealGood = [a, b, c].reduce((sum, m) => sum + (m.oee.idealGoodUs ?? 0), 0);
    const observed = [a, b, c].reduce((sum, m) => sum + m.oee.observedLoadingMs, 0);
    expect(idealGood).toBe((21_900 + 19_125 + 15_260) * 1_000_000);
    expect(ratio(idealGood, observed * 1000)).toBe(0.687241);
  });

  test("5 TPM Route to World-Class, Miller 201", () => {
    const plant = bench(
      MONDAY,
      machine(180_000_000, SHIFT),
      shifts({ id: "long", start: "00:00", end: "15:10" }),
    );
    story(plant, MONDAY)
      .run(400 * MINUTE, RUN, 103)
      .run(115 * MINUTE, FAULT)
      .run(200 * MINUTE, RUN, 50)
      .run(12 * MINUTE, IDLE)
      .run(183 * MINUTE, RUN, 50)
      .end();
    expect(plant.measures("shift", MONDAY).oee).toMatchObject({
      loadingMs: 910 * MINUTE,
      availability: 0.86044,
      performance: 0.777778,
    });
  });

  test("6 Law Insider clause: 48 h down in a month of 31 days", () => {
    const first = Date.UTC(2026, 11, 1);
    const plant = bench(first, machine(1_000_000, { windows: ["month"] }, MINUTE));
    story(plant, first, MINUTE)
      .run(300 * HOUR, RUN)
      .run(48 * HOUR, FAULT)
      .run(396 * HOUR, RUN)
      .end();
    expect(plant.measures("month", first).uptime).toEqual({
      upMs: 696 * HOUR,
      downMs: 48 * HOUR,
      excludedMs: 0,
      value: 0.935484,
      min: 0.935484,
      max: 0.935484,
    });
  });

  test("10 mean of assets is not the pooled value", () => {
    const first = Date.UTC(2026, 1, 1);
    const uptime = (hours: number, down: number): Measures["uptime"] => {
      const plant = bench(
        first,
        machine(1_000_000, { windows: ["month"], calendar: "work" }, MINUTE),
        {
          ...shifts({ id: "all", start: "00:00", end: "24:00" }),
          holidays: Array.from({ length: 40 }, (_, i) =>
            new Date(first + hours * HOUR + i * DAY).toISOString().slice(0, 10),
          ),
        },
      );
      story(plant, first, MINUTE)
        .run((hours - down) * HOUR, RUN)
        .run(down * HOUR, FAULT)
        .run(28 * DAY - hours * HOUR, IDLE)
        .end();
      return plant.measures("month", first).uptime;
    };
    // 96 and 288 h keep to whole days: the same percentages of 1 : 3
    const one = uptime(96, 9.6);
    const two = uptime(288, 5.76);
    expect([one.value, two.value]).toEqual([0.9, 0.98]);
    const up = one.upMs + two.upMs;
    expect(ratio(up, up + one.downMs + two.downMs)).toBe(0.96);
  });

  test("13 Bertsch slide: the product of the factors", () => {
    const plant = bench(SIX, machine(12_000, SHIFT), early("14:20"));
    story(plant, SIX)
      .run(25_800 * SECOND, RUN, 2_016_700, 1_895_698)
      .run(4200 * SECOND, FAULT)
      .end();
    expect(plant.measures("shift", SIX).oee).toMatchObject({
      availability: 0.86,
      performance: 0.938,
      quality: 0.94,
      oee: 0.758279,
    });
  });
});

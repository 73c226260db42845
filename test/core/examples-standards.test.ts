/** Worked examples that project one timeline onto several standards (metrics reference C2). */
import { describe, expect, test } from "vitest";
import { type Measures, ratio } from "../../agent/core/measure.ts";
import type { AssetModel } from "../../agent/core/model.ts";
import { type Bench, bench, press } from "../support/plant.ts";
import {
  DAY,
  EXTERNAL,
  FAULT,
  HOUR,
  IDLE,
  MAINTENANCE,
  MINUTE,
  machine,
  RUN,
  SECOND,
  SETUP,
  shifts,
  story,
} from "../support/story.ts";

const MONDAY = Date.UTC(2026, 10, 23);
const SIX = MONDAY + 6 * HOUR;
const SHIFT = { calendar: "work", windows: ["shift" as const] };
const early = (end: string) => shifts({ id: "early", start: "06:00", end });

describe("C2", () => {
  test("14 ISO 22400: OEE and NEE of one timeline", () => {
    const plant = bench(SIX, machine(30_000_000, SHIFT), early("13:30"));
    story(plant, SIX)
      .run(20 * MINUTE, SETUP)
      .run(200 * MINUTE, RUN, 348, 340)
      .run(40 * MINUTE, FAULT)
      .run(160 * MINUTE, RUN, 300, 290)
      .run(30 * MINUTE, IDLE)
      .end();
    const { conditionMs } = plant.sums("shift", SIX);
    const { oee } = plant.measures("shift", SIX);
    expect(oee).toMatchObject({ availability: 0.8, performance: 0.9, quality: 0.972222, oee: 0.7 });
    const { producing: APT, setup: AUST, fault: ADET, idle: ADOT } = conditionMs;
    const PBT = oee.loadingMs;
    // NEE: set-up is no loss, so (APT + AUST) / PBT × ideal good / APT
    const nee = (APT + AUST) * Number(oee.idealGoodUs);
    expect(Math.round((nee / (PBT * APT * 1000)) * 1e6) / 1e6).toBe(0.738889);
    expect(ratio(PBT - ADOT, PBT)).toBe(0.933333);
    expect(ratio(APT, PBT - ADOT)).toBe(0.857143);
    expect(ratio(APT, APT + ADET)).toBe(0.9);
    expect(ratio(AUST, APT + AUST)).toBe(0.052632);
  });

  /** SEMI E10, minutes for hours: 160 of operations; user delay, out-of-spec input and facilities are not the supplier's. */
  function e10(): Bench {
    // Hours of the example are minutes here; what counts as a micro-stop shrinks with them.
    const asset = { ...machine(1_000_000, SHIFT), microStopMs: 5_000 };
    const plant = bench(SIX, asset, early("08:40"));
    const reasons = [
      { from: 50, to: 54, attribution: "customer" as const, reason: "waits for operator" },
      { from: 90, to: 91, attribution: "customer" as const, reason: "input out of specification" },
      { from: 120, to: 122, attribution: "third-party" as const, reason: "facilities" },
    ];
    for (const { from, to, ...why } of reasons)
      plant.feed({
        kind: "reason",
        at: SIX,
        asset: "press-01",
        from: SIX + from * MINUTE,
        to: SIX + to * MINUTE,
        ...why,
        by: "shift lead",
        why: "agreed",
      });
    story(plant, SIX)
      .run(50 * MINUTE, RUN)
      .run(9 * MINUTE, FAULT) // 50-59, 4 of them user delay
      .run(20 * MINUTE, RUN)
      .run(11 * MINUTE, IDLE) // 79-90
      .run(5 * MINUTE, FAULT) // 90-95, 1 of it out of specification
      .run(14 * MINUTE, MAINTENANCE) // 95-109
      .run(11 * MINUTE, RUN) // 109-120
      .run(2 * MINUTE, EXTERNAL) // 120-122, facilities
      .run(19 * MINUTE, RUN) // 122-141
      .run(19 * MINUTE, IDLE) // 141-160
      .end();
    return plant;
  }

  test("15 E10: operational and supplier-dependent uptime", () => {
    const plant = e10();
    const { conditionMs } = plant.sums("shift", SIX);
    const { uptime, oee } = plant.measures("shift", SIX);
    const up = conditionMs.producing + conditionMs.idle;
    expect(conditionMs.producing).toBe(100 * MINUTE);
    expect(up).toBe(130 * MINUTE);
    expect(ratio(up, oee.loadingMs)).toBe(0.8125);
    expect(ratio(conditionMs.producing, oee.loadingMs)).toBe(0.625);
    expect(uptime).toMatchObject({
      upMs: 130 * MINUTE,
      downMs: 23 * MINUTE,
      excludedMs: 7 * MINUTE,
      value: 0.849673,
    });
  });

  test("16 VDI 3423: technical availability and use degree", () => {
    const plant = bench(SIX, machine(1_000_000, SHIFT), early("08:40"));
    story(plant, SIX)
      .run(70 * MINUTE, RUN)
      .run(8 * MINUTE, FAULT)
      .run(40 * MINUTE, RUN)
      .run(12 * MINUTE, IDLE)
      .run(20 * MINUTE, RUN)
      .run(5 * MINUTE, RUN)
      .run(4 * MINUTE, MAINTENANCE)
      .run(1 * MINUTE, RUN)
      .end();
    const { conditionMs: ms } = plant.sums("shift", SIX);
    const { oee, uptime } = plant.measures("shift", SIX);
    const TB = oee.loadingMs;
    expect(ratio(ms.fault, TB)).toBe(0.05);
    expect(ratio(ms.idle, TB)).toBe(0.075);
    expect(ratio(ms.maintenance, TB)).toBe(0.025);
    expect(ratio(oee.runMs, TB)).toBe(0.85);
    expect(ratio(TB - ms.fault, TB)).toBe(0.95);
    // our uptime counts maintenance outside its plan as down
    expect(uptime.value).toBe(0.925);
  });

  /** 2,500 s of X, a fault, then 3,500 s of Y: counts and times go to the recipe then active. */
  function twoRecipes(): Measures {
    const base = press();
    const recipe = { id: "recipe", source: 0, counter: null, channel: false, unit: null };
    const asset: AssetModel = machine(1, {
      calendar: "work",
      windows: ["shift"],
      points: [...machine(1).points, recipe],
      recipes: [
        {
          id: "x",
          when: { op: "equals", point: base.points.length, value: 1 },
          idealCycleUs: 2_000_000,
          validFrom: 0,
        },
        {
          id: "y",
          when: { op: "equals", point: base.points.length, value: 2 },
          idealCycleUs: 10_000_000,
          validFrom: 0,
        },
      ],
    });
    const plant = bench(SIX, asset, early("08:00"));
    story(plant, SIX)
      .run(2500 * SECOND, RUN, 1000, 990, { recipe: 1 })
      .run(1200 * SECOND, FAULT)
      .run(3500 * SECOND, RUN, 300, 270, { recipe: 2 })
      .end();
    return plant.measures("shift", SIX);
  }

  test("17 recipe change inside the window", () => {
    const { oee, recipes } = twoRecipes();
    expect(oee).toMatchObject({
      runMs: 6000 * SECOND,
      availability: 0.833333,
      performance: 0.833333,
      quality: 0.936,
      oee: 0.65,
    });
    expect(recipes).toEqual([
      { id: "x", idealCycleUs: 2_000_000, producingMs: 2500 * SECOND, total: 1000, good: 990 },
      { id: "y", idealCycleUs: 10_000_000, producingMs: 3500 * SECOND, total: 300, good: 270 },
    ]);
  });

  test("18 aggregating windows: the day is the sum of its shifts", () => {
    const asset = machine(60_000_000, { calendar: "work", windows: ["shift", "day"] });
    const plant = bench(
      SIX,
      asset,
      shifts(
        { id: "long", start: "06:00", end: "14:00" },
        { id: "short", start: "14:00", end: "15:00" },
      ),
    );
    story(plant, SIX)
      .run(456 * MINUTE, RUN, 400, 396)
      .run(24 * MINUTE, FAULT)
      .run(12 * MINUTE, RUN, 6, 3)
      .run(48 * MINUTE, FAULT)
      .end();
    plant.tick(MONDAY + DAY + HOUR);
    expect(plant.measures("shift", SIX).oee.oee).toBe(0.825);
    expect(plant.measures("shift", SIX + 8 * HOUR).oee.oee).toBe(0.05);
    expect(plant.measures("day", MONDAY).oee).toMatchObject({
      loadingMs: 540 * MINUTE,
      availability: 0.866667,
      performance: 0.867521,
      quality: 0.982759,
      oee: 0.738889,
    });
  });

  test("19 TEEP and OOE from the same sums", () => {
    // February 2026: 672 h, 20 working days of 24 h with 4 h of breaks
    const first = Date.UTC(2026, 1, 1);
    const asset = machine(12_000_000, { calendar: "work", windows: ["month"] }, MINUTE);
    const plant = bench(first, asset, {
      ...shifts({
        id: "all",
        days: [1, 2, 3, 4, 5],
        start: "00:00",
        end: "24:00",
        breaks: [{ start: "20:00", end: "24:00" }],
      }),
    });
    const month = story(plant, first, MINUTE).run(DAY, IDLE);
    for (let day = 1; day < 28; day++)
      if (day % 7 === 0 || day % 7 === 6) month.run(DAY, IDLE);
      else month.run(20 * HOUR, RUN, 4200).run(4 * HOUR, IDLE);
    month.end();
    const { scheduleMs } = plant.sums("month", first);
    const { oee } = plant.measures("month", first);
    expect(scheduleMs).toMatchObject({ scheduled: 400 * HOUR, "planned-stop": 80 * HOUR });
    expect(oee.idealGoodUs).toBe(280 * HOUR * 1000);
    expect(oee.oee).toBe(0.7);
    const S = scheduleMs.scheduled + scheduleMs["planned-stop"];
    expect(ratio(oee.idealGoodUs, S * 1000)).toBe(0.583333);
    expect(ratio(oee.idealGoodUs, 672 * HOUR * 1000)).toBe(0.416667);
  });

  test.each([
    ["rework off the machine", 1000, 950, 0.95],
    ["re-run on the same machine", 1030, 950, 0.92233],
  ])("20 %s", (_, total, good, quality) => {
    const plant = bench(SIX, machine(1_000_000, SHIFT), early("07:00"));
    story(plant, SIX).run(HOUR, RUN, total, good).end();
    expect(plant.measures("shift", SIX).oee.quality).toBe(quality);
  });
});

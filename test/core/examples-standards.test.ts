/** Worked examples that project one timeline onto several standards (metrics reference C2); 14, 15, 16 and 19 are with the projections. */
import { describe, expect, test } from "vitest";
import type { AssetModel } from "../../agent/core/model.ts";
import type { Measures } from "../../agent/core/window/measure.ts";
import { bench, press } from "../support/plant.ts";
import { DAY, FAULT, HOUR, MINUTE, machine, RUN, SECOND, shifts, story } from "../support/story.ts";

const MONDAY = Date.UTC(2026, 10, 23);
const SIX = MONDAY + 6 * HOUR;
const SHIFT = { calendar: "work", windows: ["shift" as const] };
const early = (end: string) => shifts({ id: "early", start: "06:00", end });

describe("C2", () => {
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

  test.each([
    ["rework off the machine", 1000, 950, 0.95],
    ["re-run on the same machine", 1030, 950, 0.92233],
  ])("20 %s", (_, total, good, quality) => {
    const plant = bench(SIX, machine(1_000_000, SHIFT), early("07:00"));
    story(plant, SIX).run(HOUR, RUN, total, good).end();
    expect(plant.measures("shift", SIX).oee.quality).toBe(quality);
  });
});

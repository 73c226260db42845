/** The prediction of sizes stays near what was measured, and within the goals for the reference plant. */
import { expect, test } from "vitest";
import type { AssetModel, PlantModel, PointModel } from "../../../agent/core/model.ts";
import { predictSizes } from "../../../agent/store/sizes.ts";

const DAY_MS = 86_400_000;
const keeping = {
  rawKeepMs: 30 * DAY_MS,
  aggregatesKeepMs: 90 * DAY_MS,
  journalKeepMs: 400 * DAY_MS,
};

const point = (i: number): PointModel => ({
  ...{ id: `p${i}`, source: 0, counter: null, unit: null },
  channel: i < 10,
});

function plant(machines: number, pollMs: number): PlantModel {
  const asset: AssetModel = {
    ...{ id: "press-01", name: "", area: "a", line: "l", rules: [], attribution: {}, recipes: [] },
    ...{ microStopMs: 300_000, calendar: null, zone: "UTC", windows: ["hour", "day"] },
    sources: [{ id: "main", pollMs, holdMs: 3 * pollMs }],
    points: Array.from({ length: 30 }, (_, i) => point(i)),
    counts: { total: 11, good: null, reject: null },
  };
  const assets = Array.from({ length: machines }, (_, i) => ({ ...asset, id: `press-${i}` }));
  return { agent: "gw", zone: "UTC", clockSource: "ntp", assets } as PlantModel;
}

test("the reference plant is predicted within a quarter of what was measured", () => {
  const { rawPerDay, databasePerDay, flashPerDay } = predictSizes(plant(20, 1000), keeping);
  const near = (value: number, measured: number): void => {
    expect(value / measured).toBeGreaterThan(0.75);
    expect(value / measured).toBeLessThan(1.25);
  };
  near(rawPerDay, 43e6);
  near(databasePerDay, 21e6);
  near(flashPerDay, 634e6);
});

test("the reference plant stays within the goals: 25 MB + 15 MB a machine, 75 MB a gateway, a day", () => {
  expect(predictSizes(plant(20, 1000), keeping).flashPerDay).toBeLessThan(
    (20 * (25 + 15) + 75) * 1e6,
  );
});

test("slower polls and fewer machines cost less; keeping times decide the sizes at rest", () => {
  const all = predictSizes(plant(20, 1000), keeping);
  expect(predictSizes(plant(20, 5000), keeping).rawPerDay).toBeCloseTo(all.rawPerDay / 5, -1);
  expect(predictSizes(plant(1, 1000), keeping).flashPerDay).toBeLessThan(all.flashPerDay / 3);
  expect(all.rawAtRest).toBeCloseTo(all.rawPerDay * 30, -3);
  expect(all.databaseAtRest).toBeLessThan(4 * 2 ** 30);
});

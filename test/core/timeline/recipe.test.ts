/** Accounting rule 9: which recipe holds, from when, and what pieces of an unknown one do. */
import { describe, expect, test } from "vitest";
import type { AssetModel, RecipeModel } from "../../../agent/core/model.ts";
import type { Measures } from "../../../agent/core/window/measure.ts";
import { type Bench, bench, press } from "../../support/plant.ts";
import { HOUR, IDLE, RUN } from "../../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const byGuard = (id: string, value: number, idealCycleUs: number, validFrom = 0): RecipeModel => ({
  id,
  when: { op: "equals", point: 3, value },
  idealCycleUs,
  validFrom,
});

const plantOf = (recipes: RecipeModel[], changes: Partial<AssetModel> = {}): Bench =>
  bench(SIX, press({ microStopMs: 5000, recipes, ...changes }));

/** One sample a second, one good piece a second; `guard` is the recipe point, null is bad. */
function run(plant: Bench, guards: (number | null | undefined)[]): Measures {
  for (const [i, guard] of guards.entries()) {
    const values = { status: RUN, total: i, good: i };
    if (guard === null) plant.cycle(SIX + i * 1000, values, { guard: "MODBUS_EXCEPTION_2" });
    else plant.cycle(SIX + i * 1000, guard === undefined ? values : { ...values, guard });
  }
  plant.cycle(SIX + guards.length * 1000, {
    status: IDLE,
    total: guards.length - 1,
    good: guards.length - 1,
  });
  plant.tick(SIX + 3 * HOUR);
  return plant.measures("hour", SIX);
}

const rows = (m: Measures): string[] =>
  m.recipes.map(({ id, producingMs, total }) => `${id} ${producingMs} ${total}`);

describe("recipes", () => {
  const two = [byGuard("a", 1, 1_000_000), byGuard("b", 2, 2_000_000)];

  test("the change is effective at its sample, its delta too", () => {
    expect(rows(run(plantOf(two), [1, 1, 1, 2, 2]))).toEqual(["a 3000 2", "b 2000 2"]);
  });

  test("the first match wins", () => {
    const always = { id: "rest", when: null, idealCycleUs: 3_000_000, validFrom: 0 };
    expect(rows(run(plantOf([byGuard("a", 1, 1_000_000), always]), [1, 1, 9, 9]))).toEqual([
      "a 2000 1",
      "rest 2000 2",
    ]);
  });

  test("while its point is bad the last recipe holds", () => {
    expect(rows(run(plantOf(two), [1, 1, null, null, null, null, null, 2, 2]))).toEqual([
      "a 7000 6",
      "b 2000 2",
    ]);
  });

  test("unchanged points keep the recipe", () => {
    expect(rows(run(plantOf(two), [1, undefined, undefined, 2]))).toEqual(["a 3000 2", "b 1000 1"]);
  });

  test("no match is unassigned: its counts make performance, quality and OEE null", () => {
    const m = run(plantOf(two), [1, 1, 7, 7, 1]);
    expect(rows(m)).toEqual(["a 3000 2", "unassigned 2000 2"]);
    expect(m.flags).toContain("RECIPE_UNKNOWN");
    expect(m.oee).toMatchObject({
      performance: null,
      quality: null,
      oee: null,
      idealTotalUs: null,
    });
    expect(m.counts).toMatchObject({ total: 4, good: 4 });
  });

  test("unassigned time without counts does no harm", () => {
    const plant = plantOf(two);
    for (const [i, guard] of [1, 1, 7, 7, 1, 1].entries()) {
      const n = guard === 1 && i < 2 ? i : 1;
      plant.cycle(SIX + i * 1000, { status: RUN, total: n, good: n, guard });
    }
    plant.tick(SIX + 3 * HOUR);
    const m = plant.measures("hour", SIX);
    expect(m.flags).toEqual([]);
    expect(m.oee.oee).not.toBeNull();
  });

  test("effective-dated: a new ideal cycle from its instant on, under the same id", () => {
    const dated = [
      { id: "r", when: null, idealCycleUs: 1_000_000, validFrom: 0 },
      { id: "r", when: null, idealCycleUs: 500_000, validFrom: SIX + 2500 },
    ];
    const m = run(plantOf(dated), [1, 1, 1, 1, 1]);
    // the first sample after the instant shows it
    expect(m.recipes.map(({ idealCycleUs, total }) => [idealCycleUs, total])).toEqual([
      [500_000, 2],
      [1_000_000, 2],
    ]);
    expect(m.oee.idealTotalUs).toBe(2 * 1_000_000 + 2 * 500_000);
  });

  test("not yet valid: not in force", () => {
    const m = run(plantOf([byGuard("a", 1, 1_000_000, SIX + HOUR)]), [1, 1, 1]);
    expect(rows(m)).toEqual(["unassigned 3000 2"]);
  });

  test("before the first sample of the recipe point nothing is assigned", () => {
    expect(rows(run(plantOf(two), [undefined, undefined, 1, 1]))).toEqual([
      "a 2000 2",
      "unassigned 2000 1",
    ]);
  });
});

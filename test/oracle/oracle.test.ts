/** The core against the oracle: random plants, random hours, every field of every final window. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences } from "./compare.ts";
import { describeQuestion } from "./describe.ts";
import { EVERYTHING, type Features } from "./features.ts";
import { scenario } from "./scenario.ts";
import { shrink } from "./shrink.ts";

function agree(features: Features, numRuns: number): Promise<void> | void {
  return fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (seed) => {
      const question = scenario(seed, features);
      const field = differences(question)[0]?.field;
      if (field === undefined) return;
      const smallest = shrink(question, (smaller) =>
        differences(smaller).some((one) => one.field === field),
      );
      throw new Error(`seed ${seed}\n${describeQuestion(smallest, differences(smallest))}`);
    }),
    { seed: 20_261_123, numRuns, endOnFailure: true },
  );
}

const PLAIN: Features = {
  sources: 1,
  dwell: false,
  moving: false,
  hysteresis: false,
  counters: false,
  recipes: false,
  calendar: false,
  failures: true,
  starts: false,
  hours: 1.5,
};

describe("the core agrees with an outsider's implementation", () => {
  it("on one source and simple rules", () => agree(PLAIN, 50));
  it("on several sources with their own polls", () => agree({ ...PLAIN, sources: 3 }, 50));
  it("on dwell, hysteresis and moving counters", () =>
    agree({ ...PLAIN, sources: 3, dwell: true, moving: true, hysteresis: true }, 50));
  it("on counters, recipes, calendars and plans", () =>
    agree({ ...PLAIN, sources: 2, counters: true, recipes: true, calendar: true, hours: 2 }, 50));
  it("on everything at once", () => agree({ ...EVERYTHING, hours: 2 }, 100));
});

describe("the comparison itself", () => {
  it("sees a difference where there is one", () => {
    const question = scenario(7, EVERYTHING);
    const fewer = question.cycles.slice(0, question.cycles.length / 2);
    const found = differences(question, { ...question, cycles: fewer });
    expect(found.map(({ field }) => field)).toContain("conditionMs");
  });
});

/** Cycle time from a counter: per piece, by running time, never over a reset or a change of recipe. */
import { expect, test } from "vitest";
import { cycleTimeOf, newCycleTime } from "../../../agent/core/signal/cycle-time.ts";

test("held from piece to piece, begun anew by a reset and by another recipe", () => {
  const state = newCycleTime();
  const times = (
    [
      [100, 0, "a"],
      [100, 1_000, "a"],
      [101, 2_000, "a"],
      [101, 3_000, "a"],
      [103, 6_000, "a"],
      [Number.NaN, 7_000, "a"],
      [104, 7_500, "b"],
      [105, 9_000, "b"],
      [0, 9_500, "b"],
      [2, 12_500, "b"],
    ] as const
  ).map(([count, runMs, recipe]) => cycleTimeOf(state, count, runMs, recipe));
  const nothing = Number.NaN;
  expect(times).toEqual([nothing, nothing, 2000, 2000, 2000, 2000, nothing, 1500, nothing, 1500]);
});

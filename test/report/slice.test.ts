/** Late scrap in a report is taken from the recipe it was taken from in the core: each from what the one before left. */
import { expect, test } from "vitest";
import type { CountsInput } from "../../agent/core/annotation/entered.ts";
import type { CountFact } from "../../agent/core/journal.ts";
import { emptySums } from "../../agent/core/window/sums.ts";
import { sliceOf } from "../../agent/report/slice.ts";
import type { StoredWindow } from "../../agent/store/read.ts";
import { press } from "../support/plant.ts";

const HOUR = 3_600_000;
const asset = press({ counts: { total: 1, good: 2, reject: null } });

const count = (recipe: string, good: number): CountFact => ({
  ...{ kind: "count", asset: asset.id, at: 60_000, recipe, idealCycleUs: 1_000_000 },
  ...{ place: "loading", total: good, good, reject: 0 },
});

const window = (kind: "hour" | "day", to: number): StoredWindow => ({
  ...{ asset: asset.id, time: to, configHash: "sha256:a" },
  body: {
    ...{ kind, from: 0, to, localDate: "2026-11-23", shift: null, revision: 1, final: true },
    ...{ supersedes: null, by: null, why: null, sums: emptySums() },
  },
});

const scrap = (kind: "hour" | "day", reject: number): CountsInput => ({
  ...{ kind: "counts", at: 30 * HOUR, asset: asset.id, window: kind, from: 0, reject },
  ...{ by: "lab", why: "cracks" },
});

test("two recipes, scrap after scrap, in a window and in one that holds it", () => {
  const counts = [count("a", 100), count("b", 90)];
  const windows = [window("hour", HOUR), window("day", 24 * HOUR)];
  const reader = {
    windows: (_: string, kind: string) => windows.filter(({ body }) => body.kind === kind),
    *intervals() {},
    *inputs() {},
    *counts() {
      yield* counts;
    },
  };
  const scraps = [scrap("hour", 20), scrap("hour", 5), scrap("day", 3)];
  const known = {
    ...{ configs: [], calendars: new Map(), tzdata: [], plans: [], reasons: [], decisions: [] },
    scraps,
  };
  const scope = { asset, from: 0, to: 24 * HOUR, label: "day" };
  const late = sliceOf(reader, known, scope, 24 * HOUR).counts.slice(counts.length);
  expect(late.map(({ recipe, good, total }) => [recipe, good, total])).toEqual([
    ["a", -20, 0],
    ["b", -5, 0],
    ["b", -3, 0],
  ]);
  // an hour alone is not told of what the day lost
  const hour = sliceOf(reader, known, { ...scope, to: HOUR }, 24 * HOUR).counts;
  expect(hour.slice(counts.length)).toHaveLength(2);
});

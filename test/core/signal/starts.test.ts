/** Starts and stops of a drive: what they are measured by, what friction and load do to them, what is not a start. */
import { describe, expect, test } from "vitest";
import { followStart, newStarts, type StartFinding } from "../../../agent/core/signal/starts.ts";
import { randomOf } from "./rig.ts";

const USUAL = 20;
const STEP = 500;

interface Drive {
  /** Seconds of inrush at six times the current, and until the current has decayed to a tenth after switching off. */
  inrush: number;
  coast: number;
}

/** A minute of running and a minute of rest for each drive, half a second between samples. */
function starts(drives: Drive[], gap = STEP): StartFinding[] {
  const state = newStarts();
  const random = randomOf(1);
  const found: StartFinding[] = [];
  let at = 0;
  for (const { inrush, coast } of drives) {
    const jitter = 0.9 + 0.2 * random();
    for (let t = 0; t < 120_000; t += gap, at += gap) {
      const s = t / 1000;
      const runs = s < 60;
      const off = USUAL * 10 ** (-(s - 60) / (coast * jitter));
      const on = s < inrush * jitter ? 6 * USUAL : USUAL + random();
      found.push(...(followStart(state, runs ? on : off, at, runs, USUAL) ?? []));
    }
  }
  return found;
}

const many = (n: number, drive: Partial<Drive> = {}): Drive[] =>
  Array.from({ length: n }, () => ({ inrush: 5, coast: 12, ...drive }));

describe("starts", () => {
  test("two hundred healthy ones: nothing", () => {
    expect(starts(many(200))).toEqual([]);
  });

  test("friction shortens the coast-down; that is over when it is", () => {
    const found = starts([...many(40), ...many(15, { coast: 8 }), ...many(30)]);
    expect(found.map(({ feature, raised }) => [feature, raised])).toEqual([
      ["coast", true],
      ["coast", false],
    ]);
    expect(found[0]?.usual).toBeGreaterThan(10);
    expect(found[0]?.sigmas).toBeLessThan(-1);
  });

  test("load lengthens the inrush: rise and area, not the peak", () => {
    const found = starts([...many(40), ...many(15, { inrush: 8 })]);
    expect(new Set(found.map(({ feature }) => feature))).toEqual(new Set(["rise", "area"]));
  });

  test("samples that are too slow have no shape", () => {
    expect(starts([...many(40), ...many(20, { coast: 4 })], 5_000)).toEqual([]);
  });

  test("nothing is known before there is a usual value; lost samples end a start", () => {
    const state = newStarts();
    expect(followStart(state, 5, 0, true, Number.NaN)).toBeNull();
    expect(followStart(state, Number.NaN, 500, true, 20)).toBeNull();
    expect(followStart(state, 1e9, 1000, false, 20)).toBeNull();
    expect(state.learning.flat()).toEqual([]);
  });
});

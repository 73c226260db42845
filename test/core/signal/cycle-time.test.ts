/** Cycle time from a counter: sure to about 1 % at any poll, by recipe, never over a stop, a reset or a change of recipe. */
import { describe, expect, test } from "vitest";
import {
  type CycleTimeState,
  newCycleTime,
  type PieceReading,
  timePieces,
} from "../../../agent/core/signal/cycle-time.ts";
import { randomOf } from "./rig.ts";

interface Machine {
  cycleMs: number;
  pollMs: number;
  /** Time that the machine rests after a piece, unseen by its condition. */
  restMs?: (piece: number) => number;
  recipe?: (at: number) => string;
  since?: (at: number) => number;
}

/** Values told over `hours` of polling, with their instants. */
function run({ cycleMs, pollMs, restMs, recipe, since }: Machine, hours: number, seed = 1) {
  const random = randomOf(seed);
  const told: [number, number][] = [];
  let state: CycleTimeState | null = null;
  let [pieces, seen, next] = [0, 0, cycleMs * random()];
  for (let at = pollMs; at < hours * 3_600_000; at += pollMs) {
    while (next <= at) {
      pieces += 1;
      next += cycleMs * (0.99 + 0.02 * random()) + (restMs?.(pieces) ?? 0);
    }
    if (pieces === seen) continue;
    const reading: PieceReading = {
      mono: at,
      count: pieces,
      pieces: pieces - seen,
      recipe: recipe?.(at) ?? "a",
      since: since?.(at) ?? 0,
      pollMs,
    };
    seen = pieces;
    if (state === null) state = newCycleTime(reading);
    else {
      const value = timePieces(state, reading);
      if (!Number.isNaN(value)) told.push([at, value]);
    }
  }
  return told;
}

describe("values are nearly continuous", () => {
  test.each([
    [700, 1000],
    [1300, 1000],
    [30_000, 1000],
    [120, 10_000],
    [900, 10_000],
    [9_000, 10_000],
    [31_000, 10_000],
    [90_000, 10_000],
  ])("a piece in %d ms, read every %d ms", (cycleMs, pollMs) => {
    const told = run({ cycleMs, pollMs }, 10);
    expect(told.length).toBeGreaterThan(9);
    for (const [, value] of told) expect(Math.abs(value / cycleMs - 1)).toBeLessThan(0.014);
    const mean = told.reduce((sum, [, value]) => sum + value, 0) / told.length;
    expect(Math.abs(mean / cycleMs - 1)).toBeLessThan(0.004);
  });
});

describe("slow cycles count, stops do not", () => {
  test("a stop of the condition is left out with the pieces that it touches", () => {
    // Half a minute of every ten, on the minute; the machine makes nothing then.
    const since = (at: number): number => Math.floor(at / 600_000) * 600_000 + 30_000;
    const restMs = (piece: number): number => (piece % 57 === 0 ? 30_000 : 0);
    const told = run({ cycleMs: 10_000, pollMs: 1000, restMs, since }, 10);
    for (const [, value] of told) expect(value / 10_000).toBeCloseTo(1, 1);
  });

  test("so is a wait of more than two cycles that no condition shows; one of half a cycle is a slow cycle", () => {
    const jam = (ms: number) => (piece: number) => (piece % 10 === 0 ? ms : 0);
    const mean = (ms: number): number => {
      const told = run({ cycleMs: 10_000, pollMs: 1000, restMs: jam(ms) }, 10);
      return told.reduce((sum, [, value]) => sum + value, 0) / told.length;
    };
    expect(mean(25_000) / 10_000).toBeCloseTo(1, 2);
    expect(mean(5_000) / 10_000).toBeCloseTo(1.05, 2);
  });

  test("a machine that is three times as slow from now on is told so", () => {
    const told = run({ cycleMs: 10_000, pollMs: 1000, restMs: (n) => (n > 1000 ? 20_000 : 0) }, 10);
    expect(told.at(-1)?.[1]).toBeGreaterThan(29_000);
  });
});

test("another recipe and a count that is not sure begin anew", () => {
  const turn = 3_605_000;
  const told = run({ cycleMs: 1000, pollMs: 10_000, recipe: (at) => (at < turn ? "a" : "b") }, 2);
  const gaps = told.map(([at], i) => at - (told[i - 1]?.[0] ?? 0));
  // A hundred pieces are ten readings; what was gathered of the one recipe is not told of the other.
  expect(told.find(([at]) => at > turn)?.[0]).toBeGreaterThanOrEqual(turn + 95_000);
  expect(Math.min(...gaps.slice(1))).toBeGreaterThanOrEqual(100_000);
  const state = newCycleTime({
    ...{ mono: 0, count: 0, pieces: null, recipe: "a", since: 0, pollMs: 1000 },
  });
  const read = (mono: number, pieces: number | null): number =>
    timePieces(state, { mono, count: 0, pieces, recipe: "a", since: 0, pollMs: 1000 });
  expect(read(50_000, 50)).toBeNaN();
  expect(read(60_000, null)).toBeNaN();
  expect(read(110_000, 50)).toBeNaN();
  expect(read(160_000, 50)).toBe(1000);
});

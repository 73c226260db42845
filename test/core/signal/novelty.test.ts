import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type NoveltyState,
  newNovelty,
  noveltyKind,
  stepNovelty,
} from "../../../agent/core/signal/novelty.ts";
import { quietVerdict } from "../../../agent/core/signal/row.ts";
import { chance, normal } from "../../support/plant-rows.ts";

const N = 3000;
const AT = 2000;

/** A daily wave with correlated noise. */
function series(seed: number, n = N): number[] {
  const g = normal(chance(seed));
  let noise = 0;
  return Array.from({ length: n }, (_, i) => {
    noise = 0.7 * noise + g();
    return 80 + 3 * Math.sin((2 * Math.PI * i) / 288) + noise;
  });
}

function run(values: readonly number[], state = newNovelty()) {
  const verdict = quietVerdict();
  const scores = values.map((value) => {
    stepNovelty(state, [value], verdict);
    expect(verdict.alarm).toBe(verdict.score >= 0.5);
    return verdict.score;
  });
  return { scores, state, alarms: scores.flatMap((score, i) => (score >= 0.5 ? [i] : [])) };
}

const FAULTS: [string, (value: number, i: number, g: () => number) => number][] = [
  ["a spike", (value, i) => (i < 2 ? value + 14 : value)],
  ["a step", (value, i) => (i < 300 ? value - 12 : value)],
  ["noise", (value, i, g) => (i < 200 ? value + 8 * g() : value)],
];

describe("what it finds", () => {
  test.each(FAULTS)("%s", (_, change) => {
    for (const seed of [1, 2, 3]) {
      const g = normal(chance(seed + 50));
      const hurt = series(seed).map((value, i) => (i >= AT ? change(value, i - AT, g) : value));
      expect(run(hurt).alarms.filter((i) => i >= AT && i < AT + 60).length).toBeGreaterThan(0);
    }
  });

  test("a value that stands still", () => {
    const values = series(4).map((value, i, all) => (i >= AT && i < AT + 300 ? all[AT]! : value));
    const { alarms, state } = run(values.slice(0, AT + 60));
    expect(alarms.some((i) => i >= AT)).toBe(true);
    expect(noveltyKind(state)).toBe("activity");
  });

  test("healthy series give less than one alarm in a thousand rows", () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed + 200);
    const alarms = seeds.reduce((sum, seed) => sum + run(series(seed)).alarms.length, 0);
    expect(alarms).toBeLessThan((20 * (N - 400)) / 1000);
  });

  test("a change that stays is told once, not row by row", () => {
    const stepped = series(5).map((value, i) => (i >= AT ? value + 15 : value));
    expect(run(stepped).alarms.filter((i) => i >= AT).length).toBeLessThanOrEqual(4);
  });
});

describe("what changes nothing", () => {
  const spiky = series(11).map((value, i) => (i === AT ? value + 20 : value));

  test("units and sign", () => {
    const plain = run(spiky).alarms;
    expect(plain).toContain(AT);
    const factor = fc.double({ min: 0.001, max: 1000, noNaN: true });
    const offset = fc.double({ min: -500, max: 500, noNaN: true });
    fc.assert(
      fc.property(factor, fc.constantFrom(-1, 1), offset, (scale, sign, shift) => {
        expect(run(spiky.map((value) => value * scale * sign + shift)).alarms).toEqual(plain);
      }),
      { numRuns: 15 },
    );
  });

  test("a restart from a snapshot at any row, to the bit", () => {
    const whole = run(spiky).scores;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: N }), (at) => {
        const first = run(spiky.slice(0, at));
        const restored = JSON.parse(JSON.stringify(first.state)) as NoveltyState;
        expect([...first.scores, ...run(spiky.slice(at), restored).scores]).toEqual(whole);
      }),
      { numRuns: 15 },
    );
  });

  test("healthy rows before: the same event", () => {
    const before = series(12, 1500);
    const found = run([...before, ...spiky]).alarms;
    expect(found).toContain(before.length + AT);
  });
});

describe("bad input", () => {
  test("whatever comes, the score stays in [0, 1] and the state holds no NaN", () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { minLength: 60, maxLength: 200 }), (values) => {
        const state = newNovelty({ ...newNovelty().settings, train: 40 });
        expect(run(values, state).scores.every((s) => s >= 0 && s <= 1)).toBe(true);
        expect(JSON.stringify(state)).not.toContain("null");
      }),
      { numRuns: 100 },
    );
  });

  test("a constant is no novelty; its first change is", () => {
    const still = Array.from({ length: 1000 }, (_, i) => (i < 900 ? 5 : 6));
    expect(run(still).alarms[0]).toBe(900);
  });
});

test("the state is below 1 kB", () => {
  expect(JSON.stringify(run(series(9)).state).length).toBeLessThan(1024);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exponential, keyOf, logNormal, noiseAt, pick, stream } from "../../simulator/random.ts";

const draw = (key: number, n: number): number[] => {
  const random = stream(key);
  return Array.from({ length: n }, random);
};

describe("streams", () => {
  test("same key, same numbers; another name, other numbers", () => {
    expect(draw(keyOf(7, "press-01"), 100)).toEqual(draw(keyOf(7, "press-01"), 100));
    expect(draw(keyOf(7, "press-01"), 5)).not.toEqual(draw(keyOf(7, "press-02"), 5));
    expect(draw(keyOf(8, "press-01"), 5)).not.toEqual(draw(keyOf(7, "press-01"), 5));
  });

  test("the sequence is the published one of this version, on every platform", () => {
    expect(keyOf(7, "press-01")).toBe(3_924_417_667);
    expect(draw(1, 3).map((value) => Math.floor(value * 2 ** 32))).toEqual([
      3_178_791_903, 3_251_262_125, 3_390_614_615,
    ]);
  });

  test("numbers are uniform in [0, 1)", () => {
    const values = draw(keyOf(3, "uniform"), 20_000);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (let decile = 0; decile < 10; decile++) {
      const share = values.filter((value) => Math.floor(value * 10) === decile).length / 20_000;
      expect(share).toBeGreaterThan(0.09);
      expect(share).toBeLessThan(0.11);
    }
  });
});

describe("noise by index", () => {
  test("any order of calls gives the same values", () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.maxSafeNat(), { minLength: 1 }), (key, indexes) => {
        const forward = indexes.map((n) => noiseAt(key, n));
        const backward = [...indexes].reverse().map((n) => noiseAt(key, n));
        expect(backward.reverse()).toEqual(forward);
        expect(forward.every((value) => value >= 0 && value < 1)).toBe(true);
      }),
    );
  });

  test("neighbors are unrelated, also beyond 32 bits", () => {
    const values = Array.from({ length: 20_000 }, (_, i) => noiseAt(5, 2 ** 33 + i) - 0.5);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const lag = values.slice(1).reduce((sum, value, i) => sum + value * (values[i] ?? 0), 0);
    expect(Math.abs(mean)).toBeLessThan(0.01);
    expect(Math.abs(lag / values.length / (1 / 12))).toBeLessThan(0.03);
  });
});

describe("distributions", () => {
  test("exponential has its mean, the log-normal its median and a heavy tail", () => {
    const random = stream(9);
    const waits = Array.from({ length: 20_000 }, () => exponential(random, 60));
    expect(waits.reduce((sum, wait) => sum + wait, 0) / waits.length).toBeCloseTo(60, -1);
    const lengths = Array.from({ length: 20_001 }, () => logNormal(random, 8, 1));
    lengths.sort((a, b) => a - b);
    expect(lengths[10_000]).toBeGreaterThan(7.5);
    expect(lengths[10_000]).toBeLessThan(8.5);
    expect(lengths.filter((length) => length > 80).length).toBeGreaterThan(100);
  });

  test("pick follows weights and refuses an empty list", () => {
    const random = stream(11);
    const rows = [
      { weight: 3, name: "often" },
      { weight: 1, name: "seldom" },
    ] as const;
    const often = Array.from({ length: 8_000 }, () => pick(random, rows)).filter(
      ({ name }) => name === "often",
    );
    expect(often.length / 8_000).toBeCloseTo(0.75, 1);
    expect(() => pick(random, [])).toThrow(RangeError);
  });
});

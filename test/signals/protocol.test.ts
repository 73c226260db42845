/** The scorers of the public benchmarks, against figures worked by hand and the published check values. */
import { describe, expect, test } from "vitest";
import { streamProfile } from "../../agent/signals/profile.ts";
import { scoreAlarms } from "../../agent/signals/score.ts";
import { type Labelled, skabGroup } from "../../bench/signals/data.ts";
import { nabScore, worthOf } from "../../bench/signals/nab-score.ts";
import { alarmsOf } from "../../bench/signals/skab.ts";
import { skabScores, TRAIN } from "../../bench/signals/skab-score.ts";

const N = 1000;
const flags = (...spans: [number, number][]): Uint8Array =>
  Uint8Array.from({ length: N }, (_, i) => (spans.some(([a, b]) => i >= a && i < b) ? 1 : 0));

/** One file at 1 Hz with a fault in rows 600 to 799 and changepoints at its ends. */
const file: Labelled = {
  name: "made",
  rows: {
    channels: ["v"],
    values: Array.from({ length: N }, () => new Float64Array(1)),
    at: Float64Array.from({ length: N }, (_, i) => i * 1000),
    states: [],
    labels: null,
    warnings: [],
  },
  anomaly: flags([600, 800]),
  changepoint: flags([600, 601], [800, 801]),
};

describe("rows", () => {
  test("pooled counts after the training rows", () => {
    const scores = skabScores([file], [flags([650, 850])]);
    expect(scores.f1).toBeCloseTo((2 * 150) / (2 * 150 + 50 + 50));
    expect(scores.far).toBeCloseTo((100 * 50) / 400);
    expect(scores.mar).toBeCloseTo(25);
  });

  test("always on: every healthy row is false", () => {
    const { f1, far, mar } = skabScores([file], [flags([0, N])]);
    expect({ far, mar }).toEqual({ far: 100, mar: 0 });
    expect(f1).toBeCloseTo(400 / 800);
  });

  test("faults found, delays, false episodes", () => {
    expect(scoreAlarms(flags([450, 460], [640, 700]), file.anomaly, TRAIN)).toMatchObject({
      faults: 1,
      found: 1,
      falseEpisodes: 1,
      delays: [40],
    });
  });

  test("undefined is null, not NaN", () => {
    expect(scoreAlarms(flags(), flags(), TRAIN)).toMatchObject({ f1: null, marPercent: null });
  });
});

describe("changepoints", () => {
  test("a detector that says nothing scores 0; a perfect one 100", () => {
    expect(skabScores([file], [flags()]).nab).toEqual({ standard: 0, lowFP: 0, lowFN: 0 });
    expect(skabScores([file], [flags([600, 800])]).nab.standard).toBeCloseTo(100);
  });

  test("late costs, missed costs more, false costs by profile", () => {
    const late = skabScores([file], [flags([630, 800])]);
    expect(late.nab.standard).toBeGreaterThan(50);
    expect(late.nab.standard).toBeLessThan(100);
    const missed = skabScores([file], [flags([700, 800])]);
    expect(missed).toMatchObject({ missed: 1, falsePoints: 1, changepoints: 2 });
    // One hit at its best, one miss, one false: (1 - 1 - 0.11 + 2) / 4.
    expect(missed.nab.standard).toBeCloseTo((100 * (1 - 1 - 0.11 + 2)) / 4);
    expect(missed.nab.lowFP).toBeCloseTo((100 * (1 - 1 - 0.22 + 2)) / 4);
  });

  test("a turn on the border of two windows counts in the later one too", () => {
    const close = { ...file, changepoint: flags([600, 601], [640, 641]) };
    expect(skabScores([close], [flags([660, N])])).toMatchObject({ missed: 0, falsePoints: 0 });
  });
});

describe("NAB", () => {
  const windows: [number, number][] = [[800, 899]];
  const nab = [{ name: "made", rows: file.rows, windows }];
  const at = (...hits: number[]): Float64Array =>
    Float64Array.from({ length: N }, (_, i) => (hits.includes(i) ? 1 : 0));

  test("null is 0; the first row of the window is worth 1; probation does not count", () => {
    expect(nabScore(nab, [at()], 0.5, "standard").score).toBe(0);
    expect(nabScore(nab, [at(800)], 0.5, "standard").score).toBeCloseTo(100, 2);
    expect(nabScore(nab, [at(100)], 0.5, "standard").score).toBe(0);
  });

  test("before any window a false positive costs its full weight, after one the more the later", () => {
    const standard = [1, 0.11, 1] as const;
    expect(worthOf(200, windows, standard)).toEqual({ window: -1, worth: -0.11 });
    expect(worthOf(900, windows, standard).worth).toBeCloseTo(
      0.11 * (2 / (1 + Math.exp(5 / 99)) - 1),
    );
    expect(worthOf(899, windows, standard).worth).toBeCloseTo(
      (2 / (1 + Math.exp(-0.05)) - 1) / 0.98661,
    );
    expect(nabScore(nab, [at(800, 200, 950)], 0.5, "standard").falsePositives).toBe(2);
  });
});

const valve = skabGroup("valve1");
describe.skipIf(valve.length === 0)("SKAB valve1 (skipped where the data is absent)", () => {
  test("the check values of the blind rules", () => {
    const rule = (on: (i: number) => boolean) =>
      skabScores(
        valve,
        valve.map(({ anomaly }) => Uint8Array.from(anomaly, (_, i) => (on(i) ? 1 : 0))),
      );
    expect(rule(() => false).nab.standard).toBe(0);
    // 53.65 % of the test rows are labelled: F1 of always = 2p / (1 + p).
    expect(rule(() => true).f1).toBeCloseTo(0.6983, 4);
    expect(rule((i) => i >= 570 && i <= 970).f1).toBeCloseTo(0.9815, 4);
  });

  test("the frozen setting: F1 at FAR up to 20 %, and the quiet word at FAR up to 10 %", () => {
    const at = (sensitivity: string) =>
      skabScores(
        valve,
        valve.map(({ rows }) => alarmsOf(rows, streamProfile({ sensitivity, train: TRAIN }))),
      );
    const normal = at("normal");
    expect(normal.f1).toBeGreaterThanOrEqual(0.82);
    expect(normal.far).toBeLessThanOrEqual(20);
    const quiet = at("quiet");
    expect(quiet.f1).toBeGreaterThanOrEqual(0.79);
    expect(quiet.far).toBeLessThanOrEqual(10);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  blindChannels,
  type MspcState,
  mspcContributions,
  newMspc,
  stepMspc,
} from "../../../agent/core/signal/mspc.ts";
import { quietVerdict } from "../../../agent/core/signal/row.ts";
import { MSPC } from "../../../agent/core/signal/settings-stream.ts";
import { hurt, plantRows } from "../../support/plant-rows.ts";

const N = 1100;
const FROM = 650;
const TO = 900;
const healthy = (seed: number, n = N): number[][] => plantRows(seed, n);
/** Flow falls at unchanged load: each channel alone stays in its usual range. */
const broken = (seed: number): number[][] => hurt(healthy(seed), FROM, TO, [0, -6, 0, 0]);

interface Run {
  alarms: number[];
  scores: number[];
  state: MspcState;
}

function run(rows: readonly ArrayLike<number>[], state = newMspc(rows[0]!.length)): Run {
  const verdict = quietVerdict();
  const alarms: number[] = [];
  const scores: number[] = [];
  for (const row of rows) {
    stepMspc(state, row, verdict);
    alarms.push(verdict.alarm ? 1 : 0);
    scores.push(verdict.score);
  }
  return { alarms, scores, state };
}

const beginnings = (alarms: readonly number[]): number[] =>
  alarms.flatMap((alarm, i) => (alarm === 1 && alarms[i - 1] !== 1 ? [i] : []));

describe("what it finds", () => {
  test("a broken correlation, within seconds of its onset, named by its channels", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const rows = broken(seed);
      const { alarms } = run(rows);
      const since = beginnings(alarms).filter((i) => i >= FROM);
      expect(since).toHaveLength(1);
      expect(since[0]).toBeLessThan(FROM + 30);
      expect(alarms[TO + 60]).toBe(0);
      const { state } = run(rows.slice(0, TO - 1));
      const shares = mspcContributions(state);
      expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
      expect(shares[0]!.share + shares[1]!.share).toBeGreaterThan(0.9);
    }
  });

  test("next to nothing on healthy rows", () => {
    const seeds = Array.from({ length: 20 }, (_, seed) => seed + 100);
    const alarmed = seeds.map((seed) => run(healthy(seed)).alarms.reduce((a, b) => a + b, 0));
    expect(alarmed.reduce((a, b) => a + b, 0)).toBeLessThan(0.03 * 20 * (N - MSPC.train));
  });

  test("a change that stays for good: the baseline is frozen while raised", () => {
    const { alarms } = run(hurt(healthy(6, 4000), FROM, 4000, [0, -6, 0, 0]));
    expect(alarms.slice(FROM + 30)).not.toContain(0);
  });

  test("slow wear: the baseline follows no further than its budget", () => {
    const worn = healthy(7, 9000).map((row, i) =>
      row.map((value, j) => value + (j === 3 ? Math.max(0, i - 500) * 0.003 : 0)),
    );
    const state = newMspc(4, { ...MSPC, budget: 6 });
    const { alarms } = run(worn, state);
    expect(beginnings(alarms).length).toBeGreaterThan(0);
    expect(alarms.at(-1)).toBe(1);
  });
});

describe("what changes nothing", () => {
  test("units, signs and the order of channels", () => {
    const scale = fc.record({
      factor: fc.double({ min: 0.001, max: 1000, noNaN: true }),
      sign: fc.constantFrom(-1, 1),
      offset: fc.double({ min: -500, max: 500, noNaN: true }),
    });
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    const plain = run(broken(11));
    fc.assert(
      fc.property(fc.array(scale, { minLength: 4, maxLength: 4 }), order, (scales, places) => {
        const other = broken(11).map((row) =>
          places.map((j) => row[j]! * scales[j]!.factor * scales[j]!.sign + scales[j]!.offset),
        );
        expect(run(other).alarms).toEqual(plain.alarms);
      }),
      { numRuns: 25 },
    );
  });

  test("a restart from a snapshot at any row, to the bit", () => {
    const rows = broken(12);
    const whole = run(rows);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: N }), (at) => {
        const first = run(rows.slice(0, at), newMspc(4));
        const restored = JSON.parse(JSON.stringify(first.state)) as MspcState;
        const second = run(rows.slice(at), restored);
        expect([...first.scores, ...second.scores]).toEqual(whole.scores);
        expect([...first.alarms, ...second.alarms]).toEqual(whole.alarms);
      }),
      { numRuns: 25 },
    );
  });

  test("rows that are yet to come", () => {
    const whole = run(broken(13));
    expect(run(broken(13).slice(0, 700)).scores).toEqual(whole.scores.slice(0, 700));
  });

  test("more or fewer healthy rows before the fault: same events, at the same rows but for a few", () => {
    const rows = broken(14);
    const [onset] = beginnings(run(rows).alarms);
    const more = [...rows.slice(0, 600), ...rows.slice(410, 600), ...rows.slice(600)];
    const fewer = rows.filter((_, i) => i < 410 || i >= 540);
    for (const [other, shift] of [
      [more, 190],
      [fewer, -130],
    ] as const) {
      const found = beginnings(run(other).alarms);
      expect(found).toHaveLength(1);
      expect(Math.abs(found[0]! - shift - onset!)).toBeLessThanOrEqual(5);
    }
  });
});

describe("bad input", () => {
  const isFine = (scores: readonly number[]): boolean => scores.every((s) => s >= 0 && s <= 1);

  test("a constant channel is not judged and does not disturb", () => {
    const rows = broken(21);
    const { alarms, state } = run(rows.map((row) => [7, ...row]));
    expect(alarms).toEqual(run(rows).alarms);
    expect(blindChannels(state)).toEqual([0]);
  });

  test("only constant channels: blind, never an alarm", () => {
    const { scores, state } = run(Array.from({ length: 600 }, () => [1, 2]));
    expect(state.phase).toBe("blind");
    expect(new Set(scores)).toEqual(new Set([0]));
  });

  test("absent values are held, counted, and never become NaN", () => {
    const rows = broken(22).map((row, i) =>
      row.map((value, j) => ((i * 7 + j) % 5 === 0 ? Number.NaN : value)),
    );
    const { scores, alarms, state } = run(rows);
    expect(isFine(scores)).toBe(true);
    expect(beginnings(alarms)[0]).toBeGreaterThanOrEqual(FROM);
    expect(state.missing).toBeGreaterThan(100);
    expect(JSON.stringify(state)).not.toMatch(/:null|NaN/);
  });

  test("one wild training value does not blind its channel", () => {
    const rows = broken(23);
    const { alarms } = run(
      rows.map((row, i) => (i === 200 ? [row[0]!, 65_535, ...row.slice(2)] : row)),
    );
    const without = run(rows).alarms;
    const shared = alarms.filter((alarm, i) => alarm === without[i]).length;
    expect(shared).toBeGreaterThan(0.97 * rows.length);
  });

  test("whatever numbers come, the score stays in [0, 1]", () => {
    const wild = fc.double();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(wild, wild, wild), { minLength: 60, maxLength: 90 }),
        (rows) => {
          expect(isFine(run(rows, newMspc(3, { ...MSPC, train: 40 })).scores)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("one channel", () => {
    const rows = hurt(healthy(23), FROM, TO, [0, 0, 0, 1]).map((row) => [row[3]!]);
    expect(beginnings(run(rows).alarms)[0]).toBeGreaterThanOrEqual(FROM);
  });
});

test("a model of eight channels fits 4 kB", () => {
  const wide = healthy(31, 500).map((row) => [
    ...row,
    ...row.map((v, j) => v * Math.sin(v * 9 + j)),
  ]);
  const { state } = run(wide);
  expect(state.phase).toBe("judging");
  expect(JSON.stringify(state).length).toBeLessThan(4096);
});

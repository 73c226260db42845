import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONDITIONS } from "../../agent/core/vocabulary.ts";
import { runAt } from "../../simulator/machine.ts";
import { truth } from "../../simulator/truth.ts";
import { DAY, HOUR, KIND_NAMES, machine, START } from "./machines.ts";

const windows = fc.tuple(fc.nat(8 * HOUR), fc.nat(8 * HOUR), fc.nat(8 * HOUR)).map((edges) => {
  return edges.sort((a, b) => a - b).map((edge) => START + edge) as [number, number, number];
});

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);

describe("truth", () => {
  test("tiles time exactly: conditions and runs of any window sum to its length", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KIND_NAMES), fc.nat(), windows, (kind, seed, [from, , to]) => {
        const { conditionMs, runs } = truth(machine(kind, seed), from, to);
        expect(sum(Object.values(conditionMs))).toBe(to - from);
        let edge = from;
        for (const [i, run] of runs.entries()) {
          expect(run.from).toBe(edge);
          expect(run.to).toBeGreaterThan(run.from);
          expect(run.condition).not.toBe(runs[i + 1]?.condition);
          edge = run.to;
        }
        expect(edge).toBe(to);
        for (const word of CONDITIONS) {
          const own = runs.filter((run) => run.condition === word);
          expect(sum(own.map((run) => run.to - run.from))).toBe(conditionMs[word]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("two halves sum to the whole, pieces per recipe too", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KIND_NAMES), fc.nat(), windows, (kind, seed, [a, b, c]) => {
        const one = machine(kind, seed);
        const [left, right, whole] = [truth(one, a, b), truth(one, b, c), truth(one, a, c)];
        expect(left.counts.total + right.counts.total).toBe(whole.counts.total);
        expect(left.counts.good + right.counts.good).toBe(whole.counts.good);
        expect(sum(Object.values(whole.recipes).map(({ total }) => total))).toBe(
          whole.counts.total,
        );
        expect(sum(Object.values(whole.recipes).map(({ good }) => good))).toBe(whole.counts.good);
        for (const [recipe, { total }] of Object.entries(whole.recipes)) {
          const parts = [left, right].map((half) => half.recipes[recipe]?.total ?? 0);
          expect(sum(parts)).toBe(total);
        }
      }),
      { numRuns: 100 },
    );
  });

  test("agrees with the state at every instant that is looked at", () => {
    const one = machine("packaging");
    const { runs } = truth(one, START, START + HOUR);
    for (const run of runs) {
      for (const t of [run.from, run.to - 1]) expect(runAt(one, t).condition).toBe(run.condition);
    }
  });

  test("an empty window is empty, one before the start is refused", () => {
    expect(truth(machine("press"), START + 5, START + 5)).toMatchObject({ runs: [], recipes: {} });
    expect(() => truth(machine("press"), START - 1, START + 1)).toThrow(RangeError);
    expect(() => truth(machine("press"), START + 1, START)).toThrow(RangeError);
  });
});

describe("plausible plants", () => {
  const days = 5;
  const shares = (kind: string): Record<string, number> => {
    const one = truth(machine(kind, 21), START, START + days * DAY);
    return Object.fromEntries(
      CONDITIONS.map((word) => [word, one.conditionMs[word] / (days * DAY)]),
    );
  };

  test.each([
    ["press", 0.7, 0.93, ["fault", "idle", "setup", "starved"]],
    ["packaging", 0.6, 0.9, ["fault", "idle", "setup", "starved", "blocked"]],
    ["cnc", 0.5, 0.85, ["fault", "idle", "setup"]],
    ["compressor", 0.7, 0.97, ["idle", "setup"]],
  ])("%s produces most of the time and shows its stops", (kind, low, high, seen) => {
    const share = shares(kind);
    expect(share["producing"]).toBeGreaterThan(low);
    expect(share["producing"]).toBeLessThan(high);
    for (const word of seen) expect(share[word]).toBeGreaterThan(0.001);
    expect(share["unknown"]).toBe(0);
  });

  test("short stops are many and short, faults few with a long tail", () => {
    const { runs } = truth(machine("press", 21), START, START + 30 * DAY);
    const lengths = (word: string) =>
      runs.filter(({ condition }) => condition === word).map(({ from, to }) => (to - from) / 1000);
    const micro = lengths("idle").filter((seconds) => seconds <= 95);
    expect(micro.length).toBeGreaterThan(500);
    expect(Math.min(...micro)).toBeGreaterThan(1);
    const faults = lengths("fault").sort((a, b) => a - b);
    expect(faults.length).toBeGreaterThan(50);
    const median = faults[Math.floor(faults.length / 2)] ?? 0;
    expect(median).toBeGreaterThan(240);
    expect(median).toBeLessThan(960);
    expect(faults.at(-1)).toBeGreaterThan(5 * median);
  });

  test("quality is below one where parts can be bad, and every cubic meter of air is good", () => {
    const quality = (kind: string): number => {
      const { total, good } = truth(machine(kind, 2), START, START + DAY).counts;
      return good / total;
    };
    expect(quality("press")).toBeGreaterThan(0.98);
    expect(quality("press")).toBeLessThan(0.998);
    expect(quality("compressor")).toBe(1);
  });
});

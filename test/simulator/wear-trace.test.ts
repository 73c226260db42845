/** The fast traces: same seed, same rows; healthy months have all that plants have; faults keep their promises. */
import { describe, expect, test } from "vitest";
import { AT, CHANNELS } from "../../simulator/wear/channels.ts";
import { type Degradation, LIFE_DAYS } from "../../simulator/wear/decay.ts";
import { RUN_DAY_MS } from "../../simulator/wear/onset.ts";
import { tailQuantile } from "../../simulator/wear/tail.ts";
import { createTrace, nextRow, type Trace, type TraceOptions } from "../../simulator/wear/trace.ts";

const START = Date.UTC(2026, 2, 2);
const DAY = 86_400_000;
const trace = (options: Partial<TraceOptions> = {}) =>
  createTrace({ seed: 3, start: START, ...options });

/** Mean of a channel over `rows` producing rows from here on, run in. */
function level(one: Trace, at: number, rows: number): number {
  let [sum, n] = [0, 0];
  while (n < rows) {
    nextRow(one);
    const value = one.row[at] as number;
    if (one.stretch.condition !== "producing" || one.cell.warmth < 0.9 || Number.isNaN(value)) {
      continue;
    }
    sum += value;
    n++;
  }
  return sum / n;
}

describe("noise", () => {
  test("is that of Student's t with 4 degrees of freedom, at deviation 1", () => {
    // Quantiles of t(4): 0.741 at 75 %, 2.132 at 95 %, 7.173 at 99.9 %.
    expect(tailQuantile(0.75) * Math.SQRT2).toBeCloseTo(0.7407, 4);
    expect(tailQuantile(0.95) * Math.SQRT2).toBeCloseTo(2.1318, 4);
    expect(tailQuantile(0.001) * Math.SQRT2).toBeCloseTo(-7.1732, 4);
  });
});

describe("a healthy trace", () => {
  const rows = (one: Trace, n: number): (number | string)[][] =>
    Array.from({ length: n }, () => {
      nextRow(one);
      return [one.at, one.runMs, one.stretch.condition, ...one.row];
    });

  test("depends on its seed and on nothing else", () => {
    expect(rows(trace(), 5000)).toEqual(rows(trace(), 5000));
    expect(rows(trace({ seed: 4 }), 5000)).not.toEqual(rows(trace(), 5000));
  });

  test("has shifts, weekends, lost polls, outages, restarts, a set clock and services", () => {
    const one = trace();
    const seen = new Set<string>();
    const count = { lost: 0, blind: 0, restarts: 0, steps: 0 };
    for (let i = 0; i < 120 * 8640; i++) {
      const { plantAt, upsets } = one;
      const { offset } = upsets;
      nextRow(one);
      seen.add(one.stretch.condition);
      count.restarts += Number(one.plantAt - plantAt > one.stepMs);
      count.steps += Number(upsets.offset !== offset);
      count.blind += Number(!one.isObserved);
      count.lost += Number(one.isObserved && one.row.some(Number.isNaN));
    }
    const states = ["fault", "idle", "maintenance", "off", "producing", "setup", "starved"];
    expect([...seen].sort()).toEqual(states);
    expect(one.services).toBeGreaterThan(0);
    expect(Math.min(...Object.values(count))).toBeGreaterThan(0);
    const share = one.runMs / (one.plantAt - START);
    expect(share).toBeGreaterThan(0.35);
    expect(share).toBeLessThan(0.5);
  });

  test("its products load it by 15 % more or less", () => {
    const one = trace({ upsets: false });
    const [sums, counts] = [new Float64Array(4), new Float64Array(4)];
    for (let i = 0; i < 30 * 8640; i++) {
      nextRow(one);
      const load = one.row[AT.load] as number;
      if (one.stretch.condition !== "producing" || Number.isNaN(load)) continue;
      sums[one.stretch.product]! += load;
      counts[one.stretch.product]! += 1;
    }
    const means = sums.map((sum, i) => sum / counts[i]!).sort();
    expect(means[0]).toBeLessThan(88);
    expect(means[0]).toBeGreaterThan(82);
    expect(means[3]).toBeGreaterThan(112);
    expect(means[3]).toBeLessThan(118);
  });

  test("a restarted or absent agent changes nothing in the machine", () => {
    const [watched, alone] = [trace(), trace({ upsets: false })];
    for (let i = 0; i < 200_000; i++) nextRow(watched);
    while (alone.plantAt < watched.plantAt) nextRow(alone);
    expect(alone.runMs).toBe(watched.runMs);
    expect(alone.cell.slow).toEqual(watched.cell.slow);
  });

  test("counts a piece for every cycle that its controller shows, and none while it rests", () => {
    const one = trace({ upsets: false });
    const before = { made: 0, runMs: 0 };
    let [shown, wrong] = [0, 0];
    for (let i = 0; i < 5 * 8640; i++) {
      nextRow(one);
      const { made } = one.cell;
      if (made > before.made !== one.runMs > before.runMs) wrong++;
      if (Math.floor(made) > Math.floor(before.made)) shown += one.cell.shown;
      Object.assign(before, { made, runMs: one.runMs });
    }
    expect(wrong).toBe(0);
    expect(before.made).toBeGreaterThan(3000);
    expect(before.runMs / 1000 / shown).toBeCloseTo(1, 2);
  });

  test("values stand on the steps of their registers, and rest at zero", () => {
    const one = trace();
    let worst = 0;
    for (let i = 0; i < 20_000; i++) {
      nextRow(one);
      for (const [at, { perUnit }] of CHANNELS.entries()) {
        const steps = (one.row[at] as number) * perUnit;
        if (!Number.isNaN(steps)) worst = Math.max(worst, Math.abs(steps - Math.round(steps)));
      }
      if (one.stretch.condition === "off" && !Number.isNaN(one.row[AT.current])) {
        expect(one.row[AT.current]).toBe(0);
      }
    }
    expect(worst).toBeLessThan(1e-6);
  });
});

describe("a trace with a fault", () => {
  const failing = (kind: Degradation) =>
    trace({ fault: { kind, onsetRunMs: 3 * RUN_DAY_MS }, upsets: false });
  const upTo = (one: Trace, isDone: () => boolean): void => {
    while (!isDone()) nextRow(one);
  };

  test.each(["bearing", "filter", "tool", "cavitation", "belt"] as const)(
    "%s begins and ends on the running hour",
    (kind) => {
      const one = failing(kind);
      upTo(one, () => one.fault?.failureAt !== null);
      const { onsetAt, failureAt, failureRunMs, onsetRunMs } = one.fault!;
      const days = ((failureRunMs ?? 0) - onsetRunMs) / RUN_DAY_MS;
      expect(days).toBeCloseTo(LIFE_DAYS[kind], 2);
      expect((failureAt ?? 0) - (onsetAt ?? 0)).toBeGreaterThan(days * (16 / 24) * DAY);
    },
  );

  test.each([
    ["bearing", AT.vibration, 7.1],
    ["filter", AT.filterDp, 0.7],
    ["tool", AT.current, 31.2],
    ["belt", AT.speed, 2950 * 0.95],
  ] as const)("%s ends at its threshold at nominal load", (kind, at, value) => {
    const one = failing(kind);
    upTo(one, () => one.fault?.failureAt !== null);
    const end = level(one, at, 30_000);
    expect(Math.abs(end / value - 1)).toBeLessThan(kind === "belt" ? 0.01 : 0.06);
  });

  test("an unquiet pace gives another life each time, about the nominal one", () => {
    const lives = Array.from({ length: 12 }, (_, seed) => {
      const fault = { kind: "bearing", onsetRunMs: 0, unrest: 0.3 } as const;
      const one = trace({ seed, fault, stepMs: 60_000, upsets: false });
      upTo(one, () => one.fault?.failureAt !== null);
      return (one.fault?.failureRunMs ?? 0) / RUN_DAY_MS;
    });
    expect(new Set(lives).size).toBeGreaterThan(10);
    const mean = lives.reduce((sum, days) => sum + days, 0) / 12;
    expect(Math.abs(mean - 7.9)).toBeLessThan(1.5);
  });

  test("sensors stick, creep and go without touching the machine", () => {
    for (const kind of ["sensor-stuck", "sensor-drift", "sensor-lost"] as const) {
      const [one, sound] = [failing(kind), trace({ service: false, upsets: false })];
      upTo(one, () => one.fault?.onsetAt !== null);
      for (let i = 0; i < 500; i++) nextRow(one);
      while (sound.plantAt < one.plantAt) nextRow(sound);
      expect(sound.runMs).toBe(one.runMs);
      expect(one.cell.effects).toEqual(sound.cell.effects);
      expect(one.fault?.channel).not.toBeNull();
    }
  });
});

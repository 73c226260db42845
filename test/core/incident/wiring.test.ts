/** What the cycles of a plant make of incidents: each step in its own instant, however far apart the cycles are. */
import { expect, test } from "vitest";
import { bench, press } from "../../support/plant.ts";
import { MIN, model, SEC, T0 } from "./scene.ts";

const [RUNS, FAILS] = [6, 8];

interface Case {
  name: string;
  /** How long a fault must last, and for how long a sample counts. */
  forMs: number;
  holdMs: number;
  cycles: [at: number, status: number][];
  /** Step, when it was told, opened, restored; from the first cycle on. */
  told: [step: string, at: number, openedAt: number, restoredAt: number | null][];
}

const cases: Case[] = [
  {
    name: "a fault that lasts while cycles are far apart",
    forMs: 5 * MIN,
    holdMs: 60 * MIN,
    cycles: [
      [0, RUNS],
      [SEC, FAILS],
      [20 * MIN, FAILS],
      [30 * MIN, RUNS],
      [50 * MIN, RUNS],
    ],
    told: [
      ["opened", 5 * MIN + SEC, 5 * MIN + SEC, null],
      ["restored", 31 * MIN, 5 * MIN + SEC, 30 * MIN],
      ["verified", 40 * MIN, 5 * MIN + SEC, 30 * MIN],
      ["closed", 40 * MIN, 5 * MIN + SEC, 30 * MIN],
    ],
  },
  {
    name: "a fault of seconds",
    forMs: 2 * SEC,
    holdMs: 3 * SEC,
    cycles: [
      [0, RUNS],
      [SEC, FAILS],
      [2 * SEC, FAILS],
      [3 * SEC, FAILS],
      [4 * SEC, FAILS],
      [5 * SEC, RUNS],
    ],
    told: [["opened", 3 * SEC, 3 * SEC, null]],
  },
  {
    name: "a fault that a cycle shows again before it counts as unseen",
    forMs: 2 * SEC,
    holdMs: 10 * SEC,
    cycles: [
      [0, RUNS],
      [SEC, FAILS],
      [9 * SEC, FAILS],
    ],
    told: [["opened", 3 * SEC, 3 * SEC, null]],
  },
];

test.each(cases)("$name", ({ forMs, holdMs, cycles, told }) => {
  const rules = [{ id: "fault", severity: "s1", on: "fault" as const, forMs, reasons: null }];
  const sources = [{ id: "main", pollMs: SEC, holdMs }];
  const plant = bench(T0, press({ sources, incidents: model({ rules }) }));
  for (const [at, status] of cycles)
    plant.cycle(T0 + at, { status, total: 0, good: 0, guard: false });
  const since = (at: number | null): number | null => (at === null ? null : at - T0);
  const steps = plant.records().flatMap((record) => {
    if (record.class !== "incident") return [];
    const { status, openedAt, restoredAt } = record.body;
    return [[status, since(record.time), since(openedAt), since(restoredAt)]];
  });
  expect(steps).toEqual(told);
});

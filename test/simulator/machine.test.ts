import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  advance,
  countersAt,
  disturb,
  type Overlay,
  piecesBefore,
  resetCounters,
  runAt,
} from "../../simulator/machine.ts";
import { readTable } from "../../simulator/registers.ts";
import { STATUS } from "../../simulator/status.ts";
import { truth } from "../../simulator/truth.ts";
import { DAY, HOUR, KIND_NAMES, machine, START } from "./machines.ts";

const kinds = fc.constantFrom(...KIND_NAMES);
const offset = fc.integer({ min: 0, max: 6 * HOUR });
const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const forced = (from: number, ms: number, rank: number): Overlay => {
  return { from, to: from + ms, status: STATUS.aborted, reason: 9, guard: false, rank };
};
const overlays = fc.array(
  fc.tuple(offset, fc.integer({ min: 1, max: HOUR }), fc.integer({ min: 1, max: 3 })),
  { maxLength: 6 },
);

/** All a client or checker could learn up to `hours` after the start. */
function everything(one: ReturnType<typeof machine>, hours = 8): unknown {
  const { conditionMs, counts, recipes, runs } = truth(one, START, START + hours * HOUR);
  const images = [0.5, 3, 7.9].map((h) => readTable(one, "input", 0, 7, START + h * HOUR));
  return { conditionMs, counts, recipes, runs, images };
}

describe("history", () => {
  test("one jump or many steps give the same", () => {
    fc.assert(
      fc.property(kinds, seeds, fc.array(offset), (kind, seed, steps) => {
        const jumped = machine(kind, seed);
        const walked = machine(kind, seed);
        for (const step of steps) {
          advance(walked, START + step);
          countersAt(walked, START + step);
          readTable(walked, "input", 0, 7, START + step);
        }
        expect(everything(walked)).toEqual(everything(jumped));
      }),
      { numRuns: 60 },
    );
  });

  test("same seed, same machine; another id or seed, another life", () => {
    for (const kind of KIND_NAMES) {
      expect(everything(machine(kind, 3))).toEqual(everything(machine(kind, 3)));
      expect(everything(machine(kind, 3))).not.toEqual(everything(machine(kind, 4)));
      expect(everything(machine(kind, 3))).not.toEqual(
        everything(machine(kind, 3, { id: "other" })),
      );
    }
  });

  test("a disturbance gives the same, announced before or struck live", () => {
    fc.assert(
      fc.property(kinds, seeds, overlays, (kind, seed, list) => {
        const sorted = [...list].sort(([a], [b]) => a - b);
        const announced = machine(kind, seed);
        disturb(
          announced,
          sorted.map(([from, ms, rank]) => forced(START + from, ms, rank)),
        );
        const live = machine(kind, seed);
        for (const [from, ms, rank] of sorted) {
          advance(live, START + from);
          disturb(live, [forced(START + from, ms, rank)]);
        }
        expect(everything(live)).toEqual(everything(announced));
      }),
      { numRuns: 60 },
    );
  });

  test("a disturbance lasts as long as it says, and the machine's own life goes on behind it", () => {
    const from = START + HOUR + 7;
    const one = machine("press");
    disturb(one, [forced(from, 600_001, 1)]);
    expect(truth(one, from, from + 600_001).conditionMs.fault).toBe(600_001);
    expect(runAt(one, from - 1).condition).toBe(runAt(one, from + 600_001).condition);
    expect(runAt(one, from - 1).recipe).toBe(runAt(one, from).recipe);
  });

  test("what was shown is settled: the past cannot be disturbed nor reset", () => {
    const one = machine("press");
    runAt(one, START + HOUR);
    expect(() => disturb(one, [forced(START + HOUR, 1000, 1)])).toThrow(/settled/);
    expect(() => resetCounters(one, START + HOUR)).toThrow(/settled/);
    expect(() => disturb(one, [forced(START + HOUR + 1, 1000, 1)])).not.toThrow();
    expect(() => runAt(one, START - 1)).toThrow(RangeError);
  });

  test("the higher rank shows where disturbances meet", () => {
    const one = machine("press");
    const held = { ...forced(START, HOUR, 1), status: STATUS.held };
    disturb(one, [held, forced(START + 1000, 1000, 2)]);
    const { conditionMs } = truth(one, START, START + HOUR);
    expect(conditionMs).toMatchObject({ idle: HOUR - 1000, fault: 1000, producing: 0 });
  });
});

describe("counters", () => {
  test("equal the pieces made, modulo the modulus, through every rollover", () => {
    const moduli = fc.constantFrom(100, 65_536, 2 ** 32);
    fc.assert(
      fc.property(kinds, seeds, moduli, fc.array(offset), (kind, seed, modulus, instants) => {
        const counterStart = modulus - 10;
        const one = machine(kind, seed, { modulus, counterStart });
        const first = countersAt(one, START - 1 + 1);
        for (const instant of instants) {
          const t = START + instant;
          const made = truth(one, START + 1, t + 1).counts;
          const shown = countersAt(one, t);
          expect(shown.total).toBe((first.total + made.total) % modulus);
          expect(shown.good).toBe((first.good + made.good) % modulus);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("a reset sets both to zero at its instant, and the pieces of that instant count", () => {
    const one = machine("packaging", 5, { counterStart: 4_000 });
    const at = START + 2 * HOUR;
    resetCounters(one, at);
    const made = piecesBefore(one, at).total;
    expect(countersAt(one, at - 1).total).toBe(4_000 + made);
    const later = piecesBefore(one, at + HOUR);
    expect(countersAt(one, at + HOUR - 1).total).toBe(later.total - made);
    expect(countersAt(one, at).total).toBe(piecesBefore(one, at + 1).total - made);
    expect(later.total - made).toBeGreaterThan(1_000);
  });

  test("a machine without a given start has some past, below its modulus", () => {
    const one = machine("press", 5, { counterStart: null, modulus: 65_536 });
    expect(countersAt(one, START).total).toBeGreaterThan(0);
    expect(countersAt(one, START).total).toBeLessThan(65_536);
  });
});

test("twenty machines, a day at 1 Hz: status and counters, fast", () => {
  const machines = Array.from({ length: 20 }, (_, i) => {
    return machine(KIND_NAMES[i % 4] ?? "", i, { id: `m-${i}` });
  });
  const begin = performance.now();
  let sum = 0;
  for (let t = START; t < START + DAY; t += 1000) {
    for (const one of machines) sum += runAt(one, t).status + countersAt(one, t).total;
  }
  const took = performance.now() - begin;
  expect(sum).toBeGreaterThan(0);
  // Half a second on an idle computer; the bound leaves room for a busy one.
  expect(took).toBeLessThan(3_000);
});

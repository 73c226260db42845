import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ambientAt } from "../../simulator/heat.ts";
import { countersAt, disturb, runAt } from "../../simulator/machine.ts";
import { madeBefore, pieceAt, rejectsBelow, rejectsOf, spoil } from "../../simulator/pieces.ts";
import { stream } from "../../simulator/random.ts";
import { type Reading, readingAt } from "../../simulator/reading.ts";
import { readTable, SIZE } from "../../simulator/registers.ts";
import { STATUS } from "../../simulator/status.ts";
import { DAY, HOUR, KIND_NAMES, machine, START } from "./machines.ts";

describe("pieces of a stretch", () => {
  const paces = fc.record({
    from: fc.constant(START),
    cycleMs: fc.double({ min: 20, max: 200_000, noNaN: true }),
    first: fc.nat(1_000_000),
  });

  test("counting agrees with the instants, one by one", () => {
    fc.assert(
      fc.property(paces, fc.integer(), fc.nat(200), (pace, key, n) => {
        const at = pieceAt(pace, key, n);
        expect(madeBefore(pace, key, at)).toBe(n);
        expect(madeBefore(pace, key, at + 1)).toBe(n + 1);
        expect(pieceAt(pace, key, n + 1)).toBeGreaterThan(at);
      }),
    );
  });

  test("the cycle time holds in the long run, and none is made before the first cycle", () => {
    const pace = { from: START, cycleMs: 1234.5, first: 0 };
    expect(madeBefore(pace, 1, START + 10_000 * 1234.5)).toBeCloseTo(10_000, -1);
    expect(madeBefore(pace, 1, START + 1)).toBe(0);
    expect(madeBefore({ ...pace, cycleMs: null }, 1, START + DAY)).toBe(0);
  });
});

describe("rejects", () => {
  test("have their rate, whatever the order of questions", () => {
    const forward = rejectsOf(stream(1), 0.02);
    const backward = rejectsOf(stream(1), 0.02);
    rejectsBelow(backward, 50_000);
    for (const n of [10, 5_000, 200, 49_999]) {
      expect(rejectsBelow(forward, n)).toBe(rejectsBelow(backward, n));
    }
    expect(rejectsBelow(forward, 50_000) / 50_000).toBeCloseTo(0.02, 2);
    expect(rejectsBelow(rejectsOf(stream(1), 0), 1_000_000)).toBe(0);
  });

  test("start-up scrap is bad to the piece", () => {
    const rejects = rejectsOf(stream(3), 0.001);
    spoil(rejects, 400, 5);
    expect(rejectsBelow(rejects, 405) - rejectsBelow(rejects, 400)).toBe(5);
    expect(rejectsBelow(rejects, 403) - rejectsBelow(rejects, 400)).toBe(3);
  });
});

describe("condition channels", () => {
  const mean = (kind: string, from: number, pick: (reading: Reading) => number): number => {
    const one = machine(kind, 4);
    const values = Array.from({ length: 200 }, (_, i) => pick(readingAt(one, from + i * 1000)));
    return values.reduce((sum, value) => sum + value, 0) / values.length;
  };

  test("a sensor shows one value per 250 ms, on its own steps", () => {
    const one = machine("press");
    const t = Math.ceil((START + HOUR) / 250) * 250;
    expect(readingAt(one, t + 249)).toEqual(readingAt(one, t));
    const values = Array.from({ length: 50 }, (_, i) => readingAt(one, t + i * 250));
    expect(new Set(values.map(({ current }) => current)).size).toBeGreaterThan(10);
    for (const { vibration, current, oilTemp10, pressure100 } of values) {
      expect(vibration).toBe(Math.round(vibration * 100) / 100);
      expect(current).toBe(Math.round(current * 10) / 10);
      expect([oilTemp10, pressure100].every(Number.isInteger)).toBe(true);
    }
  });

  test("oil warms under load, cools in a stop, and never jumps", () => {
    const one = machine("press");
    const stop = { status: STATUS.stopped, reason: 0, guard: false, rank: 9 };
    disturb(one, [{ ...stop, from: START + 2 * HOUR, to: START + 4 * HOUR }]);
    const oil = (t: number): number => readingAt(one, t).oilTemp10 / 10;
    expect(oil(START + 2 * HOUR)).toBeGreaterThan(oil(START) + 15);
    expect(oil(START + 4 * HOUR)).toBeLessThan(oil(START + 2 * HOUR) - 15);
    for (let t = START; t < START + 5 * HOUR; t += 1000) {
      expect(Math.abs(oil(t + 1000) - oil(t))).toBeLessThan(1.5);
    }
  });

  test("vibration and current follow the load; ambient follows the day", () => {
    const one = machine("cnc");
    const at = (load: (load: number) => boolean): number => {
      for (let t = START; ; t += 1000) if (load(runAt(one, t).load)) return t;
    };
    const [busy, still] = [at((load) => load > 0.5), at((load) => load === 0)];
    expect(readingAt(one, busy).current).toBeGreaterThan(readingAt(one, still).current + 5);
    const noon = Date.UTC(2026, 10, 23, 15);
    expect(ambientAt(noon)).toBeGreaterThan(ambientAt(noon + DAY / 2) + 8);
    expect(mean("compressor", START + HOUR, ({ pressure100 }) => pressure100)).toBeGreaterThan(650);
  });

  test("wear adds its rate and keeps what it gained", () => {
    const [worn, fresh] = [machine("press"), machine("press")];
    const from = START + HOUR;
    worn.drifts.push({ from, to: from + 2 * HOUR, channel: "vibration", perHour: 0.5 });
    const gained = (t: number) => readingAt(worn, t).vibration - readingAt(fresh, t).vibration;
    expect(gained(from - 1000)).toBeCloseTo(0, 5);
    expect(gained(from + HOUR)).toBeCloseTo(0.5, 1);
    expect(gained(from + 5 * HOUR)).toBeCloseTo(1, 1);
  });
});

describe("register image", () => {
  test("holds the documented map, for every kind alike", () => {
    for (const kind of KIND_NAMES) {
      const one = machine(kind, 9, { counterStart: 70_000 });
      const t = START + 3 * HOUR;
      const run = runAt(one, t);
      const { total, good } = countersAt(one, t);
      const words = [total >>> 16, total & 0xffff, good >>> 16, good & 0xffff];
      const holding = [run.status, run.reason, ...words, run.recipe];
      expect(readTable(one, "holding", 0, 7, t)).toEqual(holding);
      expect(readTable(one, "holding", 2, 2, t)).toEqual(words.slice(0, 2));
      const reading = readingAt(one, t);
      const input = Buffer.alloc(14);
      for (const [i, word] of (readTable(one, "input", 0, 7, t) ?? []).entries()) {
        input.writeUInt16BE(word, i * 2);
      }
      expect(input.readInt16BE(0)).toBe(reading.oilTemp10);
      expect(input.readInt16BE(2)).toBe(reading.ambient10);
      expect(input.readFloatBE(4)).toBe(Math.fround(reading.vibration));
      expect(input.readFloatBE(8)).toBe(Math.fround(reading.current));
      expect(input.readInt16BE(12)).toBe(reading.pressure100);
      expect(readTable(one, "discrete", 3, 1, t)).toEqual([Number(run.guard)]);
      expect(readTable(one, "coil", 0, 1, t)).toEqual([1]);
    }
  });

  test("has no address beyond the map", () => {
    const one = machine("press");
    for (const [table, size] of Object.entries(SIZE) as [keyof typeof SIZE, number][]) {
      expect(readTable(one, table, 0, size, START)).toHaveLength(size);
      expect(readTable(one, table, 0, size + 1, START)).toBeNull();
      expect(readTable(one, table, size, 1, START)).toBeNull();
    }
  });
});

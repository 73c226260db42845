import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  arrange,
  type Block,
  blockOf,
  DEFAULT_LIMITS,
  divide,
  type Item,
  plan,
} from "../../../drivers/modbus/plan.ts";
import { parsePoint, type Table } from "../../../drivers/modbus/point.ts";

const item = (address: number, length = 1, table: Table = "holding"): Item => ({
  table,
  address,
  length,
  points: [],
});
const ranges = (blocks: Block[]): string[] =>
  blocks.map((block) => `${block.table} ${block.address}+${block.length}`);

describe("plan", () => {
  it("reads the points of the example in one request per table", () => {
    const points = [
      { id: "status", table: "holding", address: 0, type: "uint16" },
      { id: "total", table: "holding", address: 2, type: "uint32" },
      { id: "recipe", table: "holding", address: 6, type: "uint16" },
      { id: "oilTemp", table: "input", address: 0, type: "int16" },
      { id: "guard", table: "discrete", address: 3, type: "bool" },
    ];
    const blocks = plan(arrange(points.map(parsePoint)), DEFAULT_LIMITS);
    expect(ranges(blocks)).toEqual(["discrete 3+1", "holding 0+7", "input 0+1"]);
  });

  it("merges over a hole of 10 registers and not of 11", () => {
    expect(ranges(plan([item(0), item(11)], DEFAULT_LIMITS))).toEqual(["holding 0+12"]);
    expect(ranges(plan([item(0), item(12)], DEFAULT_LIMITS))).toHaveLength(2);
  });

  it("merges over a hole of 80 bits and not of 81", () => {
    const bits = (second: number): Item[] => [item(0, 1, "coil"), item(second, 1, "coil")];
    expect(ranges(plan(bits(81), DEFAULT_LIMITS))).toEqual(["coil 0+82"]);
    expect(ranges(plan(bits(82), DEFAULT_LIMITS))).toHaveLength(2);
  });

  it("keeps to 125 registers and 2000 bits, and to less where the device wants it", () => {
    const registers = Array.from({ length: 300 }, (_, i) => item(i));
    expect(ranges(plan(registers, DEFAULT_LIMITS))).toEqual([
      "holding 0+125",
      "holding 125+125",
      "holding 250+50",
    ]);
    expect(plan(registers, { ...DEFAULT_LIMITS, maxRegisters: 60 })).toHaveLength(5);
    expect(plan(registers, { ...DEFAULT_LIMITS, maxRegisters: 500 })).toHaveLength(3);
    const coils = Array.from({ length: 2001 }, (_, i) => item(i, 1, "coil"));
    expect(ranges(plan(coils, DEFAULT_LIMITS))).toEqual(["coil 0+2000", "coil 2000+1"]);
    expect(plan(coils, { ...DEFAULT_LIMITS, maxBits: 100 })).toHaveLength(21);
  });

  it("never splits a value at the limit", () => {
    const blocks = plan([item(0, 124), item(124, 2)], DEFAULT_LIMITS);
    expect(ranges(blocks)).toEqual(["holding 0+124", "holding 124+2"]);
  });

  it("refuses a value that no request can hold", () => {
    expect(() => plan([item(0, 4)], { ...DEFAULT_LIMITS, maxRegisters: 3 })).toThrow(
      /takes 4 registers/,
    );
  });

  it("joins points of one range and keeps overlapping ones together", () => {
    const bit = (id: string, n: number) => ({
      id,
      table: "holding",
      address: 5,
      type: "bool",
      bit: n,
    });
    const word = { id: "w", table: "holding", address: 4, type: "uint32" };
    const items = arrange([bit("a", 0), bit("b", 1), word].map(parsePoint));
    expect(items.map((one) => one.points)).toEqual([[2], [0, 1]]);
    expect(ranges(plan(items, DEFAULT_LIMITS))).toEqual(["holding 4+2"]);
  });

  it("does not read across what it was taught to leave out", () => {
    const items = [item(0), item(1), item(2), item(3)];
    const lessons = { barred: new Set([1]), cuts: new Set([3]) };
    expect(ranges(plan(items, DEFAULT_LIMITS, lessons))).toEqual([
      "holding 0+1",
      "holding 2+1",
      "holding 3+1",
    ]);
  });

  it("divides at the widest hole, else in the middle", () => {
    const spread = [item(0), item(1), item(8), item(9), item(10)];
    const whole = blockOf(spread, [0, 1, 2, 3, 4]);
    expect(ranges([whole])).toEqual(["holding 0+11"]);
    expect(divide(spread, whole)).toBe(2);
    const dense = Array.from({ length: 9 }, (_, i) => item(i));
    expect([4, 5]).toContain(divide(dense, blockOf(dense, [0, 1, 2, 3, 4, 5, 6, 7, 8])));
  });
});

const LIMITS = { maxRegisters: 8, maxBits: 20, gap: 2 };

/** Every way to put the items into groups, each group one request: the least number that obeys the rules. */
function fewest(items: Item[]): number {
  const isAllowed = (group: Item[]): boolean => {
    const sorted = [...group].sort((a, b) => a.address - b.address);
    const start = sorted[0]!.address;
    let end = start;
    for (const { address, length } of sorted) {
      if (address - end > LIMITS.gap) return false;
      end = Math.max(end, address + length);
    }
    return end - start <= LIMITS.maxRegisters;
  };
  let best = items.length;
  const place = (index: number, groups: Item[][]): void => {
    const next = items[index];
    if (!next) {
      if (groups.every(isAllowed)) best = Math.min(best, groups.length);
      return;
    }
    for (const group of groups) {
      group.push(next);
      place(index + 1, groups);
      group.pop();
    }
    if (groups.length + 1 < best) place(index + 1, [...groups, [next]]);
  };
  place(0, []);
  return best;
}

describe("plan, for any points", () => {
  const points = fc.uniqueArray(
    fc.record({
      address: fc.integer({ min: 0, max: 30 }),
      type: fc.constantFrom("uint16", "uint32", "float64", "string"),
      length: fc.integer({ min: 1, max: 8 }),
    }),
    { minLength: 1, maxLength: 7, selector: (p) => `${p.address} ${p.type}` },
  );
  const arranged = points.map((list) =>
    arrange(list.map((p, i) => parsePoint({ id: `p${i}`, table: "holding", ...p }))),
  );

  it("needs exactly as few requests as the best of all groupings", () => {
    fc.assert(
      fc.property(arranged, (items) => {
        expect(plan(items, LIMITS)).toHaveLength(fewest(items));
      }),
      { numRuns: 400 },
    );
  });

  it("reads every item once, whole, within the limits and in order", () => {
    fc.assert(
      fc.property(arranged, (items) => {
        const blocks = plan(items, LIMITS);
        expect(blocks.flatMap((block) => block.items)).toEqual(items.map((_, index) => index));
        for (const block of blocks) {
          expect(block).toEqual(blockOf(items, block.items));
          expect(block.length).toBeLessThanOrEqual(LIMITS.maxRegisters);
        }
        expect(plan(items, LIMITS)).toEqual(blocks);
      }),
    );
  });
});

/** Addresses in both forms, and words as everything they may mean. */
import { describe, expect, test } from "vitest";
import { placeOfReference, referenceOf, TABLES } from "../../../agent/commission/registers.ts";
import { wholes } from "../../../agent/commission/target.ts";
import { ORDERS, textOf, VIEW_TYPES, viewsOf } from "../../../agent/commission/views.ts";
import { Fault } from "../../../agent/core/fault.ts";

describe("the manual's form", () => {
  test.each([
    ["40001", "holding", 0],
    ["49999", "holding", 9998],
    ["410000", "holding", 9999],
    ["465536", "holding", 65_535],
    ["30001", "input", 0],
    ["10017", "discrete", 16],
    ["00001", "coil", 0],
  ] as const)("%s is %s %i", (reference, table, address) => {
    expect(placeOfReference(reference)).toEqual({ table, address });
    expect(referenceOf(table, address)).toBe(reference);
  });

  test("every address comes back from its reference", () => {
    for (const table of TABLES)
      for (let address = 0; address < 65_536; address += 97)
        expect(placeOfReference(referenceOf(table, address))).toEqual({ table, address });
  });

  test.each(["1", "40000", "20001", "50001", "465537", "4x001", "-40001", ""])(
    "%j is none",
    (text) => {
      expect(() => placeOfReference(text)).toThrow(Fault);
    },
  );
});

describe("lists of units", () => {
  test.each([
    ["1", [1]],
    ["3,1-2,2", [1, 2, 3]],
    ["0x10-0x11", [16, 17]],
  ])("%s", (text, units) => {
    expect(wholes("--units", text, 0, 255)).toEqual(units);
  });

  test.each(["", "a", "5-3", "256", "1,,2", "1-"])("%j is none", (text) => {
    expect(() => wholes("--units", text, 0, 255)).toThrow(Fault);
  });
});

describe("views", () => {
  const BYTES: Record<string, [number, number]> = {
    ABCD: [0x42f6, 0xe979],
    CDAB: [0xe979, 0x42f6],
    BADC: [0xf642, 0x79e9],
    DCBA: [0x79e9, 0xf642],
  };

  test.each(ORDERS)("123.456 is found in order %s, and in that alone", (order) => {
    const views = viewsOf(BYTES[order] ?? [], ["float32"]);
    const near = views.filter(({ value }) => value !== null && Math.abs(value - 123.456) < 1e-5);
    expect(near.map((view) => view.order)).toEqual([order]);
  });

  test("what cannot be meant is left out", () => {
    const value = (words: number[], type: "float32" | "bcd16" | "uint64") =>
      viewsOf(words, [type]).find(({ order }) => order === "ABCD")?.value;
    expect(value([0x7fc0, 0], "float32")).toBeNull();
    expect(value([0x7f00, 0], "float32")).toBeNull();
    expect(value([0, 1], "float32")).toBeNull();
    expect(value([0, 0], "float32")).toBe(0);
    expect(value([0x000a], "bcd16")).toBeNull();
    expect(value([0x1234], "bcd16")).toBe(1234);
    expect(value([0xffff, 0, 0, 0], "uint64")).toBeNull();
  });

  test("no view reaches over a word that could not be read, or beyond the last", () => {
    const views = viewsOf([1, null, 3, 4], VIEW_TYPES);
    const wide = views.filter(({ type }) => type === "uint32");
    expect(new Set(wide.map(({ at }) => at))).toEqual(new Set([2]));
    expect(views.some(({ type }) => type === "float64")).toBe(false);
  });

  test("text ends at the first zero and must be printable", () => {
    expect(textOf([0x4142, 0x4300])).toBe("ABC");
    expect(textOf([0x4142, 0x0743])).toBeNull();
    expect(textOf([0x4100])).toBeNull();
    expect(textOf([0x4142, null])).toBeNull();
  });
});

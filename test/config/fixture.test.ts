/** Fixtures build on each other; values agree as far as a fixture can say; a local template takes the place of a shipped one. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { catalog } from "../../config/catalog.ts";
import { agrees, checksOf, fits, wantedText } from "../../config/check-value.ts";
import { chainOf, expectationOf, imageOf, readImage } from "../../config/fixture.ts";
import { isShipped } from "../../config/template.ts";
import type { Template, TemplateFixture } from "../../config/types.ts";

const fixture = (name: string, more: Partial<TemplateFixture>): TemplateFixture => ({
  name,
  expect: {},
  bad: {},
  ...more,
});

const template: Template = {
  version: 1,
  description: "t",
  products: [],
  sources: [],
  tested: [],
  caveats: [],
  probe: [{ point: "a", equals: 1 }, { equals: 2 }],
  asset: {},
  example: {},
  fixtures: [
    fixture("one", { holding: { "0": [1, 2, 3] }, coil: { "5": 1 }, expect: { a: 1, b: 2 } }),
    fixture("two", { after: "one", holding: { "1": 7 }, bad: { b: "VALUE_INVALID" } }),
    fixture("three", { after: "two", input: { "0": 9 }, expect: { b: 3 } }),
    fixture("lost", { after: "nowhere" }),
    fixture("round", { after: "round" }),
    fixture("early", { after: "late" }),
    fixture("late", {}),
  ],
};

describe("fixtures", () => {
  test("begin with what they come after", () => {
    const chain = chainOf(template, "three");
    expect(chain.map(({ name }) => name)).toEqual(["one", "two", "three"]);
    const image = imageOf(chain);
    expect(readImage(image, "holding", 0, 3)).toEqual([1, 7, 3]);
    expect(readImage(image, "input", 0, 1)).toEqual([9]);
    expect(readImage(image, "coil", 5, 1)).toEqual([1]);
  });

  test("have no addresses but those they list", () => {
    const image = imageOf(chainOf(template, "one"));
    expect(readImage(image, "holding", 2, 2)).toBeNull();
    expect(readImage(image, "input", 0, 1)).toBeNull();
  });

  test("expect a value or a reason, never both", () => {
    expect(expectationOf(chainOf(template, "two"))).toEqual({
      values: { a: 1 },
      bad: { b: "VALUE_INVALID" },
    });
    expect(expectationOf(chainOf(template, "three"))).toEqual({ values: { a: 1, b: 3 }, bad: {} });
  });

  test.each(["lost", "round", "early", "unknown"])("%s leads nowhere", (name) => {
    expect(chainOf(template, name)).toEqual([]);
  });
});

describe("values", () => {
  test.each([
    [230.1, Math.fround(230.1), true],
    [230.1, 230.2, false],
    [0, 1e-7, true],
    ["18446744073709551615", 18446744073709551615n, true],
    [true, true, true],
    [true, 1, false],
    ["ACME", "ACME", true],
  ])("%s agrees with %s: %s", (expected, value, is) => {
    expect(agrees(expected, value)).toBe(is);
  });

  test("fit a check by value, list or range, ends included", () => {
    expect(fits({ equals: 3 }, 3)).toBe(true);
    expect(fits({ in: [1, 2] }, 3)).toBe(false);
    expect([80, 80.1, 300, 300.1, 79].map((value) => fits({ between: [80, 300] }, value))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
    expect(fits({ between: [0, 9] }, "5")).toBe(false);
    expect(fits({}, 5)).toBe(false);
    expect(checksOf(template).map(({ id }) => id)).toEqual(["a", "probe2"]);
    expect([{ equals: 3 }, { in: [1, 2] }, { between: [80, 300] }].map(wantedText)).toEqual([
      "3",
      "one of 1, 2",
      "80 to 300",
    ]);
  });
});

test("the catalog lists the local folder first, broken files too", () => {
  const folder = mkdtempSync(join(tmpdir(), "uptime-templates-"));
  try {
    mkdirSync(join(folder, "templates"));
    writeFileSync(
      join(folder, "templates", "packml.yaml"),
      "version: 1\ndescription: ours\nasset: {}\n",
    );
    writeFileSync(join(folder, "templates", "broken.yaml"), "version: 2\n");
    const entries = catalog(folder);
    const ours = entries.find(({ name }) => name === "packml");
    expect(ours?.template?.description).toBe("ours");
    expect(isShipped(ours?.file ?? "")).toBe(false);
    const broken = entries.find(({ name }) => name === "broken");
    expect(broken).toMatchObject({ template: null });
    expect(broken?.problems.length).toBeGreaterThan(0);
    expect(entries.filter(({ name }) => name === "packml")).toHaveLength(1);
    expect(isShipped(entries.find(({ name }) => name === "stack-light")?.file ?? "")).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

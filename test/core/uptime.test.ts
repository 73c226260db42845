/** Accounting rule 11: who answers for what: uptime and reliability. */
import { describe, expect, test } from "vitest";
import type { AssetModel } from "../../agent/core/model.ts";
import { rule } from "../support/plant.ts";
import { EXTERNAL, FAULT, HOUR, hour, IDLE, MAINTENANCE, RUN, SIX } from "../support/story.ts";

describe("uptime", () => {
  const turned = (
    is: AssetModel["rules"][number]["is"],
    attribution: AssetModel["rules"][number]["attribution"],
  ): Partial<AssetModel> => ({
    rules: [
      rule(is, { op: "equals", point: 0, value: FAULT }, { attribution }),
      rule("producing", { op: "equals", point: 0, value: RUN }),
      rule("idle", null),
    ],
  });

  test.each<
    [
      AssetModel["rules"][number]["is"],
      AssetModel["rules"][number]["attribution"],
      "up" | "down" | "excluded",
    ]
  >([
    ["fault", null, "down"],
    ["fault", "supplier", "down"],
    ["fault", "none", "down"],
    ["fault", "customer", "excluded"],
    ["fault", "third-party", "excluded"],
    ["fault", "force-majeure", "excluded"],
    ["maintenance", null, "down"],
    ["maintenance", "customer", "excluded"],
    ["external-fault", null, "excluded"],
    ["external-fault", "supplier", "down"],
    ["off", null, "excluded"],
    ["off", "supplier", "down"],
    ["starved", "supplier", "up"],
    ["blocked", null, "up"],
    ["setup", "customer", "up"],
    ["engineering", null, "up"],
  ])("%s attributed %s is %s", (is, attribution, standing) => {
    const { uptime } = hour(
      [
        [600, RUN],
        [600, FAULT],
      ],
      turned(is, attribution),
    ).measures("hour", SIX);
    const ms = { up: 3_000_000, down: 0, excluded: 0 };
    ms[standing] += 600_000;
    expect([uptime.upMs, uptime.downMs, uptime.excludedMs]).toEqual([ms.up, ms.down, ms.excluded]);
  });

  test("a micro-stop of a fault is up", () => {
    const { uptime } = hour([
      [600, RUN],
      [60, FAULT],
    ]).measures("hour", SIX);
    expect([uptime.upMs, uptime.downMs]).toEqual([HOUR, 0]);
  });

  test("the asset's map comes before the default, the rule before the map", () => {
    const fault = { op: "equals", point: 0, value: FAULT } as const;
    const rest = [rule("producing", { op: "equals", point: 0, value: RUN }), rule("idle", null)];
    const attributed = (own: "customer" | null): Record<string, number> =>
      hour(
        [
          [600, RUN],
          [600, FAULT],
        ],
        {
          attribution: { fault: "third-party" },
          rules: [rule("fault", fault, { attribution: own }), ...rest],
        },
      ).sums("hour", SIX).attributionMs;
    expect(attributed(null)).toMatchObject({ "third-party": 600_000, none: 3_000_000 });
    expect(attributed("customer")).toMatchObject({ customer: 600_000, "third-party": 0 });
  });
});

describe("reliability", () => {
  test("a failure is a stop that is not micro and holds a fault", () => {
    const sums = hour([
      [600, RUN],
      [60, FAULT],
      [60, RUN],
      [400, FAULT],
      [60, RUN],
      [400, IDLE],
    ]).sums("hour", SIX);
    expect([sums.failures, sums.restoredMs, sums.open]).toEqual([1, 400_000, 0]);
  });

  test("restored is the full length of the stop, idle parts included", () => {
    const sums = hour([
      [600, RUN],
      [100, IDLE],
      [300, FAULT],
      [100, IDLE],
    ]).sums("hour", SIX);
    expect([sums.failures, sums.restoredMs]).toEqual([1, 500_000]);
  });

  test("a fault of others is no failure", () => {
    const rules = [
      rule("fault", { op: "equals", point: 0, value: FAULT }, { attribution: "customer" }),
      rule("producing", { op: "equals", point: 0, value: RUN }),
    ];
    expect(
      hour(
        [
          [600, RUN],
          [600, FAULT],
        ],
        { rules },
      ).sums("hour", SIX).failures,
    ).toBe(0);
  });

  test("open at the window's end", () => {
    const plant = hour([
      [3000, RUN],
      [600, FAULT],
      [900, FAULT],
    ]);
    const { failures, restoredMs, open } = plant.sums("hour", SIX);
    expect([failures, restoredMs, open]).toEqual([1, 0, 1]);
  });

  test("external faults and planned stops are none", () => {
    const sums = hour([
      [600, RUN],
      [600, EXTERNAL],
      [600, RUN],
      [600, MAINTENANCE],
    ]).sums("hour", SIX);
    expect([sums.failures, sums.restoredMs]).toEqual([0, 0]);
  });
});

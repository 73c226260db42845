/** Accounting rule 2: the walk over the rules, three-valued logic, dwell, `counterMoving`, hysteresis, edges. */
import { describe, expect, test } from "vitest";
import type { AssetModel, Expr, Value } from "../../agent/core/model.ts";
import { edges } from "../support/edges.ts";
import { type Bench, bench, press, rule } from "../support/plant.ts";
import { HOUR, IDLE, RUN } from "../support/story.ts";

const T0 = Date.UTC(2026, 10, 23, 6);
const on = { total: 0, good: 0 };
const STATUS = { op: "equals", point: 0, value: 6 } as const;
const GUARD = { op: "equals", point: 3, value: true } as const;

const plantOf = (changes: Partial<AssetModel> = {}): Bench =>
  bench(T0, press({ microStopMs: 5000, ...changes }));

/** Polls once a second for as many values as there are. */
function feed(plant: Bench, values: Record<string, Value>[], stepMs = 1000): number {
  for (const [i, value] of values.entries()) plant.cycle(T0 + i * stepMs, { ...on, ...value });
  return T0 + (values.length - 1) * stepMs;
}

describe("three-valued logic", () => {
  const status = (truth: boolean | null): Record<string, Value> =>
    truth === null ? {} : { status: truth ? 6 : 0 };
  const guard = (truth: boolean | null): Record<string, Value> =>
    truth === null ? {} : { guard: truth };

  test.each<[string, Expr, boolean | null, boolean | null, string]>([
    ["all: true and true", { op: "all", of: [STATUS, GUARD] }, true, true, "producing"],
    [
      "all: true and undecided",
      { op: "all", of: [STATUS, GUARD] },
      true,
      null,
      "unknown device-silent",
    ],
    ["all: false and undecided", { op: "all", of: [STATUS, GUARD] }, false, null, "idle"],
    ["all: undecided and false", { op: "all", of: [GUARD, STATUS] }, false, null, "idle"],
    ["any: false and false", { op: "any", of: [STATUS, GUARD] }, false, false, "idle"],
    ["any: true and undecided", { op: "any", of: [STATUS, GUARD] }, true, null, "producing"],
    [
      "any: false and undecided",
      { op: "any", of: [STATUS, GUARD] },
      false,
      null,
      "unknown device-silent",
    ],
    ["not: of true", { op: "not", of: STATUS }, true, null, "idle"],
    ["not: of false", { op: "not", of: STATUS }, false, null, "producing"],
    ["not: of undecided", { op: "not", of: GUARD }, true, null, "unknown device-silent"],
  ])("%s", (_, when, first, second, expected) => {
    const plant = plantOf({ rules: [rule("producing", when), rule("idle", null)] });
    const end = feed(
      plant,
      [1, 2, 3].map(() => ({ ...status(first), ...guard(second) })),
    );
    expect(edges(plant, T0, end)).toEqual([`0 ${expected}`]);
  });

  test("all rules false is `rule-undecided` from that sample", () => {
    const plant = plantOf({ rules: [rule("producing", STATUS)] });
    const end = feed(plant, [{ status: 6 }, { status: 6 }, { status: 0 }, { status: 0 }]);
    expect(edges(plant, T0, end)).toEqual(["0 producing", "2000 unknown rule-undecided"]);
  });

  test("in order: the first true rule wins", () => {
    const plant = plantOf({
      rules: [rule("fault", GUARD), rule("producing", STATUS), rule("idle", null)],
    });
    const end = feed(plant, [
      { status: 6, guard: false },
      { status: 6, guard: true },
      { status: 0, guard: false },
      { status: 0, guard: false },
    ]);
    expect(edges(plant, T0, end)).toEqual(["0 producing", "1000 fault", "2000 idle"]);
  });

  test("an undecided rule ends the walk before a later true one", () => {
    const plant = plantOf({ rules: [rule("fault", GUARD), rule("producing", STATUS)] });
    const end = feed(plant, [{ status: 6 }, { status: 6 }]);
    expect(edges(plant, T0, end)).toEqual(["0 unknown device-silent"]);
  });
});

describe("dwell", () => {
  const rules = [
    rule("producing", STATUS),
    rule("setup", { op: "equals", point: 0, value: 3 }, { forMs: 3000 }),
    rule("idle", null),
  ];
  const told = (...statuses: number[]): string[] => {
    const plant = plantOf({ rules });
    const end = feed(
      plant,
      statuses.map((status) => ({ status })),
    );
    return edges(plant, T0, end);
  };

  test("elapsed: dated at the sample that first showed it", () => {
    expect(told(6, 6, 3, 3, 3, 3, 3, 6, 6)).toEqual([
      "0 producing",
      "2000 setup",
      "7000 producing",
    ]);
  });

  test("exactly elapsed counts", () => {
    expect(told(6, 6, 3, 3, 3, 6, 6)).toEqual(["0 producing", "2000 setup", "5000 producing"]);
  });

  test("not elapsed: nothing happened", () => {
    expect(told(6, 6, 3, 3, 6, 6)).toEqual(["0 producing"]);
  });

  test("while pending the current condition continues; another rule takes over where it shows", () => {
    expect(told(6, 6, 3, 3, 0, 0)).toEqual(["0 producing", "4000 idle"]);
  });

  test("nothing is told before it has elapsed, then it is told with its begin", () => {
    const plant = plantOf({ rules });
    feed(
      plant,
      [6, 6, 3, 3, 3].map((status) => ({ status })),
    );
    const states = (): unknown[] =>
      plant
        .records()
        .flatMap((fact) =>
          fact.class === "state"
            ? [[fact.time - T0, fact.body.condition, fact.body.since - T0]]
            : [],
        );
    expect(states()).toEqual([[0, "producing", 0]]);
    plant.cycle(T0 + 5000, { status: 3 });
    expect(states()).toEqual([
      [0, "producing", 0],
      [5000, "setup", 2000],
    ]);
  });

  test("a pending rule that becomes undecided is dropped", () => {
    const plant = plantOf({ rules });
    feed(
      plant,
      [6, 6, 3, 3].map((status) => ({ status })),
    );
    for (let t = 20_000; t <= 22_000; t += 1000) plant.cycle(T0 + t, { status: 6 });
    expect(edges(plant, T0, T0 + 22_000)).toEqual([
      "0 producing",
      "3000 unknown device-silent",
      "20000 producing",
    ]);
  });
});

describe("counterMoving", () => {
  const rules = [rule("producing", { op: "moving", point: 1, withinMs: 4000 }), rule("idle", null)];
  const told = (totals: number[]): string[] => {
    const plant = plantOf({ rules });
    const end = feed(
      plant,
      totals.map((total) => ({ total })),
    );
    return edges(plant, T0, end);
  };

  test("true at the sample with an increment, false from the last increment", () => {
    expect(told([5, 5, 6, 7, 7, 7, 7, 7, 7, 7, 8, 8])).toEqual([
      "0 idle",
      "2000 producing",
      "3000 idle",
      "10000 producing",
    ]);
  });

  test("an increment every `within` keeps it moving", () => {
    expect(told([0, 1, 1, 1, 1, 2, 2, 2, 2, 3])).toEqual(["0 idle", "1000 producing"]);
  });

  test("one millisecond more does not", () => {
    const plant = plantOf({ rules });
    for (const [t, total] of [
      [0, 0],
      [1000, 1],
      [3000, 1],
      [5001, 2],
      [6000, 2],
    ] as const)
      plant.cycle(T0 + t, { total });
    // the increment at 1000 moved it for no time that is known to have passed
    expect(edges(plant, T0, T0 + 6000)).toEqual(["0 idle", "5001 producing"]);
  });
});

describe("hysteresis", () => {
  const limit = (op: "above" | "below"): AssetModel["rules"] => [
    rule("producing", { op, point: 3, limit: 10, hysteresis: 2 }),
    rule("idle", null),
  ];
  test.each<["above" | "below", number[], string[]]>([
    [
      "above",
      [10, 10, 11, 9, 8.5, 8, 9, 10, 10.1],
      ["0 idle", "2000 producing", "5000 idle", "8000 producing"],
    ],
    [
      "below",
      [10, 10, 9, 11, 11.5, 12, 11, 10, 9.9],
      ["0 idle", "2000 producing", "5000 idle", "8000 producing"],
    ],
  ])("%s is strict, and lets go only past the limit", (op, values, expected) => {
    const plant = plantOf({ rules: limit(op) });
    feed(
      plant,
      values.map((guard) => ({ guard })),
    );
    plant.cycle(T0 + 9000, { guard: values.at(-1) ?? 0 });
    expect(edges(plant, T0, T0 + 9000)).toEqual(expected);
  });

  test("between is inclusive", () => {
    const rules = [
      rule("producing", { op: "between", point: 3, low: 2, high: 4, hysteresis: 0 }),
      rule("idle", null),
    ];
    const plant = plantOf({ rules });
    const end = feed(
      plant,
      [1.9, 2, 4, 4.1, 4.1].map((guard) => ({ guard })),
    );
    expect(edges(plant, T0, end)).toEqual(["0 idle", "1000 producing", "3000 idle"]);
  });
});

describe("edge uncertainty", () => {
  const uncertainty = (times: [number, number][]): number => {
    const plant = plantOf();
    for (const [t, status] of times) plant.cycle(T0 + t, { status, ...on });
    plant.tick(T0 + 3 * HOUR);
    return plant.sums("hour", T0).edgeUncertaintyMs;
  };

  test("each edge is unsure back to the previous good cycle", () => {
    expect(
      uncertainty([
        [0, RUN],
        [1000, RUN],
        [2500, IDLE],
        [5500, RUN],
        [6000, RUN],
      ]),
    ).toBe(1500 + 3000);
  });

  test("an edge out of or into unknown time is not: the unknown time says it", () => {
    expect(
      uncertainty([
        [0, RUN],
        [1000, RUN],
        [9000, IDLE],
        [10_000, IDLE],
      ]),
    ).toBe(0);
  });

  test("only the part inside the window", () => {
    const plant = plantOf();
    for (let t = -2000; t <= 6000; t += 1000)
      if (t !== 0) plant.cycle(T0 + HOUR + t, { status: t > 0 ? IDLE : RUN, ...on });
    plant.tick(T0 + 3 * HOUR);
    expect(plant.sums("hour", T0).edgeUncertaintyMs).toBe(1000);
    expect(plant.sums("hour", T0 + HOUR).edgeUncertaintyMs).toBe(1000);
  });
});

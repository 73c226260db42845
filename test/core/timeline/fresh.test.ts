/** Accounting rule 3: how long a value holds, from when it is withdrawn, and which cause is booked. */
import { describe, expect, test } from "vitest";
import type { AssetModel } from "../../../agent/core/model.ts";
import { edges } from "../../support/edges.ts";
import { bench, press, rule } from "../../support/plant.ts";
import { HOUR, IDLE, RUN } from "../../support/story.ts";

const T0 = Date.UTC(2026, 10, 23, 6);
const on = { total: 0, good: 0 };

/** Polled at 1 s with hold 3 s, hours. */
const plantOf = (changes: Partial<AssetModel> = {}) =>
  bench(T0, press({ microStopMs: 5000, ...changes }));

describe("the limit", () => {
  test.each([
    [3000, ["0 producing", "3000 idle", "6000 unknown device-silent"]],
    // one good cycle before a gap too long was known for no time at all
    [3001, ["0 unknown device-silent", "3001 idle", "6001 unknown device-silent"]],
  ])("a gap of %i ms", (gap, expected) => {
    const plant = plantOf();
    plant.cycle(T0, { status: RUN, ...on });
    plant.cycle(T0 + gap, { status: IDLE, ...on });
    plant.cycle(T0 + gap + 3000, { status: IDLE, ...on });
    expect(edges(plant, T0, T0 + HOUR)).toEqual(expected);
  });

  test("stale from the last good cycle, not from when it was noticed", () => {
    const plant = plantOf();
    for (const t of [0, 1000, 2000]) plant.cycle(T0 + t, { status: RUN, ...on });
    plant.tick(T0 + 5000);
    expect(plant.records().filter(({ class: c }) => c === "state")).toHaveLength(1);
    plant.tick(T0 + 5001);
    plant.tick(T0 + 5002);
    const state = plant.records().findLast(({ class: c }) => c === "state");
    expect(state).toMatchObject({
      time: T0 + 5001,
      body: { condition: "unknown", cause: "device-silent", since: T0 + 2000 },
    });
    plant.cycle(T0 + 9000, { status: RUN, ...on });
    plant.cycle(T0 + 10_000, { status: RUN, ...on });
    expect(edges(plant, T0, T0 + 10_000)).toEqual([
      "0 producing",
      "2000 unknown device-silent",
      "9000 producing",
    ]);
  });

  test("a good cycle without a change refreshes every point of its source", () => {
    const plant = plantOf();
    plant.cycle(T0, { status: RUN, ...on });
    for (let t = 1000; t <= 10_000; t += 1000) plant.cycle(T0 + t, {});
    expect(edges(plant, T0, T0 + 10_000)).toEqual(["0 producing"]);
  });

  test("a bad point stays bad until its next value, though its source is read", () => {
    const plant = plantOf();
    plant.cycle(T0, { status: RUN, ...on });
    plant.cycle(T0 + 1000, {}, { status: "MODBUS_EXCEPTION_2" });
    for (let t = 2000; t <= 9000; t += 1000) plant.cycle(T0 + t, {});
    for (let t = 10_000; t <= 20_000; t += 1000) plant.cycle(T0 + t, { status: RUN });
    expect(edges(plant, T0, T0 + 20_000)).toEqual(["0 unknown read-rejected", "10000 producing"]);
  });
});

describe("the cause comes from the newest failure", () => {
  test.each([
    ["MODBUS_CLOSED", "link-down"],
    ["MODBUS_REFUSED", "link-down"],
    ["MODBUS_EXCEPTION_10", "link-down"],
    ["MODBUS_TIMEOUT", "device-silent"],
    ["MODBUS_EXCEPTION_11", "device-silent"],
    ["MODBUS_EXCEPTION_2", "read-rejected"],
    ["VALUE_SENTINEL", "read-rejected"],
    ["VALUE_INVALID", "read-rejected"],
    ["IDENTITY_MISMATCH", "configuration"],
  ])("%s is %s", (reason, cause) => {
    const plant = plantOf();
    for (const t of [0, 1000, 2000]) plant.cycle(T0 + t, { status: RUN, ...on });
    for (let t = 3000; t < 20_000; t += 1000) plant.fail(T0 + t, reason);
    expect(edges(plant, T0, T0 + 20_000)).toEqual(["0 producing", `2000 unknown ${cause}`]);
  });

  test("failures of another kind change the cause where they begin", () => {
    const plant = plantOf();
    for (const t of [0, 1000, 2000]) plant.cycle(T0 + t, { status: RUN, ...on });
    for (let t = 3000; t < 10_000; t += 1000) plant.fail(T0 + t, "MODBUS_TIMEOUT");
    for (let t = 10_000; t < 20_000; t += 1000) plant.fail(T0 + t, "MODBUS_CLOSED");
    expect(edges(plant, T0, T0 + 20_000)).toEqual([
      "0 producing",
      "2000 unknown device-silent",
      "10000 unknown link-down",
    ]);
  });

  test("a failure within the hold limit is no loss", () => {
    const plant = plantOf();
    for (const t of [0, 1000, 2000]) plant.cycle(T0 + t, { status: RUN, ...on });
    for (const t of [3000, 4000]) plant.fail(T0 + t, "MODBUS_TIMEOUT");
    for (const t of [5000, 6000]) plant.cycle(T0 + t, { status: RUN, ...on });
    expect(edges(plant, T0, T0 + 6000)).toEqual(["0 producing"]);
  });
});

describe("only needed points matter", () => {
  /** Fault by the guard, then producing by the status. */
  const guarded = {
    rules: [
      rule("fault", { op: "equals", point: 3, value: true }),
      rule("producing", { op: "equals", point: 0, value: 6 }),
      rule("idle", null),
    ],
  };

  test("a bad point behind the winner has no effect", () => {
    const plant = plantOf(guarded);
    plant.cycle(T0, { status: RUN, guard: true, ...on });
    for (let t = 1000; t <= 20_000; t += 1000)
      plant.cycle(T0 + t, { guard: true }, { status: "MODBUS_EXCEPTION_2" });
    expect(edges(plant, T0, T0 + 20_000)).toEqual(["0 fault"]);
  });

  test("a span decided without the point stays, the span that needed it is withdrawn", () => {
    const plant = plantOf(guarded);
    plant.cycle(T0, { status: RUN, guard: true, ...on });
    plant.cycle(T0 + 1000, { guard: true }, { status: "MODBUS_EXCEPTION_2" });
    plant.cycle(T0 + 2000, { guard: false }, { status: "MODBUS_EXCEPTION_2" });
    for (let t = 3000; t <= 20_000; t += 1000)
      plant.cycle(T0 + t, { guard: false }, { status: "MODBUS_EXCEPTION_2" });
    expect(edges(plant, T0, T0 + 20_000)).toEqual(["0 fault", "2000 unknown read-rejected"]);
  });

  test("two sources with their own polls: the silent one is withdrawn at its own limit", () => {
    const base = press();
    const asset = press({
      ...guarded,
      microStopMs: 5000,
      sources: [...base.sources, { id: "meter", pollMs: 5000, holdMs: 15_000 }],
      points: base.points.map((point) => (point.id === "guard" ? { ...point, source: 1 } : point)),
    });
    const plant = bench(T0, asset);
    const meter = (at: number): void =>
      plant.feed({
        kind: "cycle",
        at,
        asset: asset.id,
        source: "meter",
        values: { guard: false },
        bad: {},
        failure: null,
      });
    meter(T0);
    for (let t = 0; t <= 60_000; t += 1000) {
      plant.cycle(T0 + t, { status: RUN, ...on });
      if (t === 5000) meter(T0 + t);
    }
    expect(edges(plant, T0, T0 + 60_000)).toEqual(["0 producing", "5000 unknown device-silent"]);
  });
});

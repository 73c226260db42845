/** Recorded input, line by line (DESIGN 5.3): every form, and every refusal with its line number. */
import { describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import type { LineInput } from "../../agent/replay/event.ts";
import { instantOf } from "../../agent/replay/fields.ts";
import { readLine } from "../../agent/replay/line.ts";
import { plantOf } from "../support/line-plant.ts";

const { model } = plantOf();
const T = Date.UTC(2026, 10, 23, 5);
const read = (line: object | string): LineInput[] =>
  readLine(typeof line === "string" ? line : JSON.stringify(line), 7, model);
const cycle = {
  kind: "cycle",
  at: T,
  asset: "press-01",
  source: "main",
  values: {},
  bad: {},
  failure: null,
};

describe("instants", () => {
  test.each([
    [T, T],
    ["2026-11-23T05:00:00Z", T],
    ["2026-11-23T05:00:00.000Z", T],
    ["2026-11-23T05:00:00.25Z", T + 250],
    ["2026-11-23T06:00:00+01:00", T],
    ["2026-11-23t05:00:00z", T],
    ["2026-11-23T05:00:00", null],
    ["2026-11-23", null],
    ["2026-11-23T25:00:00Z", null],
    ["yesterday", null],
    [1.5, null],
    [null, null],
    [undefined, null],
  ])("%s", (value, expected) => {
    expect(instantOf(value)).toBe(expected);
  });
});

describe("cycles", () => {
  test("values and bad points of a source", () => {
    expect(
      read({
        at: T,
        asset: "press-01",
        values: { status: 6, total: 120 },
        bad: { good: "MODBUS_TIMEOUT" },
      }),
    ).toEqual([{ ...cycle, values: { status: 6, total: 120 }, bad: { good: "MODBUS_TIMEOUT" } }]);
  });

  test("what the answers took, of one source that was read", () => {
    const line = { at: T, asset: "press-01", values: { status: 6 }, tookMs: 23 };
    expect(read(line)).toEqual([{ ...cycle, values: { status: 6 }, tookMs: 23 }]);
    expect(read({ ...line, tookMs: null })).toEqual([{ ...cycle, values: { status: 6 } }]);
    const silent = { at: T, asset: "press-01", source: "main", quality: "bad", tookMs: 23 };
    expect(read(silent)).toEqual([{ ...cycle, failure: "MODBUS_TIMEOUT" }]);
    for (const tookMs of [-1, 1.5, "23", true])
      expect(() => read({ ...line, tookMs })).toThrow('line 7: "tookMs" is not an integer from 0');
    expect(() => read({ ...line, values: { status: 6, power: 5 } })).toThrow(
      'line 7: "tookMs" is of one source',
    );
  });

  test("points of several sources are a cycle of each", () => {
    expect(read({ at: T, asset: "press-01", values: { status: 6, power: 5.5 } })).toEqual([
      { ...cycle, values: { status: 6 } },
      { ...cycle, source: "meter", values: { power: 5.5 } },
    ]);
  });

  test("64-bit values as text", () => {
    expect(read({ at: T, asset: "press-01", values: { total: "18446744073709551615" } })).toEqual([
      { ...cycle, values: { total: "18446744073709551615" } },
    ]);
  });

  test("one point, good", () => {
    expect(read({ at: T, asset: "press-01", point: "power", value: 2 })).toEqual([
      { ...cycle, source: "meter", values: { power: 2 } },
    ]);
  });

  test("one point, bad: refreshes nothing else", () => {
    expect(
      read({ at: T, asset: "press-01", point: "status", quality: "bad", reason: "MODBUS_TIMEOUT" }),
    ).toEqual([{ ...cycle, bad: { status: "MODBUS_TIMEOUT" }, lone: true }]);
  });

  test("a good cycle, nothing changed", () => {
    expect(read({ at: T, asset: "press-01", source: "meter" })).toEqual([
      { ...cycle, source: "meter" },
    ]);
    expect(read({ at: T, asset: "press-01" })).toEqual([cycle]);
  });

  test("a bad source, or without one all of the asset's", () => {
    const bad = { ...cycle, failure: "MODBUS_CLOSED" };
    const line = { at: T, asset: "press-01", quality: "bad", reason: "MODBUS_CLOSED" };
    expect(read({ ...line, source: "meter" })).toEqual([{ ...bad, source: "meter" }]);
    expect(read(line)).toEqual([bad, { ...bad, source: "meter" }]);
  });
});

describe("events", () => {
  test("stop, start, clock", () => {
    expect(read({ at: T, event: "agent-stopped" })).toEqual([{ kind: "agent-stopped", at: T }]);
    expect(
      read({
        at: T,
        event: "agent-started",
        lastAlive: "2026-11-23T04:59:00Z",
        cause: "power-lost",
      }),
    ).toEqual([{ kind: "agent-started", at: T, lastAlive: T - 60_000, cause: "power-lost" }]);
    expect(read({ at: T, event: "clock", quality: "holdover", stepMs: -3_600_000 })).toEqual([
      { kind: "clock", at: T, quality: "holdover", stepMs: -3_600_000 },
    ]);
  });

  test("plan, reason, counts, config", () => {
    const who = { by: "lead", why: "seen" };
    expect(
      read({
        at: T,
        asset: "press-01",
        event: "plan",
        from: T + 1,
        to: T + 2,
        schedule: "no-demand",
        ...who,
      }),
    ).toEqual([
      {
        kind: "plan",
        at: T,
        asset: "press-01",
        from: T + 1,
        to: T + 2,
        schedule: "no-demand",
        ...who,
      },
    ]);
    expect(
      read({
        at: T,
        asset: "press-01",
        event: "reason",
        from: T - 2,
        to: T - 1,
        reason: "jam",
        attribution: "customer",
        ...who,
      }),
    ).toEqual([
      {
        kind: "reason",
        at: T,
        asset: "press-01",
        from: T - 2,
        to: T - 1,
        reason: "jam",
        attribution: "customer",
        ...who,
      },
    ]);
    expect(
      read({ at: T, asset: "press-01", event: "counts", kind: "hour", from: T, reject: 3, ...who }),
    ).toEqual([
      { kind: "counts", at: T, asset: "press-01", window: "hour", from: T, reject: 3, ...who },
    ]);
    expect(read({ at: T, event: "config", file: "b.yaml" })).toEqual([
      { kind: "config-file", at: T, file: "b.yaml" },
    ]);
  });
});

describe("acts without an id", () => {
  const act = { at: T, event: "act", asset: "press-01", act: "acknowledge" };
  const idOf = (line: object): string => (read(line)[0] as { id: string }).id;

  test("two of one instant are two, the same line twice is one", () => {
    expect(idOf(act)).toBe(idOf({ ...act }));
    expect(idOf(act)).not.toBe(idOf({ ...act, act: "respond" }));
    expect(idOf({ ...act, incident: "1" })).not.toBe(idOf({ ...act, incident: "2" }));
    expect(idOf({ ...act, id: "a-1" })).toBe("a-1");
  });
});

describe("refusals name the line", () => {
  test.each<[string, object | string, RegExp]>([
    ["no JSON", "{", /not JSON/],
    ["a list", "[]", /not a JSON object/],
    ["no time", { asset: "press-01" }, /"at"/],
    ["a local time", { at: "2026-11-23T05:00:00", asset: "press-01" }, /"at"/],
    ["no asset", { at: T }, /"asset"/],
    ["an unknown asset", { at: T, asset: "press-02" }, /press-02/],
    ["an unknown source", { at: T, asset: "press-01", source: "mian" }, /mian/],
    ["an unknown point", { at: T, asset: "press-01", values: { stauts: 1 } }, /stauts/],
    ["an unknown bad point", { at: T, asset: "press-01", bad: { stauts: "X" } }, /stauts/],
    [
      "a point of another source",
      { at: T, asset: "press-01", source: "main", values: { power: 1 } },
      /power/,
    ],
    ["a value that is none", { at: T, asset: "press-01", values: { status: null } }, /status/],
    ["a point without a value", { at: T, asset: "press-01", point: "status" }, /"value"/],
    ["an unknown quality", { at: T, asset: "press-01", quality: "fair" }, /"quality"/],
    ["an unknown event", { at: T, event: "agent-paused" }, /agent-paused/],
    ["a start without its last sign of life", { at: T, event: "agent-started" }, /lastAlive/],
    [
      "an unknown cause",
      { at: T, event: "agent-started", lastAlive: T, cause: "hunger" },
      /"cause"/,
    ],
    ["a fraction of a step", { at: T, event: "clock", stepMs: 0.5 }, /"stepMs"/],
    [
      "an empty span",
      { at: T, event: "plan", asset: "press-01", from: T, to: T, schedule: "no-demand" },
      /"to"/,
    ],
    [
      "an unknown schedule",
      { at: T, event: "plan", asset: "press-01", from: T, to: T + 1, schedule: "lunch" },
      /"schedule"/,
    ],
    [
      "an unknown attribution",
      { at: T, event: "reason", asset: "press-01", from: T, to: T + 1, attribution: "us" },
      /"attribution"/,
    ],
    [
      "scrap of no number",
      { at: T, event: "counts", asset: "press-01", kind: "hour", from: T, reject: "3" },
      /"reject"/,
    ],
    ["a configuration without a file", { at: T, event: "config" }, /"file"/],
  ])("%s", (_, line, says) => {
    const refused = (): unknown => {
      try {
        return read(line);
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toBeInstanceOf(Fault);
    expect(refused()).toMatchObject({ code: "INPUT_INVALID", context: { line: 7 } });
    expect((refused() as Fault).message).toMatch(says);
    expect((refused() as Fault).message).toMatch(/^line 7: /);
  });
});

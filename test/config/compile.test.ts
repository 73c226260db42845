/** From configuration to the core's model: indexes, integers, defaults of counters, dates. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../config/compile.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/types.ts";
import { BASE, edited, linesOf, parse } from "./plant-text.ts";

const midnight = (date: string, zone: string): number => {
  expect(zone).toBe("Europe/Berlin");
  return Date.parse(`${date}T00:00:00Z`) - 3_600_000;
};

function config(text: string): Config {
  const loaded = parse(text);
  if (!loaded.ok) throw new Error(linesOf(loaded.problems).join("\n"));
  return loaded.config;
}

const press = (text: string) => compile(config(text), midnight).assets[0]!;
const IDEAL = "    idealCycle: 1s\n";

test("the example of the design", () => {
  const file = join(import.meta.dirname, "../../config/examples/full.yaml");
  const loaded = loadConfig(file);
  if (!loaded.ok) throw new Error("does not load");
  const [asset, ...others] = compile(loaded.config, midnight).assets;
  expect(others).toEqual([]);
  expect(asset).toMatchObject({
    id: "press-01",
    name: "Press 1",
    area: "press",
    line: "l1",
    sources: [
      { id: "main", pollMs: 1000, holdMs: 3000 },
      { id: "meter", pollMs: 5000, holdMs: 15_000 },
      { id: "lamps", pollMs: 1000, holdMs: 3000 },
    ],
    attribution: { fault: "pending" },
    counts: { total: 2, good: 3, reject: null },
    microStopMs: 300_000,
    calendar: "two-shift",
    windows: ["hour", "shift", "day"],
  });
  expect(asset?.rules).toEqual([
    {
      is: "fault",
      when: { op: "in", point: 0, values: [8, 9] },
      reason: { point: 1 },
      attribution: null,
      forMs: 0,
    },
    {
      is: "producing",
      when: { op: "equals", point: 0, value: 6 },
      reason: null,
      attribution: null,
      forMs: 0,
    },
    {
      is: "blocked",
      when: {
        op: "all",
        of: [
          { op: "equals", point: 0, value: 5 },
          { op: "equals", point: 6, value: true },
        ],
      },
      reason: null,
      attribution: null,
      forMs: 0,
    },
    {
      is: "setup",
      when: { op: "equals", point: 0, value: 3 },
      reason: null,
      attribution: null,
      forMs: 0,
    },
    { is: "idle", when: null, reason: null, attribution: null, forMs: 0 },
  ]);
  expect(asset?.recipes).toEqual([
    { id: "a7", when: { op: "equals", point: 4, value: 7 }, idealCycleUs: 1_200_000, validFrom: 0 },
    {
      id: "b2",
      when: { op: "equals", point: 4, value: 2 },
      idealCycleUs: 142_857,
      validFrom: Date.parse("2025-12-31T23:00:00Z"),
    },
  ]);
  const maxRate = { count: 1, perMs: 200 };
  expect(asset?.points.slice(2, 9)).toEqual([
    {
      id: "total",
      source: 0,
      counter: { modulus: 4_294_967_296n, maxRate, pieces: 1 },
      channel: false,
      unit: null,
    },
    {
      id: "good",
      source: 0,
      counter: { modulus: 4_294_967_296n, maxRate, pieces: 1 },
      channel: false,
      unit: null,
    },
    { id: "recipe", source: 0, counter: null, channel: true, unit: null },
    { id: "oilTemp", source: 0, counter: null, channel: true, unit: "degC" },
    { id: "guard", source: 0, counter: null, channel: false, unit: null },
    { id: "power", source: 1, counter: null, channel: true, unit: "kW" },
    { id: "red", source: 2, counter: null, channel: false, unit: null },
  ]);
});

test("the plant: gateway, zone, clock, assets by id", () => {
  const text = edited(["connections:\n", "clock: { source: rtc }\nconnections:\n"]);
  const asset = BASE.slice(BASE.indexOf("  press-01:"));
  const model = compile(config(text + asset.replace("press-01", "alpha")), midnight);
  expect(model).toMatchObject({ agent: "gw-1", zone: "Europe/Berlin", clockSource: "rtc" });
  expect(model.assets.map(({ id }) => id)).toEqual(["alpha", "press-01"]);
});

describe("conditions", () => {
  const when = (text: string) =>
    press(edited(["when: { point: status, equals: 6 }", `when: ${text}`])).rules[0]?.when;

  test.each([
    [
      "{ point: power, above: 1.5, hysteresis: 0.2 }",
      { op: "above", point: 5, limit: 1.5, hysteresis: 0.2 },
    ],
    ["{ point: power, below: 0 }", { op: "below", point: 5, limit: 0, hysteresis: 0 }],
    [
      "{ point: power, between: [0, 2] }",
      { op: "between", point: 5, low: 0, high: 2, hysteresis: 0 },
    ],
    ["{ point: status, bit: 3, equals: false }", { op: "bit", point: 0, bit: 3, equals: false }],
    ["{ counterMoving: total, within: 30s }", { op: "moving", point: 1, withinMs: 30_000 }],
    ["{ point: word, equals: RUN }", { op: "equals", point: 3, value: "RUN" }],
    ['{ point: word, equals: "12" }', { op: "equals", point: 3, value: "12" }],
    [
      '{ point: big, in: [18446744073709551615, "7", 0x10] }',
      { op: "in", point: 2, values: [18446744073709551615n, 7, 16] },
    ],
    [
      "{ not: { any: [{ lamp: { red: flashing, guard: off } }] } }",
      {
        op: "not",
        of: {
          op: "any",
          of: [
            {
              op: "all",
              of: [
                { op: "lamp", point: 6, shows: "flashing" },
                { op: "lamp", point: 4, shows: "off" },
              ],
            },
          ],
        },
      },
    ],
  ])("%s", (text, expected) => expect(when(text)).toEqual(expected));
});

test("rules carry reason, attribution and dwell", () => {
  const rule =
    "{ is: fault, when: { point: status, above: 7 }, reason: Jam, attribution: customer, for: 1.5s }";
  const text = edited([
    "      - { is: idle }\n",
    `      - ${rule}\n      - { is: idle, reason: { text: none } }\n`,
  ]);
  const [, fault, idle] = press(text).rules;
  expect(fault).toMatchObject({ reason: { text: "Jam" }, attribution: "customer", forMs: 1500 });
  expect(idle?.reason).toEqual({ text: "none" });
});

describe("counters", () => {
  const TOTAL = "total: { table: holding, address: 2, type: uint32, counter: { maxRate: 5/s } }";
  const modulus = (options: string) =>
    press(edited([TOTAL, `total: { ${options} }`])).points[1]?.counter?.modulus;

  test.each([
    ["table: holding, address: 2, type: uint16, counter: { maxRate: 1/h }", 65_536n],
    ["table: holding, address: 2, type: int32, counter: { maxRate: 1/h }", 4_294_967_296n],
    [
      "table: holding, address: 2, type: uint64, counter: { maxRate: 1/h }",
      18_446_744_073_709_551_616n,
    ],
    ["table: holding, address: 2, type: bcd16, counter: { maxRate: 1/h }", 10_000n],
    ["table: holding, address: 2, type: bcd32, counter: { maxRate: 1/h }", 100_000_000n],
    ["source: lamps, line: GPIO4, counter: { maxRate: 1/h }", 18_446_744_073_709_551_616n],
    [
      "table: holding, address: 2, type: uint32, counter: { maxRate: 1/h, modulus: 1000000 }",
      1_000_000n,
    ],
    [
      "table: holding, address: 2, type: uint64, counter: { maxRate: 1/h, modulus: 18446744073709551615 }",
      18_446_744_073_709_551_615n,
    ],
  ])("%s", (options, expected) => expect(modulus(options)).toBe(expected));
});

describe("recipes", () => {
  test("the short forms make one recipe that always matches", () => {
    expect(press(BASE).recipes).toEqual([
      { id: "default", when: null, idealCycleUs: 1_000_000, validFrom: 0 },
    ]);
    expect(press(edited([IDEAL, "    idealRate: 3/s\n"])).recipes[0]?.idealCycleUs).toBe(333_333);
    expect(press(edited([IDEAL, ""])).recipes).toEqual([]);
  });

  test("the newest revision of a recipe comes first, in the places the recipe has", () => {
    const list = [
      "{ id: a, idealCycle: 1s }",
      "{ id: b, idealCycle: 2s }",
      '{ id: a, idealCycle: 3s, validFrom: "2026-05-01T00:00:00+02:00" }',
      '{ id: a, idealCycle: 4s, validFrom: "2026-01-01" }',
    ].map((recipe) => `      - ${recipe}\n`);
    const { recipes } = press(edited([IDEAL, `    recipes:\n${list.join("")}`]));
    expect(recipes.map(({ id, idealCycleUs }) => `${id} ${idealCycleUs / 1e6}`)).toEqual([
      "a 3",
      "b 2",
      "a 4",
      "a 1",
    ]);
    expect(recipes[0]?.validFrom).toBe(Date.parse("2026-04-30T22:00:00Z"));
  });
});

describe("windows", () => {
  const windows = (text: string) => press(text).windows;
  const NO_CALENDAR: [string, string] = ["    calendar: two-shift\n", ""];

  test("in the published order, shifts only with a calendar", () => {
    expect(windows(edited(NO_CALENDAR))).toEqual(["hour", "day"]);
    expect(windows(edited([IDEAL, `${IDEAL}    windows: [month, shift, hour]\n`]))).toEqual([
      "hour",
      "shift",
      "month",
    ]);
  });

  test("the zone is the calendar's, else the gateway's", () => {
    expect(press(BASE).zone).toBe("Europe/Berlin");
    expect(press(edited(["    shifts:\n", "    zone: Europe/London\n    shifts:\n"])).zone).toBe(
      "Europe/London",
    );
    expect(press(edited(NO_CALENDAR)).zone).toBe("Europe/Berlin");
  });
});

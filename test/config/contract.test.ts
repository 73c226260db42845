/** Contracts as the core gets them: exact numbers, every rule said. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { periodFeed } from "../../agent/calendar/period.ts";
import { civilDay, zoneOf } from "../../agent/calendar/zone.ts";
import { calendarsOf } from "../../config/calendar.ts";
import { contractModels } from "../../config/contract.ts";
import { exactOf, microOf } from "../../config/exact.ts";
import { loadConfig } from "../../config/load.ts";
import type { Config } from "../../config/types.ts";
import { edited, parse } from "./plant-text.ts";

const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);

function configOf(text: string): Config {
  const loaded = parse(text);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

const modelOf = (text: string, ...edits: [old: string, text: string][]) =>
  contractModels(
    configOf(edited(["connections:\n", `contracts:\n  c1: ${text}\nconnections:\n`], ...edits)),
    midnight,
  )[0]!;

test("percentages, decimals and amounts are exact", () => {
  expect(["97%", "99.995%", "-5%", "0.1", "90000", 2.5].map(exactOf)).toEqual([
    { n: 97, d: 100 },
    { n: 19999, d: 20000 },
    { n: -1, d: 20 },
    { n: 1, d: 10 },
    { n: 90000, d: 1 },
    { n: 5, d: 2 },
  ]);
  expect(["0.045", 10000, undefined].map(microOf)).toEqual([45_000, 10_000_000_000, 0]);
  expect(() => exactOf("97 points")).toThrow(RangeError);
});

test("what nothing counts is told where losses are valued", () => {
  const [uncounted, counted] = [[["    counts: { total: total }\n", ""]], []].map(
    (edits) =>
      modelOf(
        `{ assets: [press-01], period: month, fees: { currency: EUR }, value: { press-01: { costPerDownHour: 90 } }, outcomes: [{ metric: uptime, target: 97% }] }`,
        ...(edits as [string, string][]),
      ).assets[0]!,
  );
  expect(uncounted?.uncounted).toBe(true);
  expect(counted).not.toHaveProperty("uncounted");
});

test("the contract of the design, with what it does not say", () => {
  const file = join(import.meta.dirname, "../../config/examples/full.yaml");
  const loaded = loadConfig(file);
  const [model, ...others] = contractModels((loaded as { config: Config }).config, midnight);
  expect(others).toEqual([]);
  expect(model).toMatchObject({
    id: "acme-2026",
    period: "month",
    denominator: "loading",
    aggregation: "pooled",
    assets: [
      {
        id: "press-01",
        calendar: "two-shift",
        microStopMs: 300_000,
        good: "counted",
        fastestUs: 142_857,
      },
    ],
    attribution: { rules: [], pendingResolvesTo: "supplier" },
    decides: {
      attribution: "both",
      reason: "both",
      counts: "both",
      schedule: "both",
      ideal: "both",
    },
    outcomes: [
      {
        metric: "uptime",
        target: { n: 97, d: 100 },
        minCoverage: { n: 19, d: 20 },
        unknown: "bounds",
      },
      { metric: "oee", target: { n: 3, d: 4 }, minimum: { n: 13, d: 20 }, unknown: "bounds" },
      {
        metric: "response",
        severity: "s1",
        limitMs: 14_400_000,
        clock: "covered",
        target: { n: 1, d: 1 },
      },
    ],
    budgetAlerts: [50, 75, 90, 100].map((share) => exactOf(`${share}%`)),
  });
});

describe("terms", () => {
  test("older words, aliases and dates", () => {
    const model = modelOf(`
    assets: [press-01]
    period: year
    effectiveFrom: "2026-04-01"
    unknown: down
    outcomes: [{ metric: uptime, target: 97% }, { metric: availability, target: 90%, unknown: up }]`);
    expect(model).toMatchObject({
      period: "contract-year",
      effective: { from: "2026-04-01", to: null },
      effectiveFrom: midnight("2026-04-01"),
      effectiveTo: Number.MAX_SAFE_INTEGER,
      outcomes: [{ unknown: "as-down" }, { unknown: "as-up" }],
    });
  });

  test.each([
    ["when clocks go forward", "2026-03-29", "2026-03-29T04:00:00Z"],
    ["when they go back", "2026-10-25", "2026-10-25T05:00:00Z"],
    ["on any other day", "2026-04-01", "2026-04-01T04:00:00Z"],
  ])("a term begins with its business day %s", (_, date, begin) => {
    const contract = `contracts:
  c1:
    assets: [press-01]
    period: contract-year
    effectiveFrom: "${date}"
    outcomes: [{ metric: uptime, target: 97% }]
connections:
`;
    const text = edited(
      ["connections:\n", contract],
      ["  two-shift:\n", '  two-shift:\n    dayStart: "06:00"\n'],
    );
    const [model] = contractModels(configOf(text), (day, zone, minutes = 0) =>
      zoneOf(zone).resolve(civilDay(day), minutes),
    );
    expect(model?.effectiveFrom).toBe(Date.parse(begin));
    const spec = calendarsOf(configOf(text))["two-shift"]!;
    const calendars = [{ id: "two-shift", spec, zone: "Europe/Berlin" }];
    const [period] = periodFeed(model!, calendars, null).until(Date.parse(begin));
    expect(period?.from).toBe(Date.parse(begin));
  });

  test("exclusions, capability, money", () => {
    const model = modelOf(
      `
    assets: [press-01]
    period: rolling
    months: 3
    microStop: 2min
    exclusions: [{ code: planned, conditions: [maintenance], schedules: [planned-stop], allowance: 8h, notice: 48h }]
    degraded: capability-weighted
    capability: [{ reasons: [one-head], is: 62.5% }]
    fees: { currency: EUR, base: "10000", perGoodPiece: 0.045, liabilityCap: 15% }
    value: { press-01: { contributionPerGoodPiece: 0.02, costPerDownHour: 90 } }
    burnAlerts: [{ share: 2%, window: 1h }]
    outcomes:
      - metric: uptime
        target: 97%
        minimum: 92%
        malus: { perPoint: 2%, cap: 15% }
        bonus: { perPoint: 1%, from: 98% }
        stepBelowMinimum: 5%
        consecutiveMisses: { count: 3, consequence: termination }`,
      ["counts: { total: total }", "counts: { total: total, good: total }"],
    );
    expect(model).toMatchObject({
      period: "rolling",
      months: 3,
      assets: [{ microStopMs: 120_000, good: "counted" }],
      exclusions: [
        {
          code: "planned",
          treatment: "remove",
          allowanceMs: 28_800_000,
          noticeMs: 172_800_000,
          reasons: [],
        },
      ],
      capability: [{ conditions: [], reasons: ["one-head"], permille: 625 }],
      fees: { currency: "EUR", digits: 2, baseMicro: 10_000_000_000, perGoodPieceMicro: 45_000 },
      value: { "press-01": { contributionMicro: 20_000, downHourMicro: 90_000_000 } },
      burnAlerts: [{ factor: null, share: { n: 1, d: 50 }, windowMs: 3_600_000 }],
      outcomes: [
        {
          malus: { perPoint: { n: 1, d: 50 }, from: { n: 97, d: 100 }, cap: { n: 3, d: 20 } },
          bonus: { perPoint: { n: 1, d: 100 }, from: { n: 49, d: 50 }, cap: null },
          step: { n: 1, d: 20 },
          misses: { count: 3, consequence: "termination" },
        },
      ],
    });
  });
});

test("losses of the reason tree reach a contract that values them, and no other", () => {
  const tree =
    "reasons: [{ code: 3, is: tool, loss: setup }, { code: 4, is: feed, loss: reduced-speed }, { code: 5, is: door }]";
  const under = (value: string) =>
    contractModels(
      configOf(
        edited(
          [
            "connections:\n",
            `contracts:\n  c1: { assets: [press-01], period: month, outcomes: [{ metric: uptime, target: 97% }]${value} }\nconnections:\n`,
          ],
          ["    idealCycle: 1s\n", `    idealCycle: 1s\n    ${tree}\n`],
        ),
      ),
      midnight,
    )[0]?.assets[0];
  expect(under(", value: { press-01: { costPerDownHour: 90 } }")?.losses).toEqual([
    { reason: "tool", is: "setup" },
    { reason: "feed", is: "speed" },
  ]);
  expect(under("")).not.toHaveProperty("losses");
});

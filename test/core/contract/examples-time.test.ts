/** Worked examples of time under contract: bounds, exclusions, capability, budget and burn (metrics C2, C3, D1). */
import { describe, expect, test } from "vitest";
import { thresholdOf } from "../../../agent/core/contract/budget.ts";
import { aid } from "../../../agent/core/contract/fraction.ts";
import type { Exclusion } from "../../../agent/core/contract/model.ts";
import {
  booked,
  ended,
  HOUR,
  MINUTE,
  MONDAY,
  model,
  outcome,
  percent,
  period,
  standingAt,
  timeline,
  verdictOf,
} from "./desk.ts";

test("example 12: a page at 2 % of the budget in an hour, 5 % in six, 10 % in three days", () => {
  const rule = (share: string, hours: number) =>
    thresholdOf({ factor: null, share: percent(share), windowMs: hours * HOUR }, 720 * HOUR)!;
  expect([rule("2", 1), rule("5", 6), rule("10", 72)].map(aid)).toEqual([14.4, 6, 1]);
  const contract = model({ outcomes: [outcome({ target: percent("99.9"), minimum: null })] });
  const { budget } = ended(contract, 720 * 60, 10).outcomes[0]!;
  expect(budget).toMatchObject({ allowedMs: 43.2 * MINUTE, spentMs: 10 * MINUTE });
});

test("example 12 on scheduled time: thresholds follow the length of the period", () => {
  const rule = (share: string, window: number, hours: number) =>
    aid(
      thresholdOf({ factor: null, share: percent(share), windowMs: window * HOUR }, hours * HOUR),
    );
  expect([rule("2", 1, 520), rule("5", 6, 520), rule("2", 1, 176), rule("5", 6, 176)]).toEqual([
    10.4, 4.333333, 3.52, 1.466667,
  ]);
});

describe("example 26: an hour nobody saw", () => {
  const judged = (more: Parameters<typeof outcome>[0]) => {
    const contract = model({
      outcomes: [
        outcome({ metric: "availability", target: percent("90"), minimum: null, ...more }),
      ],
    });
    // The shift of the example three times, since no period is shorter than a day.
    const days = [0, 1, 2].flatMap((day) =>
      timeline(
        [
          { is: "producing", ms: 399 * MINUTE },
          { is: "unknown", ms: 60 * MINUTE },
          { is: "fault", ms: 21 * MINUTE },
        ],
        { from: MONDAY + day * 480 * MINUTE },
      ),
    );
    const last = timeline([{ is: "producing", ms: HOUR }], { from: MONDAY + 1440 * MINUTE });
    const state = booked(contract, [...days, ...last], period(MONDAY, MONDAY + 1440 * MINUTE));
    return verdictOf(contract, state).outcomes[0]!;
  };

  test("is undecided, not passed", () => {
    expect(judged({})).toMatchObject({
      value: 0.95,
      min: 0.83125,
      max: 0.95625,
      coverage: 0.875,
      verdict: "indeterminate",
    });
  });

  test.each([
    ["exclude", "met"],
    ["as-up", "met"],
    ["as-down", "below-target"],
  ] as const)("under %s it is %s", (unknown, verdict) => {
    expect(judged({ unknown }).verdict).toBe(verdict);
  });

  test("below the coverage floor nothing is decided, whatever the rule", () => {
    const minCoverage = percent("90");
    for (const unknown of ["exclude", "as-up", "as-down", "bounds"] as const)
      expect(judged({ unknown, minCoverage }).verdict).toBe("indeterminate");
  });

  test("bounds that agree decide", () => {
    expect(judged({ target: percent("96") }).verdict).toBe("below-target");
    expect(judged({ target: percent("80") }).verdict).toBe("met");
  });
});

describe("example 35: excluded time is removed, or credited as available", () => {
  const exclusion = (more: Partial<Exclusion>): Exclusion => ({
    code: "planned",
    conditions: [],
    reasons: ["agreed"],
    attributions: [],
    schedules: [],
    treatment: "remove",
    allowanceMs: null,
    noticeMs: 0,
    ...more,
  });
  const facts = timeline([
    { is: "producing", ms: 666 * HOUR },
    { is: "fault", ms: 40 * HOUR, attribution: "supplier", reason: "agreed" },
    { is: "fault", ms: 14 * HOUR, attribution: "supplier" },
  ]);
  const uptime = (more: Partial<Exclusion>) => {
    const contract = model({ exclusions: [exclusion(more)] });
    return verdictOf(contract, booked(contract, facts));
  };

  test("666/680 and 706/720", () => {
    expect(uptime({}).outcomes[0]!.value).toBe(0.979412);
    expect(uptime({ treatment: "credit" }).outcomes[0]!.value).toBe(0.980556);
  });

  test("up to an allowance; beyond it the time is down", () => {
    const body = uptime({ allowanceMs: 10 * HOUR });
    expect(body.sums).toMatchObject({ downMs: 44 * HOUR, grantedMs: 10 * HOUR });
    expect(body.outcomes[0]!.value).toBe(0.938028);
  });
});

test("example 42: a hundred hours, eight of them at half capability", () => {
  const facts = timeline([
    { is: "producing", ms: 92 * HOUR },
    { is: "producing", ms: 8 * HOUR, reason: "one-head" },
  ]);
  const span = period(MONDAY, MONDAY + 100 * HOUR);
  const capability = [{ conditions: [], reasons: ["one-head"], permille: 500 }];
  const value = (contract: ReturnType<typeof model>) =>
    verdictOf(contract, booked(contract, facts, span)).outcomes[0]!;
  expect(value(model()).value).toBe(1);
  expect(value(model({ capability }))).toMatchObject({
    value: 0.96,
    budget: { spentMs: 4 * HOUR },
  });
});

describe("example 43: a two-hour stop in 520 hours", () => {
  const contract = model();
  const facts = timeline([
    { is: "producing", ms: 96 * HOUR },
    { is: "fault", ms: 2 * HOUR, attribution: "supplier" },
    { is: "producing", ms: 2 * HOUR },
  ]);
  const state = booked(contract, facts, period(MONDAY, MONDAY + 520 * HOUR));
  const [standing] = standingAt(contract, state, MONDAY + 100 * HOUR).outcomes;

  test("spends 12.82 % of a budget of 15.6 h, at a burn of 11.11 over six hours", () => {
    const { allowedMs, spentMs, leftMs } = standing!.budget!;
    expect([allowedMs, spentMs, leftMs]).toEqual([15.6 * HOUR, 2 * HOUR, 13.6 * HOUR]);
    expect(Math.round((spentMs / allowedMs) * 10_000)).toBe(1282);
    expect(standing!.burn.find(({ windowMs }) => windowMs === 6 * HOUR)!.value).toBe(11.111111);
  });

  test("is used up at the earliest 13.6 h from now", () => {
    expect(standing!.earliestBreach).toBe(MONDAY + 113.6 * HOUR);
  });

  test("goes on as it began: one stop in a hundred hours, give or take", () => {
    // 420 h ahead × 2 h / 100 h = 8.4 h more, 10.4 h of 520 h
    const { p10, p50, p90 } = standing!.forecast!;
    expect(p50).toBe(0.98);
    expect(p10!).toBeLessThan(0.98);
    expect(p90!).toBeGreaterThan(0.98);
    expect(standing!.verdict).toBe("on-track");
  });
});

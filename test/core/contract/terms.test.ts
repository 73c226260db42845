/** Terms that say whose time it is: planned maintenance, notice, allowance, notification, pending, setup, demand. */
import { describe, expect, test } from "vitest";
import type { PlanInput } from "../../../agent/core/annotation/entered.ts";
import { bookInterval, noteNotified, notePlan } from "../../../agent/core/contract/fold.ts";
import type { ContractModel, Exclusion, Fees } from "../../../agent/core/contract/model.ts";
import { newContract, openPeriod } from "../../../agent/core/contract/state.ts";
import {
  asset,
  booked,
  HOUR,
  MINUTE,
  MONDAY,
  model,
  outcome,
  period,
  type Stretch,
  timeline,
  verdictOf,
} from "./desk.ts";

const FEES: Fees = {
  currency: "EUR",
  digits: 2,
  baseMicro: 0,
  perGoodPieceMicro: 0,
  perRunHourMicro: 0,
  liabilityCap: null,
};

const planned = (more: Partial<Exclusion> = {}): Exclusion => ({
  code: "planned-maintenance",
  conditions: ["maintenance"],
  reasons: [],
  attributions: [],
  schedules: ["planned-stop"],
  treatment: "remove",
  allowanceMs: 4 * HOUR,
  noticeMs: 0,
  ...more,
});

const sums = (contract: ContractModel, life: Stretch[]) =>
  verdictOf(contract, booked(contract, timeline(life))).sums;

const LIFE: Stretch[] = [
  { is: "producing", ms: 100 * HOUR },
  { is: "maintenance", ms: 3 * HOUR, schedule: "planned-stop" },
  { is: "producing", ms: 100 * HOUR },
  { is: "maintenance", ms: 3 * HOUR, schedule: "planned-stop" },
  { is: "maintenance", ms: HOUR, attribution: "pending" },
  { is: "producing", ms: 513 * HOUR },
];

describe("planned maintenance", () => {
  test("without an exclusion it is outside of loading; its overrun is down", () => {
    expect(sums(model(), LIFE)).toMatchObject({ outsideMs: 6 * HOUR, pendingMs: HOUR });
  });

  test("is granted up to its allowance in the period, and down beyond it", () => {
    expect(sums(model({ exclusions: [planned()] }), LIFE)).toMatchObject({
      grantedMs: 4 * HOUR,
      downMs: 2 * HOUR,
      pendingMs: HOUR,
      outsideMs: 0,
    });
  });

  test("the allowance of a part of a period is that part of it", () => {
    const contract = model({ exclusions: [planned()], effectiveFrom: MONDAY + 180 * HOUR });
    const span = period(MONDAY, MONDAY + 720 * HOUR);
    const facts = timeline(LIFE).slice(2);
    const body = verdictOf(contract, booked(contract, facts, span));
    expect(body.from).toBe(MONDAY + 180 * HOUR);
    expect(body.sums).toMatchObject({ grantedMs: 3 * HOUR, downMs: 0 });
  });

  test.each([
    [48, { grantedMs: 3 * HOUR, downMs: 3 * HOUR }],
    [24, { grantedMs: 4 * HOUR, downMs: 2 * HOUR }],
  ])("with %d h of notice asked, plans entered 30 h and 72 h before", (hours, expected) => {
    const contract = model({ exclusions: [planned({ noticeMs: hours * HOUR })] });
    const state = newContract(contract);
    openPeriod(contract, state, period(MONDAY, MONDAY + 720 * HOUR));
    const plan = (from: number, notice: number): PlanInput => {
      const span = { from: MONDAY + from * HOUR, to: MONDAY + (from + 3) * HOUR };
      const said = { schedule: "planned-stop" as const, by: "planner", why: "service" };
      return { kind: "plan", at: span.from - notice * HOUR, asset: "press-01", ...span, ...said };
    };
    notePlan(contract, state, plan(100, 30));
    notePlan(contract, state, plan(203, 72));
    for (const fact of timeline(LIFE)) bookInterval(contract, state, fact);
    expect(verdictOf(contract, state).sums).toMatchObject(expected);
  });
});

describe("downtime from notification", () => {
  const contract = model({ downtimeStart: "notification" });
  const life: Stretch[] = [
    { is: "producing", ms: 100 * HOUR },
    { is: "fault", ms: 5 * HOUR },
    { is: "producing", ms: 10 * HOUR },
    { is: "fault", ms: 2 * HOUR },
    { is: "producing", ms: 603 * HOUR },
  ];

  test("begins when somebody was told; a stop nobody was told of is none", () => {
    const state = newContract(contract);
    openPeriod(contract, state, period(MONDAY, MONDAY + 720 * HOUR));
    noteNotified(contract, state, "press-01", MONDAY + 102 * HOUR);
    for (const fact of timeline(life)) bookInterval(contract, state, fact);
    expect(verdictOf(contract, state).sums.downMs).toBe(3 * HOUR);
  });
});

describe("what is pending", () => {
  const life: Stretch[] = [
    { is: "producing", ms: 700 * HOUR },
    { is: "fault", ms: 20 * HOUR, attribution: "pending", reason: "power" },
  ];
  const value = (attribution: ContractModel["attribution"]) => {
    const contract = model({ attribution });
    return verdictOf(contract, booked(contract, timeline(life))).outcomes[0]!;
  };

  test("counts as down, apart from what was spent", () => {
    const { value: uptime, budget } = value({ rules: [], pendingResolvesTo: "supplier" });
    expect(uptime).toBe(0.972222);
    expect(budget).toEqual({
      allowedMs: 21.6 * HOUR,
      spentMs: 0,
      pendingMs: 20 * HOUR,
      leftMs: 1.6 * HOUR,
    });
  });

  test("resolves as the contract says", () => {
    expect(value({ rules: [], pendingResolvesTo: "customer" }).value).toBe(1);
    const rules = [{ conditions: [], reasons: ["power"], is: "third-party" as const }];
    expect(value({ rules, pendingResolvesTo: "supplier" }).value).toBe(1);
  });
});

test("setup and no-demand are part of the denominator, or not", () => {
  const life: Stretch[] = [
    { is: "producing", ms: 600 * HOUR },
    { is: "setup", ms: 60 * HOUR },
    { is: "idle", ms: 40 * HOUR, schedule: "no-demand" },
    { is: "producing", ms: 20 * HOUR },
  ];
  const availability = [outcome({ metric: "availability", minimum: null })];
  const outside = (more: Partial<ContractModel>) => {
    const contract = model({ outcomes: availability, ...more });
    const body = verdictOf(contract, booked(contract, timeline(life)));
    return [body.sums.outsideMs / HOUR, body.outcomes[0]!.value];
  };
  expect(outside({})).toEqual([40, 0.911765]);
  expect(outside({ setup: "excluded" })).toEqual([100, 1]);
  expect(outside({ noDemand: "include" })).toEqual([0, 0.861111]);
});

test("a contract's own micro-stop limit judges the same stops anew", () => {
  const stop: Stretch[] = [
    { is: "producing", ms: HOUR },
    { is: "fault", ms: 8 * MINUTE },
  ];
  const life = Array.from({ length: 600 }, () => stop).flat();
  const down = (minutes: number) => {
    const contract = model({ assets: [asset("press-01", { microStopMs: minutes * MINUTE })] });
    return sums(contract, [...life, { is: "producing", ms: HOUR }]).downMs / MINUTE;
  };
  expect([down(5), down(8), down(10)]).toEqual([4800, 4800, 0]);
});

test("time before the first sight of a machine is unknown, inside shifts", () => {
  const contract = model();
  const life = timeline([{ is: "producing", ms: 620 * HOUR }], { from: MONDAY + 100 * HOUR });
  const body = verdictOf(contract, booked(contract, life));
  expect(body.sums.blindMs).toBe(100 * HOUR);
  expect(body.outcomes[0]).toMatchObject({ value: 1, min: 0.861111, coverage: 0.861111 });
});

test("a machine that was never seen was not observed, and is not left out", () => {
  const assets = [asset("press-01"), asset("saw-01")];
  const contract = model({ assets });
  const state = booked(contract, timeline([{ is: "producing", ms: 720 * HOUR }]));
  const body = verdictOf(contract, state);
  expect(body.sums.blindMs).toBe(720 * HOUR);
  expect(body.outcomes[0]).toMatchObject({ value: 1, coverage: 0.5, verdict: "indeterminate" });
  expect(state.periods[0]!.tallies["saw-01"]!.judged.buckets.blind).toBe(720 * HOUR);
});

describe("credited time", () => {
  const air: Exclusion = {
    ...planned({ code: "air", conditions: ["fault"], schedules: [], treatment: "credit" }),
    allowanceMs: null,
  };
  const outcomes = [
    outcome({ metric: "availability", unknown: "exclude" }),
    outcome({ metric: "run-hours", target: { n: 700, d: 1 }, minimum: null }),
  ];
  const fees = { ...FEES, perRunHourMicro: 10_000_000 };
  const body = verdictOf(
    model({ exclusions: [air], outcomes, fees }),
    booked(
      model({ exclusions: [air], outcomes, fees }),
      timeline([
        { is: "producing", ms: 700 * HOUR },
        { is: "fault", ms: 20 * HOUR },
      ]),
    ),
  );

  test("is available", () => {
    expect(body.outcomes[0]).toMatchObject({ value: 1, budget: { spentMs: 0 } });
    expect(body.sums).toMatchObject({ upMs: 720 * HOUR, grantedMs: 20 * HOUR });
  });

  test("is no run hour: the meter stood, and nobody pays for it", () => {
    expect(body.outcomes[1]).toMatchObject({ value: 700, max: 700 });
    expect(body.sums.runMs).toBe(700 * HOUR);
    expect(body.money?.fee).toBe(7_000_00);
  });
});

test("what is pending and resolves to the customer leaves supplier-dependent uptime", () => {
  const life: Stretch[] = [
    { is: "producing", ms: 700 * HOUR },
    { is: "fault", ms: 14 * HOUR, attribution: "pending" },
    { is: "fault", ms: 6 * HOUR, attribution: "supplier" },
  ];
  const value = (pendingResolvesTo: "supplier" | "customer") => {
    const contract = model({
      attribution: { rules: [], pendingResolvesTo },
      outcomes: [outcome({ metric: "supplier-dependent-uptime" })],
    });
    return verdictOf(contract, booked(contract, timeline(life))).outcomes[0]?.value;
  };
  expect(value("supplier")).toBe(0.972222);
  expect(value("customer")).toBe(0.991501);
});

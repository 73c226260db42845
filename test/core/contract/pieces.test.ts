/** Outcomes in pieces and in hours; what losses cost. */
import { describe, expect, test } from "vitest";
import { amend } from "../../../agent/core/contract/amend.ts";
import { bookCount } from "../../../agent/core/contract/fold.ts";
import type { ContractModel, OutcomeModel } from "../../../agent/core/contract/model.ts";
import { openPeriod } from "../../../agent/core/contract/state.ts";
import type { CountFact } from "../../../agent/core/journal.ts";
import {
  asset,
  booked,
  HOUR,
  MONDAY,
  model,
  outcome,
  percent,
  period,
  standingAt,
  timeline,
  verdictOf,
} from "./desk.ts";

const DAY = period(MONDAY, MONDAY + 24 * HOUR);

const count = (more: Partial<CountFact>): CountFact => ({
  kind: "count",
  asset: "press-01",
  at: MONDAY + HOUR,
  recipe: "a",
  idealCycleUs: 1_000_000,
  place: "loading",
  total: 0,
  good: 0,
  reject: 0,
  ...more,
});

/** A day: 20 h producing, 1 h blind, 2 h fault, 1 h setup, and these pieces. */
function day(contract: ContractModel, counts: Partial<CountFact>[]) {
  const facts = timeline([
    { is: "producing", ms: 20 * HOUR },
    { is: "unknown", ms: HOUR },
    { is: "producing", ms: HOUR - HOUR },
    { is: "fault", ms: 2 * HOUR, attribution: "supplier" },
    { is: "setup", ms: HOUR },
  ]).filter(({ from, to }) => to > from);
  const state = booked(contract, facts, DAY);
  for (const each of counts) bookCount(contract, state, count(each));
  return state;
}

const only = (metric: OutcomeModel["metric"], target: OutcomeModel["target"]) =>
  model({ outcomes: [outcome({ metric, target, minimum: null })] });
const resultOf = (contract: ContractModel, counts: Partial<CountFact>[]) =>
  verdictOf(contract, day(contract, counts)).outcomes[0]!;

const COUNTS: Partial<CountFact>[] = [
  { total: 60_000, good: 57_000 },
  { place: "recovered", total: 3_000, good: 2_000 },
  { place: "outside", total: 100, good: 90 },
];

describe("outcomes in pieces", () => {
  test("OEE: good pieces at their ideal cycle over observed loading, and its bounds", () => {
    // 57,000 s of 23 h; with those recovered 59,000 s, at most 57,000 + 3,600 s of 24 h
    expect(resultOf(only("oee", percent("60")), COUNTS)).toMatchObject({
      value: 0.688406,
      min: 0.68287,
      max: 0.701389,
      verdict: "met",
    });
  });

  test("OEE: pieces found after blind time are certain, and lift the lower end above what was seen", () => {
    const found = { place: "recovered" as const, total: 3_600, good: 3_550 };
    expect(resultOf(only("oee", percent("70")), [COUNTS[0]!, found])).toMatchObject({
      value: 0.688406,
      min: 0.70081,
      max: 0.701389,
      verdict: "met",
    });
  });

  test("quality, with and without what was made while nobody looked", () => {
    expect(resultOf(only("quality", percent("95")), COUNTS)).toMatchObject({
      value: 0.95,
      min: 0.936508,
      max: 0.95,
      verdict: "indeterminate",
    });
  });

  test("throughput per hour of loading, good pieces wherever they were made, run hours", () => {
    const throughput = resultOf(only("throughput", { n: 2500, d: 1 }), COUNTS);
    expect(throughput).toMatchObject({ value: 2625, min: 2625, max: 2650, verdict: "met" });
    const pieces = resultOf(only("good-pieces", { n: 59_500, d: 1 }), COUNTS);
    expect(pieces).toMatchObject({ value: 59_090, max: 59_690, verdict: "indeterminate" });
    const hours = resultOf(only("run-hours", { n: 22, d: 1 }), COUNTS);
    expect(hours).toMatchObject({ value: 20, min: 20, max: 21, verdict: "below-target" });
  });

  test("without a counter of good pieces there is no quality", () => {
    const contract = {
      ...only("quality", percent("95")),
      assets: [asset("press-01", { good: null })],
    };
    expect(resultOf(contract, COUNTS)).toMatchObject({ value: null, verdict: "indeterminate" });
  });

  test("good pieces on their way: done, or as the rate goes", () => {
    const verdict = (target: number) => {
      const contract = only("good-pieces", { n: target, d: 1 });
      const state = booked(contract, timeline([{ is: "producing", ms: 12 * HOUR }]), DAY);
      bookCount(contract, state, count({ total: 100, good: 100 }));
      return standingAt(contract, state, MONDAY + 12 * HOUR).outcomes[0]!;
    };
    expect(verdict(90).verdict).toBe("met");
    expect(verdict(190)).toMatchObject({ verdict: "on-track", forecast: { p50: 200, p10: null } });
    expect(verdict(210).verdict).toBe("at-risk");
  });
});

test("losses in pieces and money, by the big losses", () => {
  const value = { "press-01": { contributionMicro: 20_000, downHourMicro: 90_000_000 } };
  const contract = { ...model(), value };
  const { losses } = verdictOf(contract, day(contract, COUNTS));
  expect(losses).toEqual([
    {
      asset: "press-01",
      cost: 324_00 + 72_00 + 240_00 + 60_00,
      losses: [
        { class: "breakdown", lostMs: 2 * HOUR, pieces: 7200, cost: 144_00 + 180_00 },
        { class: "setup", lostMs: HOUR, pieces: 3600, cost: 72_00 },
        { class: "minor-stops", lostMs: 0, pieces: 0, cost: 0 },
        { class: "speed", lostMs: 12_000_000, pieces: 12_000, cost: 240_00 },
        { class: "defects", lostMs: 3_000_000, pieces: 3_000, cost: 60_00 },
        { class: "other-stops", lostMs: 0, pieces: 0, cost: 0 },
      ],
    },
  ]);
});

test("a machine whose pieces nobody counts loses none to its speed", () => {
  const value = { "press-01": { contributionMicro: 20_000, downHourMicro: 90_000_000 } };
  const contract = { ...model({ assets: [asset("press-01", { uncounted: true })] }), value };
  const [of] = verdictOf(contract, day(contract, [])).losses;
  expect(of?.cost).toBe(324_00 + 72_00);
});

test("the reason tree's losses go before those of the condition, to the millisecond, and leave no trace when taken back", () => {
  const value = { "press-01": { contributionMicro: 20_000, downHourMicro: 90_000_000 } };
  const losses = [
    { reason: "tool", is: "setup" as const },
    { reason: "warm-up", is: "start-up" as const },
    { reason: "slow feed", is: "speed" as const },
  ];
  const contract = { ...model(), value, assets: [{ ...asset(), losses }] };
  const facts = timeline([
    { is: "producing", ms: 10 * HOUR },
    { is: "fault", ms: HOUR, reason: "tool" },
    { is: "setup", ms: 2 * HOUR, reason: "warm-up" },
    { is: "starved", ms: HOUR, reason: "slow feed" },
    { is: "fault", ms: HOUR, reason: "17" },
    { is: "producing", ms: 9 * HOUR },
  ]);
  const state = booked(contract, facts, DAY);
  bookCount(contract, state, count({ total: 19 * 3600, good: 19 * 3600 - 100 }));
  const told = standingAt(contract, state, MONDAY + 24 * HOUR - 1).losses[0]!;
  const hours = told.losses.map(({ class: name, lostMs }) => [name, lostMs / HOUR]);
  expect(hours).toEqual([
    ["breakdown", 1],
    ["setup", 1],
    ["minor-stops", 0],
    ["speed", 1],
    ["defects", 100 / 3600],
    ["start-up", 2],
    ["other-stops", 0],
  ]);
  expect(told.losses.find((loss) => loss.class === "start-up")).toMatchObject({
    ...{ pieces: 7200, cost: 144_00 },
  });

  const fault = facts[1]!;
  const [renamed, tally] = [{ ...fault, reason: "warm-up" }, state.periods[0]!.tallies["press-01"]];
  const before = JSON.stringify(tally);
  amend(contract, state, "press-01", { before: [fault], after: [renamed] });
  const start = standingAt(contract, state, MONDAY + 24 * HOUR - 1).losses[0]!.losses;
  expect(start.find((loss) => loss.class === "start-up")).toMatchObject({ lostMs: 3 * HOUR });
  amend(contract, state, "press-01", { before: [renamed], after: [fault] });
  expect(JSON.stringify(tally)).toBe(before);
});

test("a period that is known is not opened twice", () => {
  const contract = model();
  expect(openPeriod(contract, booked(contract, [], DAY), DAY)).toBe(false);
});

/** Outcomes in pieces, in hours and in incidents; what losses cost. */
import { describe, expect, test } from "vitest";
import { amend } from "../../../agent/core/contract/amend.ts";
import { bookCount } from "../../../agent/core/contract/fold.ts";
import type { ContractModel, OutcomeModel } from "../../../agent/core/contract/model.ts";
import { inTime, repeats } from "../../../agent/core/contract/response.ts";
import { openPeriod } from "../../../agent/core/contract/state.ts";
import type { Clock, IncidentOutcome } from "../../../agent/core/incident/outcome.ts";
import type { CountFact } from "../../../agent/core/journal.ts";
import {
  asset,
  booked,
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

const clock = (state: Clock["state"], calendarMs: number, coveredMs = calendarMs): Clock => ({
  state,
  elapsedMs: calendarMs,
  calendarMs,
  coveredMs,
  limitMs: null,
  met: null,
});

const incident = (id: string, more: Partial<IncidentOutcome>, respond: Clock): IncidentOutcome => ({
  id,
  trigger: "fault",
  mode: "fault jam",
  severity: "s1",
  attribution: "pending",
  clock: "covered",
  asset: "press-01",
  faultAt: MONDAY,
  openedAt: MONDAY + HOUR,
  restoredAt: null,
  closedAt: null,
  visits: { remote: 0, onSite: 0 },
  relapses: 0,
  repeatOf: null,
  clocks: { detect: respond, acknowledge: respond, respond, restore: respond, resolve: respond },
  ...more,
});

describe("outcomes in incidents", () => {
  const response = outcome({ metric: "response", limitMs: 4 * HOUR, severity: "s1" });
  const share = ({ n, d }: { n: bigint; d: bigint }): number => Number(n) / Number(d);

  test("example 38: covered hours keep a promise that the calendar breaks", () => {
    const weekend = [incident("a", {}, clock("reached", 61.75 * HOUR, 105 * MINUTE))];
    const { value } = inTime(response, weekend, DAY);
    expect(share(value)).toBe(1);
    const calendar = { ...response, clock: "calendar" as const };
    expect(share(inTime(calendar, weekend, DAY).value)).toBe(0);
  });

  test("an open one past its limit is a miss, one within it is neither", () => {
    const { value, min, max } = inTime(
      response,
      [
        incident("a", {}, clock("reached", 4 * HOUR)),
        incident("b", {}, clock("reached", 4 * HOUR + 1)),
        incident("c", {}, clock("running", 5 * HOUR)),
        incident("d", {}, clock("running", HOUR)),
        incident("e", {}, clock("ended", HOUR)),
        incident("f", { severity: "s2" }, clock("running", 9 * HOUR)),
        incident("g", { openedAt: DAY.to }, clock("running", 9 * HOUR)),
      ],
      DAY,
    );
    expect([value, min, max].map(share)).toEqual([1 / 3, 1 / 4, 2 / 4]);
  });

  test("example 41: three of sixteen come back", () => {
    const closed = Array.from({ length: 16 }, (_, i) =>
      incident(`i${i}`, { closedAt: MONDAY + 2 * HOUR }, clock("reached", HOUR)),
    );
    const again = [0, 1, 2].map((i) =>
      incident(
        `r${i}`,
        { repeatOf: `i${i}`, openedAt: MONDAY + 20 * 24 * HOUR },
        clock("running", 0),
      ),
    );
    const rate = outcome({ metric: "repeat-rate", withinMs: 30 * 24 * HOUR });
    const all = [...closed, ...again];
    const later = repeats(rate, all, DAY, MONDAY + 60 * 24 * HOUR);
    expect([later.value, later.max].map(share)).toEqual([3 / 16, 3 / 16]);
    expect(share(repeats(rate, all, DAY, MONDAY + 24 * HOUR - 1).max)).toBe(1);
    expect(share(repeats({ ...rate, withinMs: 24 * HOUR }, all, DAY, MONDAY).value)).toBe(0);
  });

  test("nothing due is nothing broken; a repeat rate is better when lower", () => {
    const contract = model({
      outcomes: [
        { ...response, target: percent("100"), minimum: null },
        outcome({
          metric: "repeat-rate",
          target: percent("10"),
          minimum: percent("20"),
          withinMs: HOUR,
        }),
      ],
    });
    const verdicts = (incidents: IncidentOutcome[]) =>
      verdictOf(contract, day(contract, []), { incidents: { "press-01": incidents } }).outcomes.map(
        ({ verdict }) => verdict,
      );
    expect(verdicts([])).toEqual(["met", "met"]);
    const late = incident("a", { closedAt: MONDAY + 2 * HOUR }, clock("reached", 5 * HOUR));
    expect(verdicts([late])).toEqual(["below-target", "met"]);
    const again = incident(
      "b",
      { openedAt: MONDAY + 3 * HOUR, repeatOf: "a" },
      clock("reached", 0),
    );
    expect(verdicts([late, again])).toEqual(["below-target", "below-minimum"]);
  });
});

test("a period that is known is not opened twice", () => {
  const contract = model();
  expect(openPeriod(contract, booked(contract, [], DAY), DAY)).toBe(false);
});

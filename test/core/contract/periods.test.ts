/** Periods from begin to verdict and beyond: dues, alerts, corrections, rolling months, misses in a row. */
import { describe, expect, test } from "vitest";
import { amend } from "../../../agent/core/contract/amend.ts";
import { closeDue, dueAt, isNews, restate } from "../../../agent/core/contract/close.ts";
import { bookInterval } from "../../../agent/core/contract/fold.ts";
import type { ContractModel } from "../../../agent/core/contract/model.ts";
import {
  type ContractState,
  KEPT_PERIODS,
  newContract,
  openPeriod,
} from "../../../agent/core/contract/state.ts";
import {
  booked,
  HOUR,
  MINUTE,
  MONDAY,
  model,
  outcome,
  outlook,
  percent,
  period,
  standingAt,
  timeline,
} from "./desk.ts";

const MONTH = 720 * HOUR;

/** Months in which the machine was down for so many hours each; every month is closed. */
function months(contract: ContractModel, hours: readonly number[]) {
  const state = newContract(contract);
  const bodies = hours.flatMap((down, i) => {
    const from = MONDAY + i * MONTH;
    openPeriod(contract, state, period(from, from + MONTH));
    openPeriod(contract, state, period(from + MONTH, from + 2 * MONTH));
    const facts = timeline(
      [
        { is: "fault", ms: down * HOUR, attribution: "supplier" },
        { is: "producing", ms: MONTH - down * HOUR },
      ].flatMap((each) => (each.ms > 0 ? [each as { is: "fault"; ms: number }] : [])),
      { from },
    );
    for (const fact of facts) bookInterval(contract, state, fact);
    return closeDue(contract, state, outlook(from + MONTH + HOUR), {});
  });
  return { state, bodies };
}

describe("a period of other terms", () => {
  test("begins where the last one ended: what it never booked is not missing from it", () => {
    const monthly = model();
    const life = timeline([{ is: "producing", ms: MONTH - HOUR }]);
    const state = booked(monthly, life, period(MONDAY, MONDAY + MONTH));
    const quarter = period(MONDAY - MONTH, MONDAY + 2 * MONTH);
    expect(openPeriod({ ...monthly, period: "quarter" }, state, quarter)).toBe(true);
    expect(state.periods.at(-1)).toMatchObject({
      from: MONDAY + MONTH,
      to: MONDAY + 2 * MONTH,
      share: { n: MONTH, d: 3 * MONTH },
    });
    expect(openPeriod({ ...monthly, period: "quarter" }, state, quarter)).toBe(false);
  });

  test("that are dated back holds nothing from before they were agreed", () => {
    const later = model({ effectiveFrom: MONDAY + 2 * MONTH });
    const span = period(MONDAY, MONDAY + MONTH);
    const life = timeline([{ is: "producing", ms: 100 * HOUR }]);
    const state = booked(later, life, span);
    expect(state.periods).toEqual([]);
    expect(openPeriod(model(), state, span)).toBe(true);
    expect(state.periods[0]).toMatchObject({ from: MONDAY + 100 * HOUR, to: MONDAY + MONTH });
  });
});

describe("the end of a period", () => {
  test("is due when every stop at it can be judged", () => {
    const contract = model();
    const state = newContract(contract);
    expect(dueAt(contract, state, {})).toBe(Number.MAX_SAFE_INTEGER);
    openPeriod(contract, state, period(MONDAY, MONDAY + MONTH));
    const settleMs = { "press-01": 7 * MINUTE };
    expect(dueAt(contract, state, settleMs)).toBe(MONDAY + MONTH + 12 * MINUTE);
    expect(closeDue(contract, state, outlook(MONDAY + MONTH + 12 * MINUTE - 1), settleMs)).toEqual(
      [],
    );
  });

  test("takes what is settled and not booked yet, and is verdict 1", () => {
    const contract = model();
    const facts = timeline([
      { is: "producing", ms: 700 * HOUR },
      { is: "fault", ms: 30 * HOUR, attribution: "supplier" },
    ]);
    const state = booked(contract, facts.slice(0, 1));
    const tails = { "press-01": facts.slice(1) };
    const [body, ...others] = closeDue(
      contract,
      state,
      outlook(MONDAY + 730 * HOUR, { tails }),
      {},
    );
    expect(others).toEqual([]);
    expect(body).toMatchObject({ final: true, revision: 1, supersedes: null });
    expect(body!.outcomes[0]).toMatchObject({ value: 0.972222, verdict: "met" });
  });

  test("a stop across the end is down on both sides, each with its part", () => {
    const contract = model();
    const state = newContract(contract);
    openPeriod(contract, state, period(MONDAY, MONDAY + MONTH));
    openPeriod(contract, state, period(MONDAY + MONTH, MONDAY + 2 * MONTH));
    const life = timeline([
      { is: "producing", ms: MONTH - 3 * MINUTE },
      { is: "fault", ms: 6 * MINUTE, attribution: "supplier" },
      { is: "producing", ms: HOUR },
    ]);
    for (const fact of life) bookInterval(contract, state, fact);
    const down = state.periods.map(({ tallies }) => tallies["press-01"]!.judged.buckets.down);
    expect(down).toEqual([3 * MINUTE, 3 * MINUTE]);
  });

  test("a first part is judged as a part, or skipped", () => {
    const late = { effectiveFrom: MONDAY + 360 * HOUR };
    const opened = (more: Partial<ContractModel>): boolean => {
      const contract = model({ ...late, ...more });
      return openPeriod(contract, newContract(contract), period(MONDAY, MONDAY + MONTH));
    };
    expect([opened({}), opened({ firstPeriod: "skip" })]).toEqual([true, false]);
    expect(opened({ effectiveFrom: MONDAY + MONTH })).toBe(false);
  });

  test("a year of periods stays small", () => {
    const { state } = months(
      model(),
      Array.from({ length: 30 }, () => 5),
    );
    expect(state.periods.length).toBe(KEPT_PERIODS + 1);
    expect(JSON.stringify(state).length).toBeLessThan(40_000);
  });
});

describe("alerts", () => {
  const contract = model({
    burnAlerts: [{ factor: { n: 10, d: 1 }, share: null, windowMs: 6 * HOUR }],
  });
  const life = (down: number) =>
    timeline([
      { is: "producing", ms: 100 * HOUR },
      { is: "fault", ms: down * HOUR, attribution: "supplier" },
    ]);
  const ids = (state: ContractState, at: number): string[] =>
    standingAt(contract, state, at).alerts.map(({ id }) => id);

  test("fire once each, as the budget of 21.6 h goes", () => {
    const state = booked(contract, life(1));
    expect(ids(state, MONDAY + 101 * HOUR)).toEqual([]);
    for (const fact of life(17)) bookInterval(contract, state, fact);
    const fired = ["uptime budget 50%", "uptime budget 75%", "uptime burn 360min"];
    expect(ids(state, MONDAY + 117 * HOUR)).toEqual(fired);
    expect(standingAt(contract, state, MONDAY + 118 * HOUR).alerts.map(({ at }) => at)).toEqual(
      fired.map(() => MONDAY + 117 * HOUR),
    );
    for (const fact of life(22)) bookInterval(contract, state, fact);
    expect(ids(state, MONDAY + 122 * HOUR)).toEqual([
      ...fired,
      "uptime budget 90%",
      "uptime budget 100%",
    ]);
  });

  test("and what can no longer be reached is said before the end", () => {
    const verdict = (down: number) =>
      standingAt(contract, booked(contract, life(down)), MONDAY + (100 + down) * HOUR).outcomes[0]!;
    expect(verdict(1).verdict).toBe("on-track");
    expect(verdict(10).verdict).toBe("at-risk");
    expect(verdict(22)).toMatchObject({
      verdict: "below-target",
      earliestBreach: MONDAY + 122 * HOUR,
    });
    expect(verdict(60).verdict).toBe("below-minimum");
  });

  test("and what can no longer be missed too", () => {
    const nearly = timeline([{ is: "producing", ms: 700 * HOUR }]);
    const state = booked(contract, nearly);
    const standing = standingAt(contract, state, MONDAY + 700 * HOUR);
    expect(standing.outcomes[0]).toMatchObject({ verdict: "met", earliestBreach: null });
    expect(isNews(standing, standingAt(contract, state, MONDAY + 701 * HOUR))).toBe(false);
    expect(isNews(null, standing)).toBe(true);
  });
});

describe("later knowledge", () => {
  const facts = timeline([
    { is: "producing", ms: 690 * HOUR },
    { is: "fault", ms: 30 * HOUR, attribution: "pending" },
    { is: "producing", ms: HOUR },
  ]);
  const customer = facts.map((fact) =>
    fact.condition === "fault" ? { ...fact, attribution: "customer" as const } : fact,
  );
  const change = { before: facts, after: customer };
  const at = MONDAY + 800 * HOUR;
  const contract = model();
  const closed = (): ContractState => {
    const state = booked(contract, facts);
    closeDue(contract, state, outlook(at), {});
    return state;
  };

  test("gives a closed verdict its next revision, and only when something changed", () => {
    const state = closed();
    const none = restate(contract, state, outlook(at), outlook(at), () => {
      amend(contract, state, "press-01", { before: facts, after: facts });
    });
    expect(none).toEqual([]);
    const [body] = restate(contract, state, outlook(at), outlook(at), () => {
      amend(contract, state, "press-01", change);
    });
    expect(body).toMatchObject({ revision: 2, supersedes: 1, final: true });
    expect(body!.outcomes[0]).toMatchObject({ value: 1, verdict: "met" });
  });

  test("that is only proposed leaves the value and shows both", () => {
    const state = closed();
    const proposed = { "press-01": [change] };
    const [body] = restate(contract, state, outlook(at), outlook(at, { proposed }), () => {});
    expect(body).toMatchObject({ revision: 2 });
    expect(body!.outcomes[0]).toMatchObject({
      value: 0.958333,
      verdict: "below-target",
      disputed: { value: 1, verdict: "met" },
    });
    expect(state.periods[0]!.tallies["press-01"]!.judged.buckets.pending).toBe(30 * HOUR);
  });
});

describe("several periods", () => {
  const misses = { count: 3, consequence: "termination right" };

  test("misses in a row are counted, and what follows is said", () => {
    const contract = model({ outcomes: [outcome({ misses })] });
    const { bodies } = months(contract, [30, 0, 30, 30, 30]);
    expect(bodies.map(({ outcomes }) => outcomes[0]!.misses)).toEqual([
      { count: 1, limit: 3, consequence: null },
      { count: 0, limit: 3, consequence: null },
      { count: 1, limit: 3, consequence: null },
      { count: 2, limit: 3, consequence: null },
      { count: 3, limit: 3, consequence: "termination right" },
    ]);
  });

  test("a rolling period is the sum of its months", () => {
    const contract = model({ period: "rolling", months: 3, firstPeriod: "skip" });
    const { bodies, state } = months(contract, [0, 30, 60, 0]);
    expect(bodies.map(({ outcomes }) => outcomes[0]!.verdict)).toEqual([
      "indeterminate",
      "indeterminate",
      "below-target",
      "below-target",
    ]);
    expect(bodies[3]).toMatchObject({ from: MONDAY + MONTH, outcomes: [{ value: 0.958333 }] });
    // Taking off the 60 h of the third month changes it and the one after.
    const facts = timeline(
      [
        { is: "fault", ms: 60 * HOUR, attribution: "supplier" },
        { is: "producing", ms: 660 * HOUR },
      ],
      { from: MONDAY + 2 * MONTH },
    );
    const after = facts.map((fact) =>
      fact.condition === "fault" ? { ...fact, attribution: "customer" as const } : fact,
    );
    const at = outlook(MONDAY + 4 * MONTH + HOUR);
    const restated = restate(contract, state, at, at, () => {
      amend(contract, state, "press-01", { before: facts, after });
    });
    expect(restated.map(({ from, revision }) => [from, revision])).toEqual([
      [MONDAY, 2],
      [MONDAY + MONTH, 2],
    ]);
    expect(restated[0]!.outcomes[0]!.target).toBe(Number(percent("97").n) / 100);
  });
});

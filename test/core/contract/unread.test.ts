/** Counters that nobody read, and terms that changed under way: a standing says so, and makes no pieces of silence. */
import { describe, expect, test } from "vitest";
import type { StandingBody } from "../../../agent/core/contract/body.ts";
import type { ContractModel, Metric } from "../../../agent/core/contract/model.ts";
import { newContract, noteUnread, openPeriod } from "../../../agent/core/contract/state.ts";
import { type Bench, bench, press } from "../../support/plant.ts";
import {
  asset,
  HOUR,
  MINUTE,
  MONDAY,
  model,
  outcome,
  percent,
  period,
  standingAt,
  verdictOf,
} from "./desk.ts";

const PIECES: Metric[] = ["oee", "quality", "throughput", "good-pieces"];
const target = (metric: Metric) =>
  outcome({ metric, target: percent("1"), minimum: null, unknown: "exclude" });

const CONTRACT = model({
  assets: [asset("press-01")],
  outcomes: [...PIECES, "uptime" as const].map(target),
  value: { "press-01": { contributionMicro: 1_000_000, downHourMicro: 0 } },
});

const DAY = period(MONDAY, MONDAY + 24 * HOUR);

function plantUnder(contract: ContractModel): Bench {
  const plant = bench(
    MONDAY,
    press({ sources: [{ id: "main", pollMs: 3 * MINUTE, holdMs: 10 * MINUTE }] }),
  );
  adopt(plant, MONDAY, contract);
  plant.feed(DAY);
  return plant;
}

const adopt = ({ core, feed }: Bench, at: number, contract: ContractModel): void => {
  const hash = `sha256:${contract.revision}`;
  feed({ kind: "config", at, hash, model: { ...core.state.model, contracts: [contract] } });
};

/** Producing in `[from, to)`, a piece a minute, a cycle every three; the counter of good ones is read, or not. */
function produce(plant: Bench, from: number, to: number, isRead: boolean): void {
  for (let at = from; at < to; at += 3 * MINUTE) {
    const total = (at - MONDAY) / MINUTE;
    const good = isRead ? { good: total } : {};
    plant.cycle(at, { status: 6, total, guard: false, ...good }, isRead ? {} : { good: "ILLEGAL" });
  }
}

const standings = (plant: Bench): StandingBody[] =>
  plant.records().flatMap((record) => (record.class === "contract" ? [record.body] : []));

describe("a counter that was not read in a period", () => {
  test("leaves every outcome in pieces undecided, live and at the end, and others as they are", () => {
    const plant = plantUnder(CONTRACT);
    produce(plant, MONDAY, MONDAY + 26 * HOUR, false);
    const told = standings(plant).filter(({ from }) => from === MONDAY);
    const live = told.filter(({ final }) => !final).at(-1)!;
    const final = told.find((body) => body.final)!;
    for (const { outcomes, losses } of [live, final]) {
      for (const { value, min, max, verdict } of outcomes.slice(0, 4))
        expect([value, min, max, verdict]).toEqual([null, null, null, "indeterminate"]);
      expect(outcomes[4]).toMatchObject({ metric: "uptime", value: 1 });
      expect(losses[0]?.losses.map(({ pieces }) => pieces)).toEqual([0, 0, 0, 0, 0, 0]);
    }
    expect(final.outcomes[4]?.verdict).toBe("met");
  });

  test("is told from one that stood still, and from one that was read once", () => {
    const plant = plantUnder(CONTRACT);
    produce(plant, MONDAY, MONDAY + 12 * HOUR, false);
    produce(plant, MONDAY + 12 * HOUR, MONDAY + 26 * HOUR, true);
    const told = standings(plant).filter(({ from }) => from === MONDAY);
    expect(told.find(({ at }) => at === MONDAY + 11 * HOUR)?.outcomes[3]?.value).toBeNull();
    expect(told.find((body) => body.final)?.outcomes[3]).toMatchObject({
      metric: "good-pieces",
      value: 12 * 60 - 3,
      verdict: "met",
    });
  });

  test("keeps a fee by the piece open", () => {
    const fees = { currency: "EUR", digits: 2, baseMicro: 0, perGoodPieceMicro: 10_000 };
    const paid = model({
      outcomes: [target("run-hours")],
      fees: { ...fees, perRunHourMicro: 0, liabilityCap: null },
    });
    const state = newContract(paid);
    openPeriod(paid, state, DAY);
    noteUnread(state, "press-01", DAY, true);
    expect(standingAt(paid, state, MONDAY + HOUR).money).toMatchObject({ payable: null });
    noteUnread(state, "press-01", DAY, false);
    expect(standingAt(paid, state, MONDAY + HOUR).money).toMatchObject({ payable: 0 });
  });

  test("of one machine leaves what all machines made undecided", () => {
    const both = { ...CONTRACT, assets: [asset("press-01"), asset("press-02")] };
    const state = newContract(both);
    openPeriod(both, state, DAY);
    noteUnread(state, "press-02", DAY, true);
    expect(verdictOf(both, state).outcomes[3]).toMatchObject({
      value: null,
      verdict: "indeterminate",
    });
  });
});

describe("terms that change while a period runs", () => {
  const flagged = (plant: Bench): number[] =>
    standings(plant)
      .at(-1)!
      .alerts.filter(({ id }) => id === "CONTRACT_CHANGED")
      .map(({ at }) => at);

  test("are flagged at once and in the verdict, with or without another revision of the text", () => {
    const plant = plantUnder(CONTRACT);
    produce(plant, MONDAY, MONDAY + 2 * HOUR, true);
    const at = MONDAY + 2 * HOUR + MINUTE;
    adopt(plant, at, { ...CONTRACT, revision: 2 });
    plant.tick(at + 1);
    expect(flagged(plant)).toEqual([at]);
    const later = at + 2 * MINUTE;
    adopt(plant, later, { ...CONTRACT, revision: 3, setup: "excluded" });
    produce(plant, later + MINUTE, MONDAY + 26 * HOUR, true);
    expect(standings(plant).find(({ final }) => final)?.alerts).toEqual([
      { id: "CONTRACT_CHANGED", at },
      { id: "CONTRACT_CHANGED", at: later },
    ]);
  });

  test("are not when something else is configured anew, nor before the period begins", () => {
    const plant = plantUnder(CONTRACT);
    const next = period(DAY.to, DAY.to + 24 * HOUR);
    plant.feed(next);
    produce(plant, MONDAY, MONDAY + HOUR, true);
    const config = { kind: "config" as const, at: MONDAY + HOUR, hash: "sha256:other" };
    plant.feed({ ...config, model: { ...plant.core.state.model, agent: "gw-2" } });
    produce(plant, MONDAY + HOUR, MONDAY + 2 * HOUR, true);
    expect(flagged(plant)).toEqual([]);
    adopt(plant, MONDAY + 2 * HOUR, { ...CONTRACT, revision: 2 });
    const [state] = plant.core.state.contracts;
    expect(state?.state.periods.map(({ alerts }) => alerts.length)).toEqual([1, 0]);
  });
});

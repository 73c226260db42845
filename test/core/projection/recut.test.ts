/** The core's own judgement is what re-judging under the same rules gives back; under others, what they say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanInput } from "../../../agent/core/annotation/entered.ts";
import type { CountFact, IntervalFact } from "../../../agent/core/fact.ts";
import {
  reattributed,
  rejudged,
  replaced,
  rescheduled,
} from "../../../agent/core/projection/recut.ts";
import type { CalendarState } from "../../../agent/core/timeline/schedule.ts";
import { press, rule } from "../../support/plant.ts";
import { play } from "../../support/play.ts";
import { acts, inputsOf } from "../../support/tale.ts";

const own = (intervals: IntervalFact[], asset: string): IntervalFact[] =>
  intervals.filter((interval) => interval.asset === asset);

const piece = (from: number, to: number, more: Partial<IntervalFact> = {}): IntervalFact => ({
  ...{ kind: "interval", asset: "press-01", from, to, condition: "producing", cause: null },
  ...{ schedule: "scheduled", attribution: "none", recipe: "a", idealCycleUs: 2000, reason: null },
  ...{ rule: 1, stop: "none", stopPrime: "none", stopFrom: null, edgeFrom: null },
  ...more,
});

const calendar = (spans: CalendarState["spans"]): CalendarState => ({
  ...{ id: "other", horizon: 1e15, frames: [] },
  spans,
});

describe("re-judging", () => {
  test("under the same limit changes nothing, whatever happened", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(acts, (told) => {
        const { intervals } = play(inputsOf(told.filter(({ act }) => act !== "config")));
        for (const [asset, limit] of [
          ["press-01", 120_000],
          ["saw-02", 180_000],
        ] as const) {
          const mine = own(intervals, asset);
          // the end of the journal may be the middle of a stop
          const last = mine.findLastIndex(({ stop }) => stop === "none");
          expect(rejudged(mine, limit).slice(0, last + 1)).toEqual(mine.slice(0, last + 1));
        }
      }),
      { numRuns: 15, seed: 4 },
    );
  });

  test("with a longer limit turns a stop into a micro-stop, and only a bounded one", () => {
    const stop = { condition: "fault" as const, stop: "stop" as const, stopFrom: 10 };
    const around = [piece(0, 10), piece(10, 20, stop), piece(20, 30)];
    expect(rejudged(around, 11).map((one) => one.stop)).toEqual(["none", "micro", "none"]);
    expect(rejudged(around, 10).map((one) => one.stop)).toEqual(["none", "stop", "none"]);
    const blind = [piece(0, 10, { condition: "unknown" }), ...around.slice(1)];
    expect(rejudged(blind, 11)[1]).toMatchObject({ stop: "stop", stopPrime: "micro" });
    expect(rejudged(around.slice(0, 2), 11)[1]).toMatchObject({ stop: "stop", stopPrime: "stop" });
    const planned = [piece(0, 10), piece(10, 20, { ...stop, condition: "setup" }), piece(20, 30)];
    expect(rejudged(planned, 11)[1]).toMatchObject({ stop: "stop", stopPrime: "stop" });
  });
});

describe("another calendar", () => {
  const shift = calendar([
    { from: 0, to: 15, schedule: "scheduled" },
    { from: 15, to: 100, schedule: "unscheduled" },
  ]);

  test("cuts where it changes and keeps every millisecond", () => {
    const cut = rescheduled([piece(0, 10), piece(10, 30, { edgeFrom: 9 })], shift, []);
    expect(cut.map(({ from, to, schedule }) => [from, to, schedule])).toEqual([
      [0, 10, "scheduled"],
      [10, 15, "scheduled"],
      [15, 30, "unscheduled"],
    ]);
    expect(cut.map(({ edgeFrom }) => edgeFrom)).toEqual([null, 9, null]);
  });

  test("leaves what the machine said itself: no order, and a fault older than the plan", () => {
    const span = { from: 0, to: 10 };
    const plan = { ...span, kind: "plan", at: -1, asset: "press-01", by: "x", why: "y" } as const;
    const planned = [{ ...plan, schedule: "planned-stop" as const }];
    const scheduleOf = (one: IntervalFact, plans: PlanInput[]): string[] =>
      rescheduled([one], shift, plans).map(({ schedule }) => schedule);
    expect(scheduleOf(piece(0, 20, { schedule: "no-demand" }), [])).toEqual([
      "no-demand",
      "unscheduled",
    ]);
    expect(scheduleOf(piece(0, 10, { condition: "fault" }), planned)).toEqual(["scheduled"]);
    const stopped = piece(0, 10, { schedule: "planned-stop" });
    expect(scheduleOf(stopped, planned)).toEqual(["planned-stop"]);
    expect(scheduleOf(stopped, [])).toEqual(["scheduled"]);
  });

  test("puts counts at their place", () => {
    const at = (when: number, place: CountFact["place"]): CountFact => ({
      ...{ kind: "count", asset: "press-01", at: when, recipe: "a", idealCycleUs: 2000, place },
      ...{ total: 1, good: 1, reject: 0 },
    });
    const counts = [at(1, "outside"), at(2, "recovered"), at(20, "loading")];
    expect(replaced(counts, shift, []).map(({ place }) => place)).toEqual([
      "loading",
      "recovered",
      "outside",
    ]);
  });
});

test("attributions as another configuration gives them", () => {
  const fault = piece(0, 10, { condition: "fault", rule: 0, attribution: "pending" });
  const off = piece(10, 20, { condition: "off", rule: 1, attribution: "customer" });
  const model = press({
    rules: [rule("fault", null), rule("off", null, { attribution: "third-party" })],
    attribution: { fault: "supplier" },
  });
  expect(reattributed([fault, off], model).map(({ attribution }) => attribution)).toEqual([
    "supplier",
    "third-party",
  ]);
  expect(reattributed([fault], press())[0]?.attribution).toBe("pending");
});

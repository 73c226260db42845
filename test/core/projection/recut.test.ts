/** The core's own judgement is what re-judging under the same rules gives back; under others, what they say. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanInput } from "../../../agent/core/entered.ts";
import type { CountFact, IntervalFact } from "../../../agent/core/fact.ts";
import { cellsOf, sumMs } from "../../../agent/core/projection/cell.ts";
import { ladderOf } from "../../../agent/core/projection/losses.ts";
import { lostPieces } from "../../../agent/core/projection/lost-pieces.ts";
import {
  reattributed,
  rejudged,
  replaced,
  rescheduled,
} from "../../../agent/core/projection/recut.ts";
import type { CalendarState } from "../../../agent/core/schedule.ts";
import { CONDITIONS, SCHEDULES } from "../../../agent/core/vocabulary.ts";
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

describe("losses", () => {
  const pieces = fc.array(
    fc.record({
      ms: fc.integer({ min: 1, max: 5000 }),
      condition: fc.constantFrom(...CONDITIONS),
      schedule: fc.constantFrom(...SCHEDULES),
      stop: fc.constantFrom("micro" as const, "stop" as const),
    }),
  );

  test("every rung is the one above less its losses, and every part adds up", () => {
    fc.assert(
      fc.property(pieces, fc.nat(5000), (parts, at) => {
        let end = 0;
        const line = parts.map(({ ms, ...axes }) => {
          end += ms;
          return piece(end - ms, end, axes);
        });
        const all = cellsOf(line, { from: 0, to: end });
        expect(sumMs(all, () => true)).toBe(end);
        const ladder = ladderOf(all, { idealTotalUs: 9, idealGoodUs: 7 });
        const { calendar, unscheduled, plannedStop, noDemand, unknown, breakdown } = ladder;
        const losses = [unscheduled, plannedStop, noDemand, unknown, breakdown, ladder.setup];
        const rest = [ladder.otherStop, ladder.minorStop, ladder.speed ?? 0, ladder.defect ?? 0];
        const lost = [...losses, ...rest].reduce((sum, us) => sum + us, 0);
        expect(calendar - lost).toBe(ladder.good);
        const halves = [cellsOf(line, { from: 0, to: at }), cellsOf(line, { from: at, to: end })];
        const [a, b] = halves.map((half) => ladderOf(half, { idealTotalUs: 0, idealGoodUs: 0 }));
        if (at <= end) expect((a?.run ?? 0) + (b?.run ?? 0)).toBe(ladder.run);
      }),
    );
  });

  test("as pieces: each second at the ideal cycle of its recipe", () => {
    const stop = { condition: "fault" as const, stop: "stop" as const, stopFrom: 10 };
    const line = [piece(0, 10), piece(10, 20, stop), piece(20, 30, { ...stop, recipe: "b" })];
    const cells = cellsOf([...line, piece(30, 40, { ...stop, idealCycleUs: 5000 })], {
      from: 0,
      to: 40,
    });
    const row = { id: "a", idealCycleUs: 2000, producingMs: 10, total: 4, good: 3 };
    const lost = lostPieces(cells, [row]);
    expect(lost.breakdown).toEqual({ microPieces: 12_000_000, us: 30_000 });
    expect(lost.speed).toEqual({ microPieces: 1_000_000, us: 2000 });
    expect(lost.defect).toEqual({ microPieces: 1_000_000, us: 2000 });
    const none = { ...row, id: "unassigned", idealCycleUs: null };
    expect(lostPieces(cells, [none]).speed.microPieces).toBeNull();
    expect(lostPieces([], [{ ...row, total: 6 }]).speed.microPieces).toBe(-1_000_000);
  });
});

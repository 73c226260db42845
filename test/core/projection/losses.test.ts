/** The six big losses: worked examples of the metrics reference that name losses, the reason tree's word, sums that close. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CountFact, IntervalFact } from "../../../agent/core/journal.ts";
import type { ReasonNode } from "../../../agent/core/model.ts";
import { cellsOf, sumMs } from "../../../agent/core/projection/cell.ts";
import { LOSSES, lossOf, namedLosses } from "../../../agent/core/projection/loss.ts";
import { type Ladder, ladderOf } from "../../../agent/core/projection/losses.ts";
import { lostPieces } from "../../../agent/core/projection/lost-pieces.ts";
import { withStartUp } from "../../../agent/core/projection/start-up.ts";
import { CONDITIONS, SCHEDULES } from "../../../agent/core/vocabulary.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const piece = (from: number, to: number, more: Partial<IntervalFact> = {}): IntervalFact => ({
  ...{ kind: "interval", asset: "press-01", from, to, condition: "producing", cause: null },
  ...{ schedule: "scheduled", attribution: "none", recipe: "a", idealCycleUs: 2000, reason: null },
  ...{ rule: 1, stop: "none", stopPrime: "none", stopFrom: null, edgeFrom: null },
  ...more,
});

const node = (reason: string, loss: ReasonNode["loss"]): ReasonNode => ({
  ...{ codes: [reason], pattern: null, when: null, reason, loss, attribution: null },
});

const TREE = namedLosses([
  node("tool", "setup"),
  node("jam", "minor-stop"),
  node("slow feed", "reduced-speed"),
  node("rework", "defect"),
  node("warm-up", "start-up"),
  node("pump", "breakdown"),
  node("pump", "setup"),
  node("unclassed", null),
]);

/** A shift of one recipe, told in minutes of stops: where its loading time went, in seconds. */
function shift(
  stops: [seconds: number, micro: boolean][],
  loading: number,
  [ideal, total, good]: [ideal: number, total: number, good: number],
) {
  let at = 0;
  const idealCycleUs = ideal * 1e6;
  const line = stops.map(([seconds, micro]) => {
    const from = at;
    at += seconds * SECOND;
    const stop = micro ? ("micro" as const) : ("stop" as const);
    return piece(from, at, { condition: "fault", stop, stopFrom: from, idealCycleUs });
  });
  line.push(piece(at, loading * SECOND, { idealCycleUs }));
  const row = {
    id: "a",
    idealCycleUs,
    producingMs: loading * SECOND - at,
    total,
    good,
    startUp: 0,
  };
  const us = { idealTotalUs: total * idealCycleUs, idealGoodUs: good * idealCycleUs, startUpUs: 0 };
  const cells = cellsOf(line, { from: 0, to: loading * SECOND });
  const lost = lostPieces(cells, [row]);
  const ladder = ladderOf(cells, us);
  const seconds = Object.fromEntries(LOSSES.map((loss) => [loss, (lost[loss].us ?? 0) / 1e6]));
  return { ladder, lost, seconds, good: (good * idealCycleUs) / 1e6 };
}

const all = (seconds: Record<string, number>): number =>
  Object.values(seconds).reduce((sum, one) => sum + one, 0);

describe("worked examples", () => {
  test("1 a shift: 47 minutes of stops, speed, rejects", () => {
    const { ladder, lost, seconds, good } = shift(
      [[47 * 60, false]],
      420 * 60,
      [1, 19_271, 18_848],
    );
    expect(seconds).toMatchObject({ breakdown: 2820, "minor-stop": 0, speed: 3109, defect: 423 });
    expect(all(seconds) + good).toBe(420 * 60);
    expect(ladder).toMatchObject({ run: 373 * 60e6, net: 19_271e6, good: 18_848e6 });
    expect(lost.defect.microPieces).toBe(423e6);
    expect(good / (420 * 60)).toBeCloseTo(0.747937, 6);
  });

  test("4 three machines: losses of all are those of each, and leave the good pieces", () => {
    const machines = [
      shift([[32 * 60, false]], 455 * 60, [10, 2240, 2190]),
      shift([[18 * 60, false]], 455 * 60, [45, 450, 425]),
      shift([], 455 * 60, [70, 229, 218]),
    ];
    const lost = machines.reduce((sum, { seconds }) => sum + all(seconds), 0);
    const good = machines.reduce((sum, one) => sum + one.good, 0);
    expect(good).toBe(21_900 + 19_125 + 15_260);
    expect(lost).toBe(81_900 - good);
    expect(good / 81_900).toBeCloseTo(0.687241, 6);
  });

  test("21 another limit of micro-stops moves time between losses; speed and the sum stay", () => {
    const stops = [40, 120, 299, 300, 900];
    const under = (limit: number) =>
      shift(
        stops.map((seconds) => [seconds, seconds < limit]),
        3600,
        [10, 190, 190],
      );
    const [long, short] = [under(300), under(120)];
    expect(long.seconds).toMatchObject({
      breakdown: 1200,
      "minor-stop": 459,
      speed: 41,
      defect: 0,
    });
    expect(short.seconds).toMatchObject({ breakdown: 1619, "minor-stop": 40, speed: 41 });
    expect([long.ladder.run, short.ladder.run]).toEqual([2400e6, 1981e6]);
    expect(all(long.seconds)).toBe(all(short.seconds));
  });

  test("20 rework: what is run again on the machine costs its time again", () => {
    expect(shift([], 1030, [1, 1000, 950]).seconds).toMatchObject({ speed: 30, defect: 50 });
    expect(shift([], 1030, [1, 1030, 950]).seconds).toMatchObject({ speed: 0, defect: 80 });
  });
});

describe("the reason tree's word", () => {
  const stopped = (reason: string | null, more: Partial<IntervalFact> = {}) =>
    lossOf(piece(0, 1, { condition: "fault", stop: "stop", stopFrom: 0, reason, ...more }), TREE);

  test("goes before length and condition, the first entry of a reason before others", () => {
    expect(stopped("tool")).toBe("setup");
    expect(stopped("slow feed")).toBe("speed");
    expect(stopped("pump", { condition: "idle", stop: "micro" })).toBe("breakdown");
    expect(stopped("jam")).toBe("minor-stop");
  });

  test("is not needed: without it condition and length say", () => {
    for (const reason of ["unclassed", "E17", null]) expect(stopped(reason)).toBe("breakdown");
    expect(stopped(null, { stop: "micro" })).toBe("minor-stop");
    expect(stopped(null, { condition: "starved" })).toBe("other-stop");
  });

  test("says nothing of time that is no loss", () => {
    expect(stopped("pump", { condition: "producing", stop: "none" })).toBeNull();
    expect(stopped("pump", { condition: "unknown", stop: "none" })).toBeNull();
    expect(stopped("pump", { schedule: "planned-stop" })).toBeNull();
  });
});

describe("rejects while starting up", () => {
  const line = [
    piece(0, 5 * MINUTE, { condition: "setup", stop: "stop", stopFrom: 0, reason: "warm-up" }),
    piece(5 * MINUTE, 60 * MINUTE),
  ];
  const count = (minute: number, pieces: Partial<CountFact>): CountFact => ({
    ...{ kind: "count", asset: "press-01", at: minute * MINUTE, recipe: "a", idealCycleUs: 2000 },
    ...{ place: "loading", total: 10, good: 10, reject: 0 },
    ...pieces,
  });
  const row = { id: "a", idealCycleUs: 2000, producingMs: 55 * MINUTE, total: 100, good: 80 };
  const of = (counts: CountFact[], good: number | null, rows = [row]) =>
    withStartUp(rows, counts, line, TREE, { total: 0, good, reject: good === null ? 2 : null })[0];

  test("are those counted in that time, by either counter", () => {
    const counts = [count(1, { good: 4, reject: 6 }), count(4, { good: 9, reject: 1 })];
    const later = [count(5, { good: 2, reject: 8 }), count(2, { place: "recovered", good: 0 })];
    expect(of([...counts, ...later], 1)?.startUp).toBe(7);
    expect(of([...counts, ...later], null)?.startUp).toBe(7);
  });

  test("are never more than the rejects there are, and unknown where those are", () => {
    expect(of([count(1, { total: 90, good: 0 })], 1)?.startUp).toBe(20);
    expect(of([count(1, { good: 0 })], 1, [{ ...row, good: null as never }])?.startUp).toBeNull();
    // late scrap: no pieces were made with it
    expect(of([count(1, { total: 0, good: -3 })], 1)?.startUp).toBe(0);
  });
});

const sumOf = (of: Record<string, number>): number =>
  Object.values(of).reduce((sum, one) => sum + one, 0);

/** Everything between calendar time and the good pieces. */
const lossesIn = (ladder: Ladder): number =>
  ladder.unscheduled +
  ladder.plannedStop +
  ladder.noDemand +
  ladder.unknown +
  sumOf(ladder.stops) +
  sumOf(ladder.short) +
  (ladder.speed ?? Number.NaN) +
  (ladder.defect ?? Number.NaN) +
  (ladder.startUp ?? Number.NaN);

describe("sums", () => {
  const parts = fc.array(
    fc.record({
      ms: fc.integer({ min: 1, max: 5000 }),
      condition: fc.constantFrom(...CONDITIONS),
      schedule: fc.constantFrom(...SCHEDULES),
      stop: fc.constantFrom("micro" as const, "stop" as const),
      reason: fc.constantFrom(null, "other", ...TREE.keys()),
    }),
  );
  /** Stops are only of what stands still. */
  const isStill = (condition: string): boolean =>
    condition !== "producing" && condition !== "unknown";

  test("close exactly: every rung is the one above less its losses, by class too", () => {
    fc.assert(
      fc.property(parts, fc.nat(5000), fc.nat(9), fc.nat(9), (told, at, rejects, early) => {
        let end = 0;
        const line = told.map(({ ms, stop, ...axes }) => {
          end += ms;
          return piece(end - ms, end, { ...axes, stop: isStill(axes.condition) ? stop : "none" });
        });
        const cells = cellsOf(line, { from: 0, to: end }, TREE);
        expect(sumMs(cells, () => true)).toBe(end);
        const row = { id: "a", idealCycleUs: 2000, total: 9, good: 9 - rejects };
        const startUp = Math.min(rejects, early);
        const us = {
          idealTotalUs: 18_000,
          idealGoodUs: row.good * 2000,
          startUpUs: startUp * 2000,
        };
        const ladder = ladderOf(cells, us);
        expect(ladder.calendar - lossesIn(ladder)).toBe(ladder.good);

        const isRun = ({ condition, schedule }: IntervalFact): boolean =>
          condition === "producing" && schedule === "scheduled";
        const producing = line.filter(isRun).reduce((sum, { from, to }) => sum + to - from, 0);
        const lost = lostPieces(cells, [{ ...row, producingMs: producing, startUp }]);
        const classed = LOSSES.reduce((sum, loss) => sum + (lost[loss].us ?? Number.NaN), 0);
        expect(ladder.observed - classed).toBe(ladder.good);

        const halves = [
          cellsOf(line, { from: 0, to: at }, TREE),
          cellsOf(line, { from: at, to: end }, TREE),
        ];
        const [a, b] = halves.map((half) => ladderOf(half, us));
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
    const row = { id: "a", idealCycleUs: 2000, producingMs: 10, total: 4, good: 2, startUp: 1 };
    const lost = lostPieces(cells, [row]);
    expect(lost.breakdown).toEqual({ microPieces: 12_000_000, us: 30_000 });
    expect(lost.speed).toEqual({ microPieces: 1_000_000, us: 2000 });
    expect(lost.defect).toEqual({ microPieces: 1_000_000, us: 2000 });
    expect(lost["start-up"]).toEqual({ microPieces: 1_000_000, us: 2000 });
    const none = { ...row, id: "unassigned", idealCycleUs: null };
    expect(lostPieces(cells, [none]).speed.microPieces).toBeNull();
    expect(lostPieces([], [{ ...row, total: 6 }]).speed.microPieces).toBe(-1_000_000);
  });
});

/** Single detectors on numbers that can be checked by hand: validity, limits, zones, order statistics, trend, calendar. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newCells } from "../../../agent/core/signal/cells.ts";
import { calendarOf, newDiary } from "../../../agent/core/signal/diary.ts";
import { judgeLimit } from "../../../agent/core/signal/limit.ts";
import { deviation, kendall, median, spread, theilSen } from "../../../agent/core/signal/order.ts";
import { LIMIT } from "../../../agent/core/signal/settings-plant.ts";
import { crossing } from "../../../agent/core/signal/trend.ts";
import { BEGAN, ENDED, SKIP, SOUND, watch } from "../../../agent/core/signal/validity.ts";
import { judgeZone, ZONES } from "../../../agent/core/signal/zone.ts";
import { DAY, HOUR, MINUTE } from "./rig.ts";

const VALIDITY = { stuckMs: 4 * MINUTE, gapMs: 5 * MINUTE, low: -50, high: 200 };
const STEP = 10_000;

/** Verdicts of samples ten seconds apart. */
function verdicts(values: readonly number[], cell = newCells(), from = 0): number[] {
  return values.map((value, i) =>
    watch(VALIDITY, cell, [value], 0, { clock: (from + i) * STEP, dt: STEP }),
  );
}

const living = (n: number): number[] => Array.from({ length: n }, (_, i) => 20 + (i % 7) / 10);

describe("validity", () => {
  test("a living value is sound", () => {
    expect(new Set(verdicts(living(2000)))).toEqual(new Set([SOUND]));
  });

  test("stuck after four minutes once the channel is known, twenty while it is new; over two minutes after it lives", () => {
    const known = newCells();
    verdicts(living(721), known);
    const stuck = verdicts(new Array<number>(60).fill(20.3), known, 721);
    expect(stuck.indexOf(BEGAN)).toBe(24);
    expect(stuck.lastIndexOf(SOUND)).toBeLessThan(24);
    const again = verdicts(living(30), known, 781);
    expect(again.indexOf(ENDED)).toBe(12);
    expect(verdicts(new Array<number>(200).fill(20.3)).indexOf(BEGAN)).toBe(120);
  });

  test("a coarse register that rests for two minutes by itself may rest for eight", () => {
    const cell = newCells();
    verdicts(
      Array.from({ length: 800 }, (_, i) => Math.floor(i / 13)),
      cell,
    );
    expect(verdicts(new Array<number>(60).fill(77), cell, 800).indexOf(BEGAN)).toBe(52);
  });

  test("gap after five minutes, outside its range after half a minute, dead at nought", () => {
    const silent = newCells();
    verdicts(living(10), silent);
    const gap = verdicts(new Array<number>(40).fill(Number.NaN), silent, 10);
    expect(gap.indexOf(BEGAN)).toBe(30);
    expect(gap.slice(0, 30)).toEqual(new Array(30).fill(SKIP));
    expect(verdicts([...living(5), 300, 301, 302, 303, 304]).indexOf(BEGAN)).toBe(8);
    expect(verdicts([...living(5), 300, 20, 301, 20.1, 302])).toEqual([
      ...new Array<number>(5).fill(SOUND),
      ...[SKIP, SOUND, SKIP, SOUND, SKIP],
    ]);
  });

  test("any numbers in any order leave finite cells", () => {
    const numbers = fc.array(fc.double(), { maxLength: 60 });
    fc.assert(
      fc.property(numbers, (values) => {
        const cell = newCells();
        verdicts(values, cell);
        return cell.every((one) => one - one === 0);
      }),
      { examples: [[[1.7e308, -1.7e308]]] },
    );
  });
});

describe("limits", () => {
  const model = { ...LIMIT, high: 80, highWarning: 70, low: 10, hysteresis: 2 };
  const levels = (values: readonly number[]): number[] => {
    const cell = newCells();
    const seen: number[] = [];
    values.forEach((value, i) => {
      const clock = i * MINUTE;
      if (judgeLimit(model, cell, [value], 0, { at: clock, clock })) seen.push(i, cell[11]!);
    });
    return seen;
  };

  test("dwell on and off, warning before alarm, hysteresis", () => {
    expect(levels([50, 71, 72, 85, 85, 79, 79, 79, 79, 79, 79, 79])).toEqual([2, 1, 4, 2]);
    expect(levels([50, 85, 85, 77, 77, 77, 77, 77, 77])).toEqual([2, 2, 8, 1]);
    expect(levels([50, 9, 9, 11, 11, 11, 11, 11, 11, 50, 50, 50, 50, 50, 50])).toEqual([
      2, -2, 14, 0,
    ]);
    expect(levels([50, 85, 50, 85, 50, 85])).toEqual([]);
  });
});

describe("zones", () => {
  const zone = ZONES.find(({ name }) => name === "group-2-rigid")!;

  test("three blocks in a zone, and back by 5 %", () => {
    const cell = newCells();
    const levels = [3, 3, 3, 2.7, 2.7, 2.7, 2.6, 2.6, 2.6, 5, 5, 5].map((value) => {
      judgeZone(zone, cell, value, 0);
      return cell[25];
    });
    expect(levels).toEqual([0, 0, 2, 2, 2, 2, 2, 2, 0, 0, 0, 3]);
  });

  test("criterion II: a change of a quarter of B/C inside zone B", () => {
    const cell = newCells();
    for (let i = 0; i < 3; i += 1) judgeZone(zone, cell, 2, 0.71);
    expect(cell[25]).toBe(1);
  });

  test("boundaries rise", () => {
    for (const { ab, bc, cd } of ZONES) expect([ab < bc, bc < cd]).toEqual([true, true]);
  });
});

describe("order statistics", () => {
  test("by hand", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBe(0);
    expect(spread([1, 2, 3, 4, 100], 3)).toBeCloseTo(1.4826);
    expect(deviation([2, 4])).toBeCloseTo(Math.SQRT2);
    expect(theilSen([0, 1, 2, 3, 4], [1, 3, 5, 7, 100])).toBe(2);
    expect([kendall([1, 2, 3, 4, 5]), kendall([5, 4, 3, 2, 1]), kendall([1, 2, 3])]).toEqual([
      1, -1, 0,
    ]);
  });
});

describe("time to threshold", () => {
  const RUN = 16 * HOUR;
  const base = { onsetRun: 4 * RUN, threshold: 2, scale: 0.02, log: false };
  const days = (n: number, of: (day: number) => number) => {
    const run = Array.from({ length: n }, (_, day) => (day + 0.5) * RUN);
    return { ...base, run, value: run.map((at) => of(at / RUN)), nowRun: n * RUN };
  };
  const linear = (day: number): number => 1 + 0.1 * Math.max(0, day - 4);

  test("a straight line reaches it when it does, with a span around it that closes in", () => {
    const early = crossing(days(9, linear));
    const late = crossing(days(13, linear));
    expect(early.p50! / RUN).toBeCloseTo(5, 1);
    expect(late.p50! / RUN).toBeCloseTo(1, 1);
    expect(early.p10).toBeLessThan(early.p50!);
    expect(early.p90).toBeGreaterThan(early.p50!);
    expect(late.p90! - late.p10!).toBeLessThan(early.p90! - early.p10!);
  });

  test("growth by the day is a line in logarithms", () => {
    const growth = days(11, (day) => 2 ** (Math.max(0, day - 4) / 10));
    expect(crossing({ ...growth, log: true }).p50! / RUN).toBeCloseTo(3, 1);
  });

  test("no estimate by rule", () => {
    expect(crossing(days(6, linear)).none).toBe("too-few-days");
    expect(crossing(days(12, () => 1)).none).toBe("no-slope");
    expect(crossing({ ...days(12, linear), threshold: 0.5 }).none).toBe("no-slope");
    expect(crossing({ ...days(9, linear), threshold: 9 }).none).toBe("too-little-covered");
    expect(crossing({ ...days(12, linear), log: true, threshold: -1 }).none).toBe("no-slope");
  });

  test("a falling value falls to a lower threshold", () => {
    const falling = days(11, (day) => 3 - linear(day));
    expect(crossing({ ...falling, threshold: 1 }).p50! / RUN).toBeCloseTo(3, 1);
  });

  test("running time is spread over the week as it usually goes", () => {
    const diary = newDiary();
    // 1970-01-01 was a Thursday: Saturday and Sunday are 2 and 3.
    diary.week = [16, 16, 0, 0, 16, 16, 16].map((hours) => hours * HOUR);
    const thursday = 7 * DAY;
    expect(calendarOf(diary, 16 * HOUR, thursday)).toBe(DAY);
    expect(calendarOf(diary, 48 * HOUR, thursday)).toBe(5 * DAY);
    expect(calendarOf(diary, null, thursday)).toBe(null);
    expect(calendarOf(newDiary(), HOUR, thursday)).toBe(null);
  });
});

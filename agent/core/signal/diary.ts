/**
 * The memory of an asset between blocks: which block is being made, what days it ran, how a week usually goes. Turns
 * running time that lies ahead into calendar time. Judges nothing.
 */
import type { Millis } from "../time.ts";
import { DAYS_KEPT } from "./settings-plant.ts";

export interface Diary {
  /** Running clock at which the block began, last instant of running, and the contexts it belongs to. */
  from: Millis;
  ranAt: Millis;
  /** End of the last block, -1 before the first. */
  blockAt: Millis;
  context: number;
  recipeContext: number;
  state: string;
  recipe: string;
  runMs: Millis;
  /** UTC day of the last block, -1 before the first, and the running clock at its beginning. */
  day: number;
  dayFrom: Millis;
  /** Of the last days with running: instant and running clock of their ends. */
  endAt: Millis[];
  endRun: Millis[];
  /** Usual running time by day of the week (0: Thursday, as 1970-01-01); -1: not seen yet. */
  week: number[];
}

export const newDiary = (): Diary => ({
  from: 0,
  ranAt: -1,
  blockAt: -1,
  context: -1,
  recipeContext: -1,
  state: "",
  recipe: "",
  runMs: 0,
  day: -1,
  dayFrom: 0,
  endAt: [],
  endRun: [],
  week: new Array<number>(7).fill(-1),
});

export const DAY = 86_400_000;
export const dayOf = (at: Millis): number => Math.floor(at / DAY);

/** The day of the last block is over; `clock` is the running clock then. */
export function endDay(diary: Diary, clock: Millis, today: number): void {
  usual(diary.week, diary.day, clock - diary.dayFrom);
  for (let day = diary.day + 1; day < Math.min(today, diary.day + 8); day += 1) {
    usual(diary.week, day, 0);
  }
  diary.endAt.push(diary.blockAt);
  diary.endRun.push(clock);
  if (diary.endAt.length > DAYS_KEPT) {
    diary.endAt.shift();
    diary.endRun.shift();
  }
  diary.day = today;
  diary.dayFrom = clock;
}

function usual(week: number[], day: number, run: Millis): void {
  const place = day % 7;
  week[place] = week[place]! < 0 ? run : (week[place]! + run) / 2;
}

/** Running clock in the middle of each remembered day. */
export const middles = (diary: Diary): number[] =>
  diary.endRun.map((end, i) => (i === 0 ? end : (diary.endRun[i - 1]! + end) / 2));

/** Running clock at an instant, to the day. */
export function runAt(diary: Diary, at: Millis): Millis {
  const day = diary.endAt.findIndex((end) => end >= at);
  if (day < 0) return diary.dayFrom;
  return day === 0 ? 0 : diary.endRun[day - 1]!;
}

/** Calendar time until `run` more of running has passed, by the usual week; null when it never will. */
export function calendarOf(diary: Diary, run: Millis | null, at: Millis): Millis | null {
  if (run === null) return null;
  const known = diary.week.filter((one) => one >= 0);
  const mean = known.reduce((sum, one) => sum + one, 0) / Math.max(1, known.length);
  if (mean <= 0) return null;
  const runs = (day: number): number => {
    const one = diary.week[day % 7]!;
    return one < 0 ? mean : one;
  };
  let left = run;
  let from = at;
  for (let day = dayOf(at); day < dayOf(at) + 3660; day += 1) {
    const to = (day + 1) * DAY;
    const here = (runs(day) * (to - from)) / DAY;
    if (here >= left && here > 0) return Math.round(from + ((to - from) * left) / here - at);
    left -= here;
    from = to;
  }
  return null;
}

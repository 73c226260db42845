/**
 * Where the time went: Nakajima's six big losses (metrics reference A6), and the ladder from calendar time down to
 * the ideal time of the good pieces. Every rung is the one above it less its losses, in integer microseconds.
 * Start-up rejects are not told apart from other rejects; a machine above its ideal speed has a negative speed loss.
 */
import { type Cell, sumMs } from "./cell.ts";

/** An integer number of microseconds; a year of a hundred machines is still exact. */
export type Micros = number;

/** Losses of observed loading time, in the order of the ladder. `other-stop`: waiting, trials, outside causes, off. */
export const LOSSES = [
  "breakdown",
  "setup",
  "other-stop",
  "minor-stop",
  "speed",
  "defect",
] as const;
export type Loss = (typeof LOSSES)[number];

/** Losses that are spans of time, as opposed to those that pieces tell. */
export type StopLoss = Exclude<Loss, "speed" | "defect">;

/** The loss a millisecond of a stop belongs to; null where it is none: producing, not observed, not scheduled. */
export function lossOf(cell: Pick<Cell, "condition" | "schedule" | "stop">): StopLoss | null {
  const { condition, schedule, stop } = cell;
  if (schedule !== "scheduled" || condition === "unknown" || condition === "producing") return null;
  if (stop === "micro") return "minor-stop";
  if (condition === "fault" || condition === "maintenance") return "breakdown";
  return condition === "setup" ? "setup" : "other-stop";
}

/** Microseconds. Below `run` everything is null where the pieces cannot be valued. */
export interface Ladder {
  calendar: Micros;
  unscheduled: Micros;
  /** Shift time: planned stops and no-demand included. */
  shift: Micros;
  plannedStop: Micros;
  noDemand: Micros;
  loading: Micros;
  unknown: Micros;
  observed: Micros;
  breakdown: Micros;
  setup: Micros;
  otherStop: Micros;
  /** Micro-stops included, as in availability. */
  run: Micros;
  minorStop: Micros;
  speed: Micros | null;
  /** Σ ideal time of all pieces. */
  net: Micros | null;
  defect: Micros | null;
  /** Σ ideal time of the good pieces. */
  good: Micros | null;
}

export interface IdealTimes {
  idealTotalUs: Micros | null;
  idealGoodUs: Micros | null;
}

export function ladderOf(
  cells: readonly Cell[],
  { idealTotalUs, idealGoodUs }: IdealTimes,
): Ladder {
  const us = (isMeant: (cell: Cell) => boolean): Micros => sumMs(cells, isMeant) * 1000;
  const lost = (loss: StopLoss): Micros => us((cell) => lossOf(cell) === loss);
  const planned = (schedule: Cell["schedule"]): Micros => us((cell) => cell.schedule === schedule);
  const [unscheduled, plannedStop, noDemand] = [
    planned("unscheduled"),
    planned("planned-stop"),
    planned("no-demand"),
  ];
  const calendar = us(() => true);
  const loading = planned("scheduled");
  const unknown = us((cell) => cell.schedule === "scheduled" && cell.condition === "unknown");
  const observed = loading - unknown;
  const [breakdown, setup, otherStop] = [lost("breakdown"), lost("setup"), lost("other-stop")];
  const run = observed - breakdown - setup - otherStop;
  const minorStop = lost("minor-stop");
  const net = idealTotalUs;
  const good = idealGoodUs;
  return {
    ...{ calendar, unscheduled, shift: calendar - unscheduled, plannedStop, noDemand, loading },
    ...{ unknown, observed, breakdown, setup, otherStop, run, minorStop },
    speed: net === null ? null : run - minorStop - net,
    net,
    defect: net === null || good === null ? null : net - good,
    good,
  };
}

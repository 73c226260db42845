/**
 * Where the time went: the ladder from calendar time down to the ideal time of the good pieces. Every rung is the one
 * above it less its losses, in integer microseconds; each step has its losses by class (`loss.ts`), because a reason
 * tree may call a long stop a loss of speed, or a short one a breakdown. A machine above its ideal speed has a negative
 * speed loss.
 */
import { type Cell, sumMs } from "./cell.ts";
import { LOSSES, type Loss } from "./loss.ts";

/** An integer number of microseconds; a year of a hundred machines is still exact. */
export type Micros = number;

/** Microseconds. Below `run` what pieces tell is null where they cannot be valued. */
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
  /** Of stops that are not micro-stops. */
  stops: Record<Loss, Micros>;
  /** Micro-stops included, as in availability. */
  run: Micros;
  /** Of micro-stops. */
  short: Record<Loss, Micros>;
  speed: Micros | null;
  /** Σ ideal time of all pieces. */
  net: Micros | null;
  /** Of rejects, those made while starting up apart. */
  defect: Micros | null;
  startUp: Micros | null;
  /** Σ ideal time of the good pieces. */
  good: Micros | null;
}

export interface IdealTimes {
  idealTotalUs: Micros | null;
  idealGoodUs: Micros | null;
  /** Of rejects made while starting up. */
  startUpUs: Micros | null;
}

export function ladderOf(
  cells: readonly Cell[],
  { idealTotalUs, idealGoodUs, startUpUs }: IdealTimes,
): Ladder {
  const us = (isMeant: (cell: Cell) => boolean): Micros => sumMs(cells, isMeant) * 1000;
  const planned = (schedule: Cell["schedule"]): Micros => us((cell) => cell.schedule === schedule);
  const lost = (micro: boolean): Record<Loss, Micros> =>
    byLoss((loss) => us((cell) => cell.loss === loss && (cell.stop === "micro") === micro));
  const [unscheduled, plannedStop, noDemand] = [
    planned("unscheduled"),
    planned("planned-stop"),
    planned("no-demand"),
  ];
  const calendar = us(() => true);
  const loading = planned("scheduled");
  const unknown = us((cell) => cell.schedule === "scheduled" && cell.condition === "unknown");
  const observed = loading - unknown;
  const [stops, short] = [lost(false), lost(true)];
  const run = observed - sum(stops);
  const net = idealTotalUs;
  const good = idealGoodUs;
  const startUp = net === null || good === null ? null : startUpUs;
  return {
    ...{ calendar, unscheduled, shift: calendar - unscheduled, plannedStop, noDemand, loading },
    ...{ unknown, observed, stops, run, short },
    speed: net === null ? null : run - sum(short) - net,
    net,
    defect: net === null || good === null || startUp === null ? null : net - good - startUp,
    startUp,
    good,
  };
}

export function byLoss<T>(of: (loss: Loss) => T): Record<Loss, T> {
  return Object.fromEntries(LOSSES.map((loss) => [loss, of(loss)])) as Record<Loss, T>;
}

const sum = (of: Record<Loss, Micros>): Micros => Object.values(of).reduce((a, b) => a + b, 0);

/**
 * SEMI E10 names for the timeline: six states and the metrics made of them (metrics reference A3, B3).
 * An alias of our numbers, not a certified implementation: micro-stops count by their condition, and time nobody
 * observed is in none of the six states.
 */
import { meanMs } from "../statistics/reliability.ts";
import type { Millis } from "../time.ts";
import { isOthers } from "../timeline/stop.ts";
import { type Cell, sumMs } from "./cell.ts";
import { share } from "./share.ts";

export type E10State = "PRD" | "SBY" | "ENG" | "SDT" | "UDT" | "NST";

/** Milliseconds. The delays are parts of SDT and UDT. */
export interface E10Times extends Record<E10State, Millis> {
  /** Not observed while it was scheduled: outside every metric. */
  unknown: Millis;
  /** Waiting for the user's people or parts, and what the customer answers for. */
  userDelay: Millis;
  /** Waiting for the supplier's people or parts; null: not told apart from repair. */
  supplierDelay: Millis | null;
  outOfSpecInput: Millis;
  /** Power, air, IT, third parties. */
  facilities: Millis;
  failures: number;
}

/**
 * The state of an observed millisecond. The schedule decides first, as in B3; a machine that produces during a
 * planned stop is productive all the same. Set-up is scheduled downtime by the usual site rule.
 */
export function e10State({ condition, schedule }: Pick<Cell, "condition" | "schedule">): E10State {
  if (schedule === "unscheduled" || condition === "off") return "NST";
  if (condition === "producing") return "PRD";
  if (schedule === "planned-stop") return "SDT";
  switch (condition) {
    case "engineering":
      return "ENG";
    case "setup":
      return "SDT";
    case "fault":
    case "external-fault":
    case "maintenance":
      return "UDT";
    default:
      return "SBY";
  }
}

/** `failures`: stops that hold a fault the supplier may have to answer for. */
export function e10Times(cells: readonly Cell[], failures: number): E10Times {
  const isBlind = ({ condition, schedule }: Cell): boolean =>
    condition === "unknown" && schedule !== "unscheduled";
  const seen = cells.filter((cell) => !isBlind(cell));
  const inState = (state: E10State): Millis => sumMs(seen, (cell) => e10State(cell) === state);
  const down = seen.filter((cell) => /^[SU]DT$/.test(e10State(cell)));
  const isExternal = ({ condition, attribution }: Cell): boolean =>
    condition === "external-fault" && attribution !== "supplier";
  return {
    PRD: inState("PRD"),
    SBY: inState("SBY"),
    ENG: inState("ENG"),
    SDT: inState("SDT"),
    UDT: inState("UDT"),
    NST: inState("NST"),
    unknown: sumMs(cells, isBlind),
    userDelay: sumMs(down, (cell) => cell.attribution === "customer" && !isExternal(cell)),
    supplierDelay: null,
    outOfSpecInput: 0,
    facilities: sumMs(
      down,
      (cell) => isExternal(cell) || (isOthers(cell.attribution) && cell.attribution !== "customer"),
    ),
    failures,
  };
}

export interface E10 {
  operationsMs: Millis;
  uptimeMs: Millis;
  operationalUptime: number | null;
  totalUptime: number | null;
  operationalUtilization: number | null;
  totalUtilization: number | null;
  /** The ready-made formula for a vendor contract [E10-92]. */
  supplierDependentUptime: number | null;
  /** null where the supplier's delays are not told apart. */
  equipmentDependentUptime: number | null;
  /** Productive time per failure. */
  mtbfMs: Millis | null;
}

export function e10(times: E10Times): E10 {
  const { PRD, SBY, ENG, SDT, UDT, NST, userDelay, supplierDelay } = times;
  const uptimeMs = PRD + SBY + ENG;
  const operationsMs = uptimeMs + SDT + UDT;
  const total = operationsMs + NST;
  const suppliers = operationsMs - userDelay - times.outOfSpecInput - times.facilities;
  const equipment = supplierDelay === null ? null : suppliers - supplierDelay;
  return {
    operationsMs,
    uptimeMs,
    operationalUptime: share([uptimeMs], [operationsMs]),
    totalUptime: share([uptimeMs], [total]),
    operationalUtilization: share([PRD], [operationsMs]),
    totalUtilization: share([PRD], [total]),
    supplierDependentUptime: share([uptimeMs], [suppliers]),
    equipmentDependentUptime: share([uptimeMs], [equipment]),
    mtbfMs: meanMs(PRD, times.failures),
  };
}

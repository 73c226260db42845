/**
 * VDI 3423 names for the timeline (metrics reference A4): occupied time and what took use away from it.
 * Whether maintenance counts against technical availability is the contract's to say, so both are given.
 */
import type { Millis } from "../time.ts";
import { type Cell, sumMs } from "./cell.ts";
import { share } from "./share.ts";

/** Milliseconds, observed, inside loading. TB = TN + TT + TO + TW. */
export interface VdiTimes {
  TB: Millis;
  TN: Millis;
  TT: Millis;
  TO: Millis;
  TW: Millis;
}

/** Waiting, and what comes from outside the machine. */
const ORGANISATIONAL = ["idle", "starved", "blocked", "external-fault", "off"];

export function vdiTimes(cells: readonly Cell[]): VdiTimes {
  const loading = cells.filter(
    ({ condition, schedule }) => schedule === "scheduled" && condition !== "unknown",
  );
  const TB = sumMs(loading, () => true);
  const TT = sumMs(loading, ({ condition }) => condition === "fault");
  const TO = sumMs(loading, ({ condition }) => ORGANISATIONAL.includes(condition));
  const TW = sumMs(loading, ({ condition }) => condition === "maintenance");
  return { TB, TN: TB - TT - TO - TW, TT, TO, TW };
}

export interface Vdi3423 {
  /** Rates of technical, organisational and maintenance downtime. */
  AT: number | null;
  AO: number | null;
  AW: number | null;
  /** Overall use degree. */
  NG: number | null;
  technicalAvailability: number | null;
  /** With maintenance as downtime too. */
  technicalAvailabilityWithTW: number | null;
}

export function vdi3423({ TB, TN, TT, TO, TW }: VdiTimes): Vdi3423 {
  return {
    AT: share([TT], [TB]),
    AO: share([TO], [TB]),
    AW: share([TW], [TB]),
    NG: share([TN], [TB]),
    technicalAvailability: share([TB - TT], [TB]),
    technicalAvailabilityWithTW: share([TB - TT - TW], [TB]),
  };
}

/** OEE against three clocks (metrics reference A1): loading time, shift time, calendar time. Observed time only. */
import type { Millis } from "../time.ts";
import { share } from "./share.ts";

/** Milliseconds, each without what nobody observed in it. */
export interface Clocks {
  loadingMs: Millis;
  /** With planned stops and no-demand. */
  shiftMs: Millis;
  calendarMs: Millis;
}

export interface Effectiveness {
  oee: number | null;
  ooe: number | null;
  teep: number | null;
  /** Loading time over calendar time. */
  utilization: number | null;
}

/** `idealGoodUs`: Σ ideal time of the good pieces, µs. */
export function effectiveness(idealGoodUs: number | null, clocks: Clocks): Effectiveness {
  const { loadingMs, shiftMs, calendarMs } = clocks;
  return {
    oee: share([idealGoodUs], [loadingMs, 1000]),
    ooe: share([idealGoodUs], [shiftMs, 1000]),
    teep: share([idealGoodUs], [calendarMs, 1000]),
    utilization: share([loadingMs], [calendarMs]),
  };
}

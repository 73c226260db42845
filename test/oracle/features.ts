/** What a random scenario may contain, and the instants all of them share. */

export const T0 = Date.UTC(2026, 10, 23, 6);
export const HOUR = 3_600_000;
/** Longer than any settle time of these plants. */
export const TAIL = 2 * HOUR;

export interface Features {
  sources: number;
  dwell: boolean;
  moving: boolean;
  hysteresis: boolean;
  counters: boolean;
  recipes: boolean;
  calendar: boolean;
  failures: boolean;
  starts: boolean;
  hours: number;
}

export const EVERYTHING: Features = {
  sources: 3,
  dwell: true,
  moving: true,
  hysteresis: true,
  counters: true,
  recipes: true,
  calendar: true,
  failures: true,
  starts: true,
  hours: 2,
};

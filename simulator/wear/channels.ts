/**
 * The channels of the traced machine, a machining cell: a belt-driven spindle and its coolant pump with a filter, on one
 * frame. What each channel is, how fine its register is and how it scatters; values are made in `trace.ts`.
 */

export type TraceKind =
  | "temperature"
  | "vibration-velocity"
  | "current"
  | "pressure"
  | "flow"
  | "cycle-time"
  | "other";

export interface TraceChannel {
  id: string;
  kind: TraceKind;
  unit: string;
  /** Steps of the 16-bit register per unit. */
  perUnit: number;
  /**
   * Deviations: `fast` wanders with a time constant of 15 min, `slow` with one of 16 h of running (setting, material,
   * operator), `white` is the sensor's own t(4) noise. Relative to the value, except temperatures: kelvin. Where wear
   * has a target, `slow` is such that it can be met at one false alarm in 400 channel-months, with little to spare:
   * what wanders for days cannot be told from wear by anybody until it is passed. The filter's drop has the square of
   * the flow's wandering on top of its own.
   */
  fast: number;
  slow: number;
  white: number;
}

const channel = (
  id: string,
  kind: TraceKind,
  unit: string,
  perUnit: number,
  [fast, slow, white]: [number, number, number],
): TraceChannel => ({ id, kind, unit, perUnit, fast, slow, white });

/** In the order of a row. `load` and `ambient` explain the others; nothing wears in them. */
export const CHANNELS = [
  channel("load", "other", "%", 10, [0.02, 0.01, 0.005]),
  channel("ambient", "temperature", "degC", 10, [0.1, 0, 0.1]),
  channel("bearingTemp", "temperature", "degC", 10, [0.3, 0.5, 0.2]),
  channel("vibration", "vibration-velocity", "mm/s", 100, [0.03, 0.015, 0.06]),
  channel("current", "current", "A", 50, [0.008, 0.004, 0.02]),
  channel("pressure", "pressure", "bar", 200, [0.005, 0.005, 0.01]),
  channel("flow", "flow", "l/min", 20, [0.007, 0.006, 0.012]),
  channel("filterDp", "pressure", "bar", 1000, [0.008, 0.004, 0.03]),
  channel("cycleTime", "cycle-time", "s", 100, [0.005, 0.005, 0.015]),
  channel("speed", "other", "1/min", 1, [0.001, 0.0008, 0.0015]),
] as const satisfies readonly TraceChannel[];

/** Position of a channel in a row. */
export const AT = {
  load: 0,
  ambient: 1,
  bearingTemp: 2,
  vibration: 3,
  current: 4,
  pressure: 5,
  flow: 6,
  filterDp: 7,
  cycleTime: 8,
  speed: 9,
} as const;

export type TraceChannelId = keyof typeof AT;

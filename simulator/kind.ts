/**
 * What makes a press a press: its recipes, its habits (the planner) and its physics (the channels).
 * One file per kind in `kinds/`; knows nothing of registers, sockets or scenarios.
 */
import type { Millis } from "../agent/core/time.ts";
import type { Random } from "./random.ts";

/** A stretch in one state, as planned; a scenario may interrupt it and let the rest follow later. */
export interface Segment {
  /** Length, a positive integer. */
  ms: Millis;
  status: number;
  /** Reason register; 0 while there is nothing to say. */
  reason: number;
  /** Outfeed guard, discrete input 3. */
  guard: boolean;
  recipe: number;
  /** Mean milliseconds per piece while pieces are made, else null. */
  cycleMs: number | null;
  /** Mechanical load, 0 to 1: drives temperature, vibration and current. */
  load: number;
  /** The first pieces made from here on that are rejects (start-up scrap). */
  scrap: number;
}

export interface Recipe {
  /** Value of the recipe register. */
  number: number;
  /** The best sustained time per piece. */
  idealCycleMs: number;
}

/** Condition channels; each is base + load × gain + noise, temperature by a first-order lag. */
export interface Channels {
  /** Kelvin above ambient at full load in the long run, and the time constant. */
  oil: { riseK: number; tauMs: Millis };
  /** mm/s RMS. */
  vibration: { base: number; gain: number; noise: number };
  /** Ampere. */
  current: { base: number; gain: number; noise: number };
  /** Bar, by the share 0 to 1 of the segment that has passed. */
  pressure: (load: number, share: number) => number;
}

export interface Kind {
  name: string;
  /** Product name of the 43/14 identification. */
  product: string;
  recipes: readonly Recipe[];
  /** Share of rejects outside start-up. */
  rejectRate: number;
  channels: Channels;
  /** A new planner; each call gives the next segments of the machine's own life, without end. */
  planner: (random: Random) => () => Segment[];
}

/** A segment at rest, to be refined: nothing made, no load. */
export function segment(ms: number, status: number, rest: Partial<Segment>): Segment {
  return {
    ms: Math.max(1, Math.round(ms)),
    status,
    reason: 0,
    guard: false,
    recipe: 0,
    cycleMs: null,
    load: 0,
    scrap: 0,
    ...rest,
  };
}

/**
 * Additive sums of a window. Every field of two disjoint spans may be added (flags and evidence are or-ed),
 * so a day is the sum of its parts. Integers only: milliseconds and pieces. Ratios are made in `measure.ts`.
 */
import type { Millis } from "../time.ts";
import {
  ATTRIBUTIONS,
  type Attribution,
  CLOCK_QUALITIES,
  type ClockQuality,
  CONDITIONS,
  type Condition,
  SCHEDULES,
  type Schedule,
  UNKNOWN_CAUSES,
  type UnknownCause,
} from "../vocabulary.ts";

/** Flags of a window record, published sorted. */
export type Flag =
  | "CONFIG_CHANGED"
  | "COUNT_CORRECTED"
  | "COUNT_INCONSISTENT"
  | "COUNT_JUMP"
  | "COUNT_MISSING"
  | "COUNT_RESET"
  | "COUNT_UNCERTAIN"
  | "IDEAL_CYCLE_SUSPECT"
  | "RECIPE_UNKNOWN";

/** Pieces. `good` and `reject` stay 0 where no such counter is configured. */
export interface Pieces {
  total: number;
  good: number;
  reject: number;
}

/** One recipe at one ideal cycle time, inside loading. */
export interface RecipeSums extends Pieces {
  id: string;
  /** Microseconds per piece; null for `unassigned`. */
  idealCycleUs: number | null;
  producingMs: Millis;
  /** Pieces made while nobody looked; in no ratio but oeeMin. */
  recovered: Pieces;
}

export interface WindowSums {
  conditionMs: Record<Condition, Millis>;
  scheduleMs: Record<Schedule, Millis>;
  attributionMs: Record<Attribution, Millis>;
  unknownMs: Record<UnknownCause, Millis>;
  /** Inside loading: `count` where they begin, `ms` clipped. */
  microStops: { count: number; ms: Millis };
  edgeUncertaintyMs: Millis;
  loadingMs: Millis;
  /** `unknown` inside loading (U). */
  blindMs: Millis;
  runMs: Millis;
  /** run′: micro-stops judged with `unknown` read as `producing`. */
  runPrimeMs: Millis;
  upMs: Millis;
  downMs: Millis;
  excludedMs: Millis;
  upPrimeMs: Millis;
  downPrimeMs: Millis;
  failures: number;
  /** Full lengths of the failures that end here. */
  restoredMs: Millis;
  /** 1 while a failure is open at the window's end. Not additive: set when the window is measured. */
  open: 0 | 1;
  /** By `recipeKey`; sums of all are the window's counts. */
  recipes: Record<string, RecipeSums>;
  /** Pieces outside loading. */
  outside: Pieces;
  /** What ambiguous wraps could add to the total, null while no count was ambiguous. */
  excess: number | null;
  /** Had the counter a good sample at a scheduled instant? null: not configured. */
  seen: { total: boolean | null; good: boolean | null; reject: boolean | null };
  /** A blind span is clipped by the window or not bridged by an unambiguous recovered count. */
  unbridged: boolean;
  clock: { quality: ClockQuality; maxStepMs: Millis; heldMs: Millis };
  flags: Flag[];
}

const zeros = <K extends string>(keys: readonly K[]): Record<K, number> => {
  const map = {} as Record<K, number>;
  for (const key of keys) map[key] = 0;
  return map;
};

export const noPieces = (): Pieces => ({ total: 0, good: 0, reject: 0 });

export function emptySums(): WindowSums {
  return {
    conditionMs: zeros(CONDITIONS),
    scheduleMs: zeros(SCHEDULES),
    attributionMs: zeros(ATTRIBUTIONS),
    unknownMs: zeros(UNKNOWN_CAUSES),
    microStops: { count: 0, ms: 0 },
    edgeUncertaintyMs: 0,
    loadingMs: 0,
    blindMs: 0,
    runMs: 0,
    runPrimeMs: 0,
    upMs: 0,
    downMs: 0,
    excludedMs: 0,
    upPrimeMs: 0,
    downPrimeMs: 0,
    failures: 0,
    restoredMs: 0,
    open: 0,
    recipes: {},
    outside: noPieces(),
    excess: null,
    seen: { total: null, good: null, reject: null },
    unbridged: false,
    clock: { quality: "synced", maxStepMs: 0, heldMs: 0 },
    flags: [],
  };
}

export const recipeKey = (id: string, idealCycleUs: number | null): string =>
  `${id} ${idealCycleUs ?? "-"}`;

/** The row of a recipe, made on first use. */
export function recipeSums(sums: WindowSums, id: string, idealCycleUs: number | null): RecipeSums {
  const key = recipeKey(id, idealCycleUs);
  let row = sums.recipes[key];
  if (!row) {
    row = { id, idealCycleUs, producingMs: 0, ...noPieces(), recovered: noPieces() };
    sums.recipes[key] = row;
  }
  return row;
}

export function addPieces(into: Pieces, more: Pieces): void {
  into.total += more.total;
  into.good += more.good;
  into.reject += more.reject;
}

export function raise(sums: WindowSums, flag: Flag): void {
  if (!sums.flags.includes(flag)) sums.flags.push(flag);
}

/** The less trusted of two clock qualities. */
export function worse(a: ClockQuality, b: ClockQuality): ClockQuality {
  return CLOCK_QUALITIES.indexOf(a) >= CLOCK_QUALITIES.indexOf(b) ? a : b;
}

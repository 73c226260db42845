/** Oracle, step 6: the sums of one window by brute force over all pieces. Accounting rules 1, 7, 10, 11. */
import type { Condition, Schedule } from "../../agent/core/vocabulary.ts";
import {
  ATTRIBUTIONS,
  CONDITIONS,
  SCHEDULES,
  UNKNOWN_CAUSES,
} from "../../agent/core/vocabulary.ts";
import { READINGS } from "./readings.ts";
import type { Stop } from "./stops.ts";
import type { Edge, Piece } from "./timeline.ts";

export interface Planned {
  from: number;
  to: number;
  schedule: Schedule;
}

const zeros = <K extends string>(keys: readonly K[]): Record<K, number> =>
  Object.fromEntries(keys.map((key) => [key, 0])) as Record<K, number>;

export interface TimeSums {
  conditionMs: Record<string, number>;
  scheduleMs: Record<string, number>;
  attributionMs: Record<string, number>;
  unknownMs: Record<string, number>;
  microStops: { count: number; ms: number };
  edgeUncertaintyMs: number;
  loadingMs: number;
  blindMs: number;
  runMs: number;
  runPrimeMs: number;
  upMs: number;
  downMs: number;
  excludedMs: number;
  upPrimeMs: number;
  downPrimeMs: number;
  failures: number;
  restoredMs: number;
  open: 0 | 1;
  /** Producing inside loading, by recipe. */
  producingMs: Record<string, number>;
}

const OTHERS = ["customer", "third-party", "force-majeure"];

/** What a span inside loading that was observed counts as, for contract uptime. */
function standing(piece: Piece, micro: boolean): "up" | "down" | "excluded" {
  const { condition, attribution } = piece;
  if (micro && READINGS.everyMicroStopIsUp) return "up";
  if (condition === "fault" || condition === "maintenance") {
    if (micro) return "up";
    return OTHERS.includes(attribution) ? "excluded" : "down";
  }
  if (condition === "external-fault" || condition === "off")
    return attribution === "supplier" ? "down" : "excluded";
  return "up";
}

export function timeSums(
  from: number,
  to: number,
  pieces: Piece[],
  schedule: Planned[],
  stops: Stop[],
  edges: Edge[],
  microStopMs: number,
): TimeSums {
  const known = READINGS.onlyWhatIsKnownWhenFinal ? to + microStopMs : Number.POSITIVE_INFINITY;
  const sums: TimeSums = {
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
    producingMs: {},
  };
  for (const piece of pieces) {
    const stop =
      piece.condition === "unknown"
        ? undefined
        : stops.find((one) => one.from <= piece.from && piece.to <= one.to);
    for (const planned of schedule) {
      const ms = Math.min(piece.to, planned.to, to) - Math.max(piece.from, planned.from, from);
      if (ms > 0) add(sums, piece, planned.schedule, stop, ms);
    }
  }
  for (const stop of stops) judge(sums, stop, from, to, schedule, known);
  for (const edge of edges.filter((one) => one.to <= known))
    sums.edgeUncertaintyMs += Math.max(0, Math.min(edge.to, to) - Math.max(edge.from, from));
  return sums;
}

function add(
  sums: TimeSums,
  piece: Piece,
  schedule: Schedule,
  stop: Stop | undefined,
  ms: number,
): void {
  bump(sums.conditionMs, piece.condition, ms);
  bump(sums.scheduleMs, schedule, ms);
  bump(sums.attributionMs, piece.attribution, ms);
  if (piece.cause) bump(sums.unknownMs, piece.cause, ms);
  if (schedule === "scheduled") load(sums, piece, stop, ms);
}

/** Counts of stops: a micro-stop where it begins inside loading, a failure where it begins. */
function judge(
  sums: TimeSums,
  stop: Stop,
  from: number,
  to: number,
  schedule: Planned[],
  known: number,
): void {
  const begins = stop.from >= from && stop.from < to;
  if (stop.micro) {
    if (begins && scheduleAt(schedule, stop.from) === "scheduled") sums.microStops.count++;
    return;
  }
  if (stop.fault === null) return;
  if (begins && stop.fault <= known) sums.failures++;
  if (stop.to > from && stop.to <= to) sums.restoredMs += stop.to - stop.from;
  if (stop.from < to && stop.to > to && stop.fault <= known) sums.open = 1;
}

function load(sums: TimeSums, piece: Piece, stop: Stop | undefined, ms: number): void {
  sums.loadingMs += ms;
  if (piece.condition === "unknown") {
    sums.blindMs += ms;
    return;
  }
  const producing = piece.condition === "producing";
  const micro = !producing && stop?.micro === true;
  const microPrime = !producing && stop?.microPrime === true;
  if (micro) sums.microStops.ms += ms;
  if (producing || micro) sums.runMs += ms;
  if (producing || microPrime) sums.runPrimeMs += ms;
  if (producing) bump(sums.producingMs, `${piece.recipe.id} ${piece.recipe.idealCycleUs}`, ms);
  sums[`${standing(piece, micro)}Ms`] += ms;
  const prime = standing(piece, microPrime);
  if (prime !== "excluded") sums[`${prime}PrimeMs`] += ms;
}

export function scheduleAt(schedule: Planned[], at: number): Schedule | null {
  return schedule.find((planned) => planned.from <= at && at < planned.to)?.schedule ?? null;
}

function bump(map: Record<string, number>, key: Condition | string, ms: number): void {
  map[key] = (map[key] ?? 0) + ms;
}

/**
 * Months of a machining cell as an agent would read them, row by row and fast: a machine-year in seconds. Same options,
 * same rows. With a fault, the true onset and failure are known. Reads no clock and allocates nothing per row.
 */
import type { Millis } from "../../agent/core/time.ts";
import { keyOf, type Random, stream } from "../random.ts";
import {
  type Cell,
  createCell,
  loadAt,
  makeNominal,
  producing,
  resting,
  serve,
  settle,
  wander,
} from "./cell.ts";
import { AT, CHANNELS } from "./channels.ts";
import { beginFault, type Fault, type FaultPlan, spoilRow, wearOn } from "./onset.ts";
import { createShifts, insert, type Shifts, type Stretch, stretchAt } from "./shifts.ts";
import { fillTails } from "./tail.ts";
import { createUpsets, passBy, type Upsets, workday } from "./upsets.ts";
import { createWeather, nextMinute, type Weather } from "./weather.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

export interface TraceOptions {
  seed: number;
  /** First row, UTC. */
  start: Millis;
  /** Sampling period; at most a minute. Default 10 s. */
  stepMs?: Millis;
  /** Lost polls, bus outages, restarts of the agent, steps of its clock. Default true. */
  upsets?: boolean;
  /** Service visits, the first within 20 to 80 days, then every 90. Default true without a fault. */
  service?: boolean;
  fault?: FaultPlan;
  /** Multiple of the usual wandering of all channels. Default 1. */
  scatter?: number;
}

export interface Trace {
  readonly stepMs: Millis;
  /** The values of the last row, in the order of `CHANNELS`; NaN where nothing was read. */
  readonly row: Float64Array;
  /** Plant time of the row, and what the agent's clock said. */
  plantAt: Millis;
  at: Millis;
  /** Producing time up to the row. */
  runMs: Millis;
  stretch: Stretch;
  /** False while the bus gives nothing. */
  isObserved: boolean;
  /** Service visits that are over; one more tells the agent that its baselines are void. */
  services: number;
  fault: Fault | null;
  readonly random: Random;
  readonly noise: Float64Array;
  readonly cell: Cell;
  readonly shifts: Shifts;
  readonly upsets: Upsets;
  readonly weather: Weather;
  minuteAt: Millis;
  serviceEnds: Millis;
}

/** A trace before its first row. */
export function createTrace(options: TraceOptions): Trace {
  const { seed, start, stepMs = 10_000, upsets = true, fault, service = !fault } = options;
  const key = (name: string): Random => stream(keyOf(seed, "trace", name));
  const shifts = createShifts(key("shifts"), start);
  const cell = createCell(key("cell"), options.scatter ?? 1);
  // True failure times are told against fixed limits, so a machine that will fail begins by the data sheet.
  if (fault) makeNominal(cell);
  return {
    stepMs,
    row: new Float64Array(CHANNELS.length).fill(Number.NaN),
    plantAt: start - stepMs,
    at: start - stepMs,
    runMs: 0,
    stretch: stretchAt(shifts, start),
    isObserved: true,
    services: 0,
    fault: fault ? beginFault(fault, key("fault")) : null,
    random: key("noise"),
    noise: new Float64Array(CHANNELS.length),
    cell,
    shifts,
    upsets: createUpsets(key("upsets"), start, upsets, service),
    weather: createWeather(key("weather")),
    minuteAt: start,
    serviceEnds: Number.POSITIVE_INFINITY,
  };
}

/** The next row that the agent gets. */
export function nextRow(trace: Trace): void {
  const { upsets } = trace;
  do {
    trace.plantAt += trace.stepMs;
    passBy(upsets, trace.plantAt);
    live(trace);
  } while (trace.plantAt >= upsets.downFrom && trace.plantAt < upsets.downTo);
  trace.at = trace.plantAt + upsets.offset;
  trace.isObserved = trace.plantAt < upsets.busFrom;
  if (trace.isObserved) read(trace);
  else trace.row.fill(Number.NaN);
}

/** One step of the machine's life, seen or not. */
function live(trace: Trace): void {
  const { cell, stepMs, plantAt } = trace;
  if (plantAt >= trace.upsets.serviceAt) visit(trace);
  if (plantAt >= trace.serviceEnds) {
    trace.serviceEnds = Number.POSITIVE_INFINITY;
    trace.services++;
    serve(cell);
  }
  for (; trace.minuteAt <= plantAt; trace.minuteAt += MINUTE) {
    wander(cell);
    cell.ambient = nextMinute(trace.weather, trace.minuteAt);
  }
  if (plantAt >= trace.stretch.to) trace.stretch = stretchAt(trace.shifts, plantAt);
  const load = loadAt(cell, trace.stretch);
  settle(cell, trace.stretch, load, stepMs);
  const { condition } = trace.stretch;
  if (condition === "producing") {
    trace.runMs += stepMs;
    if (trace.fault) wearOn(trace.fault, trace.plantAt, trace.runMs, stepMs, cell.effects);
    producing(cell, trace.row, trace.stretch, load, stepMs / 1000);
  } else {
    const still = condition === "off" || condition === "fault" || condition === "maintenance";
    resting(cell, trace.row, !still);
  }
}

/** Two hours of maintenance from now on. */
function visit(trace: Trace): void {
  trace.serviceEnds = trace.plantAt + 120 * MINUTE;
  trace.upsets.serviceAt = workday(trace.plantAt + 90 * DAY);
  insert(trace.shifts, "maintenance", trace.serviceEnds);
  trace.stretch = stretchAt(trace.shifts, trace.plantAt);
}

/** Adds what sensors, converters and the line add to true values. */
function read(trace: Trace): void {
  const { row, noise, cell, random } = trace;
  row[AT.ambient] = cell.ambient + (cell.fast[AT.ambient] as number);
  row[AT.bearingTemp] =
    cell.ambient +
    cell.heat +
    (cell.fast[AT.bearingTemp] as number) +
    (cell.slow[AT.bearingTemp] as number);
  fillTails(random, noise);
  noise[AT.pressure] = (noise[AT.pressure] as number) * cell.effects.scatter;
  noise[AT.cycleTime] = 0; // A cycle scatters once, when it is over.
  for (let i = 0; i < row.length; i++) {
    const { white, perUnit, kind } = CHANNELS[i] as (typeof CHANNELS)[number];
    const value = row[i] as number;
    const scale = kind === "temperature" ? white : white * value;
    row[i] = Math.round((value + scale * (noise[i] as number)) * perUnit) / perUnit;
  }
  if (trace.fault) spoilRow(trace.fault, row);
  const luck = random();
  if (luck < 0.0005) row.fill(Number.NaN);
  else if (luck < 0.001) row[Math.floor(luck * 2e7) % row.length] = Number.NaN;
}

/**
 * The machining cell as physics: how warm, how loaded, how worn it is, and what a perfect sensor would read. Parameters are
 * drawn from a seed, anew in part at each service. Knows no clocks, registers or agents.
 */
import { type Random, uniform } from "../random.ts";
import { AT, CHANNELS } from "./channels.ts";
import { type Effects, healthy } from "./decay.ts";
import type { Stretch } from "./shifts.ts";
import { gauss } from "./tail.ts";

export interface Cell {
  random: Random;
  effects: Effects;
  /** Load by product: within 15 % of nominal. */
  loads: readonly number[];
  /** Seconds per piece by product. */
  cycles: readonly number[];
  /** Levels that a service changes: they hold from one to the next. */
  level: { vibration: number; rise: number; current: number; filterDp: number };
  /** How strongly vibration follows load. */
  shake: number;
  /** Kelvin above ambient. */
  heat: number;
  /** 0 cold, 1 run in. */
  warmth: number;
  /** Wandering deviations by channel, relative or kelvin. */
  fast: Float64Array;
  slow: Float64Array;
  /** Multiple of the wandering of the channels' table. */
  scatter: number;
  ambient: number;
  /** The cycle time the controller shows, and time until the next piece, seconds. */
  shown: number;
  pieceIn: number;
  /** Pieces made so far, with the part of the one in hand: what a counter beside the controller has seen. */
  made: number;
}

const MINUTE = 60_000;
const FAST_STAY = Math.exp(-1 / 15);
const SLOW_STAY = Math.exp(-1 / (16 * 60));
const FAST_KICK = Math.sqrt(1 - FAST_STAY * FAST_STAY);
const SLOW_KICK = Math.sqrt(1 - SLOW_STAY * SLOW_STAY);
const RISE_K = 22;

export function createCell(random: Random, scatter: number): Cell {
  const loads = [-0.14, -0.05, 0.05, 0.14].map((one) => 1 + one + uniform(random, -0.01, 0.01));
  loads.sort(() => random() - 0.5);
  return {
    random,
    effects: healthy(),
    loads,
    cycles: loads.map(() => uniform(random, 22, 42)),
    level: {
      vibration: uniform(random, 1.6, 2),
      rise: 1,
      current: uniform(random, 0.9, 1.1),
      filterDp: uniform(random, 0.3, 0.4),
    },
    shake: uniform(random, 0.2, 0.5),
    heat: 0,
    warmth: 0,
    fast: Float64Array.from(CHANNELS, ({ fast }) => scatter * fast * gauss(random)),
    slow: Float64Array.from(CHANNELS, ({ slow }) => scatter * slow * gauss(random)),
    scatter,
    ambient: 20,
    shown: 30,
    pieceIn: 0,
    made: 0,
  };
}

/** The levels of the data sheet: 1.8 mm/s, 26 A and 0.35 bar at nominal load. Limits are multiples of these. */
export function makeNominal(cell: Cell): void {
  cell.level.vibration = 1.8;
  cell.level.current = 1;
  cell.level.filterDp = 0.35;
}

/** New bearing grease, filter, tool: the healthy levels are a little others afterwards. */
export function serve(cell: Cell): void {
  const { random, level } = cell;
  level.vibration = uniform(random, 1.6, 2);
  level.rise = uniform(random, 0.92, 1.08);
  level.current *= uniform(random, 0.96, 1.04);
  level.filterDp = uniform(random, 0.3, 0.4);
}

/** Lets what wanders wander for a minute. */
export function wander(cell: Cell): void {
  const { random, fast, slow, scatter } = cell;
  for (let i = 0; i < CHANNELS.length; i++) {
    const channel = CHANNELS[i] as (typeof CHANNELS)[number];
    fast[i] = (fast[i] as number) * FAST_STAY + scatter * channel.fast * FAST_KICK * gauss(random);
    slow[i] = (slow[i] as number) * SLOW_STAY + scatter * channel.slow * SLOW_KICK * gauss(random);
  }
}

/** Heat and warmth after `ms` of a stretch at `load`. */
export function settle(cell: Cell, { condition }: Stretch, load: number, ms: number): void {
  const runs = condition === "producing";
  const goal = runs ? RISE_K * cell.level.rise * cell.effects.rise * (0.5 + 0.5 * load) : 0;
  cell.heat += (goal - cell.heat) * (1 - Math.exp(-ms / (20 * MINUTE)));
  cell.warmth += (Number(runs) - cell.warmth) * (1 - Math.exp(-ms / (runs ? 8 : 60) / MINUTE));
}

export const loadAt = (cell: Cell, { product }: Stretch): number =>
  (cell.loads[product] as number) *
  (1 + (cell.fast[AT.load] as number) + (cell.slow[AT.load] as number));

const wandering = (cell: Cell, at: number): number =>
  1 + (cell.fast[at] as number) + (cell.slow[at] as number);

/** True values while pieces are made. Writes every channel of `row`; scatter comes later. */
export function producing(
  cell: Cell,
  row: Float64Array,
  stretch: Stretch,
  load: number,
  seconds: number,
): void {
  const { effects, level } = cell;
  const cold = 1 - cell.warmth;
  row[AT.load] = 100 * load;
  row[AT.vibration] =
    level.vibration *
    (1 + cell.shake * (load - 1)) *
    (1 + 0.2 * cold) *
    effects.vibration *
    wandering(cell, AT.vibration);
  row[AT.current] =
    (6 + 20 * load) *
    level.current *
    (1 + 0.1 * cold) *
    effects.current *
    wandering(cell, AT.current);
  pump(cell, row, load);
  row[AT.speed] = 2950 * (1 - 0.012 * (load - 1)) * effects.speed * wandering(cell, AT.speed);
  cell.pieceIn -= seconds;
  if (cell.pieceIn <= 0) {
    const cycle = (cell.cycles[stretch.product] as number) * effects.cycle;
    cell.shown =
      cycle *
      wandering(cell, AT.cycleTime) *
      (1 + CHANNELS[AT.cycleTime].white * gauss(cell.random));
    cell.pieceIn = Math.max(cell.pieceIn + cell.shown, 0);
  }
  cell.made += seconds / cell.shown;
  row[AT.cycleTime] = cell.shown;
}

/** True values while no pieces are made: idling with the pump on, or all off. */
export function resting(cell: Cell, row: Float64Array, turns: boolean): void {
  row[AT.load] = 0;
  row[AT.vibration] = turns ? 0.4 * cell.level.vibration * cell.effects.vibration : 0.03;
  row[AT.current] = turns ? 6 * cell.level.current : 0;
  row[AT.speed] = turns ? 2980 : 0;
  row[AT.cycleTime] = cell.shown;
  if (turns) pump(cell, row, 0.4);
  else row.fill(0, AT.pressure, AT.filterDp + 1);
}

function pump(cell: Cell, row: Float64Array, load: number): void {
  const { effects, level } = cell;
  const flow = (1 + 0.15 * (load - 1)) * effects.flow * wandering(cell, AT.flow);
  row[AT.flow] = 40 * flow;
  row[AT.pressure] = 6 * (1 - 0.05 * (load - 1)) * effects.pressure * wandering(cell, AT.pressure);
  row[AT.filterDp] = level.filterDp * flow * flow * effects.filterDp * wandering(cell, AT.filterDp);
}

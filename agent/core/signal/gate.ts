/**
 * When samples count: in the right operating state, after the transient, with the clock of running time that freezes
 * while the machine does not run. Knows nothing of values.
 */
import type { Millis } from "../time.ts";
import { CLOSED, IN, OPEN, WARM } from "./cells.ts";
import type { BankModel, ChannelModel } from "./model.ts";
import { BLIND_MS, DWELL_MS, RECIPES, STATES } from "./settings-plant.ts";

/** Rows missed in a row until nothing is known of the time, and the shortest such time. */
const MISSED = 4;
const BRIEF_MS = 60_000;

/** What the caller knows of the machine at a row. */
export interface Context {
  at: Millis;
  /** Running time of the machine so far; goes into the evidence. */
  runMs: Millis;
  /** Operating state, such as `producing`. */
  state: string;
  /** Product; empty when there are none. */
  recipe: string;
  /** False while nothing is known of the machine: all clocks stand. */
  observed: boolean;
}

export interface Gate {
  /** Instant of the last row; -1 before the first. */
  at: Millis;
  /** Usual time between rows; 0 before the second. */
  pace: Millis;
  /** Running time seen, ms; the clock of every dwell. */
  clock: number;
  /** Of it, since the row before. */
  dt: number;
  state: string;
  recipe: string;
  observed: boolean;
  running: boolean;
  /** Instant of the last change of state or recipe. */
  turned: Millis;
  /** Indexes of the state, and of the state with the recipe, among those with baselines of their own; -1: none. */
  context: number;
  recipeContext: number;
}

/** Names of contexts, in the order in which they were met. */
export interface Contexts {
  states: string[];
  recipes: string[];
}

export const newGate = (): Gate => ({
  at: -1,
  pace: 0,
  clock: 0,
  dt: 0,
  state: "",
  recipe: "",
  observed: false,
  running: false,
  turned: 0,
  context: -1,
  recipeContext: -1,
});

/** True when the row continues what the last one was. */
export const continues = (gate: Gate, now: Context): boolean =>
  gate.state === now.state &&
  gate.recipe === now.recipe &&
  gate.observed === now.observed &&
  !isBlind(gate, now);

/** Nothing is known of the time since the last row: the first one, a pause of the agent, a clock that was set. */
function isBlind({ at, pace }: Gate, now: Context): boolean {
  const gap = now.at - at;
  if (at < 0 || gap < 0 || gap > BLIND_MS) return true;
  return pace > 0 && gap > MISSED * pace && gap > BRIEF_MS;
}

/** Moves the clocks to a row. */
export function move(gate: Gate, now: Context, steady: boolean): void {
  const gap = now.at - gate.at;
  if (steady) gate.pace = gate.pace === 0 ? gap : gate.pace + (gap - gate.pace) / 16;
  gate.dt = steady && gate.running ? gap : 0;
  gate.clock += gate.dt;
  gate.at = now.at;
}

/** Opens and closes channels after a change; `contexts` are the names known so far. */
export function turn(
  model: BankModel,
  gate: Gate,
  cells: number[][],
  contexts: Contexts,
  now: Context,
): void {
  const blind = isBlind(gate, now);
  const wakes = now.state !== gate.state || now.observed !== gate.observed;
  for (const [index, channel] of model.channels.entries()) {
    openOrClose(channel, cells[index]!, gate, now, blind, wakes);
  }
  gate.state = now.state;
  gate.recipe = now.recipe;
  gate.observed = now.observed;
  gate.running =
    now.observed && model.channels.some((channel) => channel.states.includes(now.state));
  gate.turned = now.at;
  if (!gate.running) return;
  gate.context = indexIn(contexts.states, now.state, STATES, STATES - 1);
  // Another recipe's baseline would make a drift of a change of product: what has no place is not judged by recipe.
  gate.recipeContext =
    now.recipe === ""
      ? gate.context
      : indexIn(contexts.recipes, `${now.state}/${now.recipe}`, RECIPES, -1);
}

/** Warmth grows while the channel's state holds and fades while it does not, so that a short stop costs little. */
function openOrClose(
  channel: ChannelModel,
  cell: number[],
  gate: Gate,
  now: Context,
  blind: boolean,
  wakes: boolean,
): void {
  const last = gate.at < 0 ? now.at : gate.at;
  const held = gate.at < 0 ? 0 : Math.max(0, last - gate.turned);
  const within = (warm: number): number => Math.min(channel.settleMs, Math.max(0, warm));
  const warm = within(cell[WARM]! + (cell[IN] === 1 ? held : -held));
  const kept = cell[IN] === 1 && !blind;
  cell[WARM] = within(warm + (kept ? now.at - last : -Math.abs(now.at - last)));
  const isIn = now.observed && channel.states.includes(now.state);
  cell[IN] = isIn ? 1 : 0;
  const anew = wakes || blind;
  const wait = Math.max(DWELL_MS, anew ? channel.settleMs - cell[WARM]! : 0);
  const already = anew || cell[OPEN] === CLOSED ? 0 : cell[OPEN]!;
  cell[OPEN] = isIn ? Math.max(already, now.at + wait) : CLOSED;
}

/** Position of a name; `beyond` when all places are taken. */
function indexIn(names: string[], name: string, most: number, beyond: number): number {
  const known = names.indexOf(name);
  if (known >= 0) return known;
  return names.length < most ? names.push(name) - 1 : beyond;
}

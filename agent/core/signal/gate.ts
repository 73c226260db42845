/**
 * When samples count: in the right operating state, after the transient, with the clock of running time that freezes
 * while the machine does not run. Knows nothing of values.
 */
import type { Millis } from "../time.ts";
import { CLOSED, IN, OPEN, WARM } from "./cells.ts";
import type { BankModel, ChannelModel } from "./model.ts";
import { BLIND_MS, CONTEXTS, DWELL_MS } from "./settings-plant.ts";

/** What the caller knows of the machine at a row. */
export interface Context {
  at: Millis;
  /** Running time of the machine so far. */
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
  /** Running time seen, ms; the clock of every dwell. */
  clock: number;
  state: string;
  recipe: string;
  observed: boolean;
  running: boolean;
  /** Instant of the last change of state or recipe. */
  turned: Millis;
  /** Index of the baseline's context, -1 for none. */
  context: number;
}

export const newGate = (): Gate => ({
  at: -1,
  clock: 0,
  state: "",
  recipe: "",
  observed: false,
  running: false,
  turned: 0,
  context: -1,
});

/** True when the row continues what the last one was. */
export const continues = (gate: Gate, now: Context): boolean =>
  gate.state === now.state &&
  gate.recipe === now.recipe &&
  gate.observed === now.observed &&
  now.at - gate.at <= BLIND_MS;

/** Opens and closes channels after a change; `contexts` are the names known so far. */
export function turn(
  model: BankModel,
  gate: Gate,
  cells: number[][],
  contexts: string[],
  now: Context,
): void {
  const blind = gate.at < 0 || now.at - gate.at > BLIND_MS;
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
  gate.context = gate.running ? contextOf(model, contexts, now) : -1;
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
  const held = gate.at < 0 ? 0 : last - gate.turned;
  const within = (warm: number): number => Math.min(channel.settleMs, Math.max(0, warm));
  const warm = within(cell[WARM]! + (cell[IN] === 1 ? held : -held));
  const kept = cell[IN] === 1 && !blind;
  cell[WARM] = within(warm + (kept ? now.at - last : last - now.at));
  const isIn = now.observed && channel.states.includes(now.state);
  cell[IN] = isIn ? 1 : 0;
  const anew = wakes || blind;
  const wait = Math.max(DWELL_MS, anew ? channel.settleMs - cell[WARM]! : 0);
  const already = anew || cell[OPEN] === CLOSED ? 0 : cell[OPEN]!;
  cell[OPEN] = isIn ? Math.max(already, now.at + wait) : CLOSED;
}

function contextOf(model: BankModel, contexts: string[], now: Context): number {
  const name = model.byRecipe && now.recipe !== "" ? `${now.state}/${now.recipe}` : now.state;
  const known = contexts.indexOf(name);
  if (known >= 0) return known;
  if (contexts.length < CONTEXTS) return contexts.push(name) - 1;
  return CONTEXTS - 1;
}

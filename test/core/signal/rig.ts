/** A small machine for tests of the bank: three channels that depend on load, a row a minute, two shifts a day. Same seed, same rows. */
import { type BankState, newBank, sense } from "../../../agent/core/signal/bank.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import type { Context } from "../../../agent/core/signal/gate.ts";
import type { BankModel } from "../../../agent/core/signal/model.ts";
import { autoChannel } from "../../../agent/core/signal/settings-plant.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** A Monday. */
export const START = Date.UTC(2026, 0, 5);

export interface Row {
  x: number[];
  now: Context;
}

/** Load, vibration, current. */
export function modelOf(): BankModel {
  return {
    channels: [
      autoChannel("load", "other", "%"),
      autoChannel("vibration", "vibration-velocity", "mm/s"),
      autoChannel("motorCurrent", "current", "A"),
    ],
    load: 0,
    ambient: null,
    flow: null,
    nominalLoad: null,
    together: null,
    settings: "sha256:test",
  };
}

/** Uniform in [0, 1), as mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Changes a row before it is read; may set NaN. */
export type Spoil = (x: number[], at: number) => void;

export function rowsOf(days: number, seed = 1, spoil: Spoil = () => undefined): Row[] {
  const random = randomOf(seed);
  const noise = (): number => random() + random() + random() - 1.5;
  const rows: Row[] = [];
  let runMs = 0;
  for (let at = START; at < START + days * DAY; at += MINUTE) {
    const hour = ((at - START) % DAY) / HOUR;
    const runs = hour >= 6 && hour < 22;
    const load = 100 + 14 * Math.sin(at / (5 * HOUR)) + noise();
    const x = runs
      ? [
          load,
          1.8 * (1 + 0.003 * (load - 100)) * (1 + 0.05 * noise()),
          6 + 0.2 * load + 0.3 * noise(),
        ]
      : [0, 0.03 + 0.001 * noise(), 0.1 * random()];
    if (runs) runMs += MINUTE;
    spoil(x, at);
    rows.push({
      x,
      now: { at, runMs, state: runs ? "producing" : "off", recipe: "", observed: true },
    });
  }
  return rows;
}

export function play(
  model: BankModel,
  rows: Row[],
  bank: BankState = newBank(model),
): SignalChange[] {
  const changes: SignalChange[] = [];
  for (const { x, now } of rows) changes.push(...sense(model, bank, x, now));
  return changes;
}

export const raisedOf = (changes: readonly SignalChange[]): string[] =>
  changes.filter(({ status }) => status === "raised").map(({ id }) => id);

/** Wear of the vibration from a day on: doubles every `doubling` days. */
export const wear =
  (day: number, doubling: number): Spoil =>
  (x, at) => {
    const days = (at - START) / DAY - day;
    if (days > 0) x[1]! *= 2 ** (days / doubling);
  };

/**
 * `npm run bench:signals throughput`: samples a second of one core through the public path of a bank, with gate, validity, limits,
 * steps and bookkeeping; what a quiet row allocates; how large the state is. Simulated rows are made beforehand.
 */
import { type BankState, newBank, sense } from "../../agent/core/signal/bank.ts";
import type { Context } from "../../agent/core/signal/gate.ts";
import type { BankModel } from "../../agent/core/signal/model.ts";
import { LIMIT } from "../../agent/core/signal/settings-plant.ts";
import { createTrace, nextRow } from "../../simulator/wear/trace.ts";
import { cellModel } from "./plant-model.ts";

interface Rows {
  /** Row-major. */
  values: Float64Array;
  contexts: Context[];
}

const STEP_MS = 10_000;
const DAY = 86_400_000;
/** Monday. */
const START = Date.UTC(2026, 0, 5);

function rowsOf(seed: number, days: number, width: number): Rows {
  const trace = createTrace({ seed, start: START, stepMs: STEP_MS, upsets: false, service: false });
  const n = (days * DAY) / STEP_MS;
  const values = new Float64Array(n * width);
  const contexts: Context[] = [];
  for (let i = 0; i < n; i++) {
    nextRow(trace);
    values.set(trace.row, i * width);
    contexts.push({
      at: trace.at,
      runMs: trace.runMs,
      state: trace.stretch.condition,
      recipe: String(trace.stretch.product),
      observed: true,
    });
  }
  return { values, contexts };
}

function feed(model: BankModel, bank: BankState, rows: Rows, from: number, to: number): void {
  const width = model.channels.length;
  const x = new Float64Array(width);
  for (let i = from; i < to; i++) {
    for (let k = 0; k < width; k++) x[k] = rows.values[i * width + k]!;
    sense(model, bank, x, rows.contexts[i]!);
  }
}

/** Doubles of a bank's channels, as they would lie in arrays of eight bytes each. */
function doubles(value: unknown): number {
  if (typeof value === "number") return 1;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, one) => sum + doubles(one), 0);
}

/** A limit on every channel, so that all that runs per sample runs. */
function limited(): BankModel {
  const model = cellModel();
  for (const channel of model.channels) channel.limit = { ...LIMIT, high: 1e9, low: -1e9 };
  return model;
}

export function throughput(_: readonly string[], say: (line: string) => void): number {
  const model = limited();
  const width = model.channels.length;
  const rows = rowsOf(1, 28, width);
  const n = rows.contexts.length;
  const bank = newBank(model);
  const learned = Math.floor(n / 2);
  feed(model, bank, rows, 0, learned);
  const begin = process.cpuUsage().user;
  feed(model, bank, rows, learned, n);
  const seconds = (process.cpuUsage().user - begin) / 1e6;
  const samples = (n - learned) * width;
  const state = bank.cells.map((cell, i) => 8 * (cell.length + doubles(bank.books[i])));
  say("| measure | value | goal |\n| --- | --- | --- |");
  say(
    `| samples/s through \`sense\`, whole weeks | ${mega(samples / seconds)} | ≥ 1 M, goal 2 M |`,
  );
  const busy = busyRun(model, bank, rows, n);
  say(`| samples/s, producing only | ${mega(busy.rate)} | |`);
  say(`| bytes allocated per quiet row of ${width} | ${busy.bytes.toFixed(2)} | 0 |`);
  say(
    `| bytes of state per channel, mean and most | ${mean(state)} and ${Math.max(...state)} | ≤ 1024 |`,
  );
  const text = JSON.stringify(bank);
  const from = process.cpuUsage().user;
  for (let i = 0; i < 100; i++) JSON.parse(JSON.stringify(bank));
  const round = (process.cpuUsage().user - from) / 1e6 / 100;
  const thousand = (1000 * round * 1000) / width;
  say(`| snapshot and restore of 1,000 channels, ms | ${thousand.toFixed(0)} | |`);
  say(`| snapshot as JSON, bytes per channel | ${Math.round(text.length / width)} | |`);
  return 0;
}

/** One producing row over and over, a little different each time: nothing but the quiet path. */
function busyRun(model: BankModel, bank: BankState, rows: Rows, n: number) {
  const width = model.channels.length;
  const at = rows.contexts.findLastIndex(({ state }) => state === "producing");
  const context = { ...rows.contexts[at]!, at: rows.contexts[n - 1]!.at };
  const x = new Float64Array(width);
  const run = (count: number): void => {
    for (let i = 0; i < count; i++) {
      context.at += STEP_MS;
      const row = at - (i % 50);
      for (let k = 0; k < width; k++) x[k] = rows.values[row * width + k]!;
      sense(model, bank, x, context);
    }
  };
  run(200_000);
  const begin = process.cpuUsage().user;
  run(200_000);
  const seconds = (process.cpuUsage().user - begin) / 1e6;
  // Most spans of 20 rows lie between two blocks, so that their garbage is that of quiet rows.
  const bytes = Array.from({ length: 201 }, () => {
    const before = process.memoryUsage().heapUsed;
    const asked = process.memoryUsage().heapUsed;
    run(20);
    return (process.memoryUsage().heapUsed - asked - (asked - before)) / 20;
  }).sort((a, b) => a - b);
  return { rate: (200_000 * width) / seconds, bytes: bytes[100]! };
}

const mega = (rate: number): string => `${(rate / 1e6).toFixed(2)} M`;
const mean = (values: number[]): number =>
  Math.round(values.reduce((sum, one) => sum + one, 0) / values.length);

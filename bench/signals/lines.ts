/**
 * `npm run bench:signals -- lines [--months N] [--runs N] [--seed N]`: false alarms of healthy lines, and what lines and
 * devices that go bad are called and after how long. Markdown on stdout, false alarms one by one on stderr. Keeps nothing.
 */
import {
  beginBlock,
  count,
  isOver,
  latencyOf,
  newBlock,
} from "../../agent/core/signal/bus-block.ts";
import { type BusModel, newBus, senseBus } from "../../agent/core/signal/bus-health.ts";
import type { SignalChange } from "../../agent/core/signal/change.ts";
import type { Signals } from "../../agent/core/signal/life.ts";
import {
  createLine,
  type LineFaultKind,
  type LineOptions,
  nextCycle,
} from "../../simulator/wear/line.ts";
import { poissonBound, quantile } from "./plant-statistics.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
/** Months that one line is watched, from its first day on. */
const STINT = 6;
/** Monday. */
const START = Date.UTC(2026, 0, 5);
const POLLS = [1, 5, 5, 10, 10, 10, 10, 30, 30, 60].map((seconds) => 1000 * seconds);
const KINDS: LineFaultKind[] = ["wiring", "loose", "slow"];
/** A fault begins once the line is known, and doubles every day. */
const ONSET = START + 12 * DAY;
const MODEL: BusModel = { source: "line", points: 3, slug: "bus-line", settings: "bench" };

/** What is raised until `to`; `enough` of it ends the watch. */
export function raisedOn(
  options: LineOptions,
  to: number,
  enough = Number.POSITIVE_INFINITY,
): SignalChange[] {
  const line = createLine(options);
  const bus = newBus(MODEL);
  const signals: Signals = {};
  const raised: SignalChange[] = [];
  while (line.at < to && raised.length < enough) {
    nextCycle(line);
    for (const change of senseBus(MODEL, bus, signals, line, line.at))
      if (change.status === "raised") raised.push(change);
  }
  return raised;
}

interface Chart {
  n: number;
  sum: number;
  squares: number;
  beyondAt: number;
}

const newChart = (): Chart => ({ n: 0, sum: 0, squares: 0, beyondAt: Number.NEGATIVE_INFINITY });

/** Three deviations of the first five days; true for an alarm: beyond, after an hour within. */
function alarms(chart: Chart, value: number, at: number): boolean {
  if (at < START + 5 * DAY) {
    chart.n += 1;
    chart.sum += value;
    chart.squares += value * value;
    return false;
  }
  const mean = chart.sum / chart.n;
  if (value <= mean + 3 * Math.sqrt(chart.squares / chart.n - mean * mean)) return false;
  const isNew = at - chart.beyondAt > HOUR;
  chart.beyondAt = at;
  return isNew;
}

/** What a textbook would tell of the same blocks. */
function chartedOn(options: LineOptions, to: number): number {
  const line = createLine(options);
  const block = newBlock();
  const charts = [newChart(), newChart(), newChart()] as const;
  let told = 0;
  while (line.at < to) {
    nextCycle(line);
    if (isOver(block, line.at)) {
      const { frames, lost, cycles } = block;
      const values = [frames / cycles, lost / cycles, latencyOf(block) ?? 0];
      told += charts.filter((chart, k) => alarms(chart, values[k] ?? 0, line.at)).length;
      beginBlock(block, line.at);
    }
    count(block, line, line.at);
  }
  return told;
}

const pollOf = (seed: number): number => POLLS[seed % POLLS.length] ?? 10_000;

/** False alarms of healthy lines in months of `STINT` each. */
export function healthyLines(months: number, firstSeed: number, pollMs?: number): SignalChange[] {
  return Array.from({ length: Math.ceil(months / STINT) }, (_, i) => {
    const seed = firstSeed + i;
    const span = Math.min(STINT, months - i * STINT) * MONTH;
    return raisedOn({ seed, start: START, pollMs: pollMs ?? pollOf(seed) }, START + span);
  }).flat();
}

export interface SickLine {
  reason: string | null;
  /** From the onset until it was told. */
  days: number;
}

export function sickLine(kind: LineFaultKind, seed: number, pollMs = pollOf(seed)): SickLine {
  const fault = { kind, at: ONSET, doublesMs: DAY };
  const [first] = raisedOn({ seed, start: START, pollMs, fault }, ONSET + 10 * DAY, 1);
  return { reason: first?.evidence.reason ?? null, days: ((first?.at ?? 0) - ONSET) / DAY };
}

function numberOf(args: readonly string[], name: string, fallback: number): number {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(args[at + 1]);
}

export function lines(args: readonly string[], say: (line: string) => void): number {
  const months = numberOf(args, "months", 600);
  const runs = numberOf(args, "runs", 50);
  const seed = numberOf(args, "seed", 1000);
  const found = healthyLines(months, seed);
  for (const { at, evidence } of found)
    console.error(`day ${((at - START) / DAY).toFixed(1)}: ${evidence.reason} ${evidence.value}`);
  say("| watch | line-months | false alarms | per month | 95 % bound |");
  say("| --- | --- | --- | --- | --- |");
  const pollMs = 10_000;
  const charted = [0, 1, 2, 3].map((i) =>
    chartedOn({ seed: seed + i, start: START, pollMs }, START + STINT * MONTH),
  );
  const perMonth = charted.reduce((sum, one) => sum + one, 0) / (charted.length * STINT);
  say(
    `| *3 sd of five days, each block* | ${charted.length * STINT} | | ${perMonth.toFixed(0)} | |`,
  );
  const bound = poissonBound(found.length) / months;
  say(
    `| **signals**, seeds from ${seed} | ${months} | ${found.length} | ${(found.length / months).toFixed(3)} | ${bound.toFixed(3)} |`,
  );
  say("\n| fault | called wiring | called device | missed | days until told: median | 95 % |");
  say("| --- | --- | --- | --- | --- | --- |");
  for (const kind of KINDS) {
    const sick = Array.from({ length: runs }, (_, i) => sickLine(kind, seed + 2000 + i));
    const called = (reason: string | null): number =>
      sick.filter((one) => one.reason === reason).length;
    const days = sick.flatMap((one) => (one.reason === null ? [] : [one.days]));
    const [half, most] = [0.5, 0.95].map((share) => quantile(days, share)?.toFixed(1) ?? "-");
    say(
      `| ${kind} | ${called("wiring")} | ${called("device")} | ${called(null)} | ${half} | ${most} |`,
    );
  }
  return 0;
}

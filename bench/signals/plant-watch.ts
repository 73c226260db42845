/**
 * Whoever watches the traced machine: the bank of signals, and for comparison the textbook charts and one that is blind. All are fed
 * the same rows and tell in the same words. Knows no truth.
 */
import { actOn } from "../../agent/core/signal/act.ts";
import { newBank, sense } from "../../agent/core/signal/bank.ts";
import type { Estimate, SignalChange } from "../../agent/core/signal/change.ts";
import type { Context } from "../../agent/core/signal/gate.ts";
import type { BankModel } from "../../agent/core/signal/model.ts";

export type Told = Pick<SignalChange, "id" | "status" | "kind" | "severity" | "channel"> & {
  reason: string;
  estimate: Estimate | null;
};

export interface Watch {
  /** A row by channel of the model. */
  row(x: ArrayLike<number>, now: Context): readonly Told[];
  /** A service visit is over: baselines are void. */
  serviced(now: Context): readonly Told[];
}

const NOTHING: readonly Told[] = [];

const SERVICE = {
  signal: null,
  act: "maintenance",
  until: null,
  points: null,
  by: "fitter",
  why: "service",
} as const;

/** The signals of an asset. */
export function bankWatch(model: BankModel): Watch {
  const bank = newBank(model);
  const tell = (changes: readonly SignalChange[]): readonly Told[] =>
    changes.length === 0
      ? NOTHING
      : changes.map((one) => ({
          ...one,
          reason: one.evidence.reason,
          estimate: one.evidence.estimate,
        }));
  return {
    row: (x, now) => tell(sense(model, bank, x, now)),
    serviced: ({ at }) => tell(actOn(model, bank, { ...SERVICE, at })),
  };
}

const raised = (channel: string, reason: string): Told => ({
  id: channel,
  status: "raised",
  kind: "drift",
  severity: "advisory",
  channel,
  reason,
  estimate: null,
});

/** Looks at nothing and raises an alarm on each channel in turn, one a day. */
export function dailyWatch(model: BankModel): Watch {
  let next = 0;
  let turn = 0;
  return {
    row: (_, { at }) => {
      if (at < next) return NOTHING;
      next = at + 86_400_000;
      const { id } = model.channels[turn++ % model.channels.length]!;
      return [raised(id, "daily")];
    },
    serviced: () => NOTHING,
  };
}

interface Chart {
  n: number;
  sum: number;
  squares: number;
  up: number;
  down: number;
  ewma: number;
  /** Rows in the present mean, and their sum. */
  held: number;
  heldSum: number;
  /** Values since the chart was last out of its limits. */
  inside: number;
}

/** Samples of five days of running; quiet for an hour ends an alarm. */
const LEARN_ROWS = 5 * 16 * 360;
const QUIET_ROWS = 360;

export interface ChartRule {
  name: "ewma" | "cusum";
  /** EWMA: weight and limit in deviations. CUSUM: reference value and decision limit, in deviations. */
  weight: number;
  limit: number;
  /** Samples per charted mean. */
  rows: number;
}

/** A chart per channel on the producing samples, its mean and deviation from the first five days of running. */
export function chartWatch(model: BankModel, rule: ChartRule): Watch {
  const fresh = (): Chart => ({
    n: 0,
    sum: 0,
    squares: 0,
    up: 0,
    down: 0,
    ewma: 0,
    held: 0,
    heldSum: 0,
    inside: QUIET_ROWS,
  });
  let charts = model.channels.map(fresh);
  return {
    row: (x, { state }) => {
      if (state !== "producing") return NOTHING;
      const told: Told[] = [];
      for (const [i, chart] of charts.entries()) {
        const value = x[i]!;
        if (Number.isNaN(value) || model.channels[i]!.drift === null) continue;
        if (plot(chart, value, rule)) told.push(raised(model.channels[i]!.id, rule.name));
      }
      return told;
    },
    serviced: () => {
      charts = model.channels.map(fresh);
      return NOTHING;
    },
  };
}

/** True when the chart leaves its limits at this value, after an hour within them. */
function plot(chart: Chart, value: number, rule: ChartRule): boolean {
  chart.heldSum += value;
  if (++chart.held < rule.rows) return false;
  const mean = chart.heldSum / rule.rows;
  chart.held = chart.heldSum = 0;
  if (chart.n * rule.rows < LEARN_ROWS) {
    chart.n++;
    chart.sum += mean;
    chart.squares += mean * mean;
    return false;
  }
  const quiet = chart.inside * rule.rows;
  chart.inside = isOut(chart, mean, rule) ? 0 : chart.inside + 1;
  return chart.inside === 0 && quiet >= QUIET_ROWS;
}

function isOut(chart: Chart, value: number, { name, weight, limit }: ChartRule): boolean {
  const mean = chart.sum / chart.n;
  const z = (value - mean) / Math.sqrt(chart.squares / chart.n - mean * mean);
  if (name === "ewma") {
    chart.ewma += weight * (z - chart.ewma);
    return Math.abs(chart.ewma) > limit * Math.sqrt(weight / (2 - weight));
  }
  chart.up = Math.max(0, chart.up + z - weight);
  chart.down = Math.max(0, chart.down - z - weight);
  return Math.max(chart.up, chart.down) > limit;
}

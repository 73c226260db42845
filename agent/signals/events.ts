/**
 * Runs of alarm rows as events with their evidence: where from and to, how strong, which channels. Novelties that
 * follow each other closely are one event. Refuses to name causes.
 */
import type { RowVerdict } from "../core/signal/row.ts";
import type { Rows } from "./rows.ts";
import type { Watch } from "./run.ts";

export interface SignalEvent {
  detector: "mspc" | "novelty";
  /** First and last data row of the alarm, from 0; both inclusive. */
  from: number;
  to: number;
  fromAt: string | null;
  toAt: string | null;
  /** Whether the alarm still stood at the last row. */
  open: boolean;
  /** Highest score, and the statistic then, as a multiple of its limit. */
  peak: number;
  overLimit: number;
  state: string | null;
  /** What deviates most, at most three, with its share of the statistic. */
  contributions: { channel: string; share: number; value: number | null }[];
  /** Of a novelty: which of the four statistics spoke. */
  kind: string | null;
}

/** Rows between two novelties that still belong together. */
const TOGETHER = 30;
const NAMED = 3;

export const isoOf = (at: number): string | null =>
  Number.isNaN(at) ? null : new Date(at).toISOString();

export interface EventLog {
  row(i: number, verdict: RowVerdict, watch: Watch): void;
  /** After the last row. */
  end(): SignalEvent[];
}

export function logEvents(rows: Rows): EventLog {
  const events: SignalEvent[] = [];
  const detector = rows.channels.length === 1 ? "novelty" : "mspc";
  const reach = detector === "novelty" ? TOGETHER : 1;
  return {
    row(i, verdict, watch) {
      if (!verdict.alarm) return;
      let event = events.at(-1);
      if (event === undefined || i - event.to > reach) {
        event = begin(rows, i, detector);
        events.push(event);
      }
      event.to = i;
      event.toAt = isoOf(rows.at[i]!);
      if (verdict.score <= event.peak) return;
      event.peak = verdict.score;
      event.overLimit = watch.statistic();
      Object.assign(event, evidence(rows, i, watch));
    },
    end() {
      const last = events.at(-1);
      if (last !== undefined) last.open = last.to === rows.values.length - 1;
      return events;
    },
  };
}

function begin(rows: Rows, i: number, detector: SignalEvent["detector"]): SignalEvent {
  const fromAt = isoOf(rows.at[i]!);
  return {
    detector,
    from: i,
    to: i,
    fromAt,
    toAt: fromAt,
    open: false,
    peak: 0,
    overLimit: 0,
    state: rows.states[i] ?? null,
    contributions: [],
    kind: null,
  };
}

function evidence(
  rows: Rows,
  i: number,
  watch: Watch,
): Pick<SignalEvent, "contributions" | "kind"> {
  const { shares, kind } = watch.explain();
  const contributions = shares
    .map((share, j) => {
      const value = rows.values[i]![j]!;
      return { channel: rows.channels[j]!, share, value: Number.isNaN(value) ? null : value };
    })
    .filter(({ share }) => share >= 0.01)
    .sort((a, b) => b.share - a.share)
    .slice(0, NAMED);
  return { contributions, kind };
}

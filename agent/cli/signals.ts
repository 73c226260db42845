/** `signals replay` and `signals plot`: the detectors over a CSV, as events, rows, scores or a picture. */
import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { Fault } from "../core/fault.ts";
import type { RowVerdict } from "../core/signal/row.ts";
import { LEAST_TRAINING } from "../core/signal/settings-stream.ts";
import { isoOf, type SignalEvent } from "../signals/events.ts";
import { pictureOf } from "../signals/plot.ts";
import { type Replayed, type ReplayWishes, replayTable } from "../signals/replay.ts";
import type { Scores } from "../signals/score.ts";
import { EXIT, type GlobalOptions, say } from "./output.ts";
import { openSink } from "./sink.ts";

export interface SignalOptions {
  data?: string;
  separator?: string;
  time?: string;
  state?: string;
  columns?: string;
  exclude?: string;
  labels?: string;
  train?: string;
  sensitivity?: string;
  profile?: string;
  rows?: boolean;
  out?: string;
}

export function replaySignals(options: SignalOptions & GlobalOptions): number {
  const wishes = wishesOf(options);
  const sink = openSink(undefined);
  try {
    const onRow = (i: number, at: number, verdict: RowVerdict): void =>
      sink.print(rowLine(i, at, verdict));
    const replayed = replayTable(wishes, options.rows ? onRow : undefined);
    if (!options.quiet) for (const warning of replayed.warnings) say(`warning: ${warning}`);
    const told = options.json ? jsonLines(replayed) : plainLines(replayed);
    if (!options.rows) for (const line of told) sink.print(line);
    else if (replayed.scores !== null) say(scoreLine(replayed.scores));
  } finally {
    sink.close();
  }
  return EXIT.done;
}

export function plotSignals(options: SignalOptions & GlobalOptions): number {
  const { out } = options;
  if (out === undefined) throw new Fault("USAGE_INVALID", "signals plot needs --out FILE.html");
  const replayed = replayTable(wishesOf(options));
  if (!options.quiet) for (const warning of replayed.warnings) say(`warning: ${warning}`);
  try {
    writeFileSync(out, pictureOf(replayed, basename(options.data ?? "")));
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${out}`, { file: out }, error);
  }
  if (!options.quiet) say(`${out}: ${replayed.events.length} events`);
  return EXIT.done;
}

function wishesOf(options: SignalOptions): ReplayWishes {
  const { data, separator, time, state, labels, profile, sensitivity } = options;
  if (data === undefined) throw new Fault("USAGE_INVALID", "--data FILE.csv is needed");
  const by = separator === "tab" || separator === "\\t" ? "\t" : separator;
  if (by !== undefined && (by.length !== 1 || by === '"'))
    throw new Fault("USAGE_INVALID", `--separator ${separator} is not one character`);
  return {
    data,
    separator: by,
    time,
    state,
    labels,
    profile,
    sensitivity,
    columns: listOf(options.columns),
    exclude: listOf(options.exclude),
    train: rowsOf(options.train),
  };
}

const listOf = (text: string | undefined): string[] | undefined =>
  text
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

function rowsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rows = Number(text);
  if (Number.isInteger(rows) && rows >= LEAST_TRAINING) return rows;
  throw new Fault(
    "USAGE_INVALID",
    `--train ${text}: a whole number of rows from ${LEAST_TRAINING} is needed`,
  );
}

const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

function rowLine(row: number, at: number, { alarm, onset, score }: RowVerdict): string {
  return JSON.stringify({
    row,
    at: isoOf(at),
    alarm: alarm ? 1 : 0,
    changepoint: onset ? 1 : 0,
    score: rounded(score),
  });
}

function jsonLines({ events, scores }: Replayed): string[] {
  const lines = events.map((event) => JSON.stringify({ event: "signal", ...event }));
  return scores === null ? lines : [...lines, JSON.stringify({ event: "scores", ...scores })];
}

function plainLines({ events, scores, rows, train }: Replayed): string[] {
  const judged = rows.values.length - train;
  const head = `${judged} rows judged after ${train} of learning, ${rows.channels.length} channels: ${events.length === 0 ? "nothing to tell" : `${events.length} events`}`;
  const tail = scores === null ? [] : [scoreLine(scores)];
  return [head, ...events.map(eventLine), ...tail];
}

function eventLine(event: SignalEvent): string {
  const { from, to, fromAt, toAt, open, contributions } = event;
  const when = fromAt === null ? "" : ` ${fromAt}${from === to ? "" : ` to ${toAt}`}`;
  const span = from === to ? `row ${from}` : `rows ${from} to ${to}`;
  const who = contributions.map(({ channel, share, value }) =>
    share === 1 ? `${channel} = ${value}` : `${channel} ${Math.round(share * 100)} %`,
  );
  const kind = event.kind === null ? "" : ` (${event.kind})`;
  const state = event.state === null ? "" : ` in state ${event.state}`;
  return `${span}${when}${open ? ", still on" : ""}${state}: ${event.overLimit.toFixed(1)} x limit${kind}; ${who.join(", ")}`;
}

function scoreLine(scores: Scores): string {
  const { f1, farPercent, marPercent, faults, found, falseEpisodes, delays } = scores;
  const middle = [...delays].sort((a, b) => a - b)[delays.length >> 1];
  const delay = middle === undefined ? "" : `, median delay ${middle} rows`;
  const of = (value: number | null, unit: string, digits: number): string =>
    value === null ? "undefined" : `${value.toFixed(digits)}${unit}`;
  return `F1 ${of(f1, "", 3)}, false alarms ${of(farPercent, " %", 1)}, missed ${of(marPercent, " %", 1)} of rows; ${found} of ${faults} faults found, ${falseEpisodes} false episodes${delay}`;
}

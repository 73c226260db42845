/**
 * What the columns of a table are for: time, state, labels, channels, or left out and why. Decided from the header and
 * the training rows alone, so that a longer file changes nothing. Refuses columns that are named and not there.
 */
import { nearest } from "../../config/nearest.ts";
import { Fault } from "../core/fault.ts";
import { instantOfCell, numberOf } from "./number.ts";
import { cellsOf, type Table } from "./table.ts";

export interface ColumnWishes {
  time?: string | undefined;
  state?: string | undefined;
  labels?: string | undefined;
  /** Only these are channels. */
  columns?: readonly string[] | undefined;
  exclude?: readonly string[] | undefined;
}

export interface Columns {
  /** Indexes into the header; null where there is none. */
  time: number | null;
  state: number | null;
  labels: number | null;
  channels: number[];
  warnings: string[];
}

const TIME = /^(date[ _-]?time|time[ _-]?stamp|time|date|at|ts)$/i;
/** Verdicts of others that travel with public data: a detector must not see them. */
const LABEL = /^(anomaly|changepoint|is_anomaly|label|labels)$/i;

export function chooseColumns(table: Table, wishes: ColumnWishes, training: number): Columns {
  const { header } = table;
  const find = (name: string | undefined): number | null =>
    name === undefined ? null : indexOf(table, name);
  const looked = Math.min(table.rows.length, training);
  const time = find(wishes.time) ?? timeOf(table, looked);
  const state = find(wishes.state);
  const labels = find(wishes.labels);
  const excluded = new Set((wishes.exclude ?? []).map((name) => indexOf(table, name)));
  const asked = wishes.columns?.map((name) => indexOf(table, name));
  const warnings: string[] = [];
  const taken = new Set([time, state, labels]);
  const numbers = numbersOf(table, looked);
  const channels = (asked ?? header.map((_, i) => i)).filter((i) => {
    if (taken.has(i) || excluded.has(i)) return false;
    if (asked === undefined && LABEL.test(header[i]!)) {
      warnings.push(
        `column ${header[i]} looks like a label and is left out; --exclude or --labels says so, --columns takes it in`,
      );
      return false;
    }
    if (numbers[i]! * 2 >= looked) return true;
    const isTime = time === null && TIME.test(header[i]!);
    warnings.push(
      `column ${header[i] || i + 1} holds no numbers${isTime ? " and no times that can be read" : ""} in most training rows and is left out`,
    );
    return false;
  });
  if (channels.length === 0)
    throw new Fault(
      "TABLE_INVALID",
      `${table.file} has no column of numbers to look at; its columns, by separator "${table.separator}", are: ${header.join(" · ")}`,
      { file: table.file },
    );
  return { time, state, labels, channels, warnings };
}

function indexOf(table: Table, name: string): number {
  const at = table.header.indexOf(name.trim());
  if (at >= 0) return at;
  const close = nearest(name, table.header);
  const guess = close === null ? "." : `; did you mean ${close}?`;
  throw new Fault(
    "TABLE_INVALID",
    `${table.file} has no column ${name}${guess} It has: ${table.header.join(" · ")}`,
    { file: table.file, column: name },
  );
}

/** The first column whose name says time and that holds one in at least half of the training rows. */
function timeOf(table: Table, looked: number): number | null {
  const named = table.header.flatMap((name, i) => (TIME.test(name) ? [i] : []));
  const counts = new Map(named.map((i) => [i, 0]));
  for (let row = 0; named.length > 0 && row < looked; row++) {
    const cells = cellsOf(table, row);
    for (const i of named)
      if (!Number.isNaN(instantOfCell(cells[i]))) counts.set(i, counts.get(i)! + 1);
  }
  return named.find((i) => counts.get(i)! * 2 >= looked) ?? null;
}

/** How many of the training rows hold a number, by column. */
function numbersOf(table: Table, looked: number): number[] {
  const counts = table.header.map(() => 0);
  for (let i = 0; i < looked; i++)
    cellsOf(table, i).forEach((cell, j) => {
      if (!Number.isNaN(numberOf(cell, table.separator))) counts[j] = (counts[j] ?? 0) + 1;
    });
  return counts;
}

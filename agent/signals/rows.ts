/**
 * The rows of a table as numbers and instants, and everything odd about them counted and told: gaps, text, NaN,
 * duplicate or backward times. Rows stay in the order of the file. Refuses nothing: trouble is warnings.
 */
import type { Columns } from "./columns.ts";
import { instantOfCell, isAbsent, numberOf } from "./number.ts";
import { cellsOf, type Table } from "./table.ts";

export interface Rows {
  channels: string[];
  /** One Float64Array per row, NaN where there is no value. */
  values: Float64Array[];
  /** Milliseconds UTC, NaN where unknown. */
  at: Float64Array;
  /** Text of the state column; empty without one. */
  states: string[];
  /** 1 or 0 per row; null without a label column. */
  labels: Uint8Array | null;
  warnings: string[];
}

/** How often something happened, and where first. */
interface Tally {
  count: number;
  line: number;
}

/** A step of more than this many usual steps is a gap. */
const GAP = 10;

export function readRows(table: Table, columns: Columns): Rows {
  const { lines, header, separator } = table;
  const { time, state, labels, channels } = columns;
  const odd: Oddities = { text: tally(), absent: tally() };
  const [ragged, vague] = [tally(), tally()];
  const n = table.rows.length;
  const values: Float64Array[] = [];
  const at = new Float64Array(n).fill(Number.NaN);
  const states: string[] = [];
  const flags = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const cells = cellsOf(table, i);
    if (cells.length !== header.length) note(ragged, lines[i]!);
    values.push(numbersOf(cells, channels, separator, odd, lines[i]!));
    if (time !== null) at[i] = instantOfCell(cells[time]);
    if (state !== null) states.push((cells[state] ?? "").trim());
    if (labels === null) continue;
    const label = labelOf(cells[labels], separator);
    if (Number.isNaN(label)) note(vague, lines[i]!);
    flags[i] = Number(label > 0);
  }
  return {
    channels: channels.map((column) => header[column] || `column ${column + 1}`),
    values,
    at,
    states,
    labels: labels === null ? null : flags,
    warnings: [
      ...told(ragged, `rows do not have the ${header.length} cells of the header`),
      ...told(odd.text, "cells hold text instead of a number and count as absent"),
      ...told(odd.absent, "cells are empty or NaN and count as absent"),
      ...told(vague, "labels are no numbers and count as healthy"),
      ...(time === null ? [] : oddTimes(at, lines)),
    ],
  };
}

/** `true` and `false` are labels as well; NaN for what says nothing. */
function labelOf(cell: string | undefined, separator: string): number {
  const word = cell?.trim().toLowerCase();
  if (word === "true" || word === "false") return Number(word === "true");
  return numberOf(cell, separator);
}

interface Oddities {
  text: Tally;
  absent: Tally;
}

function numbersOf(
  cells: readonly string[],
  channels: readonly number[],
  separator: string,
  odd: Oddities,
  line: number,
): Float64Array {
  const row = new Float64Array(channels.length);
  for (let j = 0; j < row.length; j++) {
    const cell = cells[channels[j]!];
    const value = numberOf(cell, separator);
    if (Number.isNaN(value)) note(isAbsent(cell) ? odd.absent : odd.text, line);
    row[j] = value;
  }
  return row;
}

const tally = (): Tally => ({ count: 0, line: 0 });

function note(tally: Tally, line: number): void {
  if (tally.count++ === 0) tally.line = line;
}

const told = (tally: Tally, what: string): string[] =>
  tally.count === 0 ? [] : [`${tally.count} ${what}, first in line ${tally.line}`];

function oddTimes(at: Float64Array, lines: readonly number[]): string[] {
  const steps = at.map((t, i) => (i === 0 ? Number.NaN : t - at[i - 1]!));
  const forward = steps.filter((step) => step > 0).sort();
  const period = forward[forward.length >> 1] ?? Number.NaN;
  const [unknown, same, back, gap] = [tally(), tally(), tally(), tally()];
  steps.forEach((step, i) => {
    const line = lines[i]!;
    if (Number.isNaN(at[i])) note(unknown, line);
    if (step === 0) note(same, line);
    if (step < 0) note(back, line);
    if (step > GAP * period) note(gap, line);
  });
  return [
    ...told(unknown, "times cannot be read"),
    ...told(same, "rows have the time of the row before"),
    ...told(back, "rows go back in time; they are taken in the order of the file"),
    ...told(
      gap,
      `gaps are longer than ${GAP} times the usual step of ${period / 1000} s; the detectors go on after them`,
    ),
  ];
}

/**
 * The rows of a table as numbers and instants, and everything odd about them counted and told: gaps, text, NaN,
 * duplicate or backward times. Rows stay in the order of the file. Refuses nothing: trouble is warnings.
 */
import type { Columns } from "./columns.ts";
import { instantOfCell, isAbsent, numberOf } from "./number.ts";
import type { Table } from "./table.ts";

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
  const { rows, lines, header, separator } = table;
  const text: Tally = { count: 0, line: 0 };
  const absent: Tally = { count: 0, line: 0 };
  const ragged: Tally = { count: 0, line: 0 };
  const note = (tally: Tally, i: number): void => {
    if (tally.count++ === 0) tally.line = lines[i]!;
  };
  const values = rows.map((cells, i) => {
    if (cells.length !== header.length) note(ragged, i);
    return Float64Array.from(columns.channels, (column) => {
      const value = numberOf(cells[column], separator);
      if (Number.isNaN(value)) note(isAbsent(cells[column]) ? absent : text, i);
      return value;
    });
  });
  const { time, state, labels } = columns;
  const at = Float64Array.from(rows, (cells) =>
    time === null ? Number.NaN : instantOfCell(cells[time]),
  );
  const told = (tally: Tally, what: string): string[] =>
    tally.count === 0 ? [] : [`${tally.count} ${what}, first in line ${tally.line}`];
  return {
    channels: columns.channels.map((column) => header[column] || `column ${column + 1}`),
    values,
    at,
    states: state === null ? [] : rows.map((cells) => (cells[state] ?? "").trim()),
    labels:
      labels === null
        ? null
        : Uint8Array.from(rows, (cells) => (numberOf(cells[labels], separator) > 0 ? 1 : 0)),
    warnings: [
      ...told(ragged, `rows do not have the ${header.length} cells of the header`),
      ...told(text, "cells hold text instead of a number and count as absent"),
      ...told(absent, "cells are empty or NaN and count as absent"),
      ...(time === null ? [] : oddTimes(at, lines)),
    ],
  };
}

function oddTimes(at: Float64Array, lines: readonly number[]): string[] {
  const steps = at.map((t, i) => (i === 0 ? Number.NaN : t - at[i - 1]!)).slice(1);
  const usual = steps.filter((step) => step > 0).sort();
  const period = usual[usual.length >> 1] ?? Number.NaN;
  const count = (holds: (step: number) => boolean): Tally => {
    const first = steps.findIndex(holds);
    return { count: steps.filter(holds).length, line: lines[first + 1] ?? 0 };
  };
  const unknown = at.filter((t) => Number.isNaN(t)).length;
  const told: string[] = [];
  if (unknown > 0) {
    const line = lines[at.findIndex((t) => Number.isNaN(t))];
    told.push(`${unknown} times cannot be read, first in line ${line}`);
  }
  const say = (tally: Tally, what: string): void => {
    if (tally.count > 0) told.push(`${tally.count} ${what}, first in line ${tally.line}`);
  };
  say(
    count((step) => step === 0),
    "rows have the time of the row before",
  );
  say(
    count((step) => step < 0),
    "rows go back in time; they are taken in the order of the file",
  );
  say(
    count((step) => step > GAP * period),
    `gaps are longer than ${GAP} times the usual step of ${period / 1000} s; the detectors go on after them`,
  );
  return told;
}

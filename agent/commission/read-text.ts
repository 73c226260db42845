/** What `read` found, as text for a terminal. Pure, so that its form is tested letter by letter. */
import { FAULTS, type FaultEntry } from "../core/fault.ts";
import { functionOf, isBits, referenceOf, type Words } from "./registers.ts";
import {
  numberText,
  ordersOf,
  textOf,
  VIEWED,
  type View,
  type ViewType,
  viewsOf,
} from "./views.ts";

export interface ReadResult extends Words {
  /** For people: where the bus is. */
  label: string;
  unit: number;
  /** The running agent that was asked, null for a line of our own. */
  via: string | null;
  ms: number;
}

/** `types`: the interpretations to show beside the raw words. */
export function readText(result: ReadResult, types: readonly ViewType[]): string[] {
  const { words, table } = result;
  const lines = [headOf(result)];
  if (isBits(table)) return [...lines, ...bitLines(result)];
  lines.push(
    ...wordLines(
      result,
      types.filter((type) => VIEWED[type] === 1),
    ),
  );
  const values = words.map(({ word }) => word);
  for (const registers of [2, 4]) {
    const wide = types.filter((type) => VIEWED[type] === registers);
    if (wide.length > 0) lines.push(...wideLines(result, viewsOf(values, wide), wide, registers));
  }
  const text = textOf(values);
  if (text !== null) lines.push("", `as text: ${JSON.stringify(text)}`);
  return lines;
}

function headOf({ label, unit, table, address, words, via, ms }: ReadResult): string {
  const last = address + words.length - 1;
  const span = (from: string, to: string): string => (words.length === 1 ? from : `${from}..${to}`);
  const wire = span(String(address), String(last));
  const manual = span(referenceOf(table, address), referenceOf(table, last));
  const how = via === null ? "" : ` through the agent (${via})`;
  return `${table} ${wire} (${manual}), unit ${unit} at ${label}${how}, function ${functionOf(table)}, ${ms} ms`;
}

function bitLines({ words }: ReadResult): string[] {
  const rows = words.map(({ address, reference, word, reason }) => [
    String(address),
    reference,
    word === null ? said(reason) : String(word),
  ]);
  return aligned([["wire", "manual", "bit"], ...rows]);
}

function wordLines({ words }: ReadResult, types: ViewType[]): string[] {
  const columns = types.flatMap((type) =>
    (type === "uint16" ? ordersOf(1) : ordersOf(1).slice(0, 1)).map((order) => ({ type, order })),
  );
  const head = columns.map(({ type, order }) => (order === "ABCD" ? type : `${type} ${order}`));
  const rows = words.map(({ address, reference, word, reason }) => {
    if (word === null) return [String(address), reference, "----", said(reason)];
    const views = viewsOf([word], types);
    const values = columns.map(({ type, order }) => {
      const view = views.find((each) => each.type === type && each.order === order);
      return numberText(view?.value ?? null, type);
    });
    return [String(address), reference, hex(word), ...values, bitsOf(word)];
  });
  return aligned([["wire", "manual", "hex", ...head, "bits"], ...rows]);
}

/** One row for each place and order, one column for each type. */
function wideLines(
  { words }: ReadResult,
  views: View[],
  types: ViewType[],
  registers: number,
): string[] {
  const rows = words.flatMap(({ address, reference }, at) =>
    ordersOf(registers).flatMap((order) => {
      const own = views.filter((view) => view.at === at && view.order === order);
      if (own.length === 0 || own.every(({ value }) => value === null)) return [];
      const values = types.map((type) => {
        const view = own.find((each) => each.type === type);
        return numberText(view?.value ?? null, type);
      });
      return [[String(address), reference, order, ...values]];
    }),
  );
  if (rows.length === 0) return [];
  return ["", ...aligned([["wire", "manual", "order", ...types], ...rows])];
}

const hex = (word: number): string => word.toString(16).padStart(4, "0");
const bitsOf = (word: number): string =>
  word
    .toString(2)
    .padStart(16, "0")
    .replace(/(.{4})(?=.)/g, "$1 ");

function said(reason: string | null): string {
  const entry = (FAULTS as Record<string, FaultEntry>)[reason ?? ""];
  return entry ? `${reason}: ${entry.meaning}` : String(reason);
}

/** Columns set to the right, but for the last one. */
export function aligned(rows: readonly string[][]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries())
      if (i < row.length - 1) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows.map((row) =>
    row
      .map((cell, i) => (i < row.length - 1 ? cell.padStart(widths[i] ?? 0) : cell))
      .join("  ")
      .trimEnd(),
  );
}

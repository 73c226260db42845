/**
 * A CSV file as rows of cells: separator, quotes, byte order mark and line ends found out, nothing interpreted.
 * Refuses what is no table: no header, no rows, binary data.
 */
import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { Fault } from "../core/fault.ts";
import { instantOfCell, numberOf } from "./number.ts";

export interface Table {
  file: string;
  separator: string;
  header: string[];
  /** The text of each data row, in the order of the file; `cellsOf` takes it apart, so that months fit into memory. */
  rows: string[];
  /** Line of the file, from 1, at which each row begins. */
  lines: number[];
}

const SEPARATORS = [";", ",", "\t", "|"];

export function readTable(file: string, separator?: string): Table {
  return parseTable(file, readText(file), separator);
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file === "-" ? 0 : file);
    // Spreadsheets still save in the code page of their country; Latin 1 reads every byte.
    return bytes.toString(isUtf8(bytes) ? "utf8" : "latin1");
  } catch (error) {
    throw new Fault("INPUT_UNREADABLE", `cannot read ${file}`, { file }, error);
  }
}

/** Blank lines are left out. The separator, where none is given, is the one that the header holds most often. */
export function parseTable(file: string, text: string, separator?: string): Table {
  if (text.includes("\0"))
    throw new Fault("TABLE_INVALID", `${file} holds NUL bytes: it is no text in UTF-8`, { file });
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const first = /[^\r\n]*\S[^\r\n]*/.exec(body)?.[0];
  if (first === undefined) throw new Fault("TABLE_INVALID", `${file} is empty`, { file });
  const by = separator ?? separatorOf(first);
  const { rows, lines } = split(file, body);
  const header = cells(rows.shift() ?? "", by).map((name) => name.trim());
  lines.shift();
  if (rows.length === 0)
    throw new Fault("TABLE_INVALID", `${file} has a header and no rows`, { file });
  const isValue = (cell: string): boolean =>
    !(Number.isNaN(numberOf(cell, by)) && Number.isNaN(instantOfCell(cell)));
  if (header.every(isValue))
    throw new Fault(
      "TABLE_INVALID",
      `the first line of ${file} holds values: a header with the names of the columns is needed`,
      { file, line: 1 },
    );
  const twice = header.find((name, i) => name !== "" && header.indexOf(name) < i);
  if (twice !== undefined)
    throw new Fault("TABLE_INVALID", `${file} has two columns named ${twice}`, { file, line: 1 });
  return { file, separator: by, header, rows, lines };
}

function separatorOf(line: string): string {
  const bare = line.replace(/"[^"]*"/g, "");
  const counts = SEPARATORS.map((separator) => bare.split(separator).length);
  const most = Math.max(...counts);
  return most > 1 ? SEPARATORS[counts.indexOf(most)]! : ",";
}

function split(file: string, text: string): { rows: string[]; lines: number[] } {
  const rows: string[] = [];
  const lines: number[] = [];
  const source = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < source.length; i++) {
    const line = i + 1;
    let row = source[i]!;
    if (row.trim() === "") continue;
    // A quoted cell may hold line ends: a row goes on until its quotes are even.
    while (row.includes('"') && row.split('"').length % 2 === 0) {
      if (++i >= source.length)
        throw new Fault("TABLE_INVALID", `${file} line ${line}: a quote is never closed`, {
          file,
          line,
        });
      row += `\n${source[i]}`;
    }
    rows.push(row);
    lines.push(line);
  }
  return { rows, lines };
}

/** The cells of a data row, which may be fewer or more than the header's. */
export const cellsOf = (table: Table, row: number): string[] =>
  cells(table.rows[row] ?? "", table.separator);

const cells = (text: string, by: string): string[] =>
  text.includes('"') ? quoted(text, by) : text.split(by);

function quoted(text: string, by: string): string[] {
  const out: string[] = [];
  let cell = "";
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '"' && inside && text[i + 1] === '"') {
      cell += char;
      i++;
    } else if (char === '"') inside = !inside;
    else if (char === by && !inside) {
      out.push(cell);
      cell = "";
    } else cell += char;
  }
  return [...out, cell];
}

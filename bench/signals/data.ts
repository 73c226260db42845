/**
 * Where the public benchmark data is, and how a bench reads it: `SIGNALS_DATA`, else `shared/data` beside the project.
 * Nothing of it is copied; what is absent is skipped by saying so.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseColumns } from "../../agent/signals/columns.ts";
import { streamProfile } from "../../agent/signals/profile.ts";
import { type Rows, readRows } from "../../agent/signals/rows.ts";
import { readTable } from "../../agent/signals/table.ts";

export const dataFolder = (): string =>
  process.env["SIGNALS_DATA"] ?? join(process.cwd(), "..", "shared", "data");

/** A SKAB file: 8 channels, with its labels per row and its own changepoint flags. */
export interface Labelled {
  name: string;
  rows: Rows;
  anomaly: Uint8Array;
  changepoint: Uint8Array;
}

/** The files of a SKAB group (`valve1`, …), by number; empty where the data is absent. */
export function skabGroup(group: string): Labelled[] {
  const folder = join(dataFolder(), "SKAB", group);
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith(".csv"));
  return names
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map((name) => {
      const labelled = rowsOf(join(folder, name), { labels: "anomaly", exclude: ["changepoint"] });
      const points = rowsOf(join(folder, name), { labels: "changepoint", exclude: ["anomaly"] });
      return {
        name: `${group}/${name}`,
        rows: labelled,
        anomaly: labelled.labels ?? new Uint8Array(0),
        changepoint: points.labels ?? new Uint8Array(0),
      };
    });
}

export function rowsOf(file: string, wishes: Parameters<typeof chooseColumns>[1]): Rows {
  const table = readTable(file);
  return readRows(table, chooseColumns(table, wishes, streamProfile({}).mspc.train));
}

export interface NabFile {
  name: string;
  rows: Rows;
  /** First and last row of each label window, inclusive. */
  windows: [number, number][];
}

/** NAB files that are there and labelled; empty where the data is absent. */
export function nabFiles(): NabFile[] {
  const folder = join(dataFolder(), "NAB");
  const labels = join(folder, "labels", "combined_windows.json");
  if (!existsSync(labels)) return [];
  const windows = JSON.parse(readFileSync(labels, "utf8")) as Record<string, [string, string][]>;
  return Object.entries(windows).flatMap(([path, spans]) => {
    const file = [path, path.split("/").at(-1)!]
      .map((p) => join(folder, "data", p))
      .find(existsSync);
    if (file === undefined) return [];
    const rows = rowsOf(file, { columns: ["value"] });
    const rowAt = (text: string): number =>
      rows.at.indexOf(Date.parse(`${text.replace(" ", "T")}Z`));
    return [{ name: path, rows, windows: spans.map(([a, b]) => [rowAt(a), rowAt(b)]) }];
  });
}

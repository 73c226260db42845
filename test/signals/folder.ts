/** A table in a folder of its own, for tests that read files. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

export function fileOf(text: string | Buffer, name = "table.csv"): string {
  const folder = mkdtempSync(join(tmpdir(), "uptime-signals-"));
  folders.push(folder);
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

/** After the last test of a file. */
export function removeFiles(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** Rows with a header, one second apart. */
export function csvOf(
  header: readonly string[],
  rows: readonly (readonly (number | string)[])[],
  separator = ",",
): string {
  const start = Date.UTC(2026, 10, 2, 6);
  const stamped = rows.map((row, i) =>
    [new Date(start + i * 1000).toISOString(), ...row].join(separator),
  );
  return `${[["time", ...header].join(separator), ...stamped].join("\n")}\n`;
}

/** Columns on a terminal. Knows widths, not meanings. */

/** Escape sequences take no room. */
const widthOf = (text: string): number =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
  text.replace(/\u001b\[\d+m/g, "").length;

/** First column left, the others right; rows may be short. */
export function aligned(rows: readonly string[][], indent = ""): string[] {
  const widths: number[] = [];
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(cell));
  return rows.map((row) => {
    const cells = row.map((cell, i) => {
      const room = " ".repeat((widths[i] ?? 0) - widthOf(cell));
      return i === 0 ? cell + room : room + cell;
    });
    return (indent + cells.join("  ")).trimEnd();
  });
}

export interface Ink {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  red(text: string): string;
}

const sequence =
  (on: number, off: number) =>
  (text: string): string =>
    `\u001b[${on}m${text}\u001b[${off}m`;

const plain = (text: string): string => text;

/** Colors only for people who look at a terminal and did not say NO_COLOR. */
export const inkFor = (colors: boolean): Ink =>
  colors
    ? {
        ...{ bold: sequence(1, 22), dim: sequence(2, 22) },
        ...{ green: sequence(32, 39), yellow: sequence(33, 39), red: sequence(31, 39) },
      }
    : { bold: plain, dim: plain, green: plain, yellow: plain, red: plain };

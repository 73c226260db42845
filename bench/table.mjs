/** Numbers and tables as Markdown; what was not measured is a dash. */

const isMissing = (value) => value === null || value === undefined || Number.isNaN(value);

export const fix = (value, digits = 1) => (isMissing(value) ? "–" : value.toFixed(digits));
export const percent = (share, digits = 2) =>
  isMissing(share) ? "–" : `${fix(share * 100, digits)} %`;
export const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

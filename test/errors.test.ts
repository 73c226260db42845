/** The manual of errors says what the table says, row by row, both ways. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { FAULTS } from "../agent/core/fault.ts";
import { UNKNOWN_CAUSES } from "../agent/core/vocabulary.ts";

const page = readFileSync(new URL("../docs/errors.md", import.meta.url), "utf8");
const rows = new Map(
  page
    .split("\n")
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .filter((cells) => /^`[A-Z]/.test(cells[1] ?? ""))
    .map((cells) => [cells[1]?.slice(1, -1), cells.slice(2, -1)]),
);

test("docs/errors.md lists exactly the codes of the table, in order", () => {
  expect([...rows.keys()]).toEqual(Object.keys(FAULTS));
});

test.each(Object.entries(FAULTS))("%s reads in the manual as in the table", (code, row) => {
  const cells = rows.get(code)?.map((cell) => cell.replaceAll("\\|", "|"));
  expect(cells).toEqual([row.meaning, row.class, row.cause ?? "–", row.hint]);
});

test.each(Object.entries(FAULTS))(
  "%s has a sentence, a class, a cause and a next step",
  (_, row) => {
    expect(row.meaning).toMatch(/^[A-Z].*\.$/);
    expect(["retry", "reject", "halt"]).toContain(row.class);
    expect([null, ...UNKNOWN_CAUSES]).toContain(row.cause);
    expect(row.hint.length).toBeGreaterThan(10);
  },
);

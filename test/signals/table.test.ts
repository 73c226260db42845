import { afterAll, describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { chooseColumns } from "../../agent/signals/columns.ts";
import { instantOfCell, numberOf } from "../../agent/signals/number.ts";
import { readRows } from "../../agent/signals/rows.ts";
import { cellsOf, parseTable, readTable } from "../../agent/signals/table.ts";
import { fileOf, removeFiles } from "./folder.ts";

afterAll(removeFiles);

const faultOf = (run: () => unknown): Fault => {
  try {
    run();
  } catch (error) {
    if (error instanceof Fault) return error;
  }
  throw new Error("no fault");
};

describe("a table", () => {
  test.each([
    [";", "a;b\n1;2\n"],
    [",", "a,b\n1,2\n"],
    ["\t", "a\tb\n1\t2\n"],
    ["|", "a|b\n1|2\n"],
  ])("finds the separator %j", (separator, text) => {
    expect(parseTable("t", text)).toMatchObject({
      separator,
      header: ["a", "b"],
      rows: [`1${separator}2`],
    });
  });

  test("takes byte order mark, CRLF, blank lines and quotes", () => {
    const table = parseTable("t", '\uFEFFa,"b, c"\r\n\r\n1,"two\r\nlines ""x"""\r\n3,4\r\n');
    expect(table.header).toEqual(["a", "b, c"]);
    expect(cellsOf(table, 0)).toEqual(["1", 'two\nlines "x"']);
    expect(cellsOf(table, 1)).toEqual(["3", "4"]);
    expect(table.lines).toEqual([3, 5]);
  });

  test.each([
    ["", "is empty"],
    ["\n \n", "is empty"],
    ["a,b\n", "no rows"],
    ["1,2\n3,4\n", "a header"],
    ["2026-01-01 06:00:00;0,5\n2026-01-01 06:00:01;0,6\n", "a header"],
    ["a,a\n1,2\n", "two columns named a"],
    ['a,b\n1,"2\n', "never closed"],
    ["a\0b\n1\n", "NUL"],
  ])("refuses %j", (text, message) => {
    const fault = faultOf(() => parseTable("t", text));
    expect(fault.code).toBe("TABLE_INVALID");
    expect(fault.message).toContain(message);
  });
});

test("a file in the code page of its country keeps its names", () => {
  const file = fileOf(Buffer.from("Temperatur °C;Drücke\n1;2\n", "latin1"));
  expect(readTable(file).header).toEqual(["Temperatur °C", "Drücke"]);
});

describe("cells", () => {
  test.each([
    ["1.5", ",", 1.5],
    [" -3e2 ", ",", -300],
    ["1,5", ";", 1.5],
    ["1,5", ",", Number.NaN],
    ["1.234,5", ";", Number.NaN],
    ["", ",", Number.NaN],
    ["NaN", ",", Number.NaN],
    ["Infinity", ",", Number.NaN],
    ["0x10", ",", Number.NaN],
    ["1e999", ",", Number.NaN],
    ["12 bar", ",", Number.NaN],
  ])("%j by %j is %d", (cell, separator, value) => {
    expect(numberOf(cell, separator)).toBe(value);
  });

  test.each([
    ["2020-03-09 10:14:33", "2020-03-09T10:14:33.000Z"],
    ["2020-03-09T10:14:33.25+01:00", "2020-03-09T09:14:33.250Z"],
    ["2013-12-02", "2013-12-02T00:00:00.000Z"],
    ["09.03.2020 10:14:33", "2020-03-09T10:14:33.000Z"],
    ["1583748873", "2020-03-09T10:14:33.000Z"],
    ["1583748873000", "2020-03-09T10:14:33.000Z"],
  ])("%s is an instant", (cell, iso) => {
    expect(new Date(instantOfCell(cell)).toISOString()).toBe(iso);
  });

  test.each(["", "yesterday", "2020-02-31 10:00:00", "2020-03-09 25:00:00", undefined])(
    "%s is none",
    (cell) => {
      expect(instantOfCell(cell)).toBeNaN();
    },
  );
});

describe("columns", () => {
  const table = parseTable(
    "t",
    "time,p,note,anomaly,q\n2026-11-02T06:00:00Z,1,ok,0,\n2026-11-02T06:00:01Z,2,ok,0,3\n",
  );

  test("time is found; text and labels are left out, and it is said", () => {
    const columns = chooseColumns(table, {}, 40);
    expect(columns).toMatchObject({ time: 0, state: null, labels: null, channels: [1, 4] });
    expect(columns.warnings.join()).toContain("note holds no numbers");
    expect(columns.warnings.join()).toContain("anomaly looks like a label");
  });

  test("a column that is named like a time and holds none is told as that", () => {
    const odd = parseTable("t", "time,p\nyesterday,1\ntoday,2\n");
    const { time, warnings } = chooseColumns(odd, {}, 40);
    expect(time).toBeNull();
    expect(warnings.join()).toContain("time holds no numbers and no times that can be read");
    const late = parseTable("t", "time,p\n,1\n2026-11-02T06:00:01Z,2\n");
    expect(chooseColumns(late, {}, 40).time).toBe(0);
  });

  test("what is asked for is taken", () => {
    expect(chooseColumns(table, { columns: ["anomaly"] }, 40).channels).toEqual([3]);
    expect(chooseColumns(table, { labels: "anomaly", exclude: ["note"] }, 40)).toMatchObject({
      labels: 3,
      warnings: [],
    });
  });

  test("what is not there is named, with what is near", () => {
    const fault = faultOf(() => chooseColumns(table, { time: "tiem" }, 40));
    expect(fault.message).toContain("no column tiem; did you mean time?");
    expect(faultOf(() => chooseColumns(table, { exclude: ["p", "q"] }, 40)).message).toContain(
      "no column of numbers",
    );
  });
});

test("gaps, text, NaN, duplicate and backward times are counted with their first line", () => {
  const seconds = [0, 1, 2, 2, 4, 3, 5, 500, 501, 502];
  const cells = ["1", "x", "nan", "1", "1", "1", "1", "1", "1", "1"];
  const text = `t;v\n${seconds.map((s, i) => `${1_700_000_000 + s};${cells[i]}`).join("\n")}\nsoon;1;9\n`;
  const table = parseTable("t", text);
  const rows = readRows(table, chooseColumns(table, { time: "t" }, 40));
  const told = rows.warnings.join("\n");
  expect(told).toContain(
    "1 cells hold text instead of a number and count as absent, first in line 3",
  );
  expect(told).toContain("1 cells are empty or NaN and count as absent, first in line 4");
  expect(told).toContain("1 rows have the time of the row before, first in line 5");
  expect(told).toContain(
    "1 rows go back in time; they are taken in the order of the file, first in line 7",
  );
  expect(told).toContain("1 gaps are longer than 10 times the usual step of 1 s");
  expect(told).toContain("1 times cannot be read, first in line 12");
  expect(told).toContain("1 rows do not have the 2 cells of the header, first in line 12");
  expect(rows.values.map(([value]) => value)).toEqual([
    1,
    Number.NaN,
    Number.NaN,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
  ]);
});

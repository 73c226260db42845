/** What is said of training rows that teach badly; what is learned stays the same. */
import { afterAll, expect, test } from "vitest";
import { replayTable } from "../../agent/signals/replay.ts";
import { hurt, plantRows } from "../support/plant-rows.ts";
import { csvOf, fileOf, removeFiles } from "./folder.ts";

afterAll(removeFiles);

const HEADER = ["load", "flow", "temperature", "vibration"];
const healthy = plantRows(2, 600);
const told = (rows: (number | string)[][], wishes = {}, header = HEADER): string =>
  replayTable({ data: fileOf(csvOf(header, rows)), ...wishes }).warnings.join("\n");

test("a fault among the training rows is told, by its channels, and by its labels where there are some", () => {
  const ill = hurt(healthy, 100, 300, [0, -12, 0, 0]);
  expect(told(ill)).toContain("flow: the level moves while learning");
  const labeled = ill.map((row, i) => [...row, i >= 100 && i < 300 ? 1 : 0]);
  expect(told(labeled, { labels: "anomaly" }, [...HEADER, "anomaly"])).toContain(
    "200 of the training rows are labeled as a fault, the first is row 100",
  );
});

test("of each operating state by itself: a change of state is no fault", () => {
  const rows = healthy.map((row, i) => {
    const fast = i % 60 < 30;
    return [...row.map((value) => (fast ? value + 1000 : value)), fast ? "fast" : "slow"];
  });
  const said = told(rows, { state: "mode", train: 100 }, [...HEADER, "mode"]);
  expect(said).not.toContain("the level moves");
});

test("a healthy beginning raises no doubt", () => {
  expect(told(healthy.map((row) => [...row]))).toBe("");
});

test("few rows for many channels are told", () => {
  const wide = healthy.slice(0, 200).map((row) => [...row, ...row.map((value) => -value)]);
  const header = [...HEADER, ...HEADER.map((name) => `${name}2`)];
  expect(told(wide, { train: 60 }, header)).toContain("60 training rows are few for 8 channels");
  expect(told(wide, { train: 80 }, header)).not.toContain("are few for");
});

test("a single channel that never moves is named", () => {
  const rest = Array.from({ length: 500 }, () => [5]);
  expect(told(rest, {}, ["v"])).toContain("v: constant while learning: any change is a novelty");
});

test("labels in words are told; true and false are labels", () => {
  const said = (word: (i: number) => string): string =>
    told(
      healthy.map((row, i) => [...row, word(i)]),
      { labels: "state" },
      [...HEADER, "state"],
    );
  expect(said((i) => (i > 500 ? "broken" : "fine"))).toContain(
    "600 labels are no numbers and count as healthy, first in line 2",
  );
  expect(said((i) => String(i > 500))).not.toContain("labels");
});

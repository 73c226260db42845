/** `signals replay` and `signals plot` as a technician and an independent scorer call them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { csvOf, fileOf, removeFiles } from "../signals/folder.ts";
import { cli, endProcesses } from "../support/cli.ts";
import { hurt, plantRows } from "../support/plant-rows.ts";

afterAll(async () => {
  await endProcesses();
  removeFiles();
});

const rows = hurt(plantRows(2, 1100), 650, 900, [0, -6, 0, 0]);
const labelled = rows.map((row, i) => [...row, i >= 650 && i < 900 ? 1 : 0, 0]);
const header = ["load", "flow", "temperature", "vibration", "anomaly", "changepoint"];
const data = fileOf(csvOf(header, labelled, ";"));

const run = (verb: string, ...args: string[]) => cli(["signals", verb, ...args]);

test("--rows: one line per row after the training rows, in the promised form", async () => {
  const asked = ["--separator", ";", "--time", "time", "--exclude", "anomaly,changepoint"];
  const { code, stdout } = await run(
    "replay",
    "--data",
    data,
    ...asked,
    "--train",
    "400",
    "--rows",
  );
  expect(code).toBe(0);
  const lines = stdout.trimEnd().split("\n");
  expect(lines).toHaveLength(700);
  expect(lines[0]).toMatch(
    /^\{"row":400,"at":"2026-11-02T06:06:40.000Z","alarm":[01],"changepoint":[01],"score":0(\.\d+)?\}$/,
  );
  expect(lines[300]).toContain('"alarm":1');
});

test("events and scores, for people and as NDJSON", async () => {
  const people = await run("replay", "--data", data, "--labels", "anomaly");
  expect(people.code).toBe(0);
  expect(people.stdout).toMatch(/^700 rows judged after 400 of learning, 4 channels: \d+ events\n/);
  expect(people.stdout).toMatch(/1 of 1 faults found/);
  expect(people.stderr).toContain("changepoint looks like a label");
  const ndjson = await run("replay", "--data", data, "--labels", "anomaly", "--json");
  const events = ndjson.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events.at(-1)).toMatchObject({ event: "scores", faults: 1, found: 1 });
  expect(events[0]).toMatchObject({ event: "signal", detector: "mspc" });
});

test("a picture is one file", async () => {
  const out = join(data, "..", "picture.html");
  const { code } = await run(
    "plot",
    "--data",
    data,
    "--exclude",
    "anomaly,changepoint",
    "--out",
    out,
  );
  expect(code).toBe(0);
  expect(readFileSync(out, "utf8")).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

test("bad data ends with 65, bad use with 64, and both say what to do next", async () => {
  const empty = await run("replay", "--data", fileOf(""));
  expect(empty).toMatchObject({ code: 65, stdout: "" });
  expect(empty.stderr).toMatch(/table.csv is empty\nTABLE_INVALID: .*\nnext: /);
  for (const args of [
    [],
    ["--data", data, "--train", "0"],
    ["--data", data, "--separator", "::"],
  ]) {
    const { code, stderr } = await run("replay", ...args);
    expect(code).toBe(64);
    expect(stderr).toContain("next: ");
  }
});

import { afterAll, describe, expect, test } from "vitest";
import { pictureOf } from "../../agent/signals/plot.ts";
import { replayTable } from "../../agent/signals/replay.ts";
import { hurt, plantRows } from "../support/plant-rows.ts";
import { csvOf, fileOf, removeFiles } from "./folder.ts";

afterAll(removeFiles);

const HEADER = ["load", "flow", "temperature", "vibration"];
const FROM = 650;
const TO = 900;
const rows = hurt(plantRows(2, 1100), FROM, TO, [0, -6, 0, 0]);
const data = fileOf(
  csvOf(
    [...HEADER, "anomaly"],
    rows.map((row, i) => [...row, i >= FROM && i < TO ? 1 : 0]),
  ),
);

interface Line {
  i: number;
  at: number;
  alarm: boolean;
  onset: boolean;
  score: number;
}

function linesOf(wishes: Parameters<typeof replayTable>[0]): Line[] {
  const lines: Line[] = [];
  replayTable(wishes, (i, at, verdict) => lines.push({ i, at, ...verdict }));
  return lines;
}

describe("replay of a table", () => {
  test("one line per row after the training rows, the fault found, scored and explained", () => {
    const lines = linesOf({ data, exclude: ["anomaly"], train: 400 });
    expect(lines.map(({ i }) => i)).toEqual(Array.from({ length: 700 }, (_, k) => k + 400));
    expect(lines[0]!.at).toBe(Date.UTC(2026, 10, 2, 6, 6, 40));
    expect(lines.every(({ score }) => score >= 0 && score <= 1)).toBe(true);
    const { events, scores } = replayTable({ data, labels: "anomaly" });
    expect(scores).toMatchObject({ faults: 1, found: 1 });
    expect(scores!.f1).toBeGreaterThan(0.85);
    const event = events.find(({ from }) => from >= FROM);
    expect(event!.from).toBeLessThan(FROM + 30);
    expect(["load", "flow"]).toContain(event!.contributions[0]!.channel);
    expect(lines.filter(({ onset }) => onset).map(({ i }) => i)).toContain(event!.from);
  });

  test("labels are never looked at", () => {
    const blank = fileOf(csvOf(HEADER, rows));
    expect(linesOf({ data: blank })).toEqual(linesOf({ data }));
  });

  test("the same text with other separators and decimals gives the same lines", () => {
    const german = rows.map((row) => row.map((value) => String(value).replace(".", ",")));
    const text = csvOf(HEADER, german, ";").replaceAll("\n", "\r\n");
    expect(linesOf({ data: fileOf(`\uFEFF${text}`) })).toEqual(
      linesOf({ data, exclude: ["anomaly"] }),
    );
  });

  test("a shorter file gives the beginning of the same lines", () => {
    const cut = fileOf(csvOf(HEADER, rows.slice(0, 800)));
    expect(linesOf({ data: cut })).toEqual(linesOf({ data, exclude: ["anomaly"] }).slice(0, 400));
  });

  test("one channel is watched for novelty", () => {
    const spiky = rows.map((row, i) => [row[3]! + (i === 700 ? 3 : 0)]);
    const { events } = replayTable({ data: fileOf(csvOf(["vibration"], spiky)) });
    expect(
      events.some(
        ({ from, detector, kind }) => from === 700 && detector === "novelty" && kind !== null,
      ),
    ).toBe(true);
  });

  test("every operating state has a baseline of its own", () => {
    // The machine runs at another speed every 200 rows: to a detector that knows no states that is a fault.
    const modes = plantRows(3, 3000).map((row, i) => {
      const fast = Math.floor(i / 200) % 2;
      return [
        row[0]! + 20 * fast,
        row[1]! + 50 * fast,
        row[2]!,
        row[3]! + 2 * fast,
        fast ? "fast" : "slow",
      ];
    });
    const file = fileOf(csvOf([...HEADER, "mode"], modes));
    const alarmed = (state?: string): number =>
      linesOf({
        data: file,
        state,
        exclude: state === undefined ? ["mode"] : [],
        train: 100,
      }).filter(({ alarm }) => alarm).length;
    expect(alarmed("mode")).toBeLessThan(300);
    expect(alarmed()).toBeGreaterThan(800);
  });
});

describe("bad input goes on where it can, and says what it met", () => {
  test("gaps, text, a constant column and backward times", () => {
    const odd = rows.map((row, i) => [...row.map((v) => (i % 50 === 7 ? "err" : v)), 5]);
    const { warnings, events } = replayTable({ data: fileOf(csvOf([...HEADER, "still"], odd)) });
    expect(warnings.join()).toContain("cells hold text instead of a number");
    expect(warnings.join()).toContain(
      "still: constant, mostly absent or beyond calculation while learning, not judged",
    );
    expect(events.some(({ from }) => from >= FROM && from < FROM + 40)).toBe(true);
  });

  test("too few rows: how many there are, and what to do", () => {
    const few = fileOf(csvOf(HEADER, rows.slice(0, 120)));
    expect(() => replayTable({ data: few })).toThrow(
      /120 rows and the first 400 are for learning: give --train 60/,
    );
    const none = fileOf(csvOf(HEADER, rows.slice(0, 30)));
    expect(() => replayTable({ data: none })).toThrow(/at least 40 healthy rows/);
  });

  test("a file that is not there, and a knob that is not there", () => {
    expect(() => replayTable({ data: "absent.csv" })).toThrow(/cannot read absent.csv/);
    const profile = (text: string): string => fileOf(text, "profile.yaml");
    const ask = (text: string) => () => replayTable({ data, profile: profile(text) });
    expect(ask("mspc: { smothing: 0.2 }")).toThrow(
      /mspc.smothing is no knob; did you mean smoothing\?/,
    );
    expect(ask("mspc:\n  smoothing: 7\n")).toThrow(
      /:2: mspc.smoothing must be a number from 0.001 to 1/,
    );
    expect(ask("novelty: { train: 50.5 }")).toThrow(/a whole number/);
    expect(ask("sensitivity: loud")).toThrow(/:1: sensitivity must be one of quiet, normal, keen/);
    expect(ask("other: 1")).toThrow(/none of sensitivity, mspc, novelty/);
    expect(ask("[1, 2]")).toThrow(/must be a map/);
    expect(ask("a: [")).toThrow(/profile.yaml:/);
  });

  test("a quieter word alarms less", () => {
    const alarmed = (sensitivity: string): number =>
      linesOf({ data, sensitivity }).filter(({ alarm }) => alarm).length;
    expect(alarmed("quiet")).toBeLessThan(alarmed("keen"));
    const same = fileOf("sensitivity: quiet\n", "profile.yaml");
    expect(linesOf({ data, profile: same })).toEqual(linesOf({ data, sensitivity: "quiet" }));
  });
});

describe("the picture", () => {
  test("shows every channel, the statistic and the events, and needs nothing else", () => {
    const replayed = replayTable({ data, labels: "anomaly" });
    const page = pictureOf(replayed, 'a "name" <b>');
    for (const channel of [...HEADER, "statistic"]) expect(page).toContain(`<b>${channel}</b>`);
    expect(page.match(/class="event"/g)!.length).toBe(replayed.events.length * 5);
    expect(page).not.toMatch(/<script|https?:|<b>"|NaN|Infinity/);
    expect(page.length).toBeLessThan(400_000);
  });

  test("of thousands of events the strongest are listed, in order", () => {
    const wild = csvOf(
      ["v"],
      Array.from({ length: 9000 }, (_, i) => [Math.sin(i) + (i > 400 && i % 60 === 0 ? i * i : 0)]),
    );
    const profile = fileOf("novelty: { novel: 1, peakDecay: 0 }\n", "profile.yaml");
    const replayed = replayTable({ data: fileOf(wild), profile });
    expect(replayed.events.length).toBeGreaterThan(100);
    const page = pictureOf(replayed, "wild");
    expect(page).toContain("The 100 strongest events");
    expect(page.match(/<tr><td>/g)).toHaveLength(100);
  });

  test("is no larger for a longer table", () => {
    const long = fileOf(
      csvOf(
        ["v"],
        Array.from({ length: 40_000 }, (_, i) => [Math.sin(i) + (i % 7)]),
      ),
    );
    expect(pictureOf(replayTable({ data: long }), "long").length).toBeLessThan(120_000);
  });
});

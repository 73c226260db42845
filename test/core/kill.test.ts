/** Accounting rule 4: stop, kill, power cut, stalled loop. The blind time begins where the agent was last alive. */
import { describe, expect, test } from "vitest";
import type { AssetModel } from "../../agent/core/model.ts";
import { edges } from "../support/edges.ts";
import { type Bench, bench, press } from "../support/plant.ts";
import { HOUR, IDLE, MINUTE, RUN } from "../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const on = { total: 0, good: 0 };
const plantOf = (changes: Partial<AssetModel> = {}): Bench =>
  bench(SIX, press({ microStopMs: 5000, ...changes }));

const polls = (plant: Bench, from: number, to: number, status = RUN): void => {
  for (let t = from; t <= to; t += 1000) plant.cycle(SIX + t, { status, ...on });
};
const started = (
  plant: Bench,
  t: number,
  lastAlive: number,
  cause: "agent-stopped" | "power-lost" = "agent-stopped",
): void => plant.feed({ kind: "agent-started", at: SIX + t, lastAlive: SIX + lastAlive, cause });

describe("start after a stop", () => {
  test("a clean stop: unknown from there to the first decided evaluation", () => {
    const plant = plantOf();
    polls(plant, 0, 10_000);
    plant.feed({ kind: "agent-stopped", at: SIX + 10_200 });
    started(plant, 70_000, 10_200);
    plant.fail(SIX + 71_000, "MODBUS_TIMEOUT");
    polls(plant, 72_000, 90_000);
    expect(edges(plant, SIX, SIX + 90_000)).toEqual([
      "0 producing",
      "10200 unknown agent-stopped",
      "72000 producing",
    ]);
  });

  test("a kill: exactly from the last sign of life", () => {
    const plant = plantOf();
    polls(plant, 0, 10_000);
    started(plant, 70_000, 10_400);
    polls(plant, 70_500, 90_500);
    expect(edges(plant, SIX, SIX + 90_000)).toEqual([
      "0 producing",
      "10400 unknown agent-stopped",
      "70500 producing",
    ]);
  });

  test("a power cut: up to 10 s of what was seen are taken back", () => {
    const plant = plantOf();
    polls(plant, 0, 10_000);
    polls(plant, 11_000, 19_000, IDLE);
    started(plant, 70_000, 9500, "power-lost");
    polls(plant, 71_000, 90_000);
    expect(edges(plant, SIX, SIX + 90_000)).toEqual([
      "0 producing",
      "9500 unknown power-lost",
      "71000 producing",
    ]);
  });

  test("a stalled loop is fed as the same input", () => {
    const plant = plantOf();
    polls(plant, 0, 10_000);
    started(plant, 15_000, 10_000);
    polls(plant, 15_000, 20_000);
    expect(edges(plant, SIX, SIX + 20_000)).toEqual([
      "0 producing",
      "10000 unknown agent-stopped",
      "15000 producing",
    ]);
  });

  test("no evaluation decides: the cause stays that of the stop", () => {
    const plant = plantOf();
    polls(plant, 0, 10_000);
    started(plant, 70_000, 10_000);
    for (let t = 71_000; t < 100_000; t += 1000) plant.fail(SIX + t, "MODBUS_CLOSED");
    expect(edges(plant, SIX, SIX + 100_000)).toEqual([
      "0 producing",
      "10000 unknown agent-stopped",
    ]);
  });

  test("down for less than the hold: values still fresh decide the first cycle, though it failed", () => {
    const plant = plantOf();
    polls(plant, 0, 10_000);
    plant.feed({ kind: "agent-stopped", at: SIX + 10_000 });
    started(plant, 12_000, 10_000);
    plant.fail(SIX + 12_500, "MODBUS_TIMEOUT");
    polls(plant, 13_000, 20_000);
    expect(edges(plant, SIX, SIX + 20_000)).toEqual([
      "0 producing",
      "10000 unknown agent-stopped",
      "12500 producing",
    ]);
  });
});

describe("windows that ended while the agent was down", () => {
  test("provisional and final are made at the restart, in order, each at its own instant", () => {
    const plant = plantOf();
    polls(plant, 0, 30 * MINUTE);
    started(plant, 3 * HOUR + 10 * MINUTE, 30 * MINUTE);
    const windows = plant
      .records()
      .flatMap((fact) =>
        fact.class === "window"
          ? [`${fact.time - SIX} ${(fact.body.from - SIX) / HOUR}/${fact.body.revision}`]
          : [],
      );
    const settle = 5000 + 3000 + 1000;
    expect(windows).toEqual([
      `${HOUR} 0/0`,
      `${HOUR + settle} 0/1`,
      `${2 * HOUR} 1/0`,
      `${2 * HOUR + settle} 1/1`,
      `${3 * HOUR} 2/0`,
      `${3 * HOUR + settle} 2/1`,
    ]);
    expect(plant.sums("hour", SIX).conditionMs).toMatchObject({
      producing: 30 * MINUTE,
      unknown: 30 * MINUTE,
    });
    expect(plant.sums("hour", SIX, 0)).toEqual(plant.sums("hour", SIX, 1));
    expect(plant.sums("hour", SIX + HOUR).unknownMs["agent-stopped"]).toBe(HOUR);
  });

  test("a killed agent that comes back before the window is final corrects the provisional one", () => {
    const plant = plantOf({ microStopMs: 300_000 });
    polls(plant, 0, HOUR - 1000);
    plant.tick(SIX + HOUR + 1000);
    started(plant, HOUR + 60_000, HOUR - 500);
    polls(plant, HOUR + 61_000, HOUR + 400_000);
    expect(plant.sums("hour", SIX, 0).conditionMs.producing).toBe(HOUR);
    expect(plant.sums("hour", SIX, 1).conditionMs).toMatchObject({
      producing: HOUR - 500,
      unknown: 500,
    });
  });
});

describe("windows before any input", () => {
  test("without input there is none; the first one keeps its nominal bounds", () => {
    const plant = plantOf({ windows: ["hour", "day"] });
    plant.tick(SIX + 2 * HOUR + 20 * MINUTE);
    expect(plant.records().filter((fact) => fact.class === "window")).toEqual([]);
    polls(plant, 2.5 * HOUR, 2.5 * HOUR + 5000);
    plant.tick(SIX + 24 * HOUR);
    const day = plant.window("day", SIX - 6 * HOUR, 1);
    expect(day.to - day.from).toBe(24 * HOUR);
    expect(day.sums.unknownMs["agent-stopped"]).toBe(8.5 * HOUR);
    expect(() => plant.window("hour", SIX + HOUR, 1)).toThrow();
    expect(plant.sums("hour", SIX + 2 * HOUR).unknownMs["agent-stopped"]).toBe(HOUR / 2);
  });
});

/** A gateway's folder with the journal of one lived-through Monday: two machines, told by chapters, real core and store. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Input } from "../../agent/core/input.ts";
import type { Value } from "../../agent/core/model.ts";
import type { Millis } from "../../agent/core/time.ts";
import { openPipeline } from "../../agent/pipeline.ts";
import { loadPlant } from "../../agent/plant.ts";
import { openPlantStore } from "../../agent/storage.ts";

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
/** Monday 2026-11-23, 05:00 in Berlin. */
export const START = Date.UTC(2026, 10, 23, 4);
/** 06:00 in Berlin: the early shift begins. */
export const SHIFT = START + HOUR;
/** Tuesday 00:30 in Berlin. */
export const END = START + 19.5 * HOUR;

export const PLANT = `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: Europe/Berlin }
store: { path: data/agent.db }
mqtt: { namespace: uptime1 }
connections:
  plc: { driver: modbus-tcp, host: 127.0.0.1, port: 5020, timeout: 1s }
calendars:
  two-shift:
    shifts:
      - { id: early, days: mon-fri, start: "06:00", end: "14:00", breaks: [{ start: "10:00", end: "10:30" }] }
      - { id: late, days: mon-fri, start: "14:00", end: "22:00" }
assets:
  press-01:
    name: Hydraulic press
    area: press
    line: l1
    connection: plc
    unit: 1
    poll: 20s
    points:
      status:  { table: holding, address: 0, type: uint16 }
      reason:  { table: holding, address: 1, type: uint16 }
      total:   { table: holding, address: 2, type: uint32, counter: { maxRate: 50/s } }
      good:    { table: holding, address: 4, type: uint32, counter: { maxRate: 50/s } }
      recipe:  { table: holding, address: 6, type: uint16 }
      oilTemp: { table: input, address: 0, type: int16, scale: 0.1, unit: degC }
    condition:
      - { is: fault,     when: { point: status, in: [8, 9] }, reason: { point: reason } }
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: starved,   when: { point: status, equals: 5 }, reason: no blanks }
      - { is: setup,     when: { point: status, equals: 3 } }
      - { is: idle }
    counts: { total: total, good: good }
    recipes:
      - { id: a7, when: { point: recipe, equals: 7 }, idealCycle: 1s }
      - { id: b2, when: { point: recipe, equals: 2 }, idealCycle: 1.5s }
    calendar: two-shift
    windows: [hour, shift, day, month]
  pump-02:
    name: Coolant pump
    area: press
    line: l2
    connection: plc
    unit: 2
    poll: 20s
    points:
      running: { table: coil, address: 0, type: bool }
    condition:
      - { is: producing, when: { point: running, equals: true } }
      - { is: fault, reason: stands still }
    microStop: 2min
    windows: [hour, day]
contracts:
  acme-2026:
    assets: [press-01]
    period: month
    outcomes:
      - { metric: uptime, target: 97%, minimum: 92%, minCoverage: 95%, unknown: bounds }
      - { metric: oee, target: 75%, minimum: 65% }
`;

const [IDLE, SETUP, STARVED, RUN, FAULT] = [0, 3, 5, 6, 8];

/** What people entered later that day: who answers for part of the long fault, and late scrap. */
export const ENTERED: Input[] = [
  {
    ...{ kind: "reason", at: START + 6 * HOUR, asset: "press-01", reason: "no coil at hand" },
    ...{ from: START + 195 * MINUTE, to: START + 215 * MINUTE, attribution: "customer" },
    ...{ by: "shift lead", why: "agreed on the phone" },
  },
  {
    ...{ kind: "counts", at: START + 7 * HOUR, asset: "press-01", window: "hour" },
    ...{ from: START + 2 * HOUR, reject: 25, by: "lab", why: "cracks" },
  },
];

interface Chapter {
  minutes: number;
  status: number | null;
  /** Pieces a poll, and every so many-th of them a reject. */
  pieces?: number;
  rejectEvery?: number;
  reason?: number;
  recipe?: number;
}

/** Minutes from START; null: nothing can be read. */
export const PRESS_DAY: Chapter[] = [
  { minutes: 60, status: IDLE, recipe: 7 },
  { minutes: 70, status: RUN, pieces: 18, rejectEvery: 90 },
  { minutes: 3, status: STARVED },
  { minutes: 50, status: RUN, pieces: 18, rejectEvery: 90 },
  { minutes: 42, status: FAULT, reason: 21 },
  { minutes: 75, status: RUN, pieces: 19, rejectEvery: 60 },
  { minutes: 30, status: IDLE },
  { minutes: 25, status: SETUP, recipe: 2 },
  { minutes: 60, status: RUN, pieces: 12, rejectEvery: 50 },
  { minutes: 20, status: null },
  { minutes: 60, status: RUN, pieces: 12, rejectEvery: 50 },
  { minutes: 2, status: FAULT, reason: 4 },
  { minutes: 43, status: RUN, pieces: 12, rejectEvery: 50 },
  { minutes: 15, status: STARVED },
  { minutes: 140, status: RUN, pieces: 13, rejectEvery: 80 },
  { minutes: 18, status: FAULT, reason: 21 },
  { minutes: 180, status: RUN, pieces: 12, rejectEvery: 45 },
  { minutes: 127, status: RUN, pieces: 13, rejectEvery: 45 },
  { minutes: 210, status: IDLE },
];

const POLL = 20_000;

export interface ReportSite {
  folder: string;
  config: string;
  write(name: string, text: string): string;
  remove(): void;
}

/** `extra`: what people entered, in order of time; it enters behind the polls of its instant. */
export async function reportSite(extra: Input[] = [], plant = PLANT): Promise<ReportSite> {
  const folder = mkdtempSync(join(tmpdir(), "uptime-report-"));
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const config = write("plant.yaml", plant);
  await live(config, extra);
  return { folder, config, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

async function live(config: string, extra: Input[]): Promise<void> {
  const plant = loadPlant(config);
  const { store, recovered } = await openPlantStore(plant, START);
  const rethrow = (error: unknown): never => {
    throw error;
  };
  const pipeline = openPipeline(plant, recovered, {
    store,
    kept: () => {},
    committed: () => {},
    trouble: rethrow,
    failed: rethrow,
  });
  pipeline.configure(START);
  pipeline.enter({ kind: "clock", at: START, quality: "synced", stepMs: 0 });
  const waiting = [...extra];
  const press = chapters(PRESS_DAY);
  for (let at = START; at <= END; at += POLL) {
    const values = press(at);
    pipeline.enter(cycle(at, "press-01", values));
    pipeline.enter(cycle(at, "pump-02", { running: pumpRuns(at) }));
    for (; waiting[0] && waiting[0].at <= at; waiting.shift()) {
      let isAnswered = false;
      const answer = pipeline.submit(waiting[0]).finally(() => {
        isAnswered = true;
      });
      // Its history comes from the store; then it waits for the next release and commit.
      while (!isAnswered) {
        await new Promise((resolve) => setImmediate(resolve));
        await pipeline.drain(at);
      }
      expect(await answer).toEqual({ accepted: true });
    }
    if ((at - START) % HOUR === 0) await pipeline.drain(at);
  }
  await pipeline.drain(END);
  await store.close();
}

/** Stands still twice: 10 minutes from 09:00 Berlin, a micro-stop of one minute at noon. */
const pumpRuns = (at: Millis): boolean => {
  const minute = (at - START) / MINUTE;
  return !(minute >= 240 && minute < 250) && !(minute >= 420 && minute < 421);
};

const cycle = (at: Millis, asset: string, values: Record<string, Value> | null): Input => ({
  ...{ kind: "cycle", at, asset, source: "main", values: values ?? {}, bad: {} },
  failure: values === null ? "MODBUS_TIMEOUT" : null,
});

/** The values of each poll; pieces of a poll are there with the next one of the same chapter. */
function chapters(day: Chapter[]): (at: Millis) => Record<string, Value> | null {
  const made = { total: 0, good: 0, since: 0 };
  let [left, index, recipe] = [day[0]?.minutes ?? 0, 0, 7];
  return () => {
    while (left <= 0 && index < day.length - 1) {
      index++;
      left += day[index]?.minutes ?? 0;
    }
    const chapter = day[index] as Chapter;
    left -= POLL / MINUTE;
    recipe = chapter.recipe ?? recipe;
    for (let i = 0; i < (chapter.pieces ?? 0); i++) {
      made.total++;
      made.since++;
      if (made.since >= (chapter.rejectEvery ?? 1e9)) made.since = 0;
      else made.good++;
    }
    if (chapter.status === null) return null;
    const { status, reason = 0 } = chapter;
    return { status, reason, total: made.total, good: made.good, recipe, oilTemp: 400 + index };
  };
}

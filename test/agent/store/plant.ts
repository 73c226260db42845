/** Inputs, facts and records for tests of the store; nothing here means anything to the accounting. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CountFact, Fact, IntervalFact } from "../../../agent/core/fact.ts";
import type { CycleInput, Input } from "../../../agent/core/input.ts";
import type { Commit, RecordRow, StoreOptions } from "../../../agent/store/port.ts";

/** 2026-11-23T06:00:00Z */
export const START = Date.UTC(2026, 10, 23, 6);
const DAY_MS = 86_400_000;

/** A folder of its own, and the call that removes it. */
export function temporary(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "uptime-store-"));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export const optionsFor = (folder: string, more: Partial<StoreOptions> = {}): StoreOptions => ({
  path: join(folder, "data", "agent.db"),
  maxBytes: 64 * 1024 * 1024,
  rawMaxBytes: 64 * 1024 * 1024,
  rawKeepMs: 30 * DAY_MS,
  aggregatesKeepMs: 90 * DAY_MS,
  journalKeepMs: 400 * DAY_MS,
  whenFull: "drop-oldest-acknowledged",
  now: START,
  ...more,
});

export const cycle = (at: number, values: CycleInput["values"]): CycleInput => ({
  kind: "cycle",
  at,
  asset: "press-01",
  source: "main",
  values,
  bad: {},
  failure: null,
});

export const plan = (at: number, why: string): Input => ({
  kind: "plan",
  at,
  asset: "press-01",
  from: at + 1000,
  to: at + 2000,
  schedule: "no-demand",
  by: "planner",
  why,
});

export const interval = (from: number, to: number, asset = "press-01"): IntervalFact => ({
  kind: "interval",
  asset,
  from,
  to,
  condition: "unknown",
  cause: "link-down",
  schedule: "scheduled",
  attribution: "none",
  recipe: "a7",
  idealCycleUs: 1_200_000,
  reason: null,
  rule: 2,
  stop: "none",
  stopPrime: "micro",
  stopFrom: null,
  edgeFrom: from - 1000,
});

export const count = (at: number, total: number): CountFact => ({
  kind: "count",
  asset: "press-01",
  at,
  recipe: "a7",
  idealCycleUs: null,
  place: "loading",
  total,
  good: total,
  reject: 0,
});

export const record = (seq: number, more: Partial<RecordRow> = {}): RecordRow => ({
  seq,
  topic: "uptime1/acme/ulm/press/l1/press-01/state",
  payload: `{"seq":${seq}}`,
  retain: true,
  class: "state",
  asset: "press-01",
  at: START + seq,
  keep: false,
  ...more,
});

export const commitOf = (at: number, more: Partial<Commit> = {}): Commit => ({
  at,
  facts: [] as Fact[],
  records: [],
  heads: {},
  ...more,
});

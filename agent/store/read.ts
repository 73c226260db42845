/**
 * Reads a store from another process or thread while the agent runs: the journal, the records and their sizes.
 * Opens read-only and pages with LIMIT, because a reader that keeps a statement open stops the checkpoints.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { AggregateFact, CountFact, IntervalFact, WindowBody } from "../core/fact.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import type { Heads } from "./head.ts";
import { pathsOf } from "./paths.ts";
import type { Gap, OutboxStats, PublishedKey, Sizes } from "./port.ts";
import { readGaps, readHeads, readKeys, readProgress, readSnapshot } from "./progress.ts";
import { pinDays, pinName, segmentDays, segmentName } from "./raw-reader.ts";
import { readAggregates, readCounts, readIntervals } from "./read-journal.ts";
import { type Db, openReadOnly } from "./sqlite.ts";
import { fromTaggedJson } from "./tagged-json.ts";
import { openWords, type Words } from "./words.ts";

/** A window of the journal. */
export interface StoredWindow {
  asset: string;
  /** Logical instant it was made. */
  time: Millis;
  configHash: string;
  body: WindowBody;
}

/** A record of the outbox: waiting, set aside, or kept as evidence. */
export interface StoredRecord {
  seq: number;
  at: Millis;
  class: string;
  asset: string | null;
  topic: string;
  payload: string;
  state: "waiting" | "parked" | "delivered";
  note: string | null;
}

export interface Reader {
  /** Intervals that touch `[from, to)`, in order, not clipped. */
  intervals(asset: string, from: Millis, to: Millis): Generator<IntervalFact>;
  /** Counts booked in `[from, to)`, in order. */
  counts(asset: string, from: Millis, to: Millis): Generator<CountFact>;
  /** Minutes of condition channels that begin in `[from, to)`, by minute, then point. */
  aggregates(asset: string, from: Millis, to: Millis): AggregateFact[];
  /** The latest revision of each window of a kind (`period:{contract}` for a contract's) that begins in `[from, to)`, by begin. */
  windows(asset: string, kind: string, from: Millis, to: Millis): StoredWindow[];
  /** Inputs that are neither cycles nor ticks, with `at` in `[from, to)`, in the order in which they entered the core. */
  inputs(from: Millis, to: Millis): Generator<Input>;
  /** Records with `seq` above `afterSeq`, ascending. */
  records(afterSeq: number, limit: number): StoredRecord[];
  /** The same, of those that stay as evidence. */
  evidence(afterSeq: number, limit: number): StoredRecord[];
  /** Runs `work` on one state of the store, whatever is committed meanwhile. Keep it short: checkpoints wait. */
  frozen<T>(work: () => T): T;
  outbox(): OutboxStats;
  gaps(): Gap[];
  heads(): Heads;
  /** Public keys that signed its records, oldest first. */
  keys(): PublishedKey[];
  /** The first record number not yet used. */
  nextSeq(): number;
  /** UTC of the last commit, null before the first. */
  lastCommitAt(): Millis | null;
  snapshot(): string | null;
  sizes(): Sizes;
  close(): void;
}

const PAGE = 1000;
const STATES = ["waiting", "parked", "delivered"] as const;

/** Throws Fault STORE_UNWRITABLE when there is no store, and the SQLite error when it cannot be read. */
export function openReader(path: string): Reader {
  const db = openReadOnly(path);
  const words = openWords(db);
  return {
    intervals: (asset, from, to) => readIntervals(db, words, asset, from, to),
    counts: (asset, from, to) => readCounts(db, words, asset, from, to),
    aggregates: (asset, from, to) => readAggregates(db, words, asset, from, to),
    windows: (asset, kind, from, to) => windows(db, words, asset, kind, from, to),
    inputs: (from, to) => inputs(db, from, to),
    records: (afterSeq, limit) => records(db, words, afterSeq, limit, 0),
    evidence: (afterSeq, limit) => records(db, words, afterSeq, limit, 1),
    frozen: (work) => db.transaction(work)(),
    outbox: () => outbox(db),
    gaps: () => readGaps(db, words, 0, Number.MAX_SAFE_INTEGER),
    heads: () => readHeads(db, words),
    keys: () => readKeys(db),
    nextSeq: () => readProgress(db)?.nextSeq ?? 1,
    lastCommitAt: () => lastCommitAt(db),
    snapshot: () => readSnapshot(db).text,
    sizes: () => sizes(path),
    close: () => {
      db.close();
    },
  };
}

function windows(
  db: Db,
  words: Words,
  asset: string,
  kind: string,
  from: Millis,
  to: Millis,
): StoredWindow[] {
  const rows = db
    .prepare(
      `SELECT time_ms, config, body, max(revision) FROM windows
       WHERE from_ms >= ? AND from_ms < ? AND kind = ? AND asset = ? GROUP BY from_ms ORDER BY from_ms`,
    )
    .all(from, to, words.find(kind), words.find(asset)) as {
    time_ms: number;
    config: number;
    body: string;
  }[];
  return rows.map((row) => ({
    asset,
    time: row.time_ms,
    configHash: words.word(row.config),
    body: JSON.parse(row.body) as WindowBody,
  }));
}

function* inputs(db: Db, from: Millis, to: Millis): Generator<Input> {
  const page = db.prepare(
    `SELECT n, json FROM inputs WHERE n > ? AND at_ms >= ? AND at_ms < ? ORDER BY n LIMIT ${PAGE}`,
  );
  const next = (after: number) => page.all(after, from, to) as { n: number; json: string }[];
  for (let rows = next(0); rows.length > 0; rows = next(rows.at(-1)?.n ?? 0)) {
    for (const row of rows) yield fromTaggedJson(row.json) as Input;
  }
}

/** `keep` 1: evidence only. */
function records(
  db: Db,
  words: Words,
  afterSeq: number,
  limit: number,
  keep: 0 | 1,
): StoredRecord[] {
  const rows = db
    .prepare(
      `SELECT seq, at_ms, class, asset, topic, payload, state, note
       FROM records WHERE seq > ? AND keep >= ? ORDER BY seq LIMIT ?`,
    )
    .all(afterSeq, keep, limit) as {
    seq: number;
    at_ms: number;
    class: number;
    asset: number | null;
    topic: string;
    payload: string;
    state: 0 | 1 | 2;
    note: string | null;
  }[];
  return rows.map((row) => ({
    seq: row.seq,
    at: row.at_ms,
    class: words.word(row.class),
    asset: row.asset === null ? null : words.word(row.asset),
    topic: row.topic,
    payload: row.payload,
    state: STATES[row.state],
    note: row.note,
  }));
}

function outbox(db: Db): OutboxStats {
  const settled = readProgress(db)?.settledSeq ?? 0;
  return db
    .prepare(
      `SELECT count(*) AS depth, min(at_ms) AS oldestAt, (SELECT count(*) FROM records WHERE state = 1) AS parked
       FROM records WHERE seq > ? AND state = 0`,
    )
    .get(settled) as OutboxStats;
}

function lastCommitAt(db: Db): Millis | null {
  const progress = readProgress(db);
  return progress && progress.commit > 0 ? progress.at : null;
}

function sizes(path: string): Sizes {
  const { database, raw } = pathsOf(path);
  const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const names = [...segmentDays(raw).map(segmentName), ...pinDays(raw).map(pinName)];
  const segments = names.map((name) => sizeOf(join(raw, name)));
  return {
    database: sizeOf(database),
    wal: sizeOf(`${database}-wal`),
    raw: segments.reduce((sum, size) => sum + size, 0),
  };
}

/**
 * Begins a store with what another one knew: journal, evidence, undelivered records, heads and the state of the core.
 * Refuses a place where a store is. Aggregates and raw stay with the gateway that took them.
 */
import { existsSync } from "node:fs";
import type { CountFact, IntervalFact } from "../core/fact.ts";
import { Fault } from "../core/fault.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { makeFolder, systemDisk } from "./disk.ts";
import type { Heads } from "./head.ts";
import { pathsOf } from "./paths.ts";
import type { PublishedKey, RecordRow } from "./port.ts";
import { putKey, putProgress, putSnapshot } from "./progress.ts";
import type { StoredWindow } from "./read.ts";
import { openTables, type Tables } from "./tables.ts";

export interface Seed {
  /** Of the last commit there. */
  at: Millis;
  inputs: Iterable<Input>;
  windows: Iterable<StoredWindow>;
  intervals: Iterable<IntervalFact>;
  counts: Iterable<CountFact>;
  /** By number. `delivered` ones are kept as evidence, the others wait. */
  records: (RecordRow & { delivered: boolean })[];
  heads: Heads;
  keys: PublishedKey[];
  snapshot: string;
  nextSeq: number;
}

/** One transaction. Throws Fault STORE_UNWRITABLE where there is a store. */
export function seedStore(path: string, maxBytes: number, seed: Seed): void {
  const { folder, database } = pathsOf(path);
  if (existsSync(database))
    throw new Fault("STORE_UNWRITABLE", `${path} is a store already`, { path });
  makeFolder(folder);
  const tables = openTables(systemDisk, database, maxBytes, new Set());
  try {
    tables.db.transaction(() => write(tables, seed))();
  } finally {
    tables.db.close();
  }
}

function write({ db, words, journal, outbox }: Tables, seed: Seed): void {
  for (const input of seed.inputs) journal.input(input);
  for (const fact of seed.intervals) journal.fact(fact);
  for (const fact of seed.counts) journal.fact(fact);
  for (const window of seed.windows) journal.fact({ kind: "record", class: "window", ...window });
  const delivered = db.prepare("UPDATE records SET state = 2 WHERE seq = ?");
  for (const { delivered: isDelivered, ...record } of seed.records) {
    outbox.add(record);
    if (isDelivered) delivered.run(record.seq);
  }
  for (const [chain, head] of Object.entries(seed.heads)) journal.head(chain, head);
  for (const key of seed.keys) putKey(db, key);
  const { at, nextSeq, snapshot } = seed;
  const waiting = seed.records.find((record) => !record.delivered);
  const settledSeq = (waiting?.seq ?? nextSeq) - 1;
  const progress = { commit: 1, at, nextSeq, settledSeq, raw: { day: 0, offset: 0 } };
  putProgress(db, progress);
  putSnapshot(db, progress, snapshot);
  words.reload();
}

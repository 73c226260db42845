/** The open database and the transactions that keep a commit. Decides nothing about trouble: errors go through. */
import type { Input } from "../core/input.ts";
import type { Disk } from "./disk.ts";
import { type Journal, openJournal } from "./facts.ts";
import { type Outbox, openOutbox } from "./outbox.ts";
import type { Commit, Gap, PublishedKey, RawPosition } from "./port.ts";
import {
  type Progress,
  putGap,
  putKey,
  putProgress,
  putSnapshot,
  readProgress,
} from "./progress.ts";
import { type Db, openDatabase } from "./sqlite.ts";
import { openWords, type Words } from "./words.ts";

export interface Tables {
  db: Db;
  disk: Disk;
  words: Words;
  journal: Journal;
  outbox: Outbox;
}

/** What one transaction makes durable. */
export interface Step {
  commit: Commit;
  inputs: Input[];
  raw: RawPosition;
  /** `n` 0: new. */
  gaps: Gap[];
}

/** `acknowledged` outlives the tables, which are opened again after trouble. */
export function openTables(
  disk: Disk,
  path: string,
  maxBytes: number,
  acknowledged: Set<number>,
  key?: PublishedKey,
): Tables {
  const db = openDatabase(path, maxBytes);
  try {
    if (key) putKey(db, key);
    const words = openWords(db);
    const outbox = openOutbox(db, words, acknowledged);
    return { db, disk, words, outbox, journal: openJournal(db, words) };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** The core starts from its initial state, at a place in raw. */
export function begin({ db }: Tables, progress: Progress): void {
  db.transaction(() => {
    putProgress(db, progress);
    putSnapshot(db, progress, null);
  })();
}

/** One transaction for everything in `step`; returns the gaps with their numbers. */
export function keep(
  tables: Tables,
  step: Step,
  last: Progress,
): { progress: Progress; gaps: Gap[] } {
  tables.disk.step("begin");
  const done = transact(tables, () => {
    const made = write(tables, step, last);
    tables.disk.step("commit");
    return made;
  });
  tables.disk.step("committed");
  return done;
}

/** Writes the acknowledgments without a commit. */
export function settle(tables: Tables): Progress {
  return transact(tables, () => {
    const last = readProgress(tables.db) as Progress;
    const next = { ...last, settledSeq: tables.outbox.flush(last.nextSeq) };
    putProgress(tables.db, next);
    return next;
  });
}

function transact<T>({ db, outbox }: Tables, work: () => T): T {
  let committed = false;
  try {
    const result = db.transaction(work)();
    committed = true;
    return result;
  } finally {
    outbox.ended(committed);
  }
}

function write(tables: Tables, step: Step, last: Progress): { progress: Progress; gaps: Gap[] } {
  const { db, words, journal, outbox } = tables;
  const { at, facts, records, heads, snapshot } = step.commit;
  for (const input of step.inputs) journal.input(input);
  for (const fact of facts) journal.fact(fact);
  for (const record of records) outbox.add(record);
  for (const [chain, head] of Object.entries(heads)) journal.head(chain, head);
  const gaps = step.gaps.map((gap) => putGap(db, words, gap, at));
  const nextSeq = Math.max(last.nextSeq, (records.at(-1)?.seq ?? 0) + 1);
  const settledSeq = outbox.flush(nextSeq);
  const progress = { commit: last.commit + 1, at, nextSeq, settledSeq, raw: step.raw };
  putProgress(db, progress);
  if (snapshot !== undefined) putSnapshot(db, progress, snapshot);
  return { progress, gaps };
}

/** The single rows that say where a store stands: progress, snapshot, chain heads, and the numbered gaps. */
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { Millis } from "../core/time.ts";
import type { Head, Heads } from "./head.ts";
import type { Gap, PublishedKey, RawPosition } from "./port.ts";
import type { Db } from "./sqlite.ts";
import type { Words } from "./words.ts";

/** What is committed. */
export interface Progress {
  /** Number of the last commit, 0 before the first. */
  commit: number;
  at: Millis;
  /** The first record number not yet used. */
  nextSeq: number;
  /** Every record up to this one is acknowledged or parked. */
  settledSeq: number;
  raw: RawPosition;
}

export interface Snapshot {
  /** null: the initial state of the core. */
  text: string | null;
  /** Where in raw its future begins. */
  raw: RawPosition;
}

/** null in a store that was just created. */
export function readProgress(db: Db): Progress | null {
  const row = db.prepare("SELECT * FROM progress").get() as Record<string, number> | undefined;
  if (!row) return null;
  const {
    commit_no = 0,
    at_ms = 0,
    next_seq = 1,
    settled_seq = 0,
    raw_day = 0,
    raw_offset = 0,
  } = row;
  return {
    commit: commit_no,
    at: at_ms,
    nextSeq: next_seq,
    settledSeq: settled_seq,
    raw: { day: raw_day, offset: raw_offset },
  };
}

export function putProgress(db: Db, { commit, at, nextSeq, settledSeq, raw }: Progress): void {
  db.prepare("INSERT OR REPLACE INTO progress VALUES (1, ?, ?, ?, ?, ?, ?)").run(
    ...[commit, at, nextSeq, settledSeq, raw.day, raw.offset],
  );
}

export function readSnapshot(db: Db): Snapshot {
  const row = db.prepare("SELECT body, raw_day, raw_offset FROM snapshot").get() as {
    body: Buffer;
    raw_day: number;
    raw_offset: number;
  };
  const text = row.body.length === 0 ? null : inflateRawSync(row.body).toString();
  return { text, raw: { day: row.raw_day, offset: row.raw_offset } };
}

/** Belongs to the commit of `progress`; null is the initial state. */
export function putSnapshot(db: Db, { commit, at, raw }: Progress, text: string | null): void {
  const body = text === null ? Buffer.alloc(0) : deflateRawSync(text);
  const sql = "INSERT OR REPLACE INTO snapshot VALUES (1, ?, ?, ?, ?, ?)";
  db.prepare(sql).run(commit, at, raw.day, raw.offset, body);
}

export function readHeads(db: Db, words: Pick<Words, "word">): Heads {
  const rows = db.prepare("SELECT asset, hash, seq FROM heads").all() as ({
    asset: number;
  } & Head)[];
  return Object.fromEntries(rows.map(({ asset, hash, seq }) => [words.word(asset), { hash, seq }]));
}

/** In the order in which they came to sign. */
export const readKeys = (db: Db): PublishedKey[] =>
  db.prepare("SELECT id, public_key AS publicKey FROM keys ORDER BY n").all() as PublishedKey[];

export function putKey(db: Db, { id, publicKey }: PublishedKey): void {
  db.prepare("INSERT OR IGNORE INTO keys SELECT ?, count(*), ? FROM keys").run(id, publicKey);
}

/** Adds a gap (`n` 0) or lets a numbered one grow; returns it with its number. */
export function putGap(db: Db, words: Words, gap: Gap, at: Millis): Gap {
  const { from, to, rows } = gap;
  if (gap.n > 0) {
    const sql = "UPDATE gaps SET at_ms = ?, from_ms = ?, to_ms = ?, rows = ? WHERE n = ?";
    db.prepare(sql).run(at, from, to, rows, gap.n);
    return gap;
  }
  const sql = "INSERT INTO gaps (at_ms, what, from_ms, to_ms, rows, why) VALUES (?, ?, ?, ?, ?, ?)";
  const { lastInsertRowid } = db
    .prepare(sql)
    .run(at, words.id(gap.what), from, to, rows, words.id(gap.why));
  return { ...gap, n: Number(lastInsertRowid) };
}

/** The gaps that were made or grew in `[from, to)`, in order of number. */
export function readGaps(db: Db, words: Pick<Words, "word">, from: Millis, to: Millis): Gap[] {
  const rows = db
    .prepare("SELECT * FROM gaps WHERE at_ms >= ? AND at_ms < ? ORDER BY n")
    .all(from, to) as GapRow[];
  return rows.map((row) => ({
    n: row.n,
    what: words.word(row.what) as Gap["what"],
    from: row.from_ms,
    to: row.to_ms,
    rows: row.rows,
    why: words.word(row.why) as Gap["why"],
  }));
}

interface GapRow {
  n: number;
  what: number;
  from_ms: number;
  to_ms: number;
  rows: number;
  why: number;
}

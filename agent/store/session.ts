/**
 * Opens a store as one unit: lock, database, raw log, lease. Sets a damaged database aside and begins a new one,
 * finds out what was lost, and cuts raw back to what is committed.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { dropBallast, keepBallast } from "./ballast.ts";
import { type Disk, makeFolder } from "./disk.ts";
import { type Lease, readLease } from "./lease.ts";
import { type Paths, pathsOf } from "./paths.ts";
import type { Gap, RawPosition, StoreOptions } from "./port.ts";
import {
  type Progress,
  putProgress,
  readHeads,
  readProgress,
  readSnapshot,
  type Snapshot,
} from "./progress.ts";
import { copyAside, quarantine } from "./quarantine.ts";
import { alignRaw, openRawLog, type RawLog } from "./raw-log.ts";
import { readBlocks, segmentDays, segmentName } from "./raw-reader.ts";
import { lock, troubleOf } from "./sqlite.ts";
import { begin, openTables, type Tables } from "./tables.ts";

export interface Session {
  options: StoreOptions;
  paths: Paths;
  disk: Disk;
  lock: { release(): void };
  lease: Lease;
  raw: RawLog;
  /** null after trouble, until it can be opened again. */
  tables: Tables | null;
  /** What is committed, as last read or written. */
  progress: Progress;
  /** Losses the next commit will number. */
  losses: Gap[];
  /** The loss of raw that goes on. */
  rawGap: Gap | null;
  /** The database was begun anew and waits for a snapshot. */
  stateLost: boolean;
  /** Acknowledged records that no commit has settled yet. */
  acknowledged: Set<number>;
  /** When retention last ran. */
  tidiedAt: Millis;
  /** What retention left of the journal begins here; null before its first step. */
  journalFrom: Millis | null;
}

/** What {@link openSession} found, for the main thread. */
export interface Opened {
  firstStart: boolean;
  snapshot: Snapshot;
  progress: Progress;
  heads: Record<string, string>;
  quarantined: string | null;
  lost: string | null;
}

/** Throws Fault STORE_UNWRITABLE, STORE_BUSY or STORE_IO. */
export function openSession(
  disk: Disk,
  options: StoreOptions,
): { session: Session; opened: Opened } {
  const paths = pathsOf(options.path);
  const held = claim(paths);
  try {
    return openClaimed(disk, options, paths, held);
  } catch (error) {
    held.release();
    throw asFault(error, paths.database);
  }
}

function claim(paths: Paths): { release(): void } {
  try {
    makeFolder(paths.folder);
    makeFolder(paths.raw);
    return lock(paths.lock);
  } catch (error) {
    if (error instanceof Fault) throw error;
    const why = (error as Error).message;
    throw new Fault("STORE_UNWRITABLE", `${paths.folder}: ${why}`, { path: paths.folder }, error);
  }
}

const isDenied = (error: unknown): boolean =>
  /EACCES|EROFS|EPERM|READONLY|CANTOPEN/.test((error as { code?: string }).code ?? "");

function asFault(error: unknown, path: string): unknown {
  const isTrouble = troubleOf(error) ?? (error as NodeJS.ErrnoException).syscall;
  if (error instanceof Fault || !isTrouble) return error;
  const code = isDenied(error) ? "STORE_UNWRITABLE" : "STORE_IO";
  return new Fault(code, `${path}: ${(error as Error).message}`, { path }, error);
}

function openClaimed(
  disk: Disk,
  options: StoreOptions,
  paths: Paths,
  held: { release(): void },
): { session: Session; opened: Opened } {
  const isNew = !existsSync(paths.database);
  const lease = readLease(paths.lease);
  const hadRaw = segmentDays(paths.raw).length > 0;
  const acknowledged = new Set<number>();
  const { tables, quarantined } = openOrSetAside(disk, options, acknowledged);
  const raw = openRawLog(disk, paths.raw);
  try {
    const known = readProgress(tables.db);
    const firstStart = known === null && isNew && !hadRaw && lease.upTo === 0 && !lease.damaged;
    if (!known) begin(tables, beginning(paths, lease, options.now, firstStart));
    const lost = known
      ? reconcile(tables, paths, lease, options.now)
      : missing(firstStart, quarantined);
    const progress = readProgress(tables.db) as Progress;
    alignRaw(raw, progress.raw);
    keepBallast(disk, paths.ballast);
    const opened: Opened = {
      firstStart,
      snapshot: readSnapshot(tables.db),
      progress,
      heads: readHeads(tables.db, tables.words),
      quarantined,
      lost,
    };
    const session: Session = {
      ...{ options, paths, disk, lock: held, lease, raw, tables, progress },
      ...{
        losses: [],
        rawGap: null,
        stateLost: false,
        acknowledged,
        tidiedAt: 0,
        journalFrom: null,
      },
    };
    return { session, opened };
  } catch (error) {
    tables.db.close();
    throw error;
  }
}

function openOrSetAside(
  disk: Disk,
  { path, maxBytes, now }: StoreOptions,
  acknowledged: Set<number>,
): { tables: Tables; quarantined: string | null } {
  const open = (): Tables => openTables(disk, path, maxBytes, acknowledged);
  try {
    return { tables: open(), quarantined: null };
  } catch (error) {
    if (troubleOf(error) === "full" && dropBallast(disk, pathsOf(path).ballast)) {
      return { tables: open(), quarantined: null };
    }
    const isDamaged = error instanceof Fault && error.code === "STORE_DAMAGED";
    if (!isDamaged && troubleOf(error) !== "damaged") throw error;
    const quarantined = quarantine(path, now);
    return { tables: open(), quarantined };
  }
}

/** The open tables. After trouble they are opened again, and asked what is committed. */
export function tablesOf(session: Session): Tables {
  if (session.tables) return session.tables;
  const { disk, options, acknowledged } = session;
  const tables = openTables(disk, options.path, options.maxBytes, acknowledged);
  session.tables = tables;
  const progress = readProgress(tables.db);
  if (progress) {
    session.progress = progress;
  } else {
    begin(tables, session.progress);
    session.stateLost = true;
  }
  return tables;
}

export function closeTables(session: Session): void {
  const { tables } = session;
  session.tables = null;
  tables?.db.close();
}

const missing = (firstStart: boolean, quarantined: string | null): string | null =>
  firstStart || quarantined !== null ? null : "the database is gone or empty; a new one was begun";

/** The first progress of a new database. Without a readable lease the clock gives a seq beyond any that was used. */
function beginning(paths: Paths, lease: Lease, now: Millis, firstStart: boolean): Progress {
  const beyond = lease.upTo > 0 ? lease.upTo : Math.floor(now / 1000);
  const nextSeq = firstStart ? 1 : beyond + 1;
  return { commit: 0, at: now, nextSeq, settledSeq: nextSeq - 1, raw: wholeEnd(paths.raw) };
}

/** Behind the last whole block of all segments. */
function wholeEnd(folder: string): RawPosition {
  const day = segmentDays(folder).at(-1);
  if (day === undefined) return { day: 0, offset: 0 };
  let offset = 0;
  for (const { block } of readBlocks(folder, { from: { day, offset: 0 } })) {
    if (block) offset = block.end;
  }
  return { day, offset };
}

/** Compares the database with raw; repairs what has to be and says what was lost. */
function reconcile(tables: Tables, paths: Paths, lease: Lease, now: Millis): string | null {
  const progress = readProgress(tables.db) as Progress;
  const beyond = { ...progress, nextSeq: Math.max(progress.nextSeq, lease.upTo + 1) };
  const lost = lostCommits(paths, progress);
  if (lost > 0) {
    for (const day of segmentDays(paths.raw)) {
      if (day >= progress.raw.day) copyAside(join(paths.raw, segmentName(day)), now);
    }
    putProgress(tables.db, beyond);
  }
  if (!isReadable(paths.raw, readSnapshot(tables.db).raw, progress.raw)) {
    begin(tables, { ...beyond, raw: wholeEnd(paths.raw) });
    return "the raw log since the last snapshot cannot be read; the state of the accounting is lost";
  }
  return lost > 0 ? `at least ${lost} commits are gone from the database` : null;
}

/** Raw is written before the database, so one block more is a crash between the two, and more is lost commits. */
function lostCommits(paths: Paths, { raw, commit }: Progress): number {
  let last = commit;
  for (const { block } of readBlocks(paths.raw, { from: raw })) {
    if (block) last = Math.max(last, block.commit);
  }
  return Math.max(0, last - commit - 1);
}

/** Every byte from a fresh block at `from` up to `to` can be unpacked. */
function isReadable(folder: string, from: RawPosition, to: RawPosition): boolean {
  let end = from;
  let isFirst = true;
  for (const { day, offset, block } of readBlocks(folder, { from, to })) {
    if (!block || (isFirst && !block.fresh)) return false;
    if (day === end.day ? offset !== end.offset : offset !== 0 || !block.fresh) return false;
    isFirst = false;
    end = { day, offset: block.end };
  }
  return end.day === to.day && end.offset === to.offset;
}

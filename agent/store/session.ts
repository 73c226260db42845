/**
 * Opens a store as one unit: lock, database, raw log, lease. Sets a damaged database aside and begins a new one,
 * finds out what was lost, and cuts raw behind the last input that can be believed.
 */
import { existsSync } from "node:fs";
import { Fault, type FaultCode } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { dropBallast, keepBallast } from "./ballast.ts";
import { readTails, soundHeads } from "./chains.ts";
import { type Disk, makeFolder } from "./disk.ts";
import type { Heads, Tail } from "./head.ts";
import { type Lease, readLease } from "./lease.ts";
import { type Paths, pathsOf } from "./paths.ts";
import type { Pinning } from "./pin.ts";
import type { Gap, RawPosition, StoreOptions } from "./port.ts";
import { type Progress, readHeads, readProgress, readSnapshot, type Snapshot } from "./progress.ts";
import { quarantine } from "./quarantine.ts";
import { alignRaw, openRawLog, type RawLog, syncRaw } from "./raw-log.ts";
import { compare, segmentDays } from "./raw-reader.ts";
import { beginning, missing, reconcile, writtenAhead } from "./reconcile.ts";
import type { CommitRequest, RawOutcome } from "./request.ts";
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
  /** Chain heads, as last read or written; compared with the table before a commit adds to a chain. */
  heads: Heads;
  /** End of the raw this start fed to the core beyond what is committed; null once a commit covers it. */
  recovered: RawPosition | null;
  /** Losses the next commit will number. */
  losses: Gap[];
  /** The loss of raw that goes on. */
  rawGap: Gap | null;
  /** The last attempt failed and may be durable all the same. */
  uncertain: { number: number; request: CommitRequest; raw: RawOutcome } | null;
  /** Why the last commit was refused; null when none was. */
  trouble: FaultCode | null;
  /** When a commit last opened the tables after trouble. */
  reopenedAt: Millis;
  /** The database was begun anew and waits for a snapshot. */
  stateLost: boolean;
  /** Acknowledged records that no commit has settled yet. */
  acknowledged: Set<number>;
  /** When retention last ran. */
  tidiedAt: Millis;
  /** A segment past its keeping time, of which a part is being kept. */
  pinning: Pinning | null;
  /** When the write-ahead log was last emptied, and whether its size was told. */
  checkpoint: { at: Millis | null; isTold: boolean };
  /** What retention left of the journal begins here; null before its first step. */
  journalFrom: Millis | null;
}

/** What {@link openSession} found, for the main thread. */
export interface Opened {
  firstStart: boolean;
  snapshot: Snapshot;
  progress: Progress;
  /** Inputs beyond `progress.raw` are whole up to here. */
  rawEnd: RawPosition;
  heads: Heads;
  tails: Tail[];
  beyond: number[];
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
    const snapshot = readSnapshot(tables.db);
    const rawEnd = lost ? progress.raw : writtenAhead(paths.raw, snapshot, progress);
    alignRaw(raw, rawEnd);
    // The process that wrote them cannot write them again if a later sync fails.
    if (compare(rawEnd, progress.raw) > 0) syncRaw(raw);
    keepBallast(disk, paths.ballast);
    const heads = readHeads(tables.db, tables.words);
    const tails = readTails(tables.db, heads);
    const opened: Opened = {
      firstStart,
      snapshot,
      progress,
      rawEnd,
      heads,
      ...tails,
      quarantined,
      lost,
    };
    const session: Session = {
      ...{ options, paths, disk, lock: held, lease, raw, tables, progress },
      heads: soundHeads(heads, tails.tails),
      ...{
        recovered: rawEnd,
        losses: (lost ?? quarantined) ? [lossAtStart(known, options.now)] : [],
        rawGap: null,
        uncertain: null,
        trouble: null,
        reopenedAt: Number.NEGATIVE_INFINITY,
        stateLost: false,
        acknowledged,
        tidiedAt: 0,
        pinning: null,
        checkpoint: { at: null, isTold: false },
        journalFrom: null,
      },
    };
    return { session, opened };
  } catch (error) {
    tables.db.close();
    throw error;
  }
}

/** What a start finds missing is a numbered gap like any other; the first commit records it. */
const lossAtStart = (known: Progress | null, now: Millis): Gap => ({
  n: 0,
  what: known ? "journal" : "store",
  from: known?.at ?? 0,
  to: now,
  rows: 0,
  why: "damaged",
});

function openOrSetAside(
  disk: Disk,
  { path, maxBytes, now, key }: StoreOptions,
  acknowledged: Set<number>,
): { tables: Tables; quarantined: string | null } {
  const open = (): Tables => openTables(disk, path, maxBytes, acknowledged, key);
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
  const tables = openTables(disk, options.path, options.maxBytes, acknowledged, options.key);
  session.tables = tables;
  const progress = readProgress(tables.db);
  if (progress) {
    session.progress = progress;
  } else {
    begin(tables, session.progress);
    session.stateLost = true;
    session.heads = {};
  }
  return tables;
}

export function closeTables(session: Session): void {
  const { tables } = session;
  session.tables = null;
  tables?.db.close();
}

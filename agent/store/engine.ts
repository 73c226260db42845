/**
 * The synchronous side of the store: one function per request of the port, run by `worker.ts` in a thread of its own
 * or directly in tests. Holds the session; knows nothing of threads.
 */
import { statSync } from "node:fs";
import type { History } from "../core/annotation/entered.ts";
import { Fault } from "../core/fault.ts";
import type { Span } from "../core/time.ts";
import { commit } from "./commit.ts";
import { writeAhead } from "./commit-raw.ts";
import type { Disk } from "./disk.ts";
import { readHistory } from "./history.ts";
import type { PackedBlock } from "./pack.ts";
import type { CommitResult, OutboxRow, OutboxStats, Sizes, StoreOptions } from "./port.ts";
import { closeRaw, rawSize } from "./raw-log.ts";
import type { CommitRequest } from "./request.ts";
import { abandonPin } from "./room.ts";
import { closeTables, type Opened, openSession, type Session, tablesOf } from "./session.ts";
import { troubleOf } from "./sqlite.ts";
import { settle } from "./tables.ts";

export interface Engine {
  open(options: StoreOptions): Opened;
  writeAhead(blocks: PackedBlock[]): boolean;
  commit(request: CommitRequest): CommitResult;
  take(afterSeq: number, limit: number): OutboxRow[];
  settle(seqs: number[]): void;
  park(seq: number, why: string): void;
  quarantine(seqs: number[], why: string): void;
  history(asset: string, span: Span): History;
  outbox(): OutboxStats;
  sizes(): Sizes;
  close(): void;
}

/** So many acknowledgments are not left to the next commit. */
const SETTLE_LIMIT = 500;

export function createEngine(disk: Disk): Engine {
  let current: Session | null = null;

  const session = (): Session => {
    if (!current) throw new Fault("INTERNAL", "the store is not open");
    return current;
  };

  /** Trouble of the database as a fault; the handle is given up. */
  function guard<T>(work: (open: Session) => T): T {
    const open = session();
    try {
      return work(open);
    } catch (error) {
      if (troubleOf(error) === null) throw error;
      closeTables(open);
      throw new Fault("STORE_IO", (error as Error).message, {}, error);
    }
  }

  return {
    open(options) {
      if (current) throw new Fault("INTERNAL", "the store is open already");
      const { session: made, opened } = openSession(disk, options);
      current = made;
      return opened;
    },
    writeAhead: (blocks) => writeAhead(session(), blocks),
    commit: (request) => commit(session(), request),
    take: (afterSeq, limit) => guard((open) => tablesOf(open).outbox.take(afterSeq, limit)),
    settle: (seqs) =>
      guard((open) => {
        const tables = tablesOf(open);
        const gathered = tables.outbox.settle(seqs);
        if (gathered >= SETTLE_LIMIT) open.progress = settle(tables);
      }),
    park: (seq, why) => guard((open) => tablesOf(open).outbox.park(seq, why)),
    history: (asset, span) =>
      guard((open) => {
        const { db, words } = tablesOf(open);
        return readHistory(db, words, asset, span);
      }),
    quarantine: (seqs, why) =>
      guard((open) => {
        const { db, outbox } = tablesOf(open);
        const mark = db.prepare("UPDATE records SET note = ? WHERE seq = ?");
        for (const seq of seqs) {
          // One that waits is damaged before it was sent.
          outbox.park(seq, why);
          mark.run(why, seq);
        }
      }),
    outbox: () => guard((open) => tablesOf(open).outbox.stats()),
    sizes() {
      const { paths, raw } = session();
      return {
        database: sizeOf(paths.database),
        wal: sizeOf(`${paths.database}-wal`),
        raw: rawSize(raw),
      };
    },
    close() {
      if (!current) return;
      const closing = current;
      current = null;
      release(closing);
    },
  };
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** Settles what was acknowledged, empties the write-ahead log, cuts raw behind its end. */
function release(session: Session): void {
  abandonPin(session);
  attempt(() => {
    if (session.acknowledged.size > 0) settle(tablesOf(session));
  });
  attempt(() => closeRaw(session.raw));
  closeTables(session);
  session.lock.release();
}

/** Trouble of the disk is left to the next start. */
function attempt(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (troubleOf(error) === null && (error as NodeJS.ErrnoException).syscall === undefined)
      throw error;
  }
}

/**
 * One commit: raw first, then the lease, then the transaction that refers to both. Trouble comes back as a result;
 * after an error of unknown outcome the database is opened again and asked. Only defects are thrown.
 */
import { statfsSync } from "node:fs";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { dropBallast } from "./ballast.ts";
import { disagreements } from "./chains.ts";
import { checkpoint } from "./checkpoint.ts";
import { diskFault, writeRaw } from "./commit-raw.ts";
import { MINUTE_MS } from "./facts.ts";
import type { Disagreement } from "./head.ts";
import { extendLease } from "./lease.ts";
import type { Commit, CommitResult, Gap } from "./port.ts";
import { readGaps } from "./progress.ts";
import { quarantine } from "./quarantine.ts";
import { type CommitRequest, type RawOutcome, without } from "./request.ts";
import { dropRaw, makeRoom, pinOn, retain } from "./room.ts";
import { closeTables, type Session, tablesOf } from "./session.ts";
import { troubleOf } from "./sqlite.ts";
import { keep, settle, type Tables } from "./tables.ts";

/** Attempts of a transaction whose failure does not name a cure. */
const ATTEMPTS = 2;
/** Below this the disk is full, not the quota reached. */
const SPARE_BYTES = 2 * 1024 * 1024;
const REOPEN_MS = 10_000;

export function commit(session: Session, wanted: CommitRequest): CommitResult {
  const { at } = wanted.commit;
  if (isResting(session, at)) return refusal(session, rest(session));
  const ready = persist(session, at, () => prepare(session, wanted));
  if (ready instanceof Fault) return refusal(session, ready);
  const { request, earlier } = ready;
  const raw = writeRaw(session, request);
  if (raw instanceof Fault) return { ok: false, fault: raw, snapshotNeeded: true };
  const unleased = leaseSeq(session, request.commit);
  if (unleased) return refusal(session, unleased);
  const disagreed = persist(session, at, () => disagreementsOf(session, request.commit));
  if (disagreed instanceof Fault) return refusal(session, disagreed);
  const number = session.progress.commit + 1;
  const saved = persist(session, at, () => transact(session, request, raw, number));
  if (saved instanceof Fault) {
    if (saved.code === "STORE_IO") session.uncertain = { number, request, raw };
    return refusal(session, saved);
  }
  concluded(session, raw, saved);
  session.trouble = null;
  const note = tidy(session, at);
  return {
    ok: true,
    gaps: [...earlier, ...saved],
    snapshotNeeded: raw.isOpen,
    ...(disagreed.length === 0 ? {} : { disagreed }),
    ...(note === null ? {} : { note }),
  };
}

function refusal(session: Session, fault: Fault): CommitResult {
  session.trouble = fault.code;
  return { ok: false, fault, snapshotNeeded: session.rawGap !== null || session.stateLost };
}

/** Runs `work` until it succeeds or its trouble has no cure. */
function persist<T>(session: Session, at: Millis, work: () => T): T | Fault {
  for (let attempt = 1; ; ) {
    let fault: Fault | null;
    try {
      return work();
    } catch (error) {
      fault = cure(session, error, at);
    }
    if (fault === null) continue;
    if (fault.code !== "STORE_IO" || attempt >= ATTEMPTS) return fault;
    attempt += 1;
  }
}

/**
 * The request with the tables open. If the outcome of the attempt before was unknown it is known now, and what
 * was stored after all is left out, its gaps returned.
 */
function prepare(
  session: Session,
  request: CommitRequest,
): { request: CommitRequest; earlier: Gap[] } {
  const tables = reopened(session, request.commit.at);
  const { uncertain } = session;
  session.uncertain = null;
  if (session.progress.commit !== uncertain?.number) return { request, earlier: [] };
  const { at, heads } = uncertain.request.commit;
  session.heads = { ...session.heads, ...heads };
  const earlier = readGaps(tables.db, tables.words, at, at + 1);
  concluded(session, uncertain.raw, earlier);
  return { request: without(request, uncertain.request), earlier };
}

/** Opening takes memory until the process ends (docs/decisions/0006-held-statements.md), so not with every commit. */
const isResting = ({ tables, reopenedAt }: Session, at: Millis): boolean =>
  !tables && Math.abs(at - reopenedAt) < REOPEN_MS;

/** The trouble is still the one that closed it: a disk that is full stays called so. */
const rest = ({ trouble }: Session): Fault =>
  new Fault(trouble ?? "STORE_IO", "the database failed a moment ago and is opened again soon");

function reopened(session: Session, at: Millis): Tables {
  if (isResting(session, at)) throw new Fault("STORE_IO", rest(session).message);
  if (!session.tables) session.reopenedAt = at;
  return tablesOf(session);
}

function concluded(session: Session, raw: RawOutcome, saved: Gap[]): void {
  session.losses = [];
  session.recovered = null;
  const grown = saved.find(({ what, to }) => what === "raw" && to === raw.gap?.to);
  session.rawGap = raw.isOpen ? (grown ?? session.rawGap) : null;
}

function disagreementsOf(session: Session, wanted: Commit): Disagreement[] {
  const { db, words } = tablesOf(session);
  return disagreements(db, words, session.heads, wanted);
}

function leaseSeq(session: Session, { records }: Commit): Fault | null {
  for (;;) {
    try {
      extendLease(session.disk, session.lease, records.at(-1)?.seq ?? 0);
      return null;
    } catch (error) {
      const fault = diskFault(error);
      if (fault.code !== "STORE_FULL" || !giveWay(session)) return fault;
    }
  }
}

const giveWay = (session: Session): boolean =>
  dropBallast(session.disk, session.paths.ballast) || dropRaw(session, "disk-full");

/** The gaps with their numbers. */
function transact(
  session: Session,
  request: CommitRequest,
  raw: RawOutcome,
  number: number,
): Gap[] {
  const { commit, inputs } = request;
  const tables = tablesOf(session);
  // The attempt before ended in an error and was durable all the same.
  if (session.progress.commit === number) {
    session.heads = { ...session.heads, ...commit.heads };
    return readGaps(tables.db, tables.words, commit.at, commit.at + 1);
  }
  if (session.stateLost && commit.snapshot === undefined) {
    throw new Fault("STORE_IO", "the database was begun anew and waits for a snapshot");
  }
  const gaps = raw.gap ? [...session.losses, raw.gap] : session.losses;
  const done = keep(tables, { commit, inputs, raw: raw.end, gaps }, session.progress);
  session.progress = done.progress;
  session.heads = { ...session.heads, ...commit.heads };
  session.stateLost = false;
  return done.gaps;
}

/** What is done about an error of the transaction; null: try again. */
function cure(session: Session, error: unknown, at: Millis): Fault | null {
  const trouble = troubleOf(error);
  if (trouble === "damaged" || (error instanceof Fault && error.code === "STORE_DAMAGED")) {
    return setAside(session, error, at);
  }
  if (error instanceof Fault && error.code === "STORE_IO") return error;
  if (trouble === null) throw error;
  const { message } = error as Error;
  if (trouble === "defect") throw new Fault("INTERNAL", message, {}, error);
  if (trouble === "full") return gainRoom(session, error, at);
  // A handle is not to be trusted after an error of unknown outcome.
  closeTables(session);
  return new Fault("STORE_IO", message, {}, error);
}

function setAside(session: Session, error: unknown, at: Millis): Fault {
  closeTables(session);
  const path = quarantine(session.paths.database, at);
  session.stateLost = true;
  session.losses.push({ n: 0, what: "store", from: 0, to: at, rows: 0, why: "damaged" });
  return new Fault(
    "STORE_DAMAGED",
    `${(error as Error).message}; set aside as ${path}`,
    { path },
    error,
  );
}

function gainRoom(session: Session, error: unknown, at: Millis): Fault | null {
  const why = isDiskFull(session.paths.folder) ? "disk-full" : "quota";
  try {
    const tables = tablesOf(session);
    tables.words.reload();
    // What was delivered makes room before anything is given up.
    if (session.acknowledged.size > 0) {
      session.progress = settle(tables);
      return null;
    }
    if (makeRoom(session, tables, why, at)) return null;
  } catch (second) {
    if (troubleOf(second) === null) throw second;
    closeTables(session);
  }
  return new Fault("STORE_FULL", `nothing is left that may be given up (${why})`, { why }, error);
}

function isDiskFull(folder: string): boolean {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < SPARE_BYTES;
}

/**
 * Retention, a pin goes on with every commit, the rest at most once a minute; returns what the log should say.
 * Trouble here is left to the next commit, which meets it too.
 */
function tidy(session: Session, at: Millis): string | null {
  const isDue = Math.abs(at - session.tidiedAt) >= MINUTE_MS;
  if (isDue) session.tidiedAt = at;
  try {
    if (isDue) retain(session, tablesOf(session), at);
    pinOn(session);
    return isDue ? checkpoint(session, tablesOf(session), at) : null;
  } catch (error) {
    if (troubleOf(error) === null) diskFault(error);
    else closeTables(session);
    return null;
  }
}

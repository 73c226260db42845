/**
 * Makes room, in small steps: what is past its keeping time, and when the store is full the order of loss:
 * raw (where that helps), aggregates, acknowledged journal. Waiting records are never touched. Every row
 * given up before its time is reported as a loss.
 */
import type { Millis } from "../core/time.ts";
import { dropBallast, keepBallast } from "./ballast.ts";
import { MINUTE_MS } from "./facts.ts";
import { pinSegment } from "./pin.ts";
import type { Gap } from "./port.ts";
import { readSnapshot } from "./progress.ts";
import { DAY_MS, dayOf } from "./raw-format.ts";
import { dropOldestPin, oldestSegment, removeSegment, spanOf } from "./raw-log.ts";
import type { Session } from "./session.ts";
import type { Db } from "./sqlite.ts";
import type { Tables } from "./tables.ts";

const HOUR_MS = 60 * MINUTE_MS;

/** Frees something; false when there is nothing left that may go. Throws what SQLite throws. */
export function makeRoom(session: Session, tables: Tables, why: Gap["why"], at: Millis): boolean {
  const { disk, paths } = session;
  if (why === "disk-full" && (dropBallast(disk, paths.ballast) || dropRaw(session, why)))
    return true;
  const db = tables.db;
  const hour = oldest(db, "aggregates", "minute", MINUTE_MS);
  if (hour !== null) {
    const to = hour + HOUR_MS;
    const rows = dropAggregates(db, to);
    session.losses.push({ n: 0, what: "aggregates", from: hour, to, rows, why });
    return true;
  }
  if (session.options.whenFull === "stop-recording") return false;
  return dropOldestDay(session, tables, why, Math.min(lastFinalPeriod(tables), at));
}

function dropOldestDay(session: Session, tables: Tables, why: Gap["why"], end: Millis): boolean {
  let from = oldestOfJournal(tables) ?? end;
  // Days of which nothing may go are passed over.
  while (from < end) {
    const to = Math.min(from + DAY_MS, end);
    const rows = dropJournal(tables, to);
    if (rows > 0) {
      session.losses.push({ n: 0, what: "journal", from, to, rows, why });
      return true;
    }
    from = to;
  }
  return false;
}

/** The oldest segment that recovery does not need, then what was pinned of earlier ones. */
export function dropRaw(session: Session, why: Gap["why"]): boolean {
  const { raw, pinning } = session;
  const segment = oldestSegment(raw, neededFrom(session));
  if (segment !== null) removeSegment(raw, segment);
  if (segment !== null && segment === pinning?.day) abandonPin(session);
  const day = segment ?? dropOldestPin(raw, Number.POSITIVE_INFINITY);
  if (day === null) return false;
  session.losses.push({ n: 0, what: "raw", ...spanOf(day), rows: 0, why });
  return true;
}

const neededFrom = ({ tables, progress }: Session): number =>
  tables ? readSnapshot(tables.db).raw.day : progress.raw.day;

/** One step of what is past its time; cheap when there is nothing. */
export function retain(session: Session, tables: Tables, at: Millis): void {
  const { options, disk, paths } = session;
  retainRaw(session, tables, at);
  const minute = oldest(tables.db, "aggregates", "minute", MINUTE_MS);
  const aggregates = at - options.aggregatesKeepMs;
  // An hour at a time leaves whole pages empty, which cost nothing to free.
  if (minute !== null && minute + HOUR_MS <= aggregates) {
    dropAggregates(tables.db, Math.min(aggregates, minute + 6 * HOUR_MS));
  }
  const journal = at - options.journalKeepMs;
  const from = session.journalFrom ?? oldestOfJournal(tables) ?? at;
  if (from + HOUR_MS <= journal) {
    session.journalFrom = Math.min(journal, from + 6 * HOUR_MS);
    dropJournal(tables, session.journalFrom);
  }
  keepBallast(disk, paths.ballast);
}

/** What of a segment is past its keeping time and explains the journal is pinned for as long as the journal is kept. */
function retainRaw(session: Session, tables: Tables, at: Millis): void {
  const { raw, options } = session;
  const beyondJournal = dayOf(at - options.journalKeepMs);
  dropOldestPin(raw, beyondJournal);
  const day = oldestSegment(raw, Math.min(dayOf(at - options.rawKeepMs), neededFrom(session)));
  if (day === null) return;
  if (day < beyondJournal) removeSegment(raw, day);
  else session.pinning ??= pinSegment(raw, tables, day);
}

/** One step of the pin that is being made; its segment goes when it is done. */
export function pinOn(session: Session): void {
  const { pinning, raw } = session;
  if (!pinning) return;
  try {
    if (!pinning.steps.next().done) return;
  } catch (error) {
    // Retention begins it again.
    session.pinning = null;
    throw error;
  }
  session.pinning = null;
  removeSegment(raw, pinning.day);
}

export function abandonPin(session: Session): void {
  session.pinning?.steps.return();
  session.pinning = null;
}

function oldest(db: Db, table: string, column: string, unit: number): Millis | null {
  const value = db.prepare(`SELECT min(${column}) FROM ${table}`).pluck().get();
  return typeof value === "number" ? value * unit : null;
}

function dropAggregates(db: Db, before: Millis): number {
  const minute = Math.ceil(before / MINUTE_MS);
  return db.prepare("DELETE FROM aggregates WHERE minute < ?").run(minute).changes;
}

interface Aging {
  table: string;
  /** When the row that is first in `order` became history. */
  age: string;
  order: string;
  /** What may go that was over before @before. */
  over: string;
}

/** Configurations explain what stays; waiting and parked records are not delivered; what spans @before is not over. */
const aging = ({ words }: Tables): Aging[] => [
  {
    table: "intervals",
    age: "from_ms",
    order: "from_ms",
    over: "from_ms < @before AND from_ms + length_ms <= @before",
  },
  { table: "counts", age: "at_ms", order: "at_ms", over: "at_ms < @before" },
  { table: "steps", age: "from_ms", order: "from_ms", over: "from_ms < @before" },
  {
    table: "inputs",
    age: "at_ms",
    order: "n",
    over: `at_ms < @before AND kind <> ${words.find("config")}`,
  },
  // The final period that protects what follows it ends at @before and stays.
  {
    table: "windows",
    age: "from_ms",
    order: "from_ms",
    over: "from_ms < @before AND to_ms < @before",
  },
  {
    table: "records",
    age: "at_ms",
    order: "seq",
    // A start compares the chain heads with their records.
    over: "at_ms < @before AND state = 2 AND seq NOT IN (SELECT seq FROM heads)",
  },
];

function oldestOfJournal(tables: Tables): Millis | null {
  const times = aging(tables).map(({ table, age, order }) => {
    const sql = `SELECT ${age} FROM ${table} ORDER BY ${order} LIMIT 1`;
    return tables.db.prepare(sql).pluck().get() as number | undefined;
  });
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

function dropJournal(tables: Tables, before: Millis): number {
  const { db } = tables;
  return db.transaction(() => {
    let rows = 0;
    for (const { table, over } of aging(tables)) {
      rows += db.prepare(`DELETE FROM ${table} WHERE ${over}`).run({ before }).changes;
    }
    return rows;
  })();
}

/** End of the last month or contract period that is final; what came after it is never given up. */
function lastFinalPeriod({ db }: Tables): Millis {
  const sql = `SELECT max(to_ms) FROM windows WHERE final = 1 AND kind IN
    (SELECT id FROM words WHERE word = 'month' OR word LIKE 'period:%')`;
  return (db.prepare(sql).pluck().get() as number | null) ?? Number.NEGATIVE_INFINITY;
}

/**
 * Makes room, in small steps: what is past its keeping time, and when the store is full the order of loss:
 * raw (where that helps), aggregates, acknowledged journal. Waiting records are never touched. Every row
 * given up before its time is reported as a loss.
 */
import type { Millis } from "../core/time.ts";
import { dropBallast, keepBallast } from "./ballast.ts";
import { MINUTE_MS } from "./facts.ts";
import type { Gap } from "./port.ts";
import { readSnapshot } from "./progress.ts";
import { DAY_MS, dayOf } from "./raw-format.ts";
import { dropOldestSegment } from "./raw-log.ts";
import type { Session } from "./session.ts";
import type { Db } from "./sqlite.ts";
import type { Tables } from "./tables.ts";

const HOUR_MS = 60 * MINUTE_MS;
const DATED = ["intervals", "counts", "inputs", "windows", "records"] as const;

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
  const boundary = Math.min(lastFinalPeriod(tables), at);
  const day = oldestOfJournal(db, tables);
  if (day === null || day >= boundary) return false;
  const to = Math.min(day + DAY_MS, boundary);
  const rows = dropJournal(tables, to);
  session.losses.push({ n: 0, what: "journal", from: day, to, rows, why });
  return rows > 0;
}

/** The oldest segment that recovery does not need. */
export function dropRaw(session: Session, why: Gap["why"]): boolean {
  const dropped = dropOldestSegment(session.raw, neededFrom(session));
  if (!dropped) return false;
  const { from, to } = dropped;
  session.losses.push({ n: 0, what: "raw", from, to, rows: 0, why });
  return true;
}

const neededFrom = ({ tables, progress }: Session): number =>
  tables ? readSnapshot(tables.db).raw.day : progress.raw.day;

/** One step of what is past its time; cheap when there is nothing. */
export function retain(session: Session, tables: Tables, at: Millis): void {
  const { options, disk, paths } = session;
  const raw = session.raw;
  const rawKeep = Math.min(dayOf(at - options.rawKeepMs), neededFrom(session));
  while (dropOldestSegment(raw, rawKeep));
  const minute = oldest(tables.db, "aggregates", "minute", MINUTE_MS);
  const aggregates = at - options.aggregatesKeepMs;
  // An hour at a time leaves whole pages empty, which cost nothing to free.
  if (minute !== null && minute + HOUR_MS <= aggregates) {
    dropAggregates(tables.db, Math.min(aggregates, minute + 6 * HOUR_MS));
  }
  const journal = at - options.journalKeepMs;
  const day = oldestOfJournal(tables.db, tables);
  if (day !== null && day + HOUR_MS <= journal) {
    dropJournal(tables, Math.min(journal, day + 6 * HOUR_MS));
  }
  keepBallast(disk, paths.ballast);
}

function oldest(db: Db, table: string, column: string, unit: number): Millis | null {
  const value = db.prepare(`SELECT min(${column}) FROM ${table}`).pluck().get();
  return typeof value === "number" ? value * unit : null;
}

function dropAggregates(db: Db, before: Millis): number {
  const minute = Math.ceil(before / MINUTE_MS);
  return db.prepare("DELETE FROM aggregates WHERE minute < ?").run(minute).changes;
}

const columnOf = (table: (typeof DATED)[number]): string =>
  table === "intervals" || table === "windows" ? "from_ms" : "at_ms";

/** Rows that may go: configurations explain what stays, and waiting or parked records are not delivered. */
function condition(table: (typeof DATED)[number], tables: Tables): string {
  if (table === "inputs") return `AND kind <> ${tables.words.find("config")}`;
  return table === "records" ? "AND state = 2" : "";
}

function oldestOfJournal(db: Db, tables: Tables): Millis | null {
  // Rows of inputs and records are ordered by number, and their time hardly ever goes back.
  const times = DATED.map((table) => {
    const order = table === "inputs" ? "n" : table === "records" ? "seq" : columnOf(table);
    const sql = `SELECT ${columnOf(table)} FROM ${table} WHERE 1 ${condition(table, tables)} ORDER BY ${order} LIMIT 1`;
    return db.prepare(sql).pluck().get() as number | undefined;
  });
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

function dropJournal(tables: Tables, before: Millis): number {
  return tables.db.transaction(() => {
    let rows = 0;
    for (const table of DATED) {
      const where = `${columnOf(table)} < ? ${condition(table, tables)}`;
      rows += tables.db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(before).changes;
    }
    return rows;
  })();
}

/** End of the last month or contract period that is final; what came after it is never given up. */
function lastFinalPeriod({ db, words }: Tables): Millis {
  const kinds = [words.find("month"), words.find("period")];
  const sql = "SELECT max(to_ms) FROM windows WHERE final = 1 AND kind IN (?, ?)";
  return (
    (db
      .prepare(sql)
      .pluck()
      .get(...kinds) as number | null) ?? Number.NEGATIVE_INFINITY
  );
}

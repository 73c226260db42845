/**
 * The only file that knows better-sqlite3: opens the database as durable as it can be, reads that back, migrates,
 * locks out other writers, and tells what kind of trouble an error is. Knows nothing of rows.
 */
import { existsSync, statSync } from "node:fs";
import Database from "better-sqlite3";
import { Fault } from "../core/fault.ts";
import { hold } from "./hold.ts";
import { MIGRATIONS } from "./schema.ts";

export type Db = Database.Database;
export type Statement = Database.Statement<unknown[]>;

/** What an error of SQLite means to the store. `defect`: a constraint or a wrong statement. */
export type Trouble = "full" | "busy" | "damaged" | "io" | "defect";

const WAL_LIMIT = 16 * 1024 * 1024;
/** Up to here a whole `quick_check` at the start is a matter of a second, on a memory card too. */
const CHECK_LIMIT = 32 * 1024 * 1024;
const BUSY_MS = 250;
/** A commit touches few rows in few places: pages of 1 KiB write 40 % less than those of 4 KiB. */
const PAGE_SIZE = 1024;
const CHECKPOINT_PAGES = 4000;
const FULL_SYNC = 2;

export function troubleOf(error: unknown): Trouble | null {
  if (!(error instanceof Database.SqliteError)) return null;
  const { code } = error;
  if (code.startsWith("SQLITE_FULL")) return "full";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "busy";
  if (code.startsWith("SQLITE_CORRUPT") || code.startsWith("SQLITE_NOTADB")) return "damaged";
  const isIo = /^SQLITE_(IOERR|CANTOPEN|READONLY|PERM|PROTOCOL)/.test(code);
  return isIo ? "io" : "defect";
}

/**
 * Opens for writing. Throws Fault STORE_DAMAGED when the file is no sound database of ours, and the SQLite error for
 * anything else.
 */
export function openDatabase(path: string, maxBytes: number): Db {
  const db = remembering(hold(new Database(path, { timeout: BUSY_MS })));
  try {
    configure(db, maxBytes);
    check(db, path);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    if (troubleOf(error) !== "damaged") throw error;
    throw new Fault("STORE_DAMAGED", `${path}: ${(error as Error).message}`, { path }, error);
  }
}

/** For readers beside the running agent; never writes. */
export function openReadOnly(path: string): Db {
  if (!existsSync(path)) throw new Fault("STORE_UNWRITABLE", `${path} does not exist`, { path });
  const options = { readonly: true, fileMustExist: true, timeout: BUSY_MS };
  return remembering(hold(new Database(path, options)));
}

/**
 * Holds an empty database locked for as long as this process lives: the kernel releases it however the process ends.
 * Throws Fault STORE_BUSY when another one holds it.
 */
export function lock(path: string): { release(): void } {
  const db = hold(new Database(path, { timeout: 0 }));
  try {
    db.pragma("journal_mode = MEMORY");
    db.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    db.close();
    if (troubleOf(error) !== "busy") throw error;
    throw new Fault("STORE_BUSY", `another process holds ${path}`, { path }, error);
  }
  return {
    release: () => {
      db.close();
    },
  };
}

/** Prepares every statement once, however often it is asked for. One text is always plucked, or never. */
function remembering(db: Db): Db {
  const known = new Map<string, Statement>();
  const prepare = db.prepare.bind(db);
  const remember = (sql: string): Statement => {
    const statement = known.get(sql) ?? (prepare(sql) as Statement);
    known.set(sql, statement);
    return statement;
  };
  return Object.assign(db, { prepare: remember });
}

function configure(db: Db, maxBytes: number): void {
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma("journal_mode = WAL");
  // A WAL file that is opened again falls back to NORMAL without a word, so it is set and read back every time.
  db.pragma("synchronous = FULL");
  const mode = db.pragma("journal_mode", { simple: true });
  const sync = db.pragma("synchronous", { simple: true });
  if (mode !== "wal" || sync !== FULL_SYNC) {
    throw new Fault("STORE_IO", `SQLite refused to be durable (${mode}, synchronous ${sync})`);
  }
  db.pragma(`journal_size_limit = ${WAL_LIMIT}`);
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma("temp_store = MEMORY");
  db.pragma("cell_size_check = ON");
  db.pragma("cache_size = -2000");
  const pageSize = db.pragma("page_size", { simple: true }) as number;
  db.pragma(`max_page_count = ${Math.max(64, Math.floor(maxBytes / pageSize))}`);
}

/** Bounded: whole files while they are small, else the tables a start depends on. */
function check(db: Db, path: string): void {
  const tables =
    statSync(path).size <= CHECK_LIMIT ? [""] : ["(progress)", "(snapshot)", "(words)", "(heads)"];
  for (const table of tables) {
    const verdict = db.pragma(`quick_check${table}`, { simple: true });
    if (verdict !== "ok") throw new Fault("STORE_DAMAGED", `${path}: ${verdict}`, { path });
  }
}

function migrate(db: Db): void {
  const version = db.pragma("user_version", { simple: true }) as number;
  if (version > MIGRATIONS.length) {
    throw new Fault("STORE_UNWRITABLE", `the store is of a newer version (${version})`, {
      version,
    });
  }
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(version)) db.exec(sql);
    db.pragma(`user_version = ${MIGRATIONS.length}`);
  })();
}

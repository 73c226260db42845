/**
 * Keeps every native object of a database reachable until the process ends: from Node 24.19 on, one of
 * better-sqlite3 12 that the garbage collector frees aborts the process (docs/decisions/0006-held-statements.md).
 * Refuses the calls that make native objects nobody can hold.
 */

interface Statement {
  readonly reader: boolean;
  pluck(): Statement;
  get(): unknown;
  all(): unknown[];
  run(): unknown;
  iterate(): unknown;
}

/** The part of better-sqlite3's `Database` that makes native objects. */
interface Preparing {
  prepare(sql: string): Statement;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  backup(file: string): unknown;
}

const held: unknown[] = [];

const refuse = (call: string, instead: string) => (): never => {
  throw new TypeError(`${call} makes an object that cannot be held; use ${instead}`);
};

/** Call once, right after opening. Statements live as long as the process, so prepare them once, not in loops. */
export function hold<Db extends object>(database: Db): Db {
  const db = database as unknown as Preparing;
  const prepare = db.prepare.bind(db);
  held.push(db);
  db.prepare = (sql) => {
    const statement = prepare(sql);
    statement.iterate = refuse("iterate()", "all() with a LIMIT");
    held.push(statement);
    return statement;
  };
  db.pragma = (source, options) => {
    const statement = db.prepare(`PRAGMA ${source}`);
    if (statement.reader) return options?.simple ? statement.pluck().get() : statement.all();
    statement.run();
    return options?.simple ? undefined : [];
  };
  db.backup = refuse("backup()", "VACUUM INTO");
  return database;
}

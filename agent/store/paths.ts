/**
 * Where the files of a store lie, all derived from the path of its database. A folder holds one store: raw log and
 * status socket have fixed names, so the lock has one too, whatever the database is called.
 */
import { join, parse } from "node:path";

export interface Paths {
  folder: string;
  database: string;
  raw: string;
  lease: string;
  lock: string;
  heartbeat: string;
  ballast: string;
  /** Folder of the gateway's key. */
  keys: string;
}

export function pathsOf(database: string): Paths {
  const { dir, name } = parse(database);
  const beside = (extension: string): string => join(dir, `${name}.${extension}`);
  return {
    folder: dir === "" ? "." : dir,
    database,
    raw: join(dir, "raw"),
    lease: beside("seq"),
    lock: join(dir, "store.lock"),
    heartbeat: beside("alive"),
    ballast: beside("ballast"),
    keys: join(dir, "keys"),
  };
}

/** Sets damaged files aside under a new name. Never deletes them: they are evidence. */
import { copyFileSync, existsSync, renameSync } from "node:fs";
import type { Millis } from "../core/time.ts";

/** `2026-11-23T06-05-16Z`, made unique for `path`. */
function suffixFor(path: string, kind: string, now: Millis): string {
  const stamp = new Date(now).toISOString().slice(0, 19).replaceAll(":", "-");
  let suffix = `.${kind}-${stamp}Z`;
  for (let n = 2; existsSync(path + suffix); n += 1) suffix = `.${kind}-${stamp}Z-${n}`;
  return suffix;
}

/** Renames a database with its write-ahead log and index; returns the new path. */
export function quarantine(database: string, now: Millis): string {
  const suffix = suffixFor(database, "damaged", now);
  for (const part of ["", "-wal", "-shm"]) {
    const path = database + part;
    // SQLite finds the log of a renamed database only under the same suffix order: name, then -wal.
    if (existsSync(path)) renameSync(path, `${database}${suffix}${part}`);
  }
  return database + suffix;
}

/** Copies a raw segment whose tail is about to be cut; returns the path of the copy. */
export function copyAside(segment: string, now: Millis): string {
  const path = segment + suffixFor(segment, "uncommitted", now);
  copyFileSync(segment, path);
  return path;
}

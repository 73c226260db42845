/**
 * Keeps the write-ahead log short: a reader that stays open, or a checkpoint that never finds a quiet moment, lets it
 * grow without bound. Only the thread that writes does this; no reader may.
 */
import { statSync } from "node:fs";
import type { Millis } from "../core/time.ts";
import type { Session } from "./session.ts";
import type { Tables } from "./tables.ts";

const EVERY_MS = 600_000;
const LONG = 32 * 1024 * 1024;

/** Empties the log every ten minutes; returns a note, once, when it has grown beyond 32 MiB all the same. */
export function checkpoint(session: Session, { db }: Tables, at: Millis): string | null {
  const { checkpoint: last, paths } = session;
  last.at ??= at;
  if (Math.abs(at - last.at) >= EVERY_MS) {
    last.at = at;
    // Where a reader is in the way this does what it can, and says so in a row nobody needs.
    db.pragma("wal_checkpoint(TRUNCATE)");
  }
  const path = `${paths.database}-wal`;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const isNews = size > LONG && !last.isTold;
  last.isTold = size > LONG;
  const mib = Math.round(size / 1024 / 1024);
  return isNews ? `${path} has grown to ${mib} MiB: a program keeps the database open` : null;
}

/**
 * Compares the files of a store at its start: lease, database and raw log. Finds out what was lost between them
 * and makes the database fit for going on.
 */
import { join } from "node:path";
import type { Millis } from "../core/time.ts";
import type { Lease } from "./lease.ts";
import type { Paths } from "./paths.ts";
import type { RawPosition } from "./port.ts";
import {
  type Progress,
  putProgress,
  readProgress,
  readSnapshot,
  type Snapshot,
} from "./progress.ts";
import { copyAside } from "./quarantine.ts";
import type { RawBlock } from "./raw-block.ts";
import { compare, readBlocks, segmentDays, segmentName } from "./raw-reader.ts";
import { begin, type Tables } from "./tables.ts";

export const missing = (firstStart: boolean, quarantined: string | null): string | null =>
  firstStart || quarantined !== null ? null : "the database is gone or empty; a new one was begun";

/** The first progress of a new database. Without a readable lease the clock gives a seq beyond any that was used. */
export function beginning(paths: Paths, lease: Lease, now: Millis, firstStart: boolean): Progress {
  const beyond = lease.upTo > 0 ? lease.upTo : Math.floor(now / 1000);
  const nextSeq = firstStart ? 1 : beyond + 1;
  return { commit: 0, at: now, nextSeq, settledSeq: nextSeq - 1, raw: wholeEnd(paths.raw) };
}

/** Behind the last whole block of all segments. */
function wholeEnd(folder: string): RawPosition {
  const day = segmentDays(folder).at(-1);
  if (day === undefined) return { day: 0, offset: 0 };
  let offset = 0;
  for (const { block } of readBlocks(folder, { from: { day, offset: 0 } })) {
    if (block) offset = block.end;
  }
  return { day, offset };
}

/** Compares the database with raw; repairs what has to be and says what was lost. */
export function reconcile(tables: Tables, paths: Paths, lease: Lease, now: Millis): string | null {
  const progress = readProgress(tables.db) as Progress;
  const beyond = { ...progress, nextSeq: Math.max(progress.nextSeq, lease.upTo + 1) };
  const lost = lostCommits(paths, progress);
  if (lost > 0) {
    for (const day of segmentDays(paths.raw)) {
      if (day >= progress.raw.day) copyAside(join(paths.raw, segmentName(day)), now);
    }
    putProgress(tables.db, beyond);
  }
  if (!isReadable(paths.raw, readSnapshot(tables.db).raw, progress.raw)) {
    begin(tables, { ...beyond, raw: wholeEnd(paths.raw) });
    return "the raw log since the last snapshot cannot be read; the state of the accounting is lost";
  }
  return lost > 0 ? `at least ${lost} commits are gone from the database` : null;
}

/** Raw is written before the database, so one block more is a crash between the two, and more is lost commits. */
function lostCommits(paths: Paths, { raw, commit }: Progress): number {
  let last = commit;
  for (const { block } of readBlocks(paths.raw, { from: raw })) {
    if (block) last = Math.max(last, block.commit);
  }
  return Math.max(0, last - commit - 1);
}

/** Every byte from a fresh block at `from` up to `to` can be unpacked. */
const isReadable = (folder: string, from: RawPosition, to: RawPosition): boolean =>
  compare(
    unbroken(folder, from, to, ({ fresh }, isFirst) => fresh || !isFirst),
    to,
  ) === 0;

/**
 * Behind the whole blocks that the next commit was to cover. A killed process leaves them as they were written, a
 * power cut may have torn any of them: what follows the first that is not whole is not believed.
 */
export function writtenAhead(folder: string, snapshot: Snapshot, progress: Progress): RawPosition {
  const needsFresh = compare(snapshot.raw, progress.raw) === 0;
  const isNext = (block: RawBlock, isFirst: boolean): boolean =>
    block.commit === progress.commit + 1 && (block.fresh || !isFirst || !needsFresh);
  return unbroken(folder, progress.raw, undefined, isNext);
}

/** Behind the last of an unbroken row of blocks that begins at `from`. */
function unbroken(
  folder: string,
  from: RawPosition,
  to: RawPosition | undefined,
  accept: (block: RawBlock, isFirst: boolean) => boolean,
): RawPosition {
  let end = from;
  for (const { day, offset, block } of readBlocks(folder, { from, ...(to ? { to } : {}) })) {
    if (!block || !accept(block, end === from)) break;
    if (day === end.day ? offset !== end.offset : offset !== 0 || !block.fresh) break;
    end = { day, offset: block.end };
  }
  return end;
}

/**
 * Writes the raw log: one segment file per UTC day, one synced write per commit. Segments grow in steps of zeros,
 * so that a sync need not write the file's new size as well. Does not decide what is committed.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Millis } from "../core/time.ts";
import type { Disk } from "./disk.ts";
import type { PackedBlock } from "./pack.ts";
import type { RawPosition } from "./port.ts";
import { frame } from "./raw-block.ts";
import { DAY_MS } from "./raw-format.ts";
import { segmentDays, segmentName } from "./raw-reader.ts";

export interface RawLog {
  disk: Disk;
  folder: string;
  /** Handle of the segment of `end`, null until the first write. */
  file: number | null;
  /** Where the next block will begin. */
  end: RawPosition;
  /** Bytes of each segment by day, zeros included. */
  sizes: Map<number, number>;
  /** An append was begun and did not succeed, or nothing is known yet. */
  isDirty: boolean;
}

/** A segment grows by so many pages at a time. */
const GROWTH = 64;

export function openRawLog(disk: Disk, folder: string): RawLog {
  const sizes = new Map<number, number>();
  for (const day of segmentDays(folder))
    sizes.set(day, statSync(join(folder, segmentName(day))).size);
  return { disk, folder, file: null, end: { day: 0, offset: 0 }, sizes, isDirty: true };
}

/** Bytes of all segments. */
export function rawSize(log: RawLog): number {
  let sum = 0;
  for (const size of log.sizes.values()) sum += size;
  return sum;
}

const pathOf = (log: RawLog, day: number): string => join(log.folder, segmentName(day));

/**
 * Makes `end` the end, unless it is: cuts what lies behind it, removes segments of later days, and opens the file
 * anew, as a handle is not to be trusted after an error. An end beyond the file becomes the end of the file.
 */
export function alignRaw(log: RawLog, end: RawPosition): void {
  if (!log.isDirty && end.day === log.end.day && end.offset === log.end.offset) return;
  log.isDirty = true;
  closeFile(log);
  for (const day of [...log.sizes.keys()]) if (day > end.day) removeSegment(log, day);
  const size = log.sizes.get(end.day) ?? 0;
  log.end = { day: end.day, offset: Math.min(end.offset, size) };
  if (size > log.end.offset) cut(log, openFile(log));
  log.isDirty = false;
}

/** Writes and syncs. Align before every append: a failed one leaves its traces. */
export function appendRaw(
  log: RawLog,
  blocks: PackedBlock[],
  commit: number,
  afterGap: boolean,
): void {
  log.isDirty = true;
  blocks.forEach((block, i) => {
    if (block.day > log.end.day) {
      closeRaw(log);
      log.end = { day: block.day, offset: log.sizes.get(block.day) ?? 0 };
    }
    write(log, frame(block, commit, afterGap && i === 0));
  });
  if (log.file !== null) log.disk.sync(log.file);
  log.isDirty = false;
}

/** Removes the oldest segment before day `keep`; null when there is none. */
export function dropOldestSegment(log: RawLog, keep: number): { from: Millis; to: Millis } | null {
  const day = Math.min(...log.sizes.keys());
  if (!(day < Math.min(keep, log.end.day))) return null;
  removeSegment(log, day);
  return { from: day * DAY_MS, to: (day + 1) * DAY_MS };
}

/** Cuts the zeros behind the end and closes the segment, durably. */
export function closeRaw(log: RawLog): void {
  if (log.file === null) return;
  cut(log, log.file);
  log.disk.sync(log.file);
  closeFile(log);
}

function openFile(log: RawLog): number {
  log.file ??= log.disk.open(pathOf(log, log.end.day));
  return log.file;
}

function closeFile(log: RawLog): void {
  const { file } = log;
  log.file = null;
  if (file !== null) log.disk.close(file);
}

function cut(log: RawLog, file: number): void {
  log.disk.truncate(file, log.end.offset);
  log.sizes.set(log.end.day, log.end.offset);
}

function write(log: RawLog, bytes: Uint8Array): void {
  const file = openFile(log);
  const { day, offset } = log.end;
  const end = offset + bytes.length;
  if (end > (log.sizes.get(day) ?? 0)) log.sizes.set(day, log.disk.extend(file, end, GROWTH));
  log.disk.write(file, bytes, offset);
  log.end = { day, offset: end };
}

function removeSegment(log: RawLog, day: number): void {
  log.disk.remove(pathOf(log, day));
  log.sizes.delete(day);
}

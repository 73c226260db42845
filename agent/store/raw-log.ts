/**
 * Writes the raw log: one segment file per UTC day. Blocks are written as they come and synced by the commit that
 * refers to them. Segments grow in steps of zeros, so that a sync need not write the file's new size as well.
 * Does not decide what is committed.
 */
import { statSync } from "node:fs";
import { join } from "node:path";
import type { Millis } from "../core/time.ts";
import type { Disk } from "./disk.ts";
import type { PackedBlock } from "./pack.ts";
import type { RawPosition } from "./port.ts";
import { frame } from "./raw-block.ts";
import { DAY_MS } from "./raw-format.ts";
import { pinDays, pinName, segmentDays, segmentName } from "./raw-reader.ts";

export interface RawLog {
  disk: Disk;
  folder: string;
  /** Handle of the segment of `end`, null until the first write. */
  file: number | null;
  /** Behind the last block written. */
  end: RawPosition;
  /** Serial of that block; 0 where this process has not written it. */
  serial: number;
  /** Bytes of each segment by day, zeros included. */
  sizes: Map<number, number>;
  /** Bytes of what was pinned of dropped segments, by day. */
  pins: Map<number, number>;
  /** An append or a sync was begun and did not succeed, or nothing is known yet. */
  isDirty: boolean;
}

/** A segment grows by so many pages at a time. */
const GROWTH = 64;

export function openRawLog(disk: Disk, folder: string): RawLog {
  const sizeOf = (name: string): number => statSync(join(folder, name)).size;
  return {
    ...{ disk, folder, file: null, end: { day: 0, offset: 0 }, serial: 0, isDirty: true },
    sizes: new Map(segmentDays(folder).map((day) => [day, sizeOf(segmentName(day))])),
    pins: new Map(pinDays(folder).map((day) => [day, sizeOf(pinName(day))])),
  };
}

/** Bytes of all segments and pins. */
export function rawSize({ sizes, pins }: RawLog): number {
  let sum = 0;
  for (const size of sizes.values()) sum += size;
  for (const size of pins.values()) sum += size;
  return sum;
}

const pathOf = (log: RawLog, day: number): string => join(log.folder, segmentName(day));

/**
 * After trouble: goes back to `base`, before which nothing may be written anew. Cuts what lies behind it, removes
 * segments of later days, and opens the file anew, as a handle is not to be trusted after an error. A base beyond
 * the file becomes the end of the file.
 */
export function alignRaw(log: RawLog, base: RawPosition): void {
  if (!log.isDirty) return;
  closeFile(log);
  for (const day of [...log.sizes.keys()]) if (day > base.day) removeSegment(log, day);
  const size = log.sizes.get(base.day) ?? 0;
  log.end = { day: base.day, offset: Math.min(base.offset, size) };
  log.serial = 0;
  if (size > log.end.offset) cut(log, openFile(log));
  log.isDirty = false;
}

/** Writes those blocks that were not written before. Align before every append: a failed one leaves its traces. */
export function appendRaw(
  log: RawLog,
  blocks: PackedBlock[],
  commit: number,
  afterGap: boolean,
): void {
  log.isDirty = true;
  const fresh = blocks.filter(({ serial }) => serial > log.serial);
  fresh.forEach((block, i) => {
    if (block.day > log.end.day) {
      closeRaw(log);
      log.end = { day: block.day, offset: log.sizes.get(block.day) ?? 0 };
    }
    write(log, frame(block, commit, afterGap && i === 0));
    log.serial = block.serial;
  });
  log.isDirty = false;
}

/** Makes everything written durable. */
export function syncRaw(log: RawLog): void {
  if (!log.sizes.has(log.end.day)) return;
  log.isDirty = true;
  log.disk.sync(openFile(log));
  log.isDirty = false;
}

/** Day of the oldest segment before day `keep`; null when there is none. */
export function oldestSegment(log: RawLog, keep: number): number | null {
  const day = Math.min(...log.sizes.keys());
  return day < Math.min(keep, log.end.day) ? day : null;
}

export const spanOf = (day: number): { from: Millis; to: Millis } => ({
  from: day * DAY_MS,
  to: (day + 1) * DAY_MS,
});

export function removeSegment(log: RawLog, day: number): void {
  log.disk.remove(pathOf(log, day));
  log.sizes.delete(day);
}

/** Removes the oldest pin before day `keep`; returns its day, null when there is none. */
export function dropOldestPin(log: RawLog, keep: number): number | null {
  const day = Math.min(...log.pins.keys());
  if (!(day < keep)) return null;
  log.disk.remove(join(log.folder, pinName(day)));
  log.pins.delete(day);
  return day;
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

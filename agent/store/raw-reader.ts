/**
 * Reads raw segments back into inputs, in order. Tolerates a torn end and damaged blocks, and says what it skipped:
 * after damage it goes on at the next block that can be read on its own. Writes nothing.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import type { RawPosition } from "./port.ts";
import { findBlock, isBlank, type RawBlock, readBlock } from "./raw-block.ts";
import { DAY_MS, dayOf } from "./raw-format.ts";
import { createUnpacker, unpack } from "./unpack.ts";

/** Bytes or inputs that are not there. */
export interface RawDamage {
  segment: string;
  offset: number;
  /** `damaged`: bytes that are no block. `torn`: the same at the end. `unreadable`: whole blocks that need a damaged one. `gap`: never written. */
  what: "damaged" | "torn" | "unreadable" | "gap";
  /** Bytes skipped; 0 for a gap. */
  bytes: number;
  /** `at` around the loss, as far as known. */
  from: Millis | null;
  to: Millis | null;
}

export interface RawReadOptions {
  /** Begin of a fresh block. Default: the first segment. */
  from?: RawPosition;
  /** Nothing at or beyond this. Default: everything. */
  to?: RawPosition;
  /** Blocks before this are read, as later ones need them, and not given. */
  after?: RawPosition;
  /** `pin`: what was kept of segments that are gone. Default: `raw`. */
  kind?: SegmentKind;
  onDamage?(damage: RawDamage): void;
}

type SegmentKind = "raw" | "pin";

const nameOf = (day: number, kind: SegmentKind): string =>
  `${new Date(day * DAY_MS).toISOString().slice(0, 10)}.${kind}`;
export const segmentName = (day: number): string => nameOf(day, "raw");
export const pinName = (day: number): string => nameOf(day, "pin");

/** Days of the segments in a folder, ascending; empty when there is no folder. */
export const segmentDays = (folder: string): number[] => daysOf(folder, "raw");
export const pinDays = (folder: string): number[] => daysOf(folder, "pin");

function daysOf(folder: string, kind: SegmentKind): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => /^\d{4}-\d\d-\d\d\.(raw|pin)$/.test(name) && name.endsWith(kind))
    .map((name) => dayOf(Date.parse(`${name.slice(0, 10)}T00:00:00Z`)))
    .sort((a, b) => a - b);
}

/** Negative when `a` comes first. */
export const compare = (a: RawPosition, b: RawPosition): number =>
  a.day - b.day || a.offset - b.offset;

/** The inputs of a folder of segments, in the order in which they entered the core. */
export function* readRaw(folder: string, options: RawReadOptions = {}): Generator<Input> {
  const unpacker = createUnpacker();
  let readable = false;
  let last: Millis | null = null;
  const { after } = options;
  for (const { segment, day, offset, block, damage } of readBlocks(folder, options)) {
    if (damage) {
      options.onDamage?.({ ...damage, from: last });
      readable = false;
      continue;
    }
    const tell = (what: RawDamage["what"], bytes: number, to: Millis): void =>
      options.onDamage?.({ segment, offset, what, bytes, from: last, to });
    if (block.afterGap) tell("gap", 0, block.from);
    readable ||= block.fresh;
    if (readable) {
      const inputs = unpack(unpacker, block.body, block.fresh);
      if (!after || compare({ day, offset }, after) >= 0) yield* inputs;
    } else tell("unreadable", block.end - offset, block.to);
    last = block.to;
  }
}

export type Found = { segment: string; day: number; offset: number } & (
  | { block: RawBlock; damage: null }
  | { block: null; damage: RawDamage }
);

/** Every block and every damaged stretch between two positions. */
export function* readBlocks(folder: string, options: RawReadOptions = {}): Generator<Found> {
  const { from, to, kind = "raw" } = options;
  for (const day of daysOf(folder, kind)) {
    if ((from && day < from.day) || (to && (day > to.day || (day === to.day && to.offset === 0))))
      continue;
    const start = day === from?.day ? from.offset : 0;
    const limit = day === to?.day ? to.offset : Number.POSITIVE_INFINITY;
    yield* readSegment(folder, nameOf(day, kind), { day, start, limit });
  }
}

/** So much of a segment is in memory at once; more where a block or damage is longer. */
const CHUNK = 1 << 20;

interface Part {
  day: number;
  start: number;
  limit: number;
}

function* readSegment(
  folder: string,
  segment: string,
  { day, start, limit }: Part,
): Generator<Found> {
  const file = openSync(join(folder, segment), "r");
  try {
    // What is appended meanwhile is not read.
    const size = Math.min(limit, fstatSync(file).size);
    let length = CHUNK;
    for (let base = start; base < size; ) {
      const bytes = readAt(file, base, Math.min(length, size - base));
      const isLast = bytes.length < length || base + bytes.length >= size;
      let end = base;
      for (const found of readChunk(bytes, isLast)) {
        end = base + found.end;
        yield located(found, { segment, day, base });
      }
      if (isLast) return;
      length = end === base ? length * 2 : CHUNK;
      base = end;
    }
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const read = readSync(file, bytes, done, length - done, position + done);
    if (read === 0) break;
    done += read;
  }
  return bytes.subarray(0, done);
}

/** A block, or damage up to `end`; offsets from the begin of the chunk. */
type Stretch = { offset: number; end: number } & (
  | { block: RawBlock; what: null }
  | { block: null; what: "damaged" | "torn"; to: Millis | null }
);

/** Stops before bytes that only more of the segment can explain, unless this `isLast` of it. */
function* readChunk(bytes: Buffer, isLast: boolean): Generator<Stretch> {
  let offset = 0;
  while (offset < bytes.length) {
    const block = readBlock(bytes, offset);
    if (block) {
      yield { offset, end: block.end, block, what: null };
      offset = block.end;
      continue;
    }
    const next = findBlock(bytes, offset + 1);
    if (next < 0 && (!isLast || isBlank(bytes, offset))) return;
    const end = next < 0 ? bytes.length : next;
    const to = next < 0 ? null : (readBlock(bytes, next)?.from ?? null);
    yield { offset, end, block: null, what: next < 0 ? "torn" : "damaged", to };
    offset = end;
  }
}

function located(
  found: Stretch,
  { segment, day, base }: { segment: string; day: number; base: number },
): Found {
  const offset = base + found.offset;
  if (found.block) {
    const block = { ...found.block, end: base + found.end };
    return { segment, day, offset, block, damage: null };
  }
  const { what, to } = found;
  const bytes = found.end - found.offset;
  const damage = { segment, offset, what, bytes, from: null, to };
  return { segment, day, offset, block: null, damage };
}

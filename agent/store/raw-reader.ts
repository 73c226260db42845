/**
 * Reads raw segments back into inputs, in order. Tolerates a torn end and damaged blocks, and says what it skipped:
 * after damage it goes on at the next block that can be read on its own. Writes nothing.
 */
import { readdirSync, readFileSync } from "node:fs";
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
  onDamage?(damage: RawDamage): void;
}

export const segmentName = (day: number): string =>
  `${new Date(day * DAY_MS).toISOString().slice(0, 10)}.raw`;

/** Days of the segments in a folder, ascending; empty when there is no folder. */
export function segmentDays(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return names
    .filter((name) => /^\d{4}-\d\d-\d\d\.raw$/.test(name))
    .map((name) => dayOf(Date.parse(`${name.slice(0, 10)}T00:00:00Z`)))
    .sort((a, b) => a - b);
}

/** The inputs of a folder of segments, in the order in which they entered the core. Holds one segment in memory. */
export function* readRaw(folder: string, options: RawReadOptions = {}): Generator<Input> {
  const unpacker = createUnpacker();
  let readable = false;
  let last: Millis | null = null;
  for (const { segment, offset, block, damage } of readBlocks(folder, options)) {
    if (damage) {
      options.onDamage?.({ ...damage, from: last });
      readable = false;
      continue;
    }
    const tell = (what: RawDamage["what"], bytes: number, to: Millis): void =>
      options.onDamage?.({ segment, offset, what, bytes, from: last, to });
    if (block.afterGap) tell("gap", 0, block.from);
    readable ||= block.fresh;
    if (readable) yield* unpack(unpacker, block.body, block.fresh);
    else tell("unreadable", block.end - offset, block.to);
    last = block.to;
  }
}

export type Found = { segment: string; day: number; offset: number } & (
  | { block: RawBlock; damage: null }
  | { block: null; damage: RawDamage }
);

/** Every block and every damaged stretch between two positions. */
export function* readBlocks(folder: string, { from, to }: RawReadOptions = {}): Generator<Found> {
  for (const day of segmentDays(folder)) {
    if ((from && day < from.day) || (to && (day > to.day || (day === to.day && to.offset === 0))))
      continue;
    const whole = readFileSync(join(folder, segmentName(day)));
    const bytes = day === to?.day ? whole.subarray(0, to.offset) : whole;
    yield* readSegment(bytes, day, day === from?.day ? from.offset : 0);
  }
}

function* readSegment(bytes: Buffer, day: number, start: number): Generator<Found> {
  const segment = segmentName(day);
  let offset = start;
  while (offset < bytes.length) {
    const block = readBlock(bytes, offset);
    if (block) {
      yield { segment, day, offset, block, damage: null };
      offset = block.end;
      continue;
    }
    const next = findBlock(bytes, offset + 1);
    if (next < 0 && isBlank(bytes, offset)) return;
    const end = next < 0 ? bytes.length : next;
    const what = next < 0 ? "torn" : "damaged";
    const to = next < 0 ? null : (readBlock(bytes, next)?.from ?? null);
    yield {
      segment,
      day,
      offset,
      block: null,
      damage: { segment, offset, what, bytes: end - offset, from: null, to },
    };
    offset = end;
  }
}

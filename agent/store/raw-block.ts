/**
 * The frame around a packed body in a raw segment: magic, length, checksum, then what is known without unpacking.
 * Finds the next frame in damaged bytes, and says where a segment ends.
 */
import { crc32 } from "node:zlib";
import type { Millis } from "../core/time.ts";
import {
  type ByteReader,
  byteWriter,
  putByte,
  putVarint,
  takeByte,
  takeVarint,
  unzigzag,
  written,
  zigzag,
} from "./bytes.ts";
import type { PackedBlock } from "./pack.ts";

export interface RawBlock {
  /** Number of the commit this block was written for: the one that refers to it, if it came to that. */
  commit: number;
  fresh: boolean;
  /** Inputs before this block were lost when it was written. */
  afterGap: boolean;
  from: Millis;
  to: Millis;
  inputs: number;
  body: Buffer;
  /** Offset behind the block. */
  end: number;
}

const MAGIC = Buffer.from("UARB");
const HEADER = 12;
const FRESH = 1;
const AFTER_GAP = 2;

/** The bytes of one block. */
export function frame(block: PackedBlock, commit: number, afterGap: boolean): Uint8Array {
  const w = byteWriter(block.body.length + 64);
  w.length = HEADER;
  putByte(w, (block.fresh ? FRESH : 0) | (afterGap ? AFTER_GAP : 0));
  putVarint(w, commit);
  putVarint(w, zigzag(block.from));
  putVarint(w, zigzag(block.to - block.from));
  putVarint(w, block.inputs);
  MAGIC.copy(w.bytes);
  const size = w.length - HEADER + block.body.length;
  w.bytes.writeUInt32LE(size, 4);
  w.bytes.set(block.body, w.length);
  w.length += block.body.length;
  w.bytes.writeUInt32LE(crc32(w.bytes.subarray(HEADER, w.length), size), 8);
  return written(w);
}

/** The block at `offset`; null when there is none that is whole. */
export function readBlock(bytes: Buffer, offset: number): RawBlock | null {
  if (offset + HEADER > bytes.length || !MAGIC.equals(bytes.subarray(offset, offset + 4)))
    return null;
  const size = bytes.readUInt32LE(offset + 4);
  const start = offset + HEADER;
  const end = start + size;
  if (end > bytes.length) return null;
  if (crc32(bytes.subarray(start, end), size) !== bytes.readUInt32LE(offset + 8)) return null;
  const reader: ByteReader = { bytes, at: start };
  const flags = takeByte(reader);
  const commit = takeVarint(reader);
  const from = unzigzag(takeVarint(reader));
  return {
    commit,
    fresh: (flags & FRESH) !== 0,
    afterGap: (flags & AFTER_GAP) !== 0,
    from,
    to: from + unzigzag(takeVarint(reader)),
    inputs: takeVarint(reader),
    body: bytes.subarray(reader.at, end),
    end,
  };
}

/** Offset of the next whole block behind `offset`, or -1. */
export function findBlock(bytes: Buffer, offset: number): number {
  let next = bytes.indexOf(MAGIC, offset);
  while (next >= 0 && !readBlock(bytes, next)) next = bytes.indexOf(MAGIC, next + 1);
  return next;
}

/** Nothing but the zeros a segment is extended with. */
export function isBlank(bytes: Buffer, offset: number): boolean {
  for (let at = offset; at < bytes.length; at += 1) if (bytes[at] !== 0) return false;
  return true;
}

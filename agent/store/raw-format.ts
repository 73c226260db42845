/**
 * The vocabulary of the raw log, shared by packer and unpacker, and what a stream of cycles remembers between them.
 *
 * A block body is a sequence of entries. Each begins with a varint tag; `at` is a zigzag difference to the entry before.
 *   0 stream: asset, source (numbered from 0)          1 tick: at
 *   2 other input: tagged JSON                         3 point: stream number, name (numbered per stream)
 *   4+n cycle of stream n: at, flags, then by flag: failure word · milliseconds of the answers, as a zigzag difference
 *     to those told last · bitmap and values of the listed points · bad points
 * A fresh body starts from nothing; any other continues the one before it in its segment.
 */
import { newSlot, type Slot } from "./value-code.ts";

export const TAG_STREAM = 0;
export const TAG_TICK = 1;
export const TAG_JSON = 2;
export const TAG_POINT = 3;
export const TAG_CYCLE = 4;

/** The whole source failed; the word follows and nothing else. */
export const FAILED = 1;
/** Every known point that is not bad has a value. */
export const FULL = 2;
/** A bitmap and values follow: those that changed when FULL, else all that are present. */
export const LISTED = 4;
/** Bad points follow: how many, then slot and word of each. */
export const BAD = 8;
/** The same points are bad, for the same reasons, as in the stream's cycle before. */
export const SAME_BAD = 16;
/** Only bad news of single points: the cycle refreshes nothing else. */
export const LONE = 32;
/** What the answers took follows. */
export const TOOK = 64;

/** Slot and reason code of each bad point, in the order the driver gave them. */
export interface BadPoints {
  slots: number[];
  reasons: string[];
}

export const noBad = (): BadPoints => ({ slots: [], reasons: [] });

export interface Stream {
  asset: string;
  source: string;
  number: number;
  slots: Slot[];
  /** Slot number by point name. */
  index: Map<string, number>;
  /** Bad points of the last cycle. */
  bad: BadPoints;
  /** What the answers took when it was last told. */
  tookMs: number;
}

export interface Dictionary {
  /** `at` of the last entry. */
  at: number;
  streams: Stream[];
  byAsset: Map<string, Map<string, Stream>>;
  /** Reason codes in the order of their first use; one that equals the length is new, and its text follows. */
  words: string[];
}

export const newDictionary = (): Dictionary => ({
  at: 0,
  streams: [],
  byAsset: new Map(),
  words: [],
});

export function addStream(d: Dictionary, asset: string, source: string): Stream {
  const number = d.streams.length;
  const known = { slots: [], index: new Map(), bad: noBad(), tookMs: 0 };
  const stream: Stream = { asset, source, number, ...known };
  d.streams.push(stream);
  const sources = d.byAsset.get(asset) ?? new Map<string, Stream>();
  d.byAsset.set(asset, sources.set(source, stream));
  return stream;
}

export function addPoint(stream: Stream, name: string): number {
  stream.index.set(name, stream.slots.length);
  return stream.slots.push(newSlot(name)) - 1;
}

export const DAY_MS = 86_400_000;
export const dayOf = (at: number): number => Math.floor(at / DAY_MS);

/**
 * Packs inputs into blocks of the raw log, in the main thread, at the cost of the values that changed.
 * Writes no file and knows no commit.
 */
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { type ByteWriter, byteWriter, putText, putVarint, written, zigzag } from "./bytes.ts";
import { packCycle } from "./pack-cycle.ts";
import { DAY_MS, type Dictionary, dayOf, newDictionary, TAG_JSON, TAG_TICK } from "./raw-format.ts";
import { toTaggedJson } from "./tagged-json.ts";

/** Inputs of one UTC day that were written together. */
export interface PackedBlock {
  /** Ascending from 1. */
  serial: number;
  /** Days since 1970-01-01. */
  day: number;
  /** Can be read without the block before it. */
  fresh: boolean;
  /** `at` of the first and of the last input. */
  from: Millis;
  to: Millis;
  inputs: number;
  body: Uint8Array;
}

export interface Packer {
  dictionary: Dictionary;
  out: ByteWriter;
  open: { from: Millis; fresh: boolean; inputs: number } | null;
  sealed: PackedBlock[];
  /** Blocks so far. */
  serial: number;
  day: number;
  /** The next block begins a new dictionary. */
  restart: boolean;
}

export const createPacker = (): Packer => ({
  dictionary: newDictionary(),
  out: byteWriter(65536),
  open: null,
  sealed: [],
  serial: 0,
  day: Number.NEGATIVE_INFINITY,
  restart: true,
});

/** Adds one input behind all others. */
export function pack(packer: Packer, input: Input): void {
  const block =
    packer.open && input.at < (packer.day + 1) * DAY_MS ? packer.open : begin(packer, input.at);
  const { out, dictionary } = packer;
  block.inputs += 1;
  if (input.kind === "cycle") {
    packCycle(out, dictionary, input);
  } else if (input.kind === "tick") {
    putVarint(out, TAG_TICK);
    putVarint(out, zigzag(input.at - dictionary.at));
  } else {
    putVarint(out, TAG_JSON);
    putText(out, toTaggedJson(input));
  }
  dictionary.at = input.at;
}

/** Closes the open block; returns every block since the last seal, in order. */
export function seal(packer: Packer): PackedBlock[] {
  close(packer);
  const blocks = packer.sealed;
  packer.sealed = [];
  return blocks;
}

/** Makes the next block readable on its own. Called after a snapshot, so that recovery starts at a fresh block. */
export function restart(packer: Packer): void {
  packer.restart = true;
}

/** Forgets what was packed and not sealed; returns the `at` of the first input forgotten, or null. */
export function discard(packer: Packer): Millis | null {
  const from = packer.sealed[0]?.from ?? packer.open?.from ?? null;
  packer.sealed = [];
  packer.open = null;
  packer.out.length = 0;
  packer.restart = true;
  return from;
}

function close(packer: Packer): void {
  const { open, out, dictionary, day } = packer;
  if (!open) return;
  packer.serial += 1;
  packer.sealed.push({
    serial: packer.serial,
    day,
    ...open,
    to: dictionary.at,
    body: written(out),
  });
  packer.open = null;
  out.length = 0;
}

/** A new block, in a new segment when the day is over. Days never go back: the names of segments are their order. */
function begin(packer: Packer, at: Millis): { inputs: number } {
  close(packer);
  if (dayOf(at) > packer.day) {
    packer.day = dayOf(at);
    packer.restart = true;
  }
  if (packer.restart) packer.dictionary = newDictionary();
  packer.open = { from: at, fresh: packer.restart, inputs: 0 };
  packer.restart = false;
  return packer.open;
}

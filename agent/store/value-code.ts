/**
 * Delta coding of the values of one point, lossless for every `Value`: numbers as scaled integers where a
 * power of ten reproduces the very same double, else as float32 or float64 bits. Decides nothing about points.
 *
 * A code starts with a varint: 0 announces another kind (its number follows, deltas start from zero),
 * anything else belongs to the current kind.
 */
import type { Value } from "../core/model.ts";
import {
  type ByteReader,
  type ByteWriter,
  putByte,
  putText,
  putVarint,
  takeByte,
  takeText,
  takeVarint,
  unzigzag,
  zigzag,
} from "./bytes.ts";

/** What encoder and decoder both remember of a point. */
export interface Slot {
  name: string;
  value: Value | undefined;
  kind: number;
  /** Last integer of the current kind: the scaled value, or the (high) word of a float. */
  mantissa: number;
  big: bigint;
}

/** Kinds 1-7 divide an integer by 10^0..10^6; 8-13 multiply it by 10^-1..10^-6, as drivers do with `scale: 0.1`. */
const DIVIDED = 1;
const MULTIPLIED = 8;
const FLOAT32 = 14;
const FLOAT64 = 15;
const BOOLEAN = 16;
const BIGINT = 17;
const TEXT = 18;
const FACTOR = [0, 1, 10, 100, 1e3, 1e4, 1e5, 1e6, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6];

/** Keeps every delta, zigzag and escape exact below 2^53. */
const LIMIT = 2 ** 50;
const BIG_LIMIT = 2n ** 50n;

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);
const HIGH = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOW = 1 - HIGH;

export const newSlot = (name: string): Slot => ({
  name,
  value: undefined,
  kind: 0,
  mantissa: 0,
  big: 0n,
});

const scaled = (kind: number, mantissa: number): number => {
  const factor = FACTOR[kind] as number;
  return kind < MULTIPLIED ? mantissa / factor : mantissa * factor;
};

/** The integer that gives exactly `value` under a scaled kind, or NaN. */
function mantissaOf(kind: number, value: number): number {
  const factor = FACTOR[kind] as number;
  const mantissa = Math.round(kind < MULTIPLIED ? value * factor : value / factor);
  if (!(Math.abs(mantissa) < LIMIT)) return Number.NaN;
  // -0 would come back as 0.
  return Object.is(scaled(kind, mantissa + 0), value) ? mantissa + 0 : Number.NaN;
}

function kindOf(value: Value): number {
  if (typeof value === "boolean") return BOOLEAN;
  if (typeof value === "bigint") return BIGINT;
  if (typeof value === "string") return TEXT;
  for (let kind = DIVIDED; kind < FLOAT32; kind += 1) {
    if (!Number.isNaN(mantissaOf(kind, value))) return kind;
  }
  return Object.is(Math.fround(value), value) ? FLOAT32 : FLOAT64;
}

/** Writes `value` and makes it the slot's last one. */
export function encodeValue(w: ByteWriter, slot: Slot, value: Value): void {
  if (!encodeAs(w, slot, value)) {
    slot.kind = kindOf(value);
    slot.mantissa = 0;
    slot.big = 0n;
    putByte(w, 0);
    putByte(w, slot.kind);
    encodeAs(w, slot, value);
  }
  slot.value = value;
}

/** Writes `value` in the slot's kind; false, and nothing written, when that kind cannot hold it. */
function encodeAs(w: ByteWriter, slot: Slot, value: Value): boolean {
  if (typeof value === "number") return encodeNumber(w, slot, value);
  if (typeof value === "bigint") return slot.kind === BIGINT && encodeBig(w, slot, value);
  if (typeof value === "boolean") {
    if (slot.kind === BOOLEAN) putByte(w, value ? 2 : 1);
    return slot.kind === BOOLEAN;
  }
  if (slot.kind !== TEXT) return false;
  putByte(w, 1);
  putText(w, value);
  return true;
}

function encodeNumber(w: ByteWriter, slot: Slot, value: number): boolean {
  const { kind } = slot;
  if (kind === 0 || kind > FLOAT64) return false;
  if (kind === FLOAT64) return encodeDouble(w, slot, value);
  const mantissa = kind === FLOAT32 ? float32Bits(value) : mantissaOf(kind, value);
  if (Number.isNaN(mantissa)) return false;
  putVarint(w, zigzag(mantissa - slot.mantissa) + 1);
  slot.mantissa = mantissa;
  return true;
}

function float32Bits(value: number): number {
  if (!Object.is(Math.fround(value), value)) return Number.NaN;
  single[0] = value;
  return singleBits[0] as number;
}

function encodeDouble(w: ByteWriter, slot: Slot, value: number): true {
  float[0] = value;
  const high = words[HIGH] as number;
  putVarint(w, zigzag(high - slot.mantissa) + 1);
  putVarint(w, words[LOW] as number);
  slot.mantissa = high;
  return true;
}

function encodeBig(w: ByteWriter, slot: Slot, value: bigint): true {
  const delta = value - slot.big;
  if (delta < BIG_LIMIT && delta > -BIG_LIMIT) {
    putVarint(w, zigzag(Number(delta)) + 2);
  } else {
    putByte(w, 1);
    putText(w, value.toString());
  }
  slot.big = value;
  return true;
}

/** Reads the next value and makes it the slot's last one. Throws RangeError on bytes that are no code. */
export function decodeValue(r: ByteReader, slot: Slot): Value {
  let code = takeVarint(r);
  if (code === 0) {
    slot.kind = takeByte(r);
    slot.mantissa = 0;
    slot.big = 0n;
    code = takeVarint(r);
  }
  const value = decodeAs(r, slot, code);
  slot.value = value;
  return value;
}

function decodeAs(r: ByteReader, slot: Slot, code: number): Value {
  const { kind } = slot;
  if (kind >= DIVIDED && kind <= FLOAT64) {
    slot.mantissa += unzigzag(code - 1);
    if (kind < FLOAT32) return scaled(kind, slot.mantissa);
    if (kind === FLOAT32) {
      singleBits[0] = slot.mantissa;
      return single[0] as number;
    }
    words[HIGH] = slot.mantissa;
    words[LOW] = takeVarint(r);
    return float[0] as number;
  }
  if (kind === BOOLEAN) return code === 2;
  if (kind === TEXT) return takeText(r);
  if (kind !== BIGINT) throw new RangeError(`no such kind of value: ${kind}`);
  slot.big = code === 1 ? BigInt(takeText(r)) : slot.big + BigInt(unzigzag(code - 2));
  return slot.big;
}

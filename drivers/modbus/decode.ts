/**
 * Registers and bits to samples. One closure per point, made once at start; pure to the outside.
 * It never guesses: what is not a finite number of the configured type is a bad sample.
 */
import type { Sample } from "../driver.ts";
import { isBitTable, type ModbusPoint, type PointType, type Sentinel } from "./point.ts";
import { join64, scaler } from "./scale.ts";

/**
 * `position` is the byte of the first register, or for bit tables the bit, within the data of a reply.
 * A sample may be returned again while the registers stay the same: treat it as frozen.
 */
export type Decode = (data: Buffer, position: number) => Sample;

type Raw = number | bigint | string;
type RawReader = (data: Buffer, position: number) => Raw;

const OFF: Sample = { quality: "good", value: false, raw: [0] };
const ON: Sample = { quality: "good", value: true, raw: [1] };
const INVALID: Sample = { quality: "bad", reason: "VALUE_INVALID" };
const NOT_FINITE: Sample = { quality: "bad", reason: "VALUE_NOT_FINITE" };

export function decoder(point: ModbusPoint): Decode {
  if (isBitTable(point.table)) {
    return (data, position) => ((data[position >> 3]! >> (position & 7)) & 1 ? ON : OFF);
  }
  const read = rawReader(point);
  const isInvalid = sentinels(point);
  const finish = finisher(point);
  // Most registers repeat from poll to poll: comparing words is cheaper than decoding and allocating again.
  let words: number[] = [];
  let sample = NOT_FINITE;
  return (data, position) => {
    if (isSame(data, position, words)) return sample;
    words = [];
    for (let i = 0; i < point.length; i++) words.push(data.readUInt16BE(position + 2 * i));
    const raw = read(data, position);
    sample = isInvalid?.(raw, data, position) ? INVALID : finish(raw, words);
    return sample;
  };
}

function isSame(data: Buffer, position: number, words: number[]): boolean {
  let at = position;
  for (const word of words) {
    if ((data[at]! << 8) + data[at + 1]! !== word) return false;
    at += 2;
  }
  return words.length > 0;
}

function finisher(point: ModbusPoint): (raw: Raw, words: number[]) => Sample {
  const { bit } = point;
  if (bit !== null || point.type === "bool") {
    return (raw, words) => {
      const value = bit === null ? raw !== 0 : ((Number(raw) >> bit) & 1) === 1;
      return { quality: "good", value, raw: words };
    };
  }
  const scale = scaler(point.scale, point.offset);
  return (raw, words) => {
    const value = typeof raw === "string" ? raw : scale(raw);
    if (typeof value !== "number") return { quality: "good", value, raw: words };
    // Adding 0 turns the negative zero of floats and negative scales into 0.
    return Number.isFinite(value) ? { quality: "good", value: value + 0, raw: words } : NOT_FINITE;
  };
}

type SentinelTest = (raw: Raw, data: Buffer, position: number) => boolean;

/** null where the point has none. Compared on the raw value; BCD that is not BCD, on its bit pattern. */
function sentinels(point: ModbusPoint): SentinelTest | null {
  const { type } = point;
  if (point.invalid.length === 0) return null;
  const tests = point.invalid.map((sentinel) => sentinelTest(sentinel, type));
  const isListed = (raw: Raw): boolean => tests.some((test) => test(raw));
  if (type !== "bcd16" && type !== "bcd32") return isListed;
  const pattern = rawReader({ ...point, type: type === "bcd16" ? "uint16" : "uint32" });
  return (raw, data, position) => isListed(Number.isNaN(raw) ? pattern(data, position) : raw);
}

function sentinelTest(sentinel: Sentinel, type: PointType): (raw: Raw) => boolean {
  if (type === "string") return (raw) => raw === sentinel;
  const value = numeric(sentinel);
  if (type === "float32") return (raw) => raw === Math.fround(Number(value));
  if (typeof value === "bigint" || Number.isSafeInteger(value)) return (raw) => raw === value;
  // A sentinel beyond 2^53 lost digits when the file was read: compare at its own precision.
  return (raw) => Number(raw) === value;
}

/** The form raw integers have: a number where safe, else a bigint. Text may be decimal or 0x hexadecimal. */
function numeric(sentinel: Sentinel): number | bigint {
  if (typeof sentinel === "number") return sentinel;
  const value = /^-?(0x[\da-f]+|\d+)$/i.test(String(sentinel))
    ? BigInt(String(sentinel).replace("-", "")) * (String(sentinel).startsWith("-") ? -1n : 1n)
    : Number(sentinel);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

function rawReader(point: ModbusPoint): RawReader {
  const word = point.swapBytes
    ? (data: Buffer, at: number): number => data.readUInt16LE(at)
    : (data: Buffer, at: number): number => data.readUInt16BE(at);
  const w = (place: number): number => 2 * (point.swapWords ? point.length - 1 - place : place);
  const [a, b, c, d] = [w(0), w(1), w(2), w(3)];
  const pair = (data: Buffer, high: number, low: number): number =>
    word(data, high) * 65_536 + word(data, low);
  const view = new DataView(new ArrayBuffer(8));
  switch (point.type) {
    case "bool":
    case "uint16":
      return word;
    case "int16":
      return (data, at) => (word(data, at) << 16) >> 16;
    case "float16":
      return (data, at) => half(word(data, at));
    case "bcd16":
      return (data, at) => bcd(word(data, at));
    case "uint32":
      return (data, at) => pair(data, at + a, at + b);
    case "int32":
      return (data, at) => pair(data, at + a, at + b) | 0;
    case "bcd32":
      return (data, at) => bcd(word(data, at + a)) * 10_000 + bcd(word(data, at + b));
    case "float32":
      return (data, at) => {
        view.setUint32(0, pair(data, at + a, at + b));
        return view.getFloat32(0);
      };
    case "uint64":
      return (data, at) => join64(pair(data, at + a, at + b), pair(data, at + c, at + d));
    case "int64":
      return (data, at) => join64(pair(data, at + a, at + b) | 0, pair(data, at + c, at + d));
    case "float64":
      return (data, at) => {
        view.setUint32(0, pair(data, at + a, at + b));
        view.setUint32(4, pair(data, at + c, at + d));
        return view.getFloat64(0);
      };
    case "string":
      return (data, at) => text(data, at, point.length, word);
  }
}

/** ISO 8859-1 up to the first NUL, without trailing blanks. */
function text(
  data: Buffer,
  at: number,
  length: number,
  word: (data: Buffer, at: number) => number,
): string {
  let out = "";
  for (let i = 0; i < length; i++) {
    const pair = word(data, at + 2 * i);
    out += String.fromCharCode(pair >> 8, pair & 255);
  }
  const end = out.indexOf("\0");
  return (end < 0 ? out : out.slice(0, end)).trimEnd();
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Four decimal digits of a register; NaN when a nibble is none. */
function bcd(word: number): number {
  let value = 0;
  for (let shift = 12; shift >= 0; shift -= 4) {
    const digit = (word >> shift) & 15;
    if (digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

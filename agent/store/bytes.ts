/**
 * A growing byte buffer and a cursor over one, with the few encodings of the raw log: byte, varint, zigzag, text.
 * Knows no format; integers beyond 2^53 are not its business.
 */

export interface ByteWriter {
  bytes: Buffer;
  length: number;
}

export interface ByteReader {
  bytes: Buffer;
  /** Next byte to read. */
  at: number;
}

/** Longest varint: 2^53 in groups of seven bits. */
const VARINT_MAX = 8;

export const byteWriter = (size = 4096): ByteWriter => ({
  bytes: Buffer.allocUnsafe(size),
  length: 0,
});

function room(w: ByteWriter, needed: number): void {
  if (w.length + needed <= w.bytes.length) return;
  const grown = Buffer.allocUnsafe(Math.max(w.bytes.length * 2, w.length + needed));
  w.bytes.copy(grown, 0, 0, w.length);
  w.bytes = grown;
}

/** A copy of what was written. */
export const written = (w: ByteWriter): Uint8Array => new Uint8Array(w.bytes.subarray(0, w.length));

export function putByte(w: ByteWriter, byte: number): void {
  room(w, 1);
  w.bytes[w.length++] = byte;
}

/** An integer from 0 to 2^53, seven bits per byte, lowest first. */
export function putVarint(w: ByteWriter, value: number): void {
  room(w, VARINT_MAX);
  let rest = value;
  while (rest > 0x7fffffff) {
    w.bytes[w.length++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  while (rest > 0x7f) {
    w.bytes[w.length++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  w.bytes[w.length++] = rest;
}

/** An integer of magnitude up to 2^52 as a non-negative one; small magnitudes stay small. */
export const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);
export const unzigzag = (code: number): number => (code % 2 === 0 ? code / 2 : -(code + 1) / 2);

export function putText(w: ByteWriter, text: string): void {
  const size = Buffer.byteLength(text);
  putVarint(w, size);
  room(w, size);
  w.bytes.write(text, w.length);
  w.length += size;
}

export function takeByte(r: ByteReader): number {
  const byte = r.bytes[r.at++];
  if (byte === undefined) throw new RangeError("read past the end");
  return byte;
}

export function takeVarint(r: ByteReader): number {
  let byte = takeByte(r);
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  let scale = 128;
  do {
    byte = takeByte(r);
    value += (byte & 0x7f) * scale;
    scale *= 128;
  } while (byte >= 0x80);
  return value;
}

export function takeText(r: ByteReader): string {
  const size = takeVarint(r);
  if (r.at + size > r.bytes.length) throw new RangeError("read past the end");
  const text = r.bytes.toString("utf8", r.at, r.at + size);
  r.at += size;
  return text;
}

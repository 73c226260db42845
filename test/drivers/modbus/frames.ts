/** Frames of all three framings, from and to what they say, made apart from the code under test. */

export type FramingName = "rtu" | "ascii" | "tcp";

export interface Asked {
  /** 0 where the framing has none. */
  transaction: number;
  unit: number;
  code: number;
  address: number;
  count: number;
}

/** Bit by bit, as the standard draws it. */
export function crc(bytes: readonly number[]): [number, number] {
  let sum = 0xffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >> 1) ^ 0xa001 : sum >> 1;
  }
  return [sum & 255, sum >> 8];
}

export function lrc(bytes: readonly number[]): number {
  return (256 - (bytes.reduce((sum, byte) => sum + byte, 0) & 255)) & 255;
}

/** The wire's bytes for unit, function and data. */
export function frame(framing: FramingName, body: readonly number[], transaction = 0): Buffer {
  if (framing === "rtu") return Buffer.from([...body, ...crc(body)]);
  if (framing === "ascii") {
    const hex = Buffer.from([...body, lrc(body)]).toString("hex");
    return Buffer.from(`:${hex.toUpperCase()}\r\n`);
  }
  const length = body.length;
  const header = [transaction >> 8, transaction & 255, 0, 0, length >> 8, length & 255];
  return Buffer.from([...header, ...body]);
}

/** Unit, function and data of a request on the wire; checks its sums. */
export function bodyOf(framing: FramingName, bytes: Buffer): number[] {
  if (framing === "tcp") return [...bytes.subarray(6)];
  if (framing === "rtu") {
    const body = [...bytes.subarray(0, -2)];
    if (Buffer.from(crc(body)).compare(bytes.subarray(-2)) !== 0) throw new Error("bad CRC sent");
    return body;
  }
  const text = bytes.toString("latin1");
  const all = [...Buffer.from(text.slice(1, -2), "hex")];
  const body = all.slice(0, -1);
  if (text !== frame("ascii", body).toString("latin1")) throw new Error("bad ASCII sent");
  return body;
}

export function askedOf(framing: FramingName, bytes: Buffer): Asked {
  const [unit = 0, code = 0, a = 0, b = 0, c = 0, d = 0] = bodyOf(framing, bytes);
  const transaction = framing === "tcp" ? bytes.readUInt16BE(0) : 0;
  return { transaction, unit, code, address: (a << 8) + b, count: (c << 8) + d };
}

/** Unit, function, byte count and data of the right answer. */
export function answerTo(asked: Asked, word: (address: number) => number): number[] {
  const { unit, code, address, count } = asked;
  if (code === 43) return [unit, 43, 14, 1, 1, 0, 0, 1, 0, 4, 65, 99, 109, 101];
  if (code <= 2) {
    const bytes = new Array<number>((count + 7) >> 3).fill(0);
    for (let i = 0; i < count; i++) bytes[i >> 3]! |= (word(address + i) & 1) << (i & 7);
    return [unit, code, bytes.length, ...bytes];
  }
  const words = Array.from({ length: count }, (_, i) => word(address + i));
  return [unit, code, 2 * count, ...words.flatMap((value) => [value >> 8, value & 255])];
}

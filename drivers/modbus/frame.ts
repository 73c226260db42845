/**
 * Modbus TCP frames, byte by byte, without a socket. The request side lets reads through and nothing else;
 * the reply side accepts only the complete, consistent answer to the one request that is open.
 */

/** What the one open request must be answered with. */
export interface Expectation {
  transaction: number;
  unit: number;
  code: number;
  /** Data bytes of the answer; -1 for device identification, whose length only the device knows. */
  bytes: number;
}

const HEADER = 6;
/** Unit, function and data of the longest legal answer. */
const LONGEST = 254;
const IDENTIFICATION = 0x2b;
const MEI_TYPE = 0x0e;

/**
 * The expectation for a request in serial form (unit, function, data, CRC), or null when it must not leave:
 * only function codes 1 to 4 and 43/14 are reads.
 */
export function expectationOf(request: Uint8Array, transaction: number): Expectation | null {
  const unit = request[0]!;
  const code = request[1]!;
  if (code >= 1 && code <= 4 && request.length === 8) {
    const count = (request[4]! << 8) + request[5]!;
    const isBits = code <= 2;
    if (count < 1 || count > (isBits ? 2000 : 125)) return null;
    return { transaction, unit, code, bytes: isBits ? (count + 7) >> 3 : 2 * count };
  }
  if (code === IDENTIFICATION && request[2] === MEI_TYPE && request.length === 7) {
    return { transaction, unit, code, bytes: -1 };
  }
  return null;
}

/** The bytes for the wire: the request without its CRC behind the MBAP header. */
export function wrap(request: Uint8Array, transaction: number): Buffer {
  const size = request.length - 2;
  const frame = Buffer.allocUnsafe(HEADER + size);
  frame[0] = transaction >> 8;
  frame[1] = transaction & 255;
  frame[2] = 0;
  frame[3] = 0;
  frame[4] = 0;
  frame[5] = size;
  for (let i = 0; i < size; i++) frame[HEADER + i] = request[i]!;
  return frame;
}

/**
 * more: nothing to act on yet; reply: {@link FrameReader.reply} holds the answer;
 * broken: the stream cannot be trusted any more, drop the connection.
 */
export type Progress = "more" | "reply" | "broken";

type Verdict = "reply" | "stray" | "broken";

/** Finds the answer to the open request in one connection's bytes. */
export interface AnswerReader {
  /** The accepted answer in serial form, CRC included. Overwritten by the next one. */
  reply: Buffer;
  /** Well-formed frames that answered nothing. */
  strays: number;
  /** True inside a frame: its beginning came, its end did not. */
  readonly isPartial: boolean;
  /** Takes the first `size` bytes of `chunk`. */
  push(chunk: Buffer, size: number, want: Expectation | null): Progress;
  /** Forgets a frame that has begun. */
  reset(): void;
}

/** How requests look on a wire, and answers are found. */
export interface Framing {
  /** The bytes for the wire, of a request in serial form. */
  encode(request: Uint8Array, transaction: number): Buffer;
  reader(): AnswerReader;
  /** Characters on the wire per byte of the serial form. */
  stretch: number;
}

/** Modbus TCP: a header with a transaction id instead of a CRC. */
export const MBAP: Framing = { encode: wrap, reader: () => new FrameReader(), stretch: 1 };

/** Cuts one connection's byte stream into frames. Frames that answer nothing are counted and dropped. */
export class FrameReader implements AnswerReader {
  reply: Buffer = Buffer.alloc(0);
  strays = 0;
  readonly #held = Buffer.alloc(HEADER + LONGEST);
  readonly #answer = Buffer.alloc(LONGEST + 2);
  #size = 0;
  #need = HEADER;

  get isPartial(): boolean {
    return this.#size > 0;
  }

  /**
   * At most one answer per call: what is glued behind it was
   * sent before the next request and can only be a stray. Half a frame behind an answer breaks the stream:
   * the answer may have been pieced together from the beginning of one frame and of the next.
   */
  push(chunk: Buffer, size: number, want: Expectation | null): Progress {
    let wanted = want;
    let progress: Progress = "more";
    let at = 0;
    while (at < size) {
      const take = Math.min(this.#need - this.#size, size - at);
      chunk.copy(this.#held, this.#size, at, at + take);
      this.#size += take;
      at += take;
      if (this.#size < this.#need) break;
      if (this.#need === HEADER) {
        if (!this.#readHeader()) return "broken";
        continue;
      }
      const verdict = this.#judge(wanted);
      this.reset();
      if (verdict === "broken") return "broken";
      if (verdict === "reply") {
        progress = "reply";
        wanted = null;
      } else this.strays += 1;
    }
    return progress === "reply" && this.isPartial ? "broken" : progress;
  }

  reset(): void {
    this.#size = 0;
    this.#need = HEADER;
  }

  #readHeader(): boolean {
    const held = this.#held;
    const length = held.readUInt16BE(4);
    if (held.readUInt16BE(2) !== 0 || length < 3 || length > LONGEST) return false;
    this.#need = HEADER + length;
    return true;
  }

  #judge(want: Expectation | null): Verdict {
    const held = this.#held;
    if (want === null || held.readUInt16BE(0) !== want.transaction || held[6] !== want.unit)
      return "stray";
    const length = this.#need - HEADER;
    const code = held[7];
    if (code !== want.code && code !== (want.code | 0x80)) return "stray";
    const isSound =
      code !== want.code
        ? length === 3 && held[8] !== 0
        : want.bytes < 0
          ? isIdentification(held.subarray(HEADER, this.#need))
          : length === 3 + want.bytes && held[8] === want.bytes;
    if (!isSound) return "broken";
    this.#accept(length);
    return "reply";
  }

  #accept(length: number): void {
    const answer = this.#answer;
    this.#held.copy(answer, 0, HEADER, HEADER + length);
    const sum = crc16(answer, length);
    answer[length] = sum & 255;
    answer[length + 1] = sum >> 8;
    this.reply = answer.subarray(0, length + 2);
  }
}

/**
 * Unit, 43, 14, code, conformity, more, next, count, then objects of id, length, text that end with the frame.
 * Some devices give the count over all answers, so fewer objects than announced are accepted.
 */
export function isIdentification(frame: Uint8Array): boolean {
  if (frame.length < 8 || frame[2] !== MEI_TYPE) return false;
  let at = 8;
  let objects = 0;
  while (at < frame.length) {
    at += 2 + (frame[at + 1] ?? LONGEST);
    objects += 1;
  }
  return at === frame.length && objects <= (frame[7] ?? 0);
}

const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  return crc;
});

/** The CRC of a serial frame over the first `length` bytes; low byte first on the wire. */
export function crc16(bytes: Uint8Array, length: number): number {
  let crc = 0xffff;
  for (let i = 0; i < length; i++) {
    crc = (crc >> 8) ^ CRC_TABLE[(crc ^ bytes[i]!) & 255]!;
  }
  return crc;
}

/**
 * Modbus RTU frames, byte by byte, without a port. Hands over only the complete, sound answer to the one
 * request that is open; whole frames of others are passed over, anything else breaks the exchange.
 */
import {
  type AnswerReader,
  crc16,
  type Expectation,
  type Framing,
  isIdentification,
  type Progress,
} from "./frame.ts";

/** The longest legal frame, unit and CRC included. */
const LONGEST = 256;
const IDENTIFICATION = 0x2b;
/**
 * Converters that switch direction leave a stray 0x00 or 0xFF at either end of a frame. No unit has these
 * numbers, so at the front they are skipped; behind an answer that many bytes are let pass.
 */
const GLITCHES = 2;

export const RTU: Framing = {
  encode: (request) => Buffer.from(request),
  reader: () => new RtuReader(),
  stretch: 1,
};

export class RtuReader implements AnswerReader {
  reply: Buffer = Buffer.alloc(0);
  strays = 0;
  readonly #held = Buffer.alloc(LONGEST);
  readonly #answer = Buffer.alloc(LONGEST);
  #size = 0;
  #skipped = 0;

  get isPartial(): boolean {
    return this.#size > 0;
  }

  reset(): void {
    this.#size = 0;
    this.#skipped = 0;
  }

  /**
   * Whatever follows an answer in the same read breaks it, but for a glitch: the answer may be a late one, with
   * the true one behind it.
   */
  push(chunk: Buffer, size: number, want: Expectation | null): Progress {
    for (let at = 0; at < size; at++) {
      const byte = chunk[at]!;
      if (this.#size === 0 && this.#isGlitch(byte, want)) continue;
      this.#held[this.#size] = byte;
      this.#size += 1;
      const end = frameEnd(this.#held, this.#size);
      if (end === "broken") return "broken";
      if (end === "more") continue;
      const isAnswer = want !== null && this.#isAnswer(want);
      if (isAnswer) return this.#accept(size - at - 1);
      this.strays += 1;
      this.reset();
    }
    return "more";
  }

  #isGlitch(byte: number, want: Expectation | null): boolean {
    if ((byte !== 0 && byte !== 255) || byte === want?.unit || this.#skipped >= GLITCHES)
      return false;
    this.#skipped += 1;
    return true;
  }

  #isAnswer(want: Expectation): boolean {
    const held = this.#held;
    return held[0] === want.unit && isAnswerTo(want, held.subarray(0, this.#size - 2));
  }

  #accept(behind: number): Progress {
    this.#held.copy(this.#answer, 0, 0, this.#size);
    this.reply = this.#answer.subarray(0, this.#size);
    this.reset();
    return behind > GLITCHES ? "broken" : "reply";
  }
}

/** Whether a sound frame of the right unit, without its checksum, has the function and size that are wanted. */
export function isAnswerTo(want: Expectation, frame: Uint8Array): boolean {
  if (frame[1] === (want.code | 0x80)) return frame[2] !== 0;
  if (frame[1] !== want.code) return false;
  return want.bytes < 0 || frame[2] === want.bytes;
}

/**
 * Whether the frame that begins `held` is complete with byte `size`: an answer says its own length. Its checksum
 * must then be right.
 */
function frameEnd(held: Buffer, size: number): "more" | "whole" | "broken" {
  if (size < 3) return "more";
  const code = held[1]!;
  if (code === IDENTIFICATION) return identificationEnd(held, size);
  const length = dataLength(code, held[2]!);
  if (length === 0) return "broken";
  if (size < length + 2) return "more";
  return isSound(held, length) ? "whole" : "broken";
}

/** Bytes before the CRC; 0 for what is no answer. */
function dataLength(code: number, third: number): number {
  if (code >= 0x81) return 3;
  return code >= 1 && code <= 4 && third >= 1 && third <= 250 ? 3 + third : 0;
}

/** Identification does not say its length: it ends behind an object, where the checksum is right. */
function identificationEnd(held: Buffer, size: number): "more" | "whole" | "broken" {
  const isWhole =
    size >= 10 && isIdentification(held.subarray(0, size - 2)) && isSound(held, size - 2);
  if (isWhole) return "whole";
  return size < LONGEST ? "more" : "broken";
}

function isSound(held: Buffer, length: number): boolean {
  return held.readUInt16LE(length) === crc16(held, length);
}

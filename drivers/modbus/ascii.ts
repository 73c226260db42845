/**
 * Modbus ASCII frames (`:` hex LRC CR LF), character by character. Hands over only the complete, sound answer to
 * the open request, as if it were RTU. Its 8-bit LRC misses one in 256 damages of several characters: parity helps.
 */
import {
  type AnswerReader,
  crc16,
  type Expectation,
  type Framing,
  isIdentification,
  type Progress,
} from "./frame.ts";
import { isAnswerTo } from "./rtu.ts";

const COLON = 0x3a;
const CR = 0x0d;
const LF = 0x0a;
/** Unit, function, data and LRC of the longest legal frame. */
const LONGEST = 255;

export const ASCII: Framing = { encode, reader: () => new AsciiReader(), stretch: 2 };

function encode(request: Uint8Array): Buffer {
  const length = request.length - 2;
  const hex = Buffer.from([...request.subarray(0, length), lrc(request, length)]).toString("hex");
  return Buffer.from(`:${hex.toUpperCase()}\r\n`);
}

/** The sum that makes all bytes of a frame add up to 0. */
export function lrc(bytes: Uint8Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += bytes[i]!;
  return -sum & 255;
}

export class AsciiReader implements AnswerReader {
  reply: Buffer = Buffer.alloc(0);
  strays = 0;
  readonly #held = Buffer.alloc(LONGEST);
  readonly #answer = Buffer.alloc(LONGEST + 2);
  /** Hexadecimal digits taken, or -1 before the colon. */
  #digits = -1;
  #isEnding = false;

  get isPartial(): boolean {
    return this.#digits >= 0;
  }

  reset(): void {
    this.#digits = -1;
    this.#isEnding = false;
  }

  push(chunk: Buffer, size: number, want: Expectation | null): Progress {
    for (let at = 0; at < size; at++) {
      const end = this.#take(chunk[at]!);
      if (end === "more") continue;
      if (end === "broken") return "broken";
      const length = this.#digits / 2 - 1;
      this.reset();
      if (want !== null && this.#isAnswer(want, length)) {
        this.#accept(length);
        return at + 1 < size ? "broken" : "reply";
      }
      this.strays += 1;
    }
    return "more";
  }

  /** One character. Before a colon nothing counts; a colon within a frame begins another, as the standard says. */
  #take(character: number): "more" | "whole" | "broken" {
    if (character === COLON) {
      this.#digits = 0;
      this.#isEnding = false;
      return "more";
    }
    if (this.#digits < 0) return "more";
    if (this.#isEnding) return character === LF && this.#isSound() ? "whole" : "broken";
    if (character === CR) {
      this.#isEnding = true;
      return "more";
    }
    const digit = digitOf(character);
    const index = this.#digits >> 1;
    if (digit < 0 || index >= LONGEST) return "broken";
    this.#held[index] = this.#digits % 2 === 0 ? digit << 4 : this.#held[index]! | digit;
    this.#digits += 1;
    return "more";
  }

  #isSound(): boolean {
    const size = this.#digits / 2;
    return Number.isInteger(size) && size >= 4 && lrc(this.#held, size) === 0;
  }

  #isAnswer(want: Expectation, length: number): boolean {
    const frame = this.#held.subarray(0, length);
    if (frame[0] !== want.unit || !isAnswerTo(want, frame)) return false;
    if (frame[1] !== want.code) return length === 3;
    return want.bytes < 0 ? isIdentification(frame) : length === 3 + want.bytes;
  }

  #accept(length: number): void {
    const answer = this.#answer;
    this.#held.copy(answer, 0, 0, length);
    answer.writeUInt16LE(crc16(answer, length), length);
    this.reply = answer.subarray(0, length + 2);
  }
}

/** The value of a hexadecimal digit, or -1. */
function digitOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character & 0xdf;
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : -1;
}

import { describe, expect, it } from "vitest";
import {
  crc16,
  type Expectation,
  expectationOf,
  FrameReader,
  type Progress,
  wrap,
} from "../../../drivers/modbus/frame.ts";
import { altered, frameOf } from "./device.ts";

const READ_TWO = Buffer.from([1, 3, 0, 0, 0, 2, 0xc4, 0x0b]);
const WANT: Expectation = { transaction: 7, unit: 1, code: 3, bytes: 4 };
const GOOD = frameOf(WANT, [3, 4, 0, 1, 0, 2]);

const push = (...chunks: Buffer[]): { progress: Progress; reader: FrameReader } => {
  const reader = new FrameReader();
  let progress: Progress = "more";
  for (const chunk of chunks) progress = reader.push(chunk, chunk.length, WANT);
  return { progress, reader };
};

describe("requests", () => {
  it("lets out reads and device identification, and nothing else of all 256 function codes", () => {
    const leaving = Array.from({ length: 256 }, (_, code) => code).filter((code) =>
      [4, 5, 6, 7, 8, 9, 12, 20].some((size) => {
        const request = Buffer.alloc(size);
        request.set([1, code, 0x0e, 1, 0, 1].slice(0, size));
        return expectationOf(request, 1) !== null;
      }),
    );
    expect(leaving).toEqual([1, 2, 3, 4, 43]);
  });

  it("holds back other uses of code 43 and impossible counts", () => {
    expect(expectationOf(Buffer.from([1, 43, 13, 1, 0, 0, 0]), 1)).toBeNull();
    for (const [code, count] of [
      [3, 0],
      [3, 126],
      [1, 2001],
    ] as const) {
      expect(
        expectationOf(Buffer.from([1, code, 0, 0, count >> 8, count & 255, 0, 0]), 1),
      ).toBeNull();
    }
  });

  it("knows the size of the answer", () => {
    expect(expectationOf(READ_TWO, 7)).toEqual(WANT);
    expect(expectationOf(Buffer.from([1, 2, 0, 0, 0, 9, 0, 0]), 7)).toMatchObject({ bytes: 2 });
  });

  it("puts the header before the request and drops its CRC", () => {
    expect(wrap(READ_TWO, 0x1234).toString("hex")).toBe("123400000006010300000002");
    expect(crc16(READ_TWO, 6)).toBe(0x0bc4);
  });
});

describe("answers", () => {
  it("takes the right one, whole, byte by byte, or behind strays", () => {
    const stray = altered(GOOD, 1, 6);
    for (const chunks of [
      [GOOD],
      [...GOOD].map((byte) => Buffer.from([byte])),
      [Buffer.concat([stray, GOOD])],
      [Buffer.concat([GOOD, stray])],
    ]) {
      const { progress, reader } = push(...chunks);
      expect(progress).toBe("reply");
      expect(reader.reply.subarray(3, -2)).toEqual(GOOD.subarray(9));
      expect(reader.reply.readUInt16LE(7)).toBe(crc16(reader.reply, 7));
    }
  });

  it("takes an exception of the right unit and function", () => {
    expect(push(frameOf(WANT, [0x83, 2])).progress).toBe("reply");
    expect(push(frameOf({ ...WANT, unit: 99 }, [0x83, 6])).progress).toBe("more");
    expect(push(frameOf(WANT, [0x84, 2])).progress).toBe("more");
  });

  it.each([
    ["transaction", altered(GOOD, 1, 8)],
    ["unit", altered(GOOD, 6, 2)],
    ["function", altered(GOOD, 7, 4)],
  ])("counts and drops a frame of another %s", (_what, frame) => {
    const { progress, reader } = push(frame);
    expect([progress, reader.strays, reader.isPartial]).toEqual(["more", 1, false]);
  });

  it("counts everything as stray while no request is open", () => {
    const reader = new FrameReader();
    expect(reader.push(GOOD, GOOD.length, null)).toBe("more");
    expect(reader.strays).toBe(1);
  });

  it.each([
    ["protocol id", altered(GOOD, 3, 1)],
    ["length 65535", Buffer.from([0, 7, 0, 0, 0xff, 0xff, 1, 3])],
    ["length 2", altered(GOOD, 5, 2)],
    ["length 255", altered(GOOD, 5, 255)],
    ["byte count too large", altered(GOOD, 8, 6)],
    ["byte count too small", altered(GOOD, 8, 2)],
    ["fewer registers", frameOf(WANT, [3, 2, 0, 1])],
    ["more registers", frameOf(WANT, [3, 6, 0, 1, 0, 2, 0, 3])],
    ["long exception", frameOf(WANT, [0x83, 2, 0])],
    ["exception 0", frameOf(WANT, [0x83, 0])],
    ["half a frame behind the answer", Buffer.concat([GOOD, GOOD.subarray(0, 5)])],
  ])("gives up the stream on a wrong %s", (_what, frame) => {
    expect(push(frame).progress).toBe("broken");
  });

  it("checks device identification down to its last object", () => {
    const want: Expectation = { transaction: 1, unit: 1, code: 43, bytes: -1 };
    const take = (rest: number[]): Progress => {
      const frame = frameOf(want, rest);
      return new FrameReader().push(frame, frame.length, want);
    };
    expect(take([43, 14, 1, 1, 0, 0, 2, 0, 2, 65, 66, 1, 1, 67])).toBe("reply");
    expect(take([43, 14, 1, 1, 0, 0, 3, 0, 2, 65, 66])).toBe("reply");
    expect(take([43, 14, 1, 1, 0, 0, 1, 0, 9, 65, 66])).toBe("broken");
    expect(take([43, 14, 1, 1, 0, 0, 1, 0, 2, 65, 66, 1])).toBe("broken");
    expect(take([43, 13, 1, 1, 0, 0, 0])).toBe("broken");
  });
});

/** mulberry32: a seed gives the same run every time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describe("100,000 faulty frames", () => {
  const TRUE = 0x1111;
  const FALSE = 0xdead;
  const words = (want: Expectation, word: number): Buffer => {
    const data = Array.from({ length: want.bytes / 2 }, () => [word >> 8, word & 255]).flat();
    return frameOf(want, [want.code, want.bytes, ...data]);
  };

  /** A frame with false data and at least one thing wrong with it. */
  function faulty(want: Expectation, pick: (below: number) => number): Buffer {
    const frame = words(want, FALSE);
    const other = (value: number): number => (value + 1 + pick(255)) & 255;
    switch (pick(9)) {
      case 0:
        return altered(frame, 1, other(frame[1]!));
      case 1:
        return altered(frame, 2 + pick(2), 1 + pick(255));
      case 2: {
        const at = 4 + pick(2);
        return altered(frame, at, other(frame[at]!));
      }
      case 3:
        return altered(frame, 6, other(want.unit));
      case 4:
        return altered(frame, 7, other(want.code));
      case 5:
        return altered(frame, 8, other(want.bytes));
      case 6:
        return words({ ...want, bytes: want.bytes + 2 * (1 + pick(20)) }, FALSE);
      case 7:
        return frame.subarray(0, 1 + pick(frame.length - 1));
      default:
        return Buffer.from(Array.from({ length: 1 + pick(40) }, () => pick(256)));
    }
  }

  /** What came of one read that is answered with a fault first. */
  function outcome(reader: FrameReader, want: Expectation, pick: (below: number) => number) {
    const fault = faulty(want, pick);
    const stream = pick(2) === 0 ? Buffer.concat([fault, words(want, TRUE)]) : fault;
    const progress = reader.push(stream, stream.length, want);
    if (progress !== "reply") return progress;
    // An altered function can become that of an exception, which carries no value.
    if (reader.reply[1] !== want.code) return "exception";
    return reader.reply.readUInt16BE(3) === TRUE ? "true" : "false";
  }

  it("lets no false value in, and hears the next true one", () => {
    const pick = random(20261122);
    const seen = { more: 0, broken: 0, exception: 0, true: 0, false: 0, unheard: 0 };
    let reader = new FrameReader();
    for (let i = 0; i < 100_000; i++) {
      const bytes = 2 * (1 + pick(20));
      const want = { transaction: i & 0xffff, unit: 1 + pick(3), code: 3 + pick(2), bytes };
      const result = outcome(reader, want, pick);
      seen[result] += 1;
      // What the port does: a broken stream at once, half a frame at the deadline.
      if (result === "broken" || reader.isPartial) reader = new FrameReader();
      const good = words(want, TRUE);
      if (reader.push(good, good.length, want) !== "reply") seen.unheard += 1;
    }
    expect(seen).toMatchObject({ false: 0, unheard: 0 });
    expect(seen.true).toBeGreaterThan(10_000);
    expect(seen.broken).toBeGreaterThan(10_000);
  });
});

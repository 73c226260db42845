/**
 * Faulty answers of every kind, for all framings, from a seed. For fuzzing: what a line may do to the right answer,
 * as pieces that arrive after so many milliseconds. Damages stay within what the check sums promise to find: up to
 * three bits or one burst of 16 bits for a CRC, one character for an LRC.
 */
import { type Asked, type FramingName, frame } from "./frames.ts";
import type { Piece } from "./line.ts";

export type Pick = (below: number) => number;

/** mulberry32: a seed gives the same run every time. */
export function seeded(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

export interface Fault {
  framing: FramingName;
  asked: Asked;
  /** Unit, function, byte count and data of the right answer. */
  good: number[];
  timeoutMs: number;
  pick: Pick;
}

type Kind = (fault: Fault) => Piece[];

const whole = ({ framing, asked }: Fault, body: readonly number[]): Buffer =>
  frame(framing, body, asked.transaction);
const soon = (bytes: Buffer): Piece[] => [{ after: 2, bytes }];
const other = (value: number, pick: Pick): number => (value + 1 + pick(255)) & 255;
const altered = (fault: Fault, at: number): number[] =>
  fault.good.map((byte, i) => (i === at ? other(byte, fault.pick) : byte));
const noise = (size: number, pick: Pick): Buffer =>
  Buffer.from(Array.from({ length: size }, () => pick(256)));

/** Every kind gives false data, or true data that must not be believed any more. */
export const KINDS: Record<string, Kind> = {
  silent: () => [],
  late: (fault) => {
    const after = Math.round(fault.timeoutMs * (0.5 + fault.pick(400) / 100));
    return [{ after, bytes: whole(fault, fault.good) }];
  },
  doubled: (fault) => [
    { after: 2, bytes: whole(fault, fault.good) },
    { after: 3 + fault.pick(40), bytes: whole(fault, fault.good) },
  ],
  unit: (fault) => soon(whole(fault, altered(fault, 0))),
  function: (fault) => soon(whole(fault, altered(fault, 1))),
  "byte count": (fault) => soon(whole(fault, altered(fault, 2))),
  transaction: (fault) => {
    const { framing, asked, good, pick } = fault;
    if (framing !== "tcp") return soon(whole(fault, altered(fault, 0)));
    return soon(frame("tcp", good, (asked.transaction + 1 + pick(65_535)) & 0xffff));
  },
  shorter: (fault) => {
    const { good, pick } = fault;
    const data = good.slice(3, 3 + 2 * pick(good.length >> 1));
    return soon(whole(fault, [good[0]!, good[1]!, data.length, ...data]));
  },
  longer: (fault) => {
    const data = [...fault.good.slice(3), ...noise(2 * (1 + fault.pick(8)), fault.pick)];
    return soon(whole(fault, [fault.good[0]!, fault.good[1]!, data.length, ...data]));
  },
  damaged: (fault) => soon(damaged(fault, whole(fault, fault.good))),
  half: (fault) => {
    const bytes = whole(fault, fault.good);
    return soon(bytes.subarray(0, 1 + fault.pick(bytes.length - 1)));
  },
  garbage: (fault) => soon(noise(1 + fault.pick(60), fault.pick)),
  "garbage before": (fault) =>
    soon(Buffer.concat([noise(3 + fault.pick(20), fault.pick), whole(fault, fault.good)])),
  glued: (fault) => {
    const stranger = whole(fault, altered(fault, 0));
    return soon(Buffer.concat([stranger, whole(fault, fault.good), stranger]));
  },
  bytewise: (fault) =>
    [...whole(fault, fault.good)].map((byte, i) => ({ after: 2 + i, bytes: Buffer.from([byte]) })),
  // Refusals (2, 3) are no faults: the planner heeds them.
  exception: (fault) => {
    const code = [1, 4, 5, 6, 8, 10, 11, 99][fault.pick(8)]!;
    return soon(whole(fault, [fault.good[0]!, fault.good[1]! | 0x80, code]));
  },
  "exception of another": (fault) =>
    soon(whole(fault, [other(fault.good[0]!, fault.pick), fault.good[1]! | 0x80, 6])),
  echo: (fault) =>
    soon(whole(fault, [fault.good[0]!, fault.good[1]!, 0, 0, 0, fault.good[2]! >> 1])),
};

const NAMES = Object.keys(KINDS);

/** The name of a kind and its pieces. */
export function anyFault(fault: Fault): [string, Piece[]] {
  const name = NAMES[fault.pick(NAMES.length)]!;
  return [name, KINDS[name]!(fault)];
}

function damaged({ framing, pick }: Fault, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  if (framing === "tcp") {
    // Nothing guards the data but TCP itself: only the header may be damaged.
    copy[pick(9)]! ^= 1 << pick(8);
  } else if (framing === "ascii") {
    const at = pick(copy.length);
    copy[at] = other(copy[at]!, pick);
  } else if (pick(2) === 0) {
    const bits = new Set(Array.from({ length: 1 + pick(3) }, () => pick(8 * copy.length)));
    for (const bit of bits) copy[bit >> 3]! ^= 1 << (bit & 7);
  } else {
    const at = pick(copy.length - 1);
    copy.writeUInt16BE(copy.readUInt16BE(at) ^ (1 + pick(0xffff)), at);
  }
  return copy;
}

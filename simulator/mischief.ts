/**
 * What a bus may do to an answer, by name, for scenarios and tests. Each kind gives false data, or true data so late
 * or in such a way that it must not disturb. Pure but for the random numbers it is given.
 */
import type { Random } from "./random.ts";
import type { Action, Piece, Reply } from "./serve.ts";

export type Mischief = (typeof MISCHIEFS)[number];

const EXCEPTIONS = [1, 2, 3, 4, 5, 6, 8, 10, 11] as const;
type ExceptionName = `exception-${(typeof EXCEPTIONS)[number]}`;

/** Kinds that end or block a connection; on a serial line they are silence. */
const LINKS = ["fin", "rst", "half-open"] as const;
const ANSWERS = [
  "late",
  "slow",
  "silent",
  "garbage",
  "half",
  "glued",
  "bytewise",
  "noise-before",
  "wrong-unit",
  "wrong-function",
  "wrong-transaction",
  "wrong-length",
  "wrong-byte-count",
  "wrong-check",
] as const;
export const MISCHIEFS = [
  ...ANSWERS,
  ...EXCEPTIONS.map((code): ExceptionName => `exception-${code}`),
  ...LINKS,
] as const;

/** `timeoutMs`: how long the client waits; late answers come after 0.5 to 3.5 times that. */
export function mischief(kind: Mischief, random: Random, timeoutMs: number): Action {
  if (kind.startsWith("exception-")) return { do: "exception", code: Number(kind.slice(10)) };
  const make = MAKES[kind];
  if (make) return { do: "pieces", isTrue: TRUE.has(kind), make: (reply) => make(reply, random) };
  switch (kind) {
    case "late":
      return { do: "delay", ms: timeoutMs * (0.5 + 3 * random()) };
    case "slow":
      return spread(timeoutMs / 2);
    case "fin":
      return { do: "close" };
    case "rst":
      return { do: "reset" };
    case "half-open":
      return { do: "deafen" };
    default:
      return { do: "silent" };
  }
}

/** The answer in four pieces over `ms`. */
function spread(ms: number): Action {
  const make = ({ bytes }: Reply): Piece[] => {
    const cut = (i: number): number => Math.floor((i * bytes.length) / 4);
    return [0, 1, 2, 3].map((i) => ({
      afterMs: i === 0 ? 0 : ms / 3,
      bytes: bytes.subarray(cut(i), cut(i + 1)),
    }));
  };
  return { do: "pieces", isTrue: true, make };
}

/** The answer is whole in it: believing it is no mistake. */
const TRUE: ReadonlySet<Mischief> = new Set<Mischief>(["bytewise", "noise-before"]);
const once = (bytes: Buffer): Piece[] => [{ afterMs: 0, bytes }];
/** 1 to `most`. */
const some = (random: Random, most: number): number => 1 + Math.floor(random() * most);
const other = (value: number, random: Random): number => (value + some(random, 255)) & 255;
const noise = (random: Random, size: number): Buffer =>
  Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));

function altered(pdu: Buffer, at: number, random: Random): Buffer {
  const copy = Buffer.from(pdu);
  copy[at] = other(copy[at] ?? 0, random);
  return copy;
}

type Make = (reply: Reply, random: Random) => Piece[];

const stranger: Make = ({ request, pdu, framing }, random) =>
  once(framing.frame({ ...request, unit: other(request.unit, random) }, altered(pdu, 2, random)));

const MAKES: Partial<Record<Mischief, Make>> = {
  garbage: (_, random) => once(noise(random, some(random, 60))),
  half: ({ bytes }, random) => once(bytes.subarray(0, some(random, bytes.length - 1))),
  /** Another unit's frame before and behind; what stands between may be believed or not, but never the others. */
  glued: (reply, random) => {
    const strange = Buffer.concat(stranger(reply, random).map(({ bytes }) => bytes));
    return once(Buffer.concat([strange, strange]));
  },
  bytewise: ({ bytes }) => [...bytes].map((byte) => ({ afterMs: 0, bytes: Buffer.from([byte]) })),
  "noise-before": ({ bytes }, random) =>
    once(Buffer.concat([noise(random, 3 + some(random, 17)), bytes])),
  "wrong-unit": stranger,
  "wrong-function": ({ framing, request, pdu }, random) =>
    once(framing.frame(request, altered(pdu, 0, random))),
  "wrong-transaction": (reply, random) => {
    const { framing, request, pdu } = reply;
    const transaction = (request.transaction + some(random, 65_535)) & 0xffff;
    const bytes = framing.frame({ ...request, transaction }, pdu);
    // Serial frames have none: then another unit answers.
    return bytes.equals(reply.bytes) ? stranger(reply, random) : once(bytes);
  },
  /** Consistent in itself, but more than was asked. */
  "wrong-length": ({ framing, request, pdu }, random) => {
    const longer = Buffer.concat([pdu, noise(random, 2 * some(random, 4))]);
    longer[1] = longer.length - 2;
    return once(framing.frame(request, longer));
  },
  "wrong-byte-count": ({ framing, request, pdu }, random) =>
    once(framing.frame(request, altered(pdu, 1, random))),
  "wrong-check": ({ framing, bytes }) => once(framing.spoil(bytes)),
};

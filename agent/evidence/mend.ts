/**
 * Chains at a start: is the record behind every head the one the head names? What is damaged is named, set aside and
 * gone on from with a declared break, at the last record that is sound. Never mends a record.
 */
import { contentHash, faultOf, type Head, type Heads } from "../store/head.ts";
import type { Recovered } from "../store/port.ts";
import type { Reader } from "../store/read.ts";
import type { ChainBreak } from "./notice.ts";
import { type Evidenced, linkedOf } from "./select.ts";
import { isSigned, type PublicKey, publicKeyOf } from "./signature.ts";

export interface Mended {
  heads: Heads;
  breaks: ChainBreak[];
  /** Numbers of damaged records, with the reason. */
  damaged: { seq: number; why: string }[];
}

type Found = Pick<Recovered, "heads" | "tails" | "beyond" | "lost" | "quarantined" | "firstStart">;

/**
 * `open` reads the store, and is called only when something is wrong. `chains`: those to declare broken where the
 * store was lost with all its heads.
 */
export async function mendChains(
  found: Found,
  chains: string[],
  open: () => Promise<Reader>,
): Promise<Mended> {
  const { heads, tails, beyond } = found;
  const loss = lossOf(found);
  const wrong = new Map(
    tails.flatMap(({ chain, head, payload }) => {
      const why = faultOf(head, payload);
      return why === null ? [] : [[chain, why] as const];
    }),
  );
  if (wrong.size === 0 && beyond.length === 0)
    return { heads, breaks: loss === null ? [] : lostBreaks(heads, chains, loss), damaged: [] };
  const reader = await open();
  try {
    return mended(reader, heads, wrong, beyond);
  } finally {
    reader.close();
  }
}

const lossOf = ({ lost, quarantined, firstStart }: Found): string | null => {
  if (firstStart) return null;
  return quarantined === null ? lost : "the store was damaged and set aside";
};

/** What was told after the heads at hand may have been told to others. */
const lostBreaks = (heads: Heads, chains: string[], why: string): ChainBreak[] =>
  [...new Set([...chains, ...Object.keys(heads)])].map((chain) => {
    const head = heads[chain] ?? null;
    return breakAt(chain, why, head, head);
  });

const breakAt = (chain: string, why: string, head: Head | null, last: Head | null): ChainBreak => ({
  ...{ chain, why, head: head?.hash ?? null, headSeq: head?.seq ?? null, prev: last?.hash ?? null },
});

function mended(
  reader: Reader,
  heads: Heads,
  wrong: Map<string, string>,
  beyond: number[],
): Mended {
  const keys = reader.keys().flatMap(({ publicKey }) => publicKeyOf(publicKey) ?? []);
  const reasons = new Map(wrong);
  for (const { chain } of linkedOf(reader, Math.min(...beyond) - 1))
    if (!reasons.has(chain)) reasons.set(chain, "there is a record beyond the head");
  const last: Heads = {};
  let damaged: (Mended["damaged"][number] & { chain: string })[] = [];
  for (const row of linkedOf(reader)) {
    const { chain, record, payload } = row;
    if (!reasons.has(chain)) continue;
    const why = faultIn(row, keys);
    if (why !== null) damaged.push({ seq: record.seq, why, chain });
    else {
      last[chain] = { hash: payload.hash, seq: record.seq };
      // What a sound record follows stays where it is: it is for `verify` to name.
      damaged = damaged.filter((each) => each.chain !== chain);
    }
  }
  const next = { ...heads };
  const breaks = [...reasons].map(([chain, why]) => {
    const sound = last[chain] ?? null;
    if (sound) next[chain] = sound;
    else delete next[chain];
    return breakAt(chain, why, heads[chain] ?? null, sound);
  });
  return { heads: next, breaks, damaged: damaged.map(({ seq, why }) => ({ seq, why })) };
}

/** What is wrong with a record on its own; null when it is sound. */
function faultIn({ payload }: Evidenced, keys: PublicKey[]): string | null {
  const { hash, signature } = payload;
  if (contentHash(payload) !== hash) return "its hash is not that of its content";
  if (keys.length === 0) return null;
  if (typeof signature !== "string") return "it is not signed";
  return keys.some((key) => isSigned(key, hash, signature)) ? null : "no known key signed it";
}

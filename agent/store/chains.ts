/**
 * Compares the chain heads of a store with its records: once when it is opened, and before each commit that adds to a
 * chain. Finds what was changed behind the agent's back; mends nothing.
 */
import { type Disagreement, faultOf, type Heads, type Tail } from "./head.ts";
import type { RecordRow } from "./port.ts";
import { readHeads } from "./progress.ts";
import type { Db } from "./sqlite.ts";
import type { Words } from "./words.ts";

/** So many records beyond all heads are named; one is damage enough. */
const BEYOND_LIMIT = 100;

/** The record behind each head, and the numbers of chained records that are newer than every head. */
export function readTails(db: Db, heads: Heads): { tails: Tail[]; beyond: number[] } {
  const tails = Object.entries(heads)
    .filter(([, head]) => head.seq > 0)
    .map(([chain, head]) => ({ chain, head, payload: payloadAt(db, head.seq) }));
  const known = Object.values(heads).map(({ seq }) => seq);
  // Heads from before numbers were kept say nothing of what comes after them.
  if (known.includes(0)) return { tails, beyond: [] };
  const newest = db.prepare(
    `SELECT seq FROM records WHERE seq > ? AND keep = 1 AND instr(payload, '"hash":"sha256:') > 0
     ORDER BY seq LIMIT ${BEYOND_LIMIT}`,
  );
  const beyond = newest.all(Math.max(0, ...known)) as { seq: number }[];
  return { tails, beyond: beyond.map(({ seq }) => seq) };
}

/** Heads to hold the store to later. What is wrong already is the start's to judge, and not news at a commit. */
export function soundHeads(heads: Heads, tails: Tail[]): Heads {
  const wrong = tails.filter(({ head, payload }) => faultOf(head, payload) !== null);
  return Object.fromEntries(
    Object.entries(heads).filter(([chain]) => !wrong.some((tail) => tail.chain === chain)),
  );
}

const payloadAt = (db: Db, seq: number): string | null =>
  (db.prepare("SELECT payload FROM records WHERE seq = ? AND keep = 1").pluck().get(seq) ?? null) as
    | string
    | null;

/** Chains that `records` add to and that are not as `known`, what this process read or wrote last. */
export function disagreements(
  db: Db,
  words: Words,
  known: Heads,
  { heads, records }: { heads: Heads; records: RecordRow[] },
): Disagreement[] {
  if (!records.some(({ keep }) => keep)) return [];
  const stored = readHeads(db, words);
  return Object.keys(heads).flatMap((chain): Disagreement[] => {
    const head = known[chain];
    if (!head) return [];
    const { hash, seq } = stored[chain] ?? { hash: "", seq: 0 };
    if (hash !== head.hash || seq !== head.seq)
      return [{ chain, head, what: "the stored head was changed", isRecord: false }];
    const what = seq === 0 ? null : faultOf(head, payloadAt(db, seq));
    return what === null ? [] : [{ chain, head, what, isRecord: true }];
  });
}

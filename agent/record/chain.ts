/**
 * Sequence, hash chain and signature of records, given at the commit (DESIGN 5.4). One chain per asset over final
 * windows, revisions and incident closings, one per contract over its verdicts, each in commit order. Knows no key:
 * signing is a function it is given.
 */
import { chainOf, type Heads, hashOf } from "../store/head.ts";
import type { RecordRow } from "../store/port.ts";
import type { Message } from "./message.ts";

/** Base64 of the Ed25519 signature over the UTF-8 bytes of a hash text. */
export type Sign = (hash: string) => string;

export interface Chain {
  nextSeq: number;
  /** The last chained record of each chain. */
  heads: Heads;
  replayed: boolean;
  /** Without it records are not signed: replays. */
  sign?: Sign | undefined;
}

/** Classes whose records carry `prev`, `hash` and `signature`, if only as null. */
const EVIDENCE = ["window", "incident", "contract"];

/** Seals one message: takes the next `seq`, and links, hashes and signs evidence. Mutates `chain`. */
export function seal(chain: Chain, message: Message): RecordRow {
  const { body, topic, retain, asset, at } = message;
  const { schema, id, agent, time, configHash, calcVersion, ...rest } = body;
  const seq = chain.nextSeq++;
  const payload: Record<string, unknown> = {
    schema,
    id,
    agent,
    asset,
    seq,
    time,
    configHash,
    calcVersion,
    replayed: chain.replayed,
    ...rest,
  };
  if (message.chained) Object.assign(payload, linked(chain, body, seq));
  else if (EVIDENCE.includes(message.class))
    Object.assign(payload, { prev: null, hash: null, signature: null });
  return {
    seq,
    topic,
    payload: JSON.stringify(payload),
    retain,
    class: message.class,
    asset,
    at,
    keep: message.chained || message.kept === true,
  };
}

function linked(chain: Chain, body: Record<string, unknown>, seq: number): object {
  const owner = chainOf(body);
  const prev = chain.heads[owner]?.hash ?? null;
  const hash = hashOf({ ...body, prev });
  chain.heads[owner] = { hash, seq };
  return { prev, hash, signature: chain.sign?.(hash) ?? null };
}

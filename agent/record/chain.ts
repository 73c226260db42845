/**
 * Sequence and hash chain of records, given at the commit (DESIGN 5.4). One chain per asset over final windows and
 * revisions in commit order. Signing comes with the ledger; until then `signature` is null.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../core/canonical.ts";
import type { RecordRow } from "../store/port.ts";
import type { Message } from "./message.ts";

export interface Chain {
  nextSeq: number;
  /** Hash of the last chained record by asset. */
  heads: Record<string, string>;
  replayed: boolean;
}

/** Seals one message: takes the next `seq`, and for evidence links and hashes it. Mutates `chain`. */
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
  if (message.class === "window") {
    const owner = asset ?? "_gateway";
    const prev = message.chained ? (chain.heads[owner] ?? null) : null;
    const hash = message.chained ? hashOf({ ...body, prev }) : null;
    if (hash) chain.heads[owner] = hash;
    Object.assign(payload, { prev, hash, signature: null });
  }
  return {
    seq,
    topic,
    payload: JSON.stringify(payload),
    retain,
    class: message.class,
    asset,
    at,
    keep: message.chained,
  };
}

/** SHA-256 over RFC 8785 JSON of the payload without `seq`, `replayed`, `hash`, `signature`; `prev` included. */
export function hashOf(body: Record<string, unknown>): string {
  return `sha256:${createHash("sha256").update(canonicalJson(body)).digest("hex")}`;
}

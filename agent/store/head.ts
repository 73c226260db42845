/**
 * Chain heads: the newest chained record of each chain, and whether a stored record is the one a head names.
 * Knows hashes, not signatures: no key comes near the store.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../core/canonical.ts";

/** `seq` 0: a head from before numbers were kept. */
export interface Head {
  hash: string;
  seq: number;
}

/** By chain: an asset's id, or `_contract/{id}`. */
export type Heads = Record<string, Head>;

/** The record that a head names, as a start finds it. */
export interface Tail {
  chain: string;
  head: Head;
  /** null: there is no record of that number. */
  payload: string | null;
}

/** A chain whose stored head or record is not what the agent left there. */
export interface Disagreement {
  chain: string;
  /** What the agent left. */
  head: Head;
  what: string;
  /** It is the record that was changed, not the head. */
  isRecord: boolean;
}

/** Chain a record belongs to: its asset's, or that of its contract. */
export function chainOf(body: Record<string, unknown>): string {
  const { asset, contract } = body;
  if (typeof asset === "string") return asset;
  const id = (contract as { id?: unknown } | undefined)?.id;
  return typeof id === "string" ? `_contract/${id}` : "_gateway";
}

/** SHA-256 over RFC 8785 JSON of the payload without `seq`, `replayed`, `hash`, `signature`; `prev` included. */
export function hashOf(body: Record<string, unknown>): string {
  return `sha256:${createHash("sha256").update(canonicalJson(body)).digest("hex")}`;
}

/** The hash that a whole payload must carry. */
export function contentHash(payload: Record<string, unknown>): string {
  const { seq, replayed, hash, signature, ...body } = payload;
  return hashOf(body);
}

/** What is wrong with the record that `head` names; null where it is the one. */
export function faultOf(head: Head, payload: string | null): string | null {
  if (payload === null) return "the record is gone";
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(payload) as Record<string, unknown>;
  } catch {
    return "the record is not JSON";
  }
  if (parsed["hash"] !== head.hash) return "the record carries another hash than the head";
  if (contentHash(parsed) !== head.hash) return "the content of the record was changed";
  return parsed["seq"] === head.seq ? null : "the record carries another number than the head";
}

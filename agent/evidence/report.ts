/** What a verification found: the findings, and what was checked. Plain data, printed as JSON or text. */
import type { Millis } from "../core/time.ts";
import type { PublishedKey } from "../store/port.ts";

export type What =
  | "unreadable"
  | "schema"
  | "topic"
  | "hash"
  | "signature"
  | "conservation"
  | "duplicate"
  | "order"
  | "chain"
  | "missing"
  | "revision"
  | "recount"
  | "journal"
  | "head"
  | "anchor"
  | "manifest"
  | "section";

export interface Finding {
  what: What;
  /** Asset, or `_contract/{id}`; null where it belongs to none. */
  chain: string | null;
  id: string | null;
  seq: number | null;
  /** Line of the file, from 1; null in a store. */
  line: number | null;
  detail: string;
}

/** A declaration that a chain does not go on from the record before. */
export interface DeclaredBreak {
  chain: string;
  /** What the first record behind the break links to. */
  prev: string | null;
  why: string;
}

export interface ChainReport {
  agent: string;
  chain: string;
  records: number;
  /** What the first record links to: null at the very beginning. */
  begins: string | null;
  firstSeq: number;
  head: string;
  seq: number;
}

/** Numbers that are not there, inclusive. */
export interface SeqGap {
  agent: string;
  from: number;
  to: number;
}

export interface Report {
  target: string;
  kind: "store" | "bundle" | "stream" | "acceptance";
  ok: boolean;
  /** Chained records, duplicates counted once. */
  records: number;
  chains: ChainReport[];
  /** The first bad row, as in the file; null when all is well. */
  first: Finding | null;
  findings: Finding[];
  /** Breaks that the gateway itself declared; they fail the verification unless they are allowed. */
  breaks: DeclaredBreak[];
  takeOvers: { from: string; to: string }[];
  /** Damaged records that the gateway set aside and left out of the chain. */
  quarantined: number;
  gaps: SeqGap[];
  signatures: {
    /** Keys were named by the caller, or only by what is verified. */
    trust: "given" | "announced" | "none";
    keys: PublishedKey[];
    checked: number;
  };
  /** Windows made anew from the journal; those whose journal is past its keeping time cannot be. */
  recounted: { windows: number; beyondJournal: number } | null;
  /** Heads that somebody else kept. */
  anchors: { proved: number; earlier: number; later: number } | null;
  until: Millis | null;
}

export const finding = (what: What, detail: string, at: Partial<Finding> = {}): Finding => ({
  ...{ what, chain: null, id: null, seq: null, line: null, detail },
  ...at,
});

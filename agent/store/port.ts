/**
 * The asynchronous port between the agent and its store: what may be asked, and what comes back.
 * Every call is answered by a thread of its own, so that a slow disk never delays a poll. Types only.
 */

import type { History } from "../core/annotation/entered.ts";
import type { Fact } from "../core/fact.ts";
import type { Fault } from "../core/fault.ts";
import type { Input } from "../core/input.ts";
import type { Millis, Span } from "../core/time.ts";
import type { Disagreement, Heads, Tail } from "./head.ts";
import type { Marker } from "./heartbeat.ts";

/** What happens when nothing but the journal is left to give. Unacknowledged records are never given. */
export type WhenFull = "drop-oldest-acknowledged" | "stop-recording";

export interface StoreOptions {
  /** The database file; `raw/`, the lease and the lock live beside it. Missing folders are made. */
  path: string;
  /** Bytes the database may take; its write-ahead log comes on top (up to 16 MB, more while a reader is slow). */
  maxBytes: number;
  rawMaxBytes: number;
  rawKeepMs: Millis;
  aggregatesKeepMs: Millis;
  journalKeepMs: Millis;
  whenFull: WhenFull;
  /** Public half of the key that signs from now on; the store remembers all it was told. */
  key?: PublishedKey | undefined;
  /** UTC at the start; names a quarantined file. */
  now: Millis;
}

/** A public key as records, bundles and stores name it. */
export interface PublishedKey {
  /** `ed25519:` and 32 hexadecimal digits. */
  id: string;
  /** 32 bytes, base64. */
  publicKey: string;
}

/** A record as it waits for delivery. */
export interface RecordRow {
  /** Assigned by the pipeline from `Recovered.nextSeq` on, ascending. */
  seq: number;
  topic: string;
  payload: string;
  retain: boolean;
  /** First part of the topic's class: `window`, `state`, `event`, … */
  class: string;
  asset: string | null;
  at: Millis;
  /** Evidence (chained or signed): stays in the journal after delivery. Others are deleted. */
  keep: boolean;
}

/** Whole steps of the core that become durable together, or not at all. */
export interface Commit {
  /** UTC milliseconds of the commit. */
  at: Millis;
  facts: Fact[];
  records: RecordRow[];
  /** Chain heads after its records; all of them, or none where no chained record is among them. */
  heads: Heads;
  /** The state of the core after everything appended so far. Required once the store has asked for it. */
  snapshot?: string;
}

/** Something that was recorded, or should have been, and is gone. Numbered from 1, never reused. */
export interface Gap {
  n: number;
  /** `store`: the whole database, journal and undelivered records, set aside as damaged. */
  what: "raw" | "aggregates" | "journal" | "store";
  /** Span of time the lost rows belong to. */
  from: Millis;
  to: Millis;
  /** Inputs (raw) or rows lost; 0 where they were not counted. */
  rows: number;
  why: "quota" | "disk-full" | "io" | "damaged";
}

/** `gaps`: those that began or grew with this commit. */
export type CommitResult =
  | {
      ok: true;
      gaps: Gap[];
      /** Raw cannot be written: every commit must carry a snapshot until this is false again. */
      snapshotNeeded: boolean;
      /** Chains that were changed behind the agent's back; what the commit brings follows the agent's own heads. */
      disagreed?: Disagreement[];
      /** In words for the log, when something needs a look that is no loss yet. */
      note?: string;
    }
  | {
      ok: false;
      fault: Fault;
      /**
       * Nothing was stored, nothing is lost. Commit again, the same facts and records with the later ones behind
       * them, and with a snapshot when it is needed.
       */
      snapshotNeeded: boolean;
    };

export interface OutboxRow {
  seq: number;
  topic: string;
  payload: string;
  retain: boolean;
  class: string;
  asset: string | null;
  at: Millis;
}

export interface OutboxStats {
  /** Records not acknowledged, parked ones not included. */
  depth: number;
  /** `at` of the oldest of them. */
  oldestAt: Millis | null;
  parked: number;
}

/** Bytes on disk. */
export interface Sizes {
  database: number;
  wal: number;
  raw: number;
}

/** A place between two blocks of the raw log. */
export interface RawPosition {
  /** Days since 1970-01-01; the name of the segment. */
  day: number;
  offset: number;
}

/** What a start finds. */
export interface Recovered {
  /** There was no store, no lease and no raw log. */
  firstStart: boolean;
  /** State of the core to begin with; null: the initial state. */
  snapshot: string | null;
  /** To re-apply to it, in order, without committing what they give. Readable once. */
  inputs: Iterable<Input>;
  /**
   * What had been written when the process died and no commit refers to: to be taken behind `inputs`, in order, with
   * everything it gives, as nothing of it was ever published. Counts as appended; the next commit covers it.
   * Readable once.
   */
  uncommitted: Iterable<Input>;
  nextSeq: number;
  heads: Heads;
  /** The record behind each head. */
  tails: Tail[];
  /** Numbers of chained records that are newer than every head. */
  beyond: number[];
  /** `at` of the last commit. */
  lastCommitAt: Millis | null;
  marker: Marker | null;
  /** Where the damaged store was set aside. */
  quarantined: string | null;
  /**
   * In words, for the log and `event/data`: commits that had been made and are gone, or raw that was needed here and
   * could not be read. In the second case the core starts anew; `nextSeq` is beyond any ordinal used before.
   */
  lost: string | null;
}

export interface Store {
  /** Adds an input to the raw log and the journal; durable with the next commit. Cheap, touches no disk. */
  append(input: Input): void;
  /**
   * Hands what was appended to the operating system, unsynced. True: a kill of the process costs nothing of it, a
   * power cut may. False: it is left to the next commit. Rejects only when the store's thread is gone.
   */
  writeAhead(): Promise<boolean>;
  /** One transaction. One at a time: the next only after this one's result. Never rejects for trouble of the disk. */
  commit(commit: Commit): Promise<CommitResult>;
  /** Records waiting, in order of seq, beyond `afterSeq`. */
  take(afterSeq: number, limit: number): Promise<OutboxRow[]>;
  /** Acknowledged. Durable with the next commit or the next 500: a crash before means they are sent again. */
  settle(seqs: number[]): Promise<void>;
  /** Sets a record aside that the broker does not take. */
  park(seq: number, why: string): Promise<void>;
  /** Marks damaged evidence: kept, with the reason, and not sent any more. */
  quarantine(seqs: number[], why: string): Promise<void>;
  /** What is committed of an asset around `[from, to)`: see {@link History}. */
  history(asset: string, span: Span): Promise<History>;
  outbox(): Promise<OutboxStats>;
  sizes(): Promise<Sizes>;
  /** Writes what was settled, empties the write-ahead log and releases the lock. What is only in memory is dropped. */
  close(): Promise<void>;
}

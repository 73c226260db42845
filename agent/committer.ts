/**
 * Group commit: collects what became known and makes it durable, one commit at a time, at most one a second when
 * something happened and one in ten seconds when nothing did. A commit that fails is tried again with what came since.
 */
import type { Fact } from "./core/fact.ts";
import type { Fault, FaultCode } from "./core/fault.ts";
import type { Millis } from "./core/time.ts";
import type { Disagreement, Heads } from "./store/head.ts";
import type { CommitResult, Gap, RecordRow, Store } from "./store/port.ts";

const BUSY_MS = 1_000;
const QUIET_MS = 10_000;
const SNAPSHOT_MS = 300_000;

export interface Committed {
  records: number;
  gaps: Gap[];
  /** Of the store, for the log. */
  note: string | null;
  /** Chains that were found changed. */
  disagreed: Disagreement[];
}

export interface CommitterPorts {
  store: Pick<Store, "commit">;
  /** The core's state after everything that was added, as text. */
  snapshot(): string;
  /** Present chain heads. */
  heads: Heads;
  committed(result: Committed): void;
  trouble(fault: Fault): void;
  /** The store broke its contract: nothing more can be kept. */
  failed(error: unknown): void;
}

export interface Committer {
  fact(fact: Fact): void;
  record(record: RecordRow): void;
  /** Facts that wait, and from now on all that come, until the function returned is called. Between commits only. */
  gather(): () => Fact[];
  isDue(now: Millis): boolean;
  /** Whole steps only: nothing may be added between `append` of the last input and this. Never rejects. */
  commit(now: Millis): Promise<void>;
  /** Resolves when no commit is under way. */
  idle(): Promise<void>;
  waiting(): number;
  /** Why the last commit failed; null when it did not. */
  trouble(): FaultCode | null;
  readonly commits: number;
}

interface Batch {
  facts: Fact[];
  records: RecordRow[];
}

const joined = (first: Batch, then: Batch): Batch => ({
  facts: [...first.facts, ...then.facts],
  records: [...first.records, ...then.records],
});

export function createCommitter(ports: CommitterPorts, snapshotNeeded: boolean): Committer {
  let batch: Batch = { facts: [], records: [] };
  const gathering = new Set<Fact[]>();
  let underWay: Promise<void> | null = null;
  let committedAt = Number.NEGATIVE_INFINITY;
  let snapshotAt = Number.NEGATIVE_INFINITY;
  let needed = snapshotNeeded;
  let commits = 0;
  let trouble: FaultCode | null = null;

  const settle = (taken: Batch, result: CommitResult): void => {
    needed = result.snapshotNeeded;
    trouble = result.ok ? null : result.fault.code;
    if (result.ok) {
      commits++;
      const { gaps, note = null, disagreed = [] } = result;
      ports.committed({ records: taken.records.length, gaps, note, disagreed });
      return;
    }
    batch = joined(taken, batch);
    snapshotAt = Number.NEGATIVE_INFINITY;
    ports.trouble(result.fault);
  };
  const begin = (now: Millis): Promise<void> => {
    const taken = batch;
    batch = { facts: [], records: [] };
    // A database that was begun anew needs them all, too.
    const heads = needed || taken.records.some(({ keep }) => keep) ? { ...ports.heads } : {};
    const withSnapshot = needed || now - snapshotAt >= SNAPSHOT_MS;
    committedAt = now;
    if (withSnapshot) snapshotAt = now;
    return ports.store
      .commit({
        at: now,
        ...taken,
        heads,
        ...(withSnapshot ? { snapshot: ports.snapshot() } : {}),
      })
      .then((result) => settle(taken, result), ports.failed)
      .finally(() => {
        underWay = null;
      });
  };
  return {
    fact(fact) {
      batch.facts.push(fact);
      for (const list of gathering) list.push(fact);
    },
    gather() {
      const list = [...batch.facts];
      gathering.add(list);
      return () => {
        gathering.delete(list);
        return list;
      };
    },
    record: (record) => void batch.records.push(record),
    isDue(now) {
      if (underWay !== null) return false;
      const age = now - committedAt;
      return age >= QUIET_MS || age < 0 || (batch.records.length > 0 && age >= BUSY_MS);
    },
    commit(now) {
      underWay ??= begin(now);
      return underWay;
    },
    idle: async () => {
      await underWay;
    },
    waiting: () => batch.facts.length + batch.records.length,
    trouble: () => trouble,
    get commits() {
      return commits;
    },
  };
}

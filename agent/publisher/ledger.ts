/**
 * What the publisher knows about rows beyond one connection: acknowledged but not yet settled, how often rejected,
 * which were in flight when the broker hung up. In memory only: after a restart the outbox decides again.
 */
import type { Clock } from "../clock.ts";
import type { Outbox, OutboxRow } from "./outbox.ts";

export interface LedgerSettings {
  /** Acknowledgements per write, and the longest they wait for company. */
  settleCount: number;
  settleMs: number;
  /** Rejections until a row is parked. */
  tries: number;
}

export interface LedgerPorts {
  outbox: Outbox;
  clock: Clock;
  onParked(row: OutboxRow, reason: string): void;
  /** The store failed; what was acknowledged is kept and tried again. */
  onFailure(error: unknown): void;
}

export interface Ledger {
  /** Highest `seq` sent retained, by topic. */
  readonly retained: Map<string, number>;
  /** Rows in flight when the broker hung up: each is sent alone until it is acknowledged. */
  readonly suspects: Set<number>;
  isDone(seq: number): boolean;
  acknowledge(seq: number): void;
  /** Counts a rejection. Returns how many there were, 0 when the row was parked for it. */
  strike(row: OutboxRow, reason: string): number;
  park(row: OutboxRow, reason: string): void;
  /** Acknowledged rows that the outbox still lists. */
  unsettled(): number;
  /** Monotonic time of the next write, Infinity when none is due. */
  dueAt(): number;
  /** Writes what is due now; everything when `force`. True: there was something to write. Never rejects. */
  flush(force: boolean): Promise<boolean>;
}

export function createLedger(ports: LedgerPorts, settings: LedgerSettings): Ledger {
  const { outbox, clock } = ports;
  /** Not to be sent again: acknowledged or being parked. */
  const done = new Set<number>();
  const strikes = new Map<number, number>();
  const suspects = new Set<number>();
  let pending: number[] = [];
  let writing = Promise.resolve();
  let isWriting = false;
  let failed = false;
  let due = Number.POSITIVE_INFINITY;

  const forget = (seq: number): void => {
    done.add(seq);
    suspects.delete(seq);
    strikes.delete(seq);
  };
  const park = (row: OutboxRow, reason: string): void => {
    forget(row.seq);
    // A row that cannot be parked stays waiting and is tried on the next connection.
    outbox
      .park(row.seq, reason)
      .then(() => ports.onParked(row, reason), ports.onFailure)
      .finally(() => done.delete(row.seq));
  };

  const write = async (): Promise<void> => {
    const batch = pending;
    pending = [];
    due = Number.POSITIVE_INFINITY;
    isWriting = true;
    try {
      await outbox.settle(batch);
      for (const seq of batch) done.delete(seq);
      failed = false;
    } catch (error) {
      pending = batch.concat(pending);
      due = clock.mono() + settings.settleMs;
      failed = true;
      ports.onFailure(error);
    }
    isWriting = false;
  };
  const isDue = (): boolean =>
    due <= clock.mono() || (!failed && pending.length >= settings.settleCount);

  return {
    retained: new Map(),
    suspects,
    isDone: (seq) => done.has(seq),
    acknowledge: (seq) => {
      if (done.has(seq)) return;
      forget(seq);
      pending.push(seq);
      due = Math.min(due, clock.mono() + settings.settleMs);
    },
    strike: (row, reason) => {
      const count = (strikes.get(row.seq) ?? 0) + 1;
      strikes.set(row.seq, count);
      if (count < settings.tries) return count;
      park(row, reason);
      return 0;
    },
    park,
    unsettled: () => done.size,
    dueAt: () => (isWriting ? Number.POSITIVE_INFINITY : due),
    flush: async (force) => {
      if (isWriting && !force) return false;
      await writing;
      if (pending.length === 0 || !(force || isDue())) return false;
      writing = write();
      await writing;
      return true;
    },
  };
}

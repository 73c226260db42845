/**
 * The port to the store's outbox, the only queue there is, and the one question that needs several of its answers.
 * Keeps nothing itself. Every implementation passes `test/publisher/outbox-contract.ts`.
 */
import type { OutboxRow, OutboxStats as StoredStats } from "../store/port.ts";

export type { OutboxRow } from "../store/port.ts";
export type OutboxStats = Omit<StoredStats, "settledSeq">;

export interface Outbox {
  /** Waiting rows with `seq > afterSeq`, ascending: `limit` of them, or fewer only when there are no more. */
  take(afterSeq: number, limit: number): Promise<OutboxRow[]>;
  /** These were delivered. Unknown and repeated numbers do nothing. */
  settle(seqs: number[]): Promise<void>;
  /** Sets a row aside: kept, counted, never taken again. */
  park(seq: number, reason: string): Promise<void>;
  stats(): Promise<OutboxStats>;
}

/**
 * The highest waiting `seq`, 0 when nothing waits. The port reads forward only, so this gallops and then
 * halves: about 2 log2(span) reads of one row, however long the backlog.
 */
export async function newestSeq(outbox: Outbox): Promise<number> {
  const after = async (seq: number): Promise<number | undefined> =>
    (await outbox.take(seq, 1))[0]?.seq;
  let low = await after(0);
  if (low === undefined) return 0;
  let step = 1;
  for (let next = await after(low + step); next !== undefined; next = await after(low + step)) {
    low = next;
    step *= 2;
  }
  let high = low + step;
  while (low < high) {
    const middle = low + Math.floor((high - low) / 2);
    const next = await after(middle);
    if (next === undefined) high = middle;
    else low = next;
  }
  return low;
}

/** The simplest thing that is an outbox. Slow on purpose where a test says so. */
import type { Outbox, OutboxRow } from "../../agent/publisher/outbox.ts";

export interface MemoryOutbox extends Outbox {
  add(...rows: OutboxRow[]): void;
  /** Waiting, ascending. */
  waiting(): number[];
  parked: Map<number, string>;
  /** Sizes of the settle calls. */
  settles: number[];
  takes: number;
  /** Thrown by the next settle calls until cleared. */
  broken: Error | null;
}

export function memoryOutbox(): MemoryOutbox {
  let rows: OutboxRow[] = [];
  const indexAfter = (seq: number): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rows[middle]?.seq ?? 0) > seq) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const outbox: MemoryOutbox = {
    parked: new Map(),
    settles: [],
    takes: 0,
    broken: null,
    add: (...more) => {
      for (const row of more) rows.push(row);
    },
    waiting: () => rows.map(({ seq }) => seq),
    take: async (afterSeq, limit) => {
      outbox.takes++;
      const from = indexAfter(afterSeq);
      return rows.slice(from, from + limit);
    },
    settle: async (seqs) => {
      if (outbox.broken) throw outbox.broken;
      outbox.settles.push(seqs.length);
      const gone = new Set(seqs);
      rows = rows.filter(({ seq }) => !gone.has(seq));
    },
    park: async (seq, reason) => {
      if (!rows.some((row) => row.seq === seq)) return;
      rows = rows.filter((row) => row.seq !== seq);
      outbox.parked.set(seq, reason);
    },
    stats: async () => ({
      depth: rows.length,
      oldestAt: rows[0]?.at ?? null,
      parked: outbox.parked.size,
    }),
  };
  return outbox;
}

/** A row with a small JSON payload that names its own id. */
export function row(seq: number, more: Partial<OutboxRow> = {}): OutboxRow {
  const topic = more.topic ?? "t/a/window/hour";
  const payload = JSON.stringify({ id: `gw/a/${seq}`, seq });
  return { seq, topic, payload, retain: false, class: "window", asset: "a", at: seq, ...more };
}

export const rows = (from: number, to: number, more: Partial<OutboxRow> = {}): OutboxRow[] =>
  Array.from({ length: to - from + 1 }, (_, index) => row(from + index, more));

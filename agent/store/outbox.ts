/**
 * The outbox: records that wait for their acknowledgment. Acknowledgments are gathered and written with the next
 * commit; a crash before that sends them again, never less. Evidence stays in the table after delivery.
 */
import type { OutboxRow, OutboxStats, RecordRow } from "./port.ts";
import type { Db } from "./sqlite.ts";
import type { Words } from "./words.ts";

export interface Outbox {
  /** Inside the transaction at hand. */
  add(row: RecordRow): void;
  /** Writes the acknowledgments, inside the transaction at hand; returns the seq up to which all are settled. */
  flush(nextSeq: number): number;
  /** The transaction at hand has ended. A rollback keeps the acknowledgments for the next one. */
  ended(committed: boolean): void;
  /** Remembers acknowledgments; returns how many are gathered. Numbers that do not wait are ignored. */
  settle(seqs: number[]): number;
  /** In a transaction of its own. */
  park(seq: number, why: string): void;
  take(afterSeq: number, limit: number): OutboxRow[];
  stats(): OutboxStats;
}

const COLUMNS = "seq, topic, payload, retain, class, asset, at_ms AS at";
const SCAN = 500;

interface Stored extends Omit<OutboxRow, "retain" | "class" | "asset"> {
  retain: number;
  class: number;
  asset: number | null;
}

export function openOutbox(db: Db, words: Words, acknowledged: Set<number>): Outbox {
  const insert = db.prepare("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, NULL)");
  const deliver = db.prepare("DELETE FROM records WHERE seq = ? AND state = 0 AND keep = 0");
  const deliverKept = db.prepare("UPDATE records SET state = 2 WHERE seq = ? AND state = 0");
  const setAside = db.prepare("UPDATE records SET state = 1, note = ? WHERE seq = ? AND state = 0");
  const waiting = db.prepare(
    `SELECT ${COLUMNS} FROM records WHERE seq > ? AND state = 0 ORDER BY seq LIMIT ?`,
  );
  const isWaiting = db.prepare("SELECT seq FROM records WHERE seq = ? AND state = 0");
  const count = db.prepare("SELECT count(*) FROM records WHERE seq > ? AND state = 0").pluck();
  const parked = db.prepare("SELECT count(*) FROM records WHERE state = 1").pluck();
  const settled = db.prepare("SELECT settled_seq FROM progress").pluck();

  let settledSeq = (settled.get() ?? 0) as number;
  let depth = count.get(settledSeq) as number;
  // The transaction before the tables were opened again may have been durable.
  for (const seq of acknowledged) if (isWaiting.get(seq) === undefined) acknowledged.delete(seq);
  /** What the transaction at hand does to the depth. */
  let change = 0;

  const toRow = (stored: unknown): OutboxRow => {
    const { seq, topic, payload, retain, class: kind, asset, at } = stored as Stored;
    const name = asset === null ? null : words.word(asset);
    return { seq, topic, payload, retain: retain === 1, class: words.word(kind), asset: name, at };
  };
  const isOpen = (row: OutboxRow): boolean => !acknowledged.has(row.seq);

  function take(afterSeq: number, limit: number): OutboxRow[] {
    const rows: OutboxRow[] = [];
    let after = Math.max(afterSeq, settledSeq);
    while (rows.length < limit) {
      const found = waiting.all(after, Math.min(SCAN, limit)).map(toRow);
      rows.push(...found.filter(isOpen));
      const end = found.at(-1);
      if (!end) break;
      after = end.seq;
    }
    return rows.slice(0, limit);
  }

  return {
    add(row) {
      const flags = [row.retain ? 1 : 0, row.keep ? 1 : 0];
      const asset = words.idOrNull(row.asset);
      insert.run(row.seq, row.at, words.id(row.class), asset, row.topic, row.payload, ...flags);
      change += 1;
    },
    flush(nextSeq) {
      for (const seq of acknowledged) {
        change -= deliver.run(seq).changes || deliverKept.run(seq).changes;
      }
      const [first] = waiting.all(settledSeq, 1) as Stored[];
      return Math.max(settledSeq, (first?.seq ?? nextSeq) - 1);
    },
    ended(committed) {
      if (committed) {
        acknowledged.clear();
        depth += change;
        settledSeq = (settled.get() ?? 0) as number;
      }
      change = 0;
    },
    settle(seqs) {
      for (const seq of seqs) if (isWaiting.get(seq) !== undefined) acknowledged.add(seq);
      return acknowledged.size;
    },
    park(seq, why) {
      acknowledged.delete(seq);
      depth -= setAside.run(why, seq).changes;
    },
    take,
    stats: () => ({
      depth: depth - acknowledged.size,
      oldestAt: take(0, 1)[0]?.at ?? null,
      parked: parked.get() as number,
    }),
  };
}

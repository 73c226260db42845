/**
 * Which row goes next on this connection: what was committed since it came up before what waited already, and of
 * several retained rows of one topic only the newest retained. Reads ahead in pages; never holds the backlog.
 */
import type { Outbox, OutboxRow } from "./outbox.ts";

export interface Outgoing {
  row: OutboxRow;
  /** Whether the broker shall keep it; false for a `state` that a newer one has overtaken. */
  retain: boolean;
}

export interface Feed {
  /** Starts reading where a lane runs low. Rings when rows have come. */
  prefetch(): void;
  /** The next row to send, null when none is at hand now. Throws what a read failed with. */
  next(): Outgoing | null;
  /** Rows were committed. */
  committed(): void;
}

export interface FeedPorts {
  outbox: Outbox;
  /** Rows up to this `seq` waited when the connection came up; later ones are live. */
  boundary: number;
  /** Rows per read. */
  page: number;
  /** Rows that are dealt with, though the outbox may not know yet. */
  skip(seq: number): boolean;
  /** Highest `seq` sent retained, by topic. Outlives the connection. */
  retained: Map<string, number>;
  ring(): void;
}

/** One direction of reading, rows with `cursor < seq <= to`. */
interface Lane {
  queue: OutboxRow[];
  cursor: number;
  to: number;
  reading: boolean;
  /** Nothing more to read for now. */
  dry: boolean;
  /** Something was committed while reading. */
  stirred: boolean;
}

const lane = (cursor: number, to: number): Lane => ({
  queue: [],
  cursor,
  to,
  reading: false,
  dry: cursor >= to,
  stirred: false,
});

export function createFeed(ports: FeedPorts): Feed {
  const live = lane(ports.boundary, Number.POSITIVE_INFINITY);
  const backlog = lane(0, ports.boundary);
  /** The newest retained row of the backlog so far, by topic: it leaves when the backlog has ended. */
  const held = new Map<string, OutboxRow>();
  let failure: unknown = null;

  const read = (from: Lane): void => {
    if (from.reading || from.dry || from.queue.length * 2 >= ports.page) return;
    from.reading = true;
    from.stirred = false;
    ports.outbox.take(from.cursor, ports.page).then(
      (rows) => {
        accept(from, rows, ports);
        ports.ring();
      },
      (error: unknown) => {
        failure = error;
        ports.ring();
      },
    );
  };

  return {
    prefetch: () => {
      read(live);
      read(backlog);
    },
    next: () => {
      if (failure !== null) throw failure;
      const fresh = live.queue.shift();
      if (fresh) return stamped(fresh, ports.retained);
      const waiting = oldest(backlog, held, ports.retained);
      if (waiting) return { row: waiting, retain: false };
      if (!backlog.dry || backlog.queue.length > 0) return null;
      for (const [topic, row] of held) {
        held.delete(topic);
        return stamped(row, ports.retained);
      }
      return null;
    },
    committed: () => {
      live.dry = false;
      live.stirred = true;
    },
  };
}

function accept(into: Lane, rows: OutboxRow[], ports: FeedPorts): void {
  for (const row of rows) {
    if (row.seq <= into.to && !ports.skip(row.seq)) into.queue.push(row);
  }
  into.cursor = rows.at(-1)?.seq ?? into.cursor;
  into.dry = into.cursor >= into.to || (rows.length < ports.page && !into.stirred);
  into.reading = false;
}

/** The next row of the backlog that goes unretained; retained ones are held until a newer one is seen. */
function oldest(
  backlog: Lane,
  held: Map<string, OutboxRow>,
  retained: Map<string, number>,
): OutboxRow | null {
  for (let row = backlog.queue.shift(); row; row = backlog.queue.shift()) {
    if (!row.retain || isOvertaken(row, retained)) return row;
    const older = held.get(row.topic);
    held.set(row.topic, row);
    if (older) return older;
  }
  return null;
}

/** Has a newer row of the same topic been sent retained? */
export function isOvertaken(row: OutboxRow, retained: Map<string, number>): boolean {
  return (retained.get(row.topic) ?? 0) > row.seq;
}

function stamped(row: OutboxRow, retained: Map<string, number>): Outgoing {
  const retain = row.retain && !isOvertaken(row, retained);
  if (retain) retained.set(row.topic, row.seq);
  return { row, retain };
}

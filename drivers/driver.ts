/**
 * The whole contract between the agent and a fieldbus. There is no write: a driver can only read.
 * Every driver passes `test/drivers/contract.ts`.
 */
import type { Value } from "../agent/core/model.ts";

/**
 * One reading. Bad ones carry a code of the fault table and no value. A driver may hand out the same
 * object again while nothing changed: never alter one.
 */
export type Sample =
  | { quality: "good"; value: Value; raw: number[] }
  | { quality: "bad"; reason: string };

/** Result of one pass over the requested points of one source. */
export interface Reading {
  /** Point id to sample; every requested point is present unless `failure` is set. */
  samples: Map<string, Sample>;
  /** Set when nothing of the source could be read: the reason code for all points. */
  failure: string | null;
  /** Monotonic milliseconds (the injected clock's) at the arrival of the last reply, or at the failure. */
  at: number;
  /** Requests sent in this pass. */
  requests: number;
  /**
   * Milliseconds that the answers of this pass took, each from its request on: without the wait for the bus, the silence
   * between requests, or what was never answered. Absent where the driver cannot tell.
   */
  tookMs?: number;
}

export interface ConnectionHealth {
  state: "up" | "down" | "connecting" | "closed";
  /** Reason code of the last loss, null while it never was lost. */
  lastFailure: string | null;
  requests: number;
  failures: number;
  reconnects: number;
  /** Edges that were lost and made good by reading again or at the next edge; only where lines report edges. */
  edgesLost?: number;
  /** Frames and bytes that answered nothing: late answers, noise, another client on the line. */
  strays?: number;
}

/** A way into one unit of a connection, for a fixed set of points. */
export interface SourceReader {
  /**
   * Reads all points of the source once. Never rejects and always settles within the driver's deadline;
   * trouble is data. Calls on one connection are queued, one request at a time.
   */
  read(): Promise<Reading>;
  /**
   * Where lines report by themselves: `listener` gets what changed between reads, dated when it happened. Such a
   * reading holds only the points that changed, or is a failure of the whole source. At most one listener; it must
   * not throw. Readings may come in another order than their dates, late by less than the hold of inputs.
   */
  edges?(listener: (reading: Reading) => void): void;
  /** The planned requests, one line each, for `test` and `doctor`. */
  plan(): string[];
  /** Milliseconds one pass of the plan takes on the connection when every answer comes promptly; absent where free. */
  busTime?(): number;
}

/** What a unit says of itself (Modbus 43/14): texts by object id (0 vendor, 1 product code, 2 revision), or why not. */
export interface Identification {
  objects: Record<number, string>;
  /** Reason code when it said nothing; `objects` is then empty. */
  failure: string | null;
}

/** One owner of one connection (TCP endpoint, serial bus, GPIO chip). Connects by itself and reconnects with backoff. */
export interface Connection {
  /** `points` are the driver's own point options, checked by its schema when the configuration was loaded. */
  source(id: string, unit: number, points: PointOptions[]): SourceReader;
  /** Where the bus knows identification. Queued like a read; never rejects. */
  identify?(unit: number): Promise<Identification>;
  health(): ConnectionHealth;
  /** Rejects open requests and releases the port. Settles within 2 s. Idempotent. */
  close(): Promise<void>;
}

/** A point as configured: id plus the options of the driver's schema (table, address, type, …). */
export interface PointOptions {
  id: string;
  [option: string]: unknown;
}

/** What a driver may use of the outside; tests pass their own. Milliseconds, monotonic, fractional. */
export interface DriverClock {
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Where someone wants to see the bytes of the bus, as they pass; the memory is reused after the call. */
  trace?(direction: "sent" | "received", bytes: Uint8Array): void;
}

export interface Driver {
  /** Name in `connections.*.driver`. */
  name: string;
  /** Opens nothing yet: the first read connects. Options were checked by the driver's schema. */
  open(id: string, options: Record<string, unknown>, clock: DriverClock): Connection;
}

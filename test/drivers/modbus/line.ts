/** An in-memory line of Modbus units on a clock of its own: whatever a device can do to a master, in exact time. */
import { Fault } from "../../../agent/core/fault.ts";
import type { Connection, Driver, PointOptions, Reading } from "../../../drivers/driver.ts";
import { driver } from "../../../drivers/modbus/driver.ts";
import { MBAP } from "../../../drivers/modbus/frame.ts";
import { type Link, lineLink, type FramingName as Serial } from "../../../drivers/modbus/link.ts";
import { StrictPort } from "../../../drivers/modbus/port.ts";
import type { ByteStream, StreamEvents } from "../../../drivers/modbus/stream.ts";
import { REQUESTS } from "../../../simulator/serve.ts";
import { VirtualClock } from "../virtual.ts";
import { type Asked, answerTo, askedOf, type FramingName, frame } from "./frames.ts";

export interface Sent {
  at: number;
  asked: Asked;
  bytes: Buffer;
}

/** Something that arrives `after` milliseconds. */
export interface Piece {
  after: number;
  bytes: Buffer;
}

/** What the line does with a request: pieces of whatever kind, or null for the right answer after `latencyMs`. */
export type Conduct = (asked: Asked, good: number[]) => Piece[] | null;

export class Line {
  readonly clock = new VirtualClock();
  readonly sent: Sent[] = [];
  readonly framing: FramingName;
  opened = 0;
  /** What a device answers when nothing else is said, in ms after the request. */
  latencyMs = 5;
  word: (unit: number, address: number, at: number) => number = (_unit, address) => address;
  conduct: Conduct = () => null;
  #events: StreamEvents | null = null;

  constructor(framing: FramingName = "rtu") {
    this.framing = framing;
  }

  stream(): ByteStream {
    return {
      open: (events) => {
        this.opened += 1;
        this.#events = events;
        events.opened();
      },
      write: (bytes) => this.#take(Buffer.from(bytes)),
      flush: () => Promise.resolve(),
      close: (closed) => {
        this.#events = null;
        closed();
      },
      destroy: () => {
        this.#events = null;
      },
    };
  }

  /** Bytes on the line, whoever sent them. */
  noise(bytes: Buffer): void {
    this.#events?.received(bytes, bytes.length);
  }

  /** The cable is pulled, and put back. */
  cut(): void {
    this.#events?.lost(new Fault("MODBUS_CLOSED", "cut"));
    this.#events = null;
  }

  frame(body: readonly number[], transaction = 0): Buffer {
    return frame(this.framing, body, transaction);
  }

  driver(timeoutMs = 1000, pace = { charMs: 0, gapMs: 2 }): Driver {
    return driver(
      "line",
      () => 0.5,
      () => this.#link(timeoutMs, pace),
    );
  }

  open(timeoutMs?: number): Connection {
    return this.driver(timeoutMs).open("line", {}, this.clock);
  }

  run<T>(work: Promise<T>): Promise<T> {
    return this.clock.run(work);
  }

  #link(timeoutMs: number, pace: { charMs: number; gapMs: number }): Link {
    const { framing, clock } = this;
    if (framing !== "tcp")
      return lineLink(() => this.stream(), framing as Serial, pace, timeoutMs, clock);
    const rules = { framing: MBAP, pace: null, silence: null, timeoutMs, emptyLimit: 2 };
    return {
      timeoutMs,
      hasIds: true,
      isLocal: true,
      backoffLimitMs: 2000,
      pace: null,
      framing: MBAP,
      port: (owner) => new StrictPort(this.stream(), rules, clock, owner),
    };
  }

  #take(bytes: Buffer): void {
    const asked = askedOf(this.framing, bytes);
    const at = this.clock.now();
    this.sent.push({ at, asked, bytes });
    REQUESTS.publish(asked.code);
    const good = answerTo(asked, (address) => this.word(asked.unit, address, at));
    const right = (): Piece[] => [
      { after: this.latencyMs, bytes: this.frame(good, asked.transaction) },
    ];
    const events = this.#events;
    for (const piece of this.conduct(asked, good) ?? right()) {
      this.clock.at(piece.after, () => {
        // A wire carries what is late to whoever listens; a TCP connection takes it to its grave.
        if (this.framing !== "tcp" || this.#events === events) this.noise(piece.bytes);
      });
    }
  }
}

export function holding(...addresses: number[]): PointOptions[] {
  return addresses.map((address) => ({
    id: `h${address}`,
    table: "holding",
    address,
    type: "uint16",
  }));
}

/** Point id to value, or to the reason it has none. */
export function outcome(reading: Reading): Record<string, unknown> {
  if (reading.failure !== null) return { failure: reading.failure };
  return Object.fromEntries(
    [...reading.samples].map(([id, s]) => [id, s.quality === "good" ? s.value : s.reason]),
  );
}

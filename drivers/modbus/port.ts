/**
 * A strict TCP port in the shape modbus-serial expects of a port, for one connection and one request at a time.
 * Lets no byte of a write out, hands no frame in that is not the answer, and never connects twice: a lost
 * port is thrown away.
 */
import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import { Fault, type FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import { type Expectation, expectationOf, FrameReader, wrap } from "./frame.ts";

export interface Endpoint {
  host: string;
  port: number;
  /** Deadline of a request, and of connecting. */
  timeoutMs: number;
}

/** Told about what ends a request other than its answer. */
export interface PortOwner {
  /** The open request got no answer in time; the connection stays. */
  timedOut(): void;
  /** The connection is gone and the open request with it. Exactly once, and never after `close`. */
  down(reason: FaultCode): void;
}

/** A peer that sends no FIN must not hold up a stop. */
const CLOSE_MS = 1000;
/** Two in a row mean that the stream may be out of step: only a new connection is certain. */
const TIMEOUTS_TO_DROP = 2;
/** More than one longest frame; a fuller read comes in pieces. */
const READ_BYTES = 1024;

export class StrictTcpPort extends EventEmitter {
  isOpen = false;
  // modbus-serial files each request under these. Held constant, so that it keeps one record and not 65,536;
  // the ids on the wire are our own.
  _transactionIdRead = 1;
  _transactionIdWrite = 1;
  readonly #endpoint: Endpoint;
  readonly #clock: DriverClock;
  readonly #owner: PortOwner;
  readonly #reader = new FrameReader();
  readonly #life = new AbortController();
  #socket: Socket | null = null;
  #opening: ((fault?: Fault) => void) | null = null;
  #transaction = 0;
  #want: Expectation | null = null;
  #deadline = 0;
  #isWatching = false;
  #timeouts = 0;

  constructor(endpoint: Endpoint, clock: DriverClock, owner: PortOwner) {
    super();
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#owner = owner;
  }

  /** Frames that were well-formed but answered nothing. */
  get strays(): number {
    return this.#reader.strays;
  }

  /** Calls back once: with nothing when connected, else with the Fault; the socket is then destroyed. */
  open(opened: (fault?: Fault) => void): void {
    this.#opening = opened;
    const { host, port, timeoutMs } = this.#endpoint;
    const socket = connect({
      host,
      port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 10_000,
      onread: {
        buffer: Buffer.alloc(READ_BYTES),
        callback: (size, bytes) => this.#receive(size, bytes),
      },
    });
    this.#socket = socket;
    socket.on("connect", () => this.#connected());
    socket.on("error", (error: NodeJS.ErrnoException) => this.#drop(reasonOf(error, this.isOpen)));
    socket.on("end", () => this.#drop("MODBUS_CLOSED"));
    socket.on("close", () => this.#drop("MODBUS_CLOSED"));
    void this.#clock.sleep(timeoutMs, this.#life.signal).then(() => {
      if (!this.isOpen) this.#drop("MODBUS_REFUSED");
    });
  }

  /**
   * Sends one read given in serial form. Throws MODBUS_READ_ONLY before a byte leaves for anything else,
   * and INTERNAL while another request is open.
   */
  write(request: Uint8Array): void {
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const want = expectationOf(request, this.#transaction);
    if (!want) {
      const code = request[1] ?? 0;
      throw new Fault("MODBUS_READ_ONLY", `refused to send function code ${code}`, { code });
    }
    if (this.#want) throw new Fault("INTERNAL", "a request is still open on this connection");
    if (!this.#socket || !this.isOpen) return;
    this.#want = want;
    this.#deadline = this.#clock.now() + this.#endpoint.timeoutMs;
    this.#socket.write(wrap(request, want.transaction));
    if (!this.#isWatching) void this.#watch();
  }

  /** Ends the connection, at the latest after a second by force. The owner is not told. */
  close(closed: () => void): void {
    const socket = this.#release();
    if (!socket || socket.destroyed) {
      closed();
      return;
    }
    const patience = new AbortController();
    socket.once("close", () => {
      patience.abort();
      closed();
    });
    socket.end();
    void this.#clock.sleep(CLOSE_MS, patience.signal).then(() => socket.destroy());
  }

  #connected(): void {
    const opened = this.#opening;
    if (!opened) return;
    this.#opening = null;
    this.isOpen = true;
    opened();
  }

  #receive(size: number, bytes: Uint8Array): boolean {
    if (!this.isOpen) return true;
    const progress = this.#reader.push(bytes as Buffer, size, this.#want);
    if (progress === "broken") this.#drop("MODBUS_FRAME");
    if (progress === "reply") {
      this.#want = null;
      this.#timeouts = 0;
      this.emit("data", this.#reader.reply);
    }
    return true;
  }

  /**
   * One sleeper per connection checks the deadline of whatever request is open when it wakes: a timer per
   * request would cost more than the request.
   */
  async #watch(): Promise<void> {
    this.#isWatching = true;
    while (this.#want) {
      await this.#clock.sleep(this.#deadline - this.#clock.now(), this.#life.signal);
      if (this.#want && this.#clock.now() >= this.#deadline) this.#expire();
    }
    this.#isWatching = false;
  }

  #expire(): void {
    this.#want = null;
    this.#timeouts += 1;
    if (this.#timeouts >= TIMEOUTS_TO_DROP || this.#reader.isPartial) this.#drop("MODBUS_TIMEOUT");
    else this.#owner.timedOut();
  }

  #drop(reason: FaultCode): void {
    const opened = this.#opening;
    const socket = this.#release();
    if (!socket) return;
    socket.destroy();
    if (!opened) {
      this.#owner.down(reason);
      return;
    }
    const { host, port } = this.#endpoint;
    opened(new Fault(reason, `cannot connect to ${host}:${port}`, { host, port }));
  }

  /** The socket, at its one handing over; null ever after. */
  #release(): Socket | null {
    const socket = this.#socket;
    this.#socket = null;
    this.#opening = null;
    this.#want = null;
    this.isOpen = false;
    this.#life.abort();
    return socket;
  }
}

function reasonOf(error: NodeJS.ErrnoException, wasOpen: boolean): FaultCode {
  if (wasOpen) return "MODBUS_CLOSED";
  const isNameless =
    error.code === "ENOTFOUND" || error.code === "EAI_AGAIN" || error.code === "EINVAL";
  return isNameless ? "MODBUS_ABSENT" : "MODBUS_REFUSED";
}

/**
 * One owner of one Modbus connection: turns in order of arrival, one request at a time, reconnects with backoff.
 * The only importer of modbus-serial. Never writes, never rejects; every request settles here, whatever
 * the library does with its own record of it.
 */
import modbusSerial from "modbus-serial";
import { FAULTS, type FaultCode } from "../../agent/core/fault.ts";
import type { ConnectionHealth, DriverClock } from "../driver.ts";
import type { Table } from "./point.ts";
import { type Endpoint, StrictTcpPort } from "./port.ts";

/** Data bytes of the answer, valid until the caller next awaits; or why there is none. */
export type Reply = Buffer | FaultCode;

const BACKOFF_MS = 500;
const BACKOFF_LIMIT_MS = 10_000;

type Client = InstanceType<typeof modbusSerial.default>;

export class ModbusBus {
  readonly #endpoint: Endpoint;
  readonly #clock: DriverClock;
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  readonly #health: ConnectionHealth = {
    state: "down",
    lastFailure: null,
    requests: 0,
    failures: 0,
    reconnects: 0,
  };
  #isTaken = false;
  #port: StrictTcpPort | null = null;
  #client: Client | null = null;
  #settle: ((reply: Reply) => void) | null = null;
  #lastFailure: FaultCode = "MODBUS_CLOSED";
  #connectedAt = 0;
  #hasAnswered = false;
  #emptyTries = 0;
  #notBefore = Number.NEGATIVE_INFINITY;

  /** `random` gives [0, 1) for the jitter of reconnects. */
  constructor(endpoint: Endpoint, clock: DriverClock, random: () => number) {
    this.#endpoint = endpoint;
    this.#clock = clock;
    this.#random = random;
  }

  /** Runs `work` alone on this connection, after all that asked before. */
  async turn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#isTaken = true;
    try {
      return await work();
    } finally {
      // The turn passes on without being free in between: a newcomer cannot slip past those who wait.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#isTaken = false;
    }
  }

  get isUp(): boolean {
    return this.#port?.isOpen === true;
  }

  /** Connects if that is due. Null when up, else why not; at the latest after the connect deadline. */
  async ready(): Promise<FaultCode | null> {
    if (this.isUp) return null;
    if (this.#health.state === "closed") return "MODBUS_CLOSED";
    if (this.#clock.now() < this.#notBefore) return this.#lastFailure;
    const port = new StrictTcpPort(this.#endpoint, this.#clock, {
      timedOut: () => this.#finish("MODBUS_TIMEOUT"),
      down: (reason) => this.#lost(reason),
    });
    const client = new modbusSerial.default(port);
    // An EventEmitter without this listener would end the process.
    client.on("error", () => this.#finish("MODBUS_CLOSED"));
    this.#health.state = "connecting";
    this.#port = port;
    this.#hasAnswered = false;
    const failure = await new Promise<FaultCode | null>((resolve) => {
      this.#settle = (reply) => resolve(typeof reply === "string" ? reply : "MODBUS_CLOSED");
      client.open((fault?: { code: FaultCode }) => resolve(fault?.code ?? null));
    });
    this.#settle = null;
    if (this.#isClosed()) return "MODBUS_CLOSED";
    if (failure) {
      this.#lost(failure);
      return failure;
    }
    if (!this.isUp) return this.#lastFailure;
    this.#client = client;
    this.#connectedAt = this.#clock.now();
    if (this.#health.lastFailure !== null) this.#health.reconnects += 1;
    this.#health.state = "up";
    return null;
  }

  /** One read inside a turn, after {@link ready}. Settles at the latest after the request deadline. */
  request(unit: number, table: Table, address: number, count: number): Promise<Reply> {
    return new Promise((resolve) => {
      const client = this.#client;
      if (!client || !this.isUp) {
        resolve(this.#lastFailure);
        return;
      }
      this.#health.requests += 1;
      this.#settle = resolve;
      if (table === "holding") client.writeFC3(unit, address, count, this.#answer);
      else if (table === "input") client.writeFC4(unit, address, count, this.#answer);
      else if (table === "coil") client.writeFC1(unit, address, count, this.#answer);
      else client.writeFC2(unit, address, count, this.#answer);
    });
  }

  health(): ConnectionHealth {
    return { ...this.#health };
  }

  /** Ends the open request with MODBUS_CLOSED and releases the socket. Idempotent. */
  close(): Promise<void> {
    const port = this.#port;
    this.#health.state = "closed";
    this.#lastFailure = "MODBUS_CLOSED";
    this.#port = null;
    this.#client = null;
    return new Promise((resolve) => {
      if (port) port.close(resolve);
      else resolve();
      this.#finish("MODBUS_CLOSED");
    });
  }

  #isClosed(): boolean {
    return this.#health.state === "closed";
  }

  /** The library's callback. Our port has checked the frame; what it still reports are exceptions. */
  readonly #answer = (
    error: (Error & { modbusCode?: number }) | null,
    result?: { buffer: Buffer },
  ): void => {
    this.#hasAnswered = true;
    if (!error && result) this.#finish(result.buffer);
    else
      this.#finish(
        error?.modbusCode === undefined ? "MODBUS_FRAME" : exceptionOf(error.modbusCode),
      );
  };

  #finish(reply: Reply): void {
    const settle = this.#settle;
    if (!settle) return;
    this.#settle = null;
    if (typeof reply === "string") this.#health.failures += 1;
    settle(reply);
  }

  /**
   * A connection that had answered may be made anew half a second after it began, so one lost after hours
   * returns at once; tries that bring nothing wait 0.5 s to 10 s, each shortened by up to half at random.
   */
  #lost(reason: FaultCode): void {
    this.#port = null;
    this.#client = null;
    this.#lastFailure = reason;
    this.#health.state = "down";
    this.#health.lastFailure = reason;
    const from = this.#hasAnswered ? this.#connectedAt : this.#clock.now();
    this.#emptyTries = this.#hasAnswered ? 0 : this.#emptyTries + 1;
    const wait = Math.min(BACKOFF_MS * 2 ** Math.max(0, this.#emptyTries - 1), BACKOFF_LIMIT_MS);
    this.#notBefore = from + wait * (1 - this.#random() / 2);
    this.#finish(reason);
  }
}

function exceptionOf(code: number): FaultCode {
  const name = `MODBUS_EXCEPTION_${code}`;
  return name in FAULTS ? (name as FaultCode) : "MODBUS_EXCEPTION";
}

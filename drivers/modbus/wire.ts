/**
 * One connection to a Modbus bus: connects with backoff, carries one request at a time. The only importer of
 * modbus-serial. Never writes, never rejects; every request settles here, whatever the library does with its own
 * record of it. Knows nothing of units or turns: that is the bus above.
 */
import modbusSerial from "modbus-serial";
import { FAULTS, type FaultCode } from "../../agent/core/fault.ts";
import type { ConnectionHealth, DriverClock } from "../driver.ts";
import { isSilence } from "./absence.ts";
import { type Ask, IDENTIFICATION, identificationRequest } from "./ask.ts";
import type { Link } from "./link.ts";
import type { StrictPort } from "./port.ts";

/** Data bytes of the answer, valid until the next request; or why there is none. */
export type Reply = Buffer | FaultCode;

const BACKOFF_MS = 500;

type Client = InstanceType<typeof modbusSerial.default>;

export class Wire {
  readonly #link: Link;
  readonly #clock: DriverClock;
  readonly #random: () => number;
  readonly #health: ConnectionHealth = {
    state: "down",
    lastFailure: null,
    requests: 0,
    failures: 0,
    reconnects: 0,
  };
  #port: StrictPort | null = null;
  #client: Client | null = null;
  #settle: ((reply: Reply) => void) | null = null;
  #connectedAt = 0;
  #hasAnswered = false;
  #emptyTries = 0;
  #notBefore = Number.NEGATIVE_INFINITY;
  /** Frames and bytes of earlier ports that answered nothing. */
  #strays = 0;
  /** Why it is down. */
  lastFailure: FaultCode = "MODBUS_CLOSED";

  /** `random` gives [0, 1) for the jitter of reconnects. */
  constructor(link: Link, clock: DriverClock, random: () => number) {
    this.#link = link;
    this.#clock = clock;
    this.#random = random;
  }

  get isUp(): boolean {
    return this.#port?.isOpen === true;
  }

  /** Requests sent so far. */
  get sent(): number {
    return this.#health.requests;
  }

  /** When the last request left. */
  get sentAt(): number {
    return this.#port?.sentAt ?? Number.NEGATIVE_INFINITY;
  }

  /** Connects if that is due. Null when up, else why not; at the latest after the connect deadline. */
  async connect(): Promise<FaultCode | null> {
    if (this.isUp) return null;
    if (this.#health.state === "closed") return "MODBUS_CLOSED";
    if (this.#clock.now() < this.#notBefore) return this.lastFailure;
    const port = this.#link.port({
      failed: (reason) => this.#finish(reason),
      down: (reason) => this.#lost(reason),
    });
    const client = new modbusSerial.default(port);
    // An EventEmitter without this listener would end the process.
    client.on("error", () => this.#finish("MODBUS_CLOSED"));
    // Before the library's own: it would ask on by itself for as long as a device says that more follows.
    port.on("data", (frame: Buffer) => {
      if (((frame[1] ?? 0) & 0x7f) === IDENTIFICATION) this.#identified(frame);
    });
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
    if (!this.isUp) return this.lastFailure;
    this.#client = client;
    this.#connectedAt = this.#clock.now();
    if (this.#health.lastFailure !== null) this.#health.reconnects += 1;
    this.#health.state = "up";
    return null;
  }

  /** One read, after {@link connect}. Settles at the latest `patienceMs` after the line fell silent. */
  exchange(ask: Ask, patienceMs: number): Promise<Reply> {
    return new Promise((resolve) => {
      const port = this.#port;
      if (!port || !this.isUp) {
        resolve(this.lastFailure);
        return;
      }
      this.#health.requests += 1;
      this.#settle = resolve;
      port.patienceMs = patienceMs;
      this.#send(ask, port);
    });
  }

  health(): ConnectionHealth {
    return { ...this.#health, strays: this.#strays + (this.#port?.strays ?? 0) };
  }

  /** Ends the open request with MODBUS_CLOSED and releases the port. Idempotent. */
  close(): Promise<void> {
    const port = this.#port;
    this.#health.state = "closed";
    this.lastFailure = "MODBUS_CLOSED";
    this.#port = null;
    this.#client = null;
    return new Promise((resolve) => {
      if (port) port.close(resolve);
      else resolve();
      this.#finish("MODBUS_CLOSED");
    });
  }

  #send({ unit, code, address, count }: Ask, port: StrictPort): void {
    const client = this.#client;
    if (code === IDENTIFICATION) port.write(identificationRequest(unit, count, address));
    else if (code === 1) client?.writeFC1(unit, address, count, this.#answer);
    else if (code === 2) client?.writeFC2(unit, address, count, this.#answer);
    else if (code === 3) client?.writeFC3(unit, address, count, this.#answer);
    else client?.writeFC4(unit, address, count, this.#answer);
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

  #identified(frame: Buffer): void {
    this.#hasAnswered = true;
    const isException = frame[1] !== IDENTIFICATION;
    this.#finish(isException ? exceptionOf(frame[2] ?? 0) : frame.subarray(2, -2));
  }

  #finish(reply: Reply): void {
    const settle = this.#settle;
    if (!settle) return;
    this.#settle = null;
    if (typeof reply === "string") this.#health.failures += 1;
    settle(reply);
  }

  /**
   * A connection that had answered may be made anew half a second after it began, so one lost after hours
   * returns at once; tries that bring nothing wait ever longer, each shortened by up to half at random. A local
   * port that was merely silent is reopened at once.
   */
  #lost(reason: FaultCode): void {
    this.#strays += this.#port?.strays ?? 0;
    this.#port = null;
    this.#client = null;
    this.lastFailure = reason;
    this.#health.state = "down";
    this.#health.lastFailure = reason;
    const isHarmless = this.#hasAnswered || (this.#link.isLocal && isSilence(reason));
    const from = isHarmless ? this.#connectedAt : this.#clock.now();
    this.#emptyTries = isHarmless ? 0 : this.#emptyTries + 1;
    const wait = Math.min(
      BACKOFF_MS * 2 ** Math.max(0, this.#emptyTries - 1),
      this.#link.backoffLimitMs,
    );
    this.#notBefore = from + wait * (1 - this.#random() / 2);
    this.#finish(reason);
  }
}

function exceptionOf(code: number): FaultCode {
  const name = `MODBUS_EXCEPTION_${code}`;
  return name in FAULTS ? (name as FaultCode) : "MODBUS_EXCEPTION";
}

/**
 * One owner of one Modbus connection and all units on it: turns in order of arrival, one request at a time, rest for
 * units that are silent, and no late answer taken for another. Never writes, never rejects.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import type { ConnectionHealth, DriverClock } from "../driver.ts";
import {
  type Absence,
  answered,
  isResting,
  isSilence,
  missed,
  patience,
  present,
} from "./absence.ts";
import { type Ask, shapeOf } from "./ask.ts";
import { Doubts } from "./doubt.ts";
import type { Link } from "./link.ts";
import { type Reply, Wire } from "./wire.ts";

/** Probes for one request when late answers may be on their way. */
const PROBES = 4;
/** Answers that make up what is typical. */
const TYPICAL_OF = 16;
/** With each answer a slow one of the past counts that much less. */
const FORGETS = 0.98;

export class ModbusBus {
  readonly link: Link;
  readonly #wire: Wire;
  readonly #clock: DriverClock;
  readonly #random: () => number;
  readonly #waiting: (() => void)[] = [];
  readonly #absences = new Map<number, Absence>();
  readonly #doubts: Doubts;
  #isTaken = false;
  /** What an answer takes on this bus, in ms. */
  #typicalMs = 0;
  /** Milliseconds that all answers so far took. */
  tookMs = 0;

  /** `random` gives [0, 1) for the jitter of reconnects and probes. */
  constructor(link: Link, clock: DriverClock, random: () => number) {
    this.link = link;
    this.#wire = new Wire(link, clock, random);
    this.#doubts = new Doubts(link.timeoutMs);
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

  /** Requests sent so far. */
  get sent(): number {
    return this.#wire.sent;
  }

  /** Why a dead unit is not to be asked now, or null. A connection that is down is tried in any case. */
  resting(unit: number): FaultCode | null {
    const absence = this.#absences.get(unit);
    return absence && this.#wire.isUp && isResting(absence, this.#clock.now())
      ? absence.reason
      : null;
  }

  /** Books a cycle of a unit that sent at least one request since `began` and heard nothing. */
  missed(unit: number, reason: FaultCode, began: number): void {
    if (isSilence(reason))
      missed(this.#absence(unit), reason, began, this.#clock.now(), this.#random());
  }

  /** Connects if that is due. Null when up, else why not; at the latest after the connect deadline. */
  async ready(): Promise<FaultCode | null> {
    const wire = this.#wire;
    if (wire.isUp) return null;
    const loss = wire.lastFailure;
    const failure = await wire.connect();
    if (failure !== null) return failure;
    // Units were silent because the connection was gone: each has a fresh chance.
    if (!isSilence(loss)) for (const absence of this.#absences.values()) answered(absence);
    return null;
  }

  /** One read inside a turn, after {@link ready}. Settles within the deadlines of the port. */
  request(ask: Ask): Promise<Reply> {
    return this.link.hasIds ? this.#exchange(ask) : this.#surely(ask);
  }

  health(): ConnectionHealth {
    return this.#wire.health();
  }

  /** Ends the open request with MODBUS_CLOSED and releases the port. Idempotent. */
  close(): Promise<void> {
    return this.#wire.close();
  }

  /**
   * Where answers carry no id: a read whose answer cannot be mistaken, if need be by asking for more than is wanted.
   * Where that cannot be had, something unmistakable is read first.
   */
  async #surely(ask: Ask): Promise<Reply> {
    const doubts = this.#doubts;
    if (!doubts.covers(ask, this.#clock.now())) return this.#remembered(ask);
    const longer = doubts.lengthened(ask, this.#clock.now());
    if (longer !== null) {
      const reply = await this.#remembered(longer);
      if (typeof reply !== "string") {
        doubts.learn(ask, longer, "read");
        return reply.subarray(0, shapeOf(ask).bytes);
      }
      if (reply === "MODBUS_TIMEOUT") doubts.learn(ask, longer, "silent");
      if (!isRefusal(reply)) return reply;
      doubts.learn(ask, longer, "refused");
    }
    const failure = await this.#settle(ask);
    return failure ?? this.#remembered(ask);
  }

  /** Null when nothing late can be taken for the answer to `ask` any more, else why that cannot be known. */
  async #settle(ask: Ask): Promise<FaultCode | null> {
    const doubts = this.#doubts;
    for (let tries = 0; doubts.covers(ask, this.#clock.now()); tries++) {
      const probe = tries < PROBES ? doubts.probe(ask, this.#clock.now()) : null;
      if (probe === null) return "MODBUS_FRAME";
      const reply = await this.#exchange(probe);
      const now = this.#clock.now();
      const isException = typeof reply === "string";
      if (isException && !isAnswer(reply)) {
        doubts.failed(probe, now);
        return reply;
      }
      doubts.settle(probe, isException, now);
      doubts.answered(probe, now);
    }
    return null;
  }

  async #remembered(ask: Ask): Promise<Reply> {
    const reply = await this.#exchange(ask);
    const now = this.#clock.now();
    if (typeof reply === "string" && !isAnswer(reply)) this.#doubts.failed(ask, now);
    else this.#doubts.answered(ask, now);
    return reply;
  }

  async #exchange(ask: Ask): Promise<Reply> {
    const wire = this.#wire;
    const absence = this.#absence(ask.unit);
    const now = this.#clock.now();
    const patienceMs = patience(absence, this.link.timeoutMs, this.#typicalMs, now);
    const reply = await wire.exchange(ask, patienceMs);
    if (typeof reply === "string" && (!isAnswer(reply) || isSilence(reply))) return reply;
    const took = this.#clock.now() - wire.sentAt;
    this.tookMs += took;
    absence.slowestMs = Math.max(absence.slowestMs * FORGETS, took);
    this.#typicalMs += (took - this.#typicalMs) / TYPICAL_OF;
    if (absence.since !== null) answered(absence);
    return reply;
  }

  #absence(unit: number): Absence {
    const known = this.#absences.get(unit);
    if (known) return known;
    const absence = present();
    this.#absences.set(unit, absence);
    return absence;
  }
}

/** The device lacks an address of the request, or refuses its size. */
export function isRefusal(reply: FaultCode): boolean {
  return reply === "MODBUS_EXCEPTION_2" || reply === "MODBUS_EXCEPTION_3";
}

/** An exception is an answer of the unit, or of the gateway before it. */
function isAnswer(reply: FaultCode): boolean {
  return reply.startsWith("MODBUS_EXCEPTION");
}

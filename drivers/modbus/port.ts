/**
 * A strict port in the shape modbus-serial expects of one, for one connection and one request at a time.
 * Lets no byte of a write out, hands no frame in that is not the answer, keeps the silence a serial line needs,
 * and never opens twice: a lost port is thrown away.
 */
import { EventEmitter } from "node:events";
import { Fault, type FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import { type AnswerReader, type Expectation, expectationOf, type Framing } from "./frame.ts";
import type { Pace } from "./pace.ts";
import type { Silence } from "./silence.ts";
import type { ByteStream } from "./stream.ts";

/** Told what ends a request other than its answer. */
export interface PortOwner {
  /** The open request got no answer, or none to believe; the connection stays. */
  failed(reason: FaultCode): void;
  /** The connection is gone and the open request with it. Exactly once, and never after `close`. */
  down(reason: FaultCode): void;
}

export interface PortRules {
  framing: Framing;
  /** The line's times; null where answers carry ids: nothing of a failed exchange then disturbs the next. */
  pace: Pace | null;
  /** Of that line, kept when the port is opened anew. */
  silence: Silence | null;
  /** Deadline of opening; and of a request, unless {@link StrictPort.patienceMs} says otherwise. */
  timeoutMs: number;
  /** Requests in a row without an answer after which only a new connection is certain. */
  emptyLimit: number;
}

const LONGEST_FRAME = 256;
/** Unit, function, byte count, CRC of an answer. */
const FRAME_BYTES = 5;

export class StrictPort extends EventEmitter {
  isOpen = false;
  /** The deadline of the next request, without the time its characters take on the wire. */
  patienceMs: number;
  /** When the open or last request left, on the driver's clock. */
  sentAt = 0;
  // modbus-serial files each request under these. Held constant, so that it keeps one record and not 65,536;
  // the ids on the wire are our own.
  _transactionIdRead = 1;
  _transactionIdWrite = 1;
  readonly #stream: ByteStream;
  readonly #rules: PortRules;
  readonly #clock: DriverClock;
  readonly #owner: PortOwner;
  readonly #reader: AnswerReader;
  readonly #silence: Silence | null;
  readonly #life = new AbortController();
  #opening: ((fault?: Fault) => void) | null = null;
  #transaction = 0;
  #want: Expectation | null = null;
  /** The open request is on the wire, not waiting for silence. */
  #isSent = false;
  /** Something came since the open request left. */
  #hasHeard = false;
  #deadline = 0;
  /** When the sleeper for deadlines wakes; none: infinity. */
  #alarm = Number.POSITIVE_INFINITY;
  #nap = new AbortController();
  #empty = 0;
  #overheard = 0;

  constructor(stream: ByteStream, rules: PortRules, clock: DriverClock, owner: PortOwner) {
    super();
    this.#stream = stream;
    this.#rules = rules;
    this.#clock = clock;
    this.#owner = owner;
    this.#reader = rules.framing.reader();
    this.#silence = rules.silence;
    this.patienceMs = rules.timeoutMs;
  }

  get strays(): number {
    return this.#reader.strays + this.#overheard;
  }

  /** Calls back once: with nothing when connected, else with the Fault; the stream is then destroyed. */
  open(opened: (fault?: Fault) => void): void {
    this.#opening = opened;
    this.#stream.open({
      opened: () => this.#opened(),
      received: (chunk, size) => this.#receive(chunk, size),
      lost: (fault) => this.#drop(fault),
    });
    void this.#clock.sleep(this.#rules.timeoutMs, this.#life.signal).then(() => {
      if (!this.isOpen) this.#drop(new Fault("MODBUS_REFUSED", "no answer within the timeout"));
    });
  }

  /**
   * Sends one read given in serial form, as soon as the line has been silent. Throws MODBUS_READ_ONLY before a
   * byte leaves for anything else, and INTERNAL while another request is open.
   */
  write(request: Uint8Array): void {
    this.#transaction = (this.#transaction + 1) & 0xffff;
    const want = expectationOf(request, this.#transaction);
    if (!want) {
      const code = request[1] ?? 0;
      throw new Fault("MODBUS_READ_ONLY", `refused to send function code ${code}`, { code });
    }
    if (this.#want) throw new Fault("INTERNAL", "a request is still open on this connection");
    if (!this.isOpen) return;
    this.#want = want;
    const bytes = this.#rules.framing.encode(request, want.transaction);
    if (this.#silence) void this.#sendIn(this.#silence, bytes, want);
    else this.#send(bytes, 0);
  }

  /** Ends the connection, at the latest after a second by force. The owner is not told. */
  close(closed: () => void): void {
    if (this.#release()) this.#stream.close(closed);
    else closed();
  }

  #opened(): void {
    const opened = this.#opening;
    if (!opened) return;
    this.#opening = null;
    this.isOpen = true;
    if (this.#silence) this.#silence.isStale = true;
    opened();
  }

  /** Waits as long as the line needs; a line that is never silent fails the request after its patience. */
  async #sendIn(silence: Silence, bytes: Uint8Array, want: Expectation): Promise<void> {
    const clock = this.#clock;
    const giveUpAt = Math.max(clock.now(), silence.endsAt) + this.patienceMs;
    for (;;) {
      const wait = silence.endsAt - clock.now();
      if (wait > 0) await clock.sleep(wait, this.#life.signal);
      else if (silence.isStale) await this.#forget(silence);
      else break;
      if (!this.isOpen) return;
      if (clock.now() > giveUpAt) {
        this.#fail("MODBUS_FRAME");
        return;
      }
    }
    const answer = want.bytes < 0 ? LONGEST_FRAME : FRAME_BYTES + want.bytes;
    this.#send(bytes, this.#wireMs(bytes.length / this.#rules.framing.stretch + answer));
    silence.broken(clock.now());
  }

  async #forget(silence: Silence): Promise<void> {
    silence.isStale = false;
    this.#reader.reset();
    await this.#stream.flush();
  }

  /** How long so many bytes of frames take on the line. */
  #wireMs(bytes: number): number {
    const { framing, pace } = this.#rules;
    return bytes * framing.stretch * (pace?.charMs ?? 0);
  }

  #send(bytes: Uint8Array, wireMs: number): void {
    this.#isSent = true;
    this.#hasHeard = false;
    this.sentAt = this.#clock.now();
    this.#deadline = this.sentAt + this.patienceMs + wireMs;
    this.#stream.write(bytes);
    if (this.#deadline < this.#alarm) void this.#watch();
  }

  #receive(chunk: Buffer, size: number): void {
    if (!this.isOpen) return;
    const silence = this.#silence;
    silence?.broken(this.#clock.now());
    if (silence && !this.#isSent) {
      silence.unasked(this.#clock.now());
      this.#overheard += size;
      return;
    }
    this.#hasHeard = true;
    const progress = this.#reader.push(chunk, size, this.#want);
    if (progress === "reply") {
      this.#want = null;
      this.#isSent = false;
      this.#empty = 0;
      this.emit("data", this.#reader.reply);
    } else if (progress === "broken") {
      if (silence === null) this.#drop(new Fault("MODBUS_FRAME", "the stream is out of step"));
      else this.#fail("MODBUS_FRAME");
    }
  }

  /**
   * One sleeper per connection checks the deadline of whatever request is open when it wakes: a timer per
   * request would cost more than the request. An earlier deadline replaces it.
   */
  async #watch(): Promise<void> {
    this.#nap.abort();
    const nap = new AbortController();
    this.#nap = nap;
    while (this.#isSent) {
      this.#alarm = this.#deadline;
      await this.#clock.sleep(this.#deadline - this.#clock.now(), nap.signal);
      if (nap.signal.aborted) return;
      if (this.#isSent && this.#clock.now() >= this.#deadline) this.#expire();
    }
    this.#alarm = Number.POSITIVE_INFINITY;
  }

  #expire(): void {
    if (this.#silence) this.#fail(this.#hasHeard ? "MODBUS_FRAME" : "MODBUS_TIMEOUT");
    else if (this.#reader.isPartial) this.#drop(new Fault("MODBUS_TIMEOUT", "half an answer came"));
    else this.#fail("MODBUS_TIMEOUT");
  }

  /**
   * On a line a late answer is taken to come within as long again as was waited, or as the longest frame lasts;
   * nothing is sent before that has passed.
   */
  #fail(reason: FaultCode): void {
    this.#want = null;
    this.#isSent = false;
    this.#empty += 1;
    this.#silence?.keep(this.#clock.now(), this.patienceMs + this.#wireMs(LONGEST_FRAME));
    if (this.#empty >= this.#rules.emptyLimit)
      this.#drop(new Fault(reason, `${this.#empty} requests unanswered`));
    else this.#owner.failed(reason);
  }

  #drop(fault: Fault): void {
    const opened = this.#opening;
    if (!this.#release()) return;
    this.#stream.destroy();
    if (opened) opened(fault);
    else this.#owner.down(fault.code);
  }

  /** True at the first call: the stream is then the caller's to end. */
  #release(): boolean {
    if (this.#life.signal.aborted) return false;
    this.#life.abort();
    this.#opening = null;
    this.#want = null;
    this.#isSent = false;
    this.isOpen = false;
    this.#nap.abort();
    return true;
  }
}

/**
 * One client's conversation with the devices of a Modbus server, whatever carries the bytes: requests in, one at a
 * time, answers out, spoiled on demand and noted for the oracle. Opens nothing; decides nothing itself.
 */
import { channel } from "node:diagnostics_channel";
import { type Answer, noteOf } from "./answers.ts";
import { answerPdu, type Device, exceptionPdu, type Request } from "./modbus-request.ts";

/** Bytes that leave `afterMs` after the piece before them. */
export interface Piece {
  afterMs: number;
  bytes: Buffer;
}

/** The right answer, and the means to make a wrong one of it. */
export interface Reply {
  request: Request;
  pdu: Buffer;
  bytes: Buffer;
  framing: Framing;
}

/** What becomes of a request. Requests of one connection are served one after the other, as devices do. */
export type Action =
  | { do: "answer" }
  | { do: "delay"; ms: number }
  | { do: "silent" }
  | { do: "exception"; code: number }
  /** Closes the connection with FIN, or with RST; on a serial line both are silence. */
  | { do: "close" }
  | { do: "reset" }
  /** Half open: the connection stays, and nothing on it is answered ever again. */
  | { do: "deafen" }
  /** Any bytes instead of the answer, which is given so that they may be made of it. */
  | { do: "bytes"; make: (answer: Buffer) => Buffer }
  /** The same in pieces; `isTrue`: together they are the answer and nothing else. */
  | { do: "pieces"; make: (reply: Reply) => Piece[]; isTrue: boolean };

/** How frames look to a server. */
export interface Framing {
  /** "broken": what is held cannot begin a request. */
  take(bytes: Buffer): { request: Request; size: number } | "more" | "broken";
  frame(request: Request, pdu: Buffer): Buffer;
  /** The frame with what guards it made wrong: check sum, or protocol id. */
  spoil(frame: Buffer): Buffer;
}

/** The client's side of the carrier. */
export interface Client {
  write(bytes: Buffer): void;
  end(): void;
  reset(): void;
  /** It sent what is no request. True when what was held is to be forgotten, false when the client is gone. */
  broke(): boolean;
  readonly isGone: boolean;
}

export interface Service {
  devices: ReadonlyMap<number, Device>;
  /** For units without a device too; the default answers. */
  behave?: (request: Request) => Action;
  /** Called as each request arrives. `sentAt` of the answer is set later, when all of it has left. */
  onAnswer?: (answer: Answer) => void;
  /** Monotonic milliseconds for the notes. Default: performance.now. */
  now?: () => number;
  /** Absent units give exception 11, as behind a gateway, or nothing, as on a line. */
  absent: "exception" | "silent";
}

export interface Stats {
  connections: number;
  requests: number;
  /** Requests with a function code that is not for reading. */
  refused: number;
  /** Times that something came that is no request. */
  broken: number;
}

const READS = new Set([1, 2, 3, 4, 43]);
/** Hears the function code of every request to a simulated device in this process. */
export const REQUESTS = channel("uptime-agent.simulated-request");

/** Takes the bytes of one client as they come; `stop` when it is gone. */
export class Conversation {
  readonly #client: Client;
  readonly #framing: Framing;
  readonly #service: Service;
  readonly #stats: Stats;
  #held: Buffer = Buffer.alloc(0);
  #timer: NodeJS.Timeout | null = null;
  #isDeaf = false;

  constructor(client: Client, framing: Framing, service: Service, stats: Stats) {
    this.#client = client;
    this.#framing = framing;
    this.#service = service;
    this.#stats = stats;
  }

  push(chunk: Buffer): void {
    if (this.#isDeaf) return;
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#pump();
  }

  /** Forgets half a request, as after a silence on a line. */
  forget(): void {
    if (!this.#timer) this.#held = Buffer.alloc(0);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#isDeaf = true;
  }

  #pump(): void {
    while (!this.#timer && !this.#isDeaf && !this.#client.isGone) {
      const taken = this.#framing.take(this.#held);
      if (taken === "more") return;
      if (taken === "broken") {
        this.#stats.broken++;
        if (!this.#client.broke()) return;
        this.#held = Buffer.alloc(0);
        return;
      }
      this.#held = this.#held.subarray(taken.size);
      this.#handle(taken.request);
    }
  }

  #handle(request: Request): void {
    this.#stats.requests++;
    REQUESTS.publish(request.code);
    if (!READS.has(request.code)) this.#stats.refused++;
    const { behave, devices, absent, onAnswer } = this.#service;
    const isAbsent = absent === "silent" && !devices.has(request.unit);
    const action: Action = behave?.(request) ?? { do: "answer" };
    const note = noteOf(request, action.do, this.#now());
    onAnswer?.(note);
    if (action.do === "answer" && isAbsent) return;
    if (action.do === "delay") {
      this.#later(action.ms, () => this.#perform({ do: "answer" }, request, note));
      return;
    }
    this.#perform(action, request, note);
  }

  #perform(action: Exclude<Action, { do: "delay" }>, request: Request, note: Answer): void {
    const client = this.#client;
    switch (action.do) {
      case "answer": {
        const { pdu, bytes } = this.#reply(request);
        note.hold(pdu);
        note.sentAt = this.#now();
        client.write(bytes);
        return;
      }
      case "exception":
        client.write(this.#framing.frame(request, exceptionPdu(request.code, action.code)));
        return;
      case "bytes":
        client.write(action.make(this.#reply(request).bytes));
        return;
      case "pieces": {
        const reply = this.#reply(request);
        if (action.isTrue) note.hold(reply.pdu);
        this.#sendPieces(action.make(reply), action.isTrue ? note : null);
        return;
      }
      case "deafen":
        this.#isDeaf = true;
        return;
      case "close":
        client.end();
        return;
      case "reset":
        client.reset();
        return;
      case "silent":
        return;
    }
  }

  /** `note` is told when the last piece has left. */
  #sendPieces([first, ...rest]: Piece[], note: Answer | null): void {
    if (!first) return;
    const send = (): void => {
      if (note && rest.length === 0) note.sentAt = this.#now();
      this.#client.write(first.bytes);
      this.#sendPieces(rest, note);
    };
    if (first.afterMs > 0) this.#later(first.afterMs, send);
    else send();
  }

  #later(ms: number, work: () => void): void {
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#client.isGone) return;
      work();
      this.#pump();
    }, ms);
  }

  #reply(request: Request): Reply {
    const device = this.#service.devices.get(request.unit);
    const pdu = device ? answerPdu(device, request) : exceptionPdu(request.code, 11);
    const framing = this.#framing;
    return { request, pdu, bytes: framing.frame(request, pdu), framing };
  }

  #now(): number {
    return this.#service.now?.() ?? performance.now();
  }
}

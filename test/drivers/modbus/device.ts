/** A Modbus TCP device on an ephemeral port that can misbehave, and records every byte it is sent. */

import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { REQUESTS } from "../../../simulator/serve.ts";

export interface Request {
  transaction: number;
  unit: number;
  code: number;
  address: number;
  count: number;
}

/** What happens to a request: the bytes to send, in pieces; nothing; or the end of the connection. */
export type Act = Buffer | Buffer[] | "silence" | "fin" | "rst";
export type Manner = (request: Request, good: Buffer) => Act;

export class Device {
  /** Registers by address; what is missing reads as the address itself. */
  readonly registers = new Map<number, number>();
  readonly bits = new Set<number>();
  /** Addresses that answer exception 2. */
  readonly refused = new Set<number>();
  readonly requests: Request[] = [];
  readonly sockets = new Set<Socket>();
  connections = 0;
  mostSockets = 0;
  manner: Manner = (_request, good) => good;
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get codes(): number[] {
    return this.requests.map((request) => request.code);
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    this.mostSockets = Math.max(this.mostSockets, this.sockets.size);
    socket.setNoDelay();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
    let held = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      while (held.length >= 6 && held.length >= 6 + held.readUInt16BE(4)) {
        const size = 6 + held.readUInt16BE(4);
        this.#take(socket, held.subarray(0, size));
        held = held.subarray(size);
      }
    });
  }

  #take(socket: Socket, frame: Buffer): void {
    const request = {
      transaction: frame.readUInt16BE(0),
      unit: frame[6] ?? 0,
      code: frame[7] ?? 0,
      address: frame.length >= 12 ? frame.readUInt16BE(8) : 0,
      count: frame.length >= 12 ? frame.readUInt16BE(10) : 0,
    };
    this.requests.push(request);
    REQUESTS.publish(request.code);
    const act = this.manner(request, this.reply(request));
    if (act === "fin") socket.end();
    else if (act === "rst") socket.resetAndDestroy();
    else if (act !== "silence") void send(socket, Array.isArray(act) ? act : [act]);
  }

  /** The right answer. */
  reply(request: Request): Buffer {
    const { address, count, code } = request;
    for (let at = address; at < address + count; at++) {
      if (this.refused.has(at)) return frameOf(request, [code | 0x80, 2]);
    }
    if (code <= 2) {
      const bytes = new Array<number>((count + 7) >> 3).fill(0);
      for (let i = 0; i < count; i++) {
        if (this.bits.has(address + i)) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
      }
      return frameOf(request, [code, bytes.length, ...bytes]);
    }
    const words = Array.from(
      { length: count },
      (_, i) => this.registers.get(address + i) ?? address + i,
    );
    return frameOf(request, [code, 2 * count, ...words.flatMap((word) => [word >> 8, word & 255])]);
  }
}

/** A frame that answers `request` with these bytes after the unit. */
export function frameOf(request: Pick<Request, "transaction" | "unit">, rest: number[]): Buffer {
  const { transaction, unit } = request;
  const length = rest.length + 1;
  const header = [transaction >> 8, transaction & 255, 0, 0, length >> 8, length & 255, unit];
  return Buffer.from([...header, ...rest]);
}

export function exception(request: Request, code: number): Buffer {
  return frameOf(request, [request.code | 0x80, code]);
}

/** The frame with one byte replaced. */
export function altered(frame: Buffer, at: number, value: number): Buffer {
  const copy = Buffer.from(frame);
  copy[at] = value;
  return copy;
}

async function send(socket: Socket, pieces: Buffer[]): Promise<void> {
  for (const piece of pieces) {
    if (!socket.destroyed) socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

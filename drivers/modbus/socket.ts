/** Bytes over TCP. No retry, no framing, no deadline of its own but for closing. */
import { connect, type Socket } from "node:net";
import { Fault, type FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import type { ByteStream, StreamEvents } from "./stream.ts";

/** A peer that sends no FIN must not hold up a stop. */
const CLOSE_MS = 1000;
/** More than one longest frame; a fuller read comes in pieces. */
const READ_BYTES = 1024;

export class SocketStream implements ByteStream {
  readonly #host: string;
  readonly #port: number;
  readonly #clock: DriverClock;
  #socket: Socket | null = null;
  #isOpen = false;

  constructor(host: string, port: number, clock: DriverClock) {
    this.#host = host;
    this.#port = port;
    this.#clock = clock;
  }

  open(events: StreamEvents): void {
    const socket = connect({
      host: this.#host,
      port: this.#port,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: 10_000,
      onread: {
        buffer: Buffer.alloc(READ_BYTES),
        callback: (size, bytes) => {
          if (this.#socket) events.received(bytes as Buffer, size);
          return true;
        },
      },
    });
    this.#socket = socket;
    socket.on("connect", () => {
      if (!this.#socket) return;
      this.#isOpen = true;
      events.opened();
    });
    socket.on("error", (error: NodeJS.ErrnoException) => this.#lose(reasonOf(error), events));
    socket.on("end", () => this.#lose("MODBUS_CLOSED", events));
    socket.on("close", () => this.#lose("MODBUS_CLOSED", events));
  }

  write(bytes: Uint8Array): void {
    this.#socket?.write(bytes);
  }

  async flush(): Promise<void> {}

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

  destroy(): void {
    this.#release()?.destroy();
  }

  #lose(reason: FaultCode, events: StreamEvents): void {
    const code = this.#isOpen ? "MODBUS_CLOSED" : reason;
    const socket = this.#release();
    if (!socket) return;
    socket.destroy();
    const [host, port] = [this.#host, this.#port];
    events.lost(new Fault(code, `cannot reach ${host}:${port}`, { host, port }));
  }

  /** The socket, at its one handing over; null ever after. */
  #release(): Socket | null {
    const socket = this.#socket;
    this.#socket = null;
    return socket;
  }
}

function reasonOf(error: NodeJS.ErrnoException): FaultCode {
  const isNameless =
    error.code === "ENOTFOUND" || error.code === "EAI_AGAIN" || error.code === "EINVAL";
  return isNameless ? "MODBUS_ABSENT" : "MODBUS_REFUSED";
}

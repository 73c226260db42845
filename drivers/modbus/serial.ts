/**
 * Bytes over a serial device. The only importer of serialport, and only once a port is opened. Always locks:
 * a second opener of the same device is refused, in this process or another.
 */
import type { SerialPort } from "serialport";
import { Fault, type FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import type { SerialLine } from "./pace.ts";
import { watchDevice } from "./presence.ts";
import type { ByteStream, StreamEvents } from "./stream.ts";

/** A tty may wait for output that nobody takes; a stop must not. */
const CLOSE_MS = 1000;

export class SerialStream implements ByteStream {
  readonly #device: string;
  readonly #line: SerialLine;
  readonly #clock: DriverClock;
  #port: SerialPort | null = null;
  #events: StreamEvents | null = null;
  #unwatch: () => void = () => {};
  #isEnded = false;

  /** `device` is resolved anew at every open: a link under /dev/serial/by-id follows its adapter. */
  constructor(device: string, line: SerialLine, clock: DriverClock) {
    this.#device = device;
    this.#line = line;
    this.#clock = clock;
  }

  open(events: StreamEvents): void {
    this.#events = events;
    void this.#open(events).catch((error: unknown) => this.#lose(error));
  }

  write(bytes: Uint8Array): void {
    this.#port?.write(Buffer.from(bytes));
  }

  flush(): Promise<void> {
    const port = this.#port;
    if (!port?.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      port.flush((error) => {
        if (error) this.#lose(error);
        resolve();
      });
    });
  }

  close(closed: () => void): void {
    const patience = new AbortController();
    let isDone = false;
    const done = (): void => {
      if (isDone) return;
      isDone = true;
      patience.abort();
      closed();
    };
    void this.#release().then(done);
    if (!isDone) void this.#clock.sleep(CLOSE_MS, patience.signal).then(done);
  }

  destroy(): void {
    void this.#release();
  }

  async #open(events: StreamEvents): Promise<void> {
    const { SerialPort } = await import("serialport");
    if (this.#isEnded) return;
    const { baudRate, parity, stopBits, dataBits } = this.#line;
    const path = this.#device;
    const options = { path, baudRate, parity, stopBits, dataBits, autoOpen: false, lock: true };
    const port = new SerialPort(options);
    port.on("error", (error) => this.#lose(error));
    port.on("close", (error: Error | null) => this.#lose(error));
    port.on("end", () => this.#lose(null));
    await new Promise<void>((resolve, reject) =>
      port.open((error) => (error ? reject(error) : resolve())),
    );
    if (this.#isEnded) {
      await discard(port);
      return;
    }
    this.#port = port;
    this.#unwatch = watchDevice(path, () => this.#lose(null));
    port.on("data", (chunk: Buffer) => {
      if (this.#port === port) events.received(chunk, chunk.length);
    });
    events.opened();
  }

  #lose(error: unknown): void {
    if (this.#isEnded) return;
    const wasOpen = this.#port !== null;
    void this.#release();
    const message = error instanceof Error ? error.message : "the device is gone";
    const code = wasOpen ? "MODBUS_CLOSED" : reasonOf(message);
    const device = this.#device;
    this.#events?.lost(
      new Fault(code, `${wasOpen ? "lost" : "cannot open"} ${device}: ${message}`, { device }),
    );
  }

  async #release(): Promise<void> {
    const port = this.#port;
    this.#port = null;
    this.#isEnded = true;
    this.#unwatch();
    if (port) await discard(port);
  }
}

/** Unsent output is thrown away first: closing a tty waits for it, for half a minute on USB. */
function discard(port: SerialPort): Promise<void> {
  return new Promise((resolve) => {
    if (!port.isOpen) {
      resolve();
      return;
    }
    port.flush(() => {
      if (port.isOpen) port.close(() => resolve());
      else resolve();
    });
  });
}

/** serialport tells its errors apart by text alone. */
function reasonOf(message: string): FaultCode {
  if (/permission denied|operation not permitted/i.test(message)) return "PORT_DENIED";
  if (/cannot lock|busy|temporarily unavailable/i.test(message)) return "PORT_BUSY";
  if (/no such|not a (tty|typewriter)|inappropriate ioctl/i.test(message)) return "MODBUS_ABSENT";
  return "MODBUS_REFUSED";
}

/**
 * Serial Modbus units behind a TCP port, and behind ptys that socat makes of it: a serial server and an adapter in one.
 * Records every request; can be told to misbehave, and to come back under another name.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../clock.ts";
import { type Asked, answerTo, askedOf, frame } from "./frames.ts";

export type Act = Buffer | "silence";

export class SerialDevice {
  readonly framing: "rtu" | "ascii";
  readonly requests: Asked[] = [];
  readonly sockets = new Set<Socket>();
  word: (address: number) => number = (address) => address;
  act: (asked: Asked, good: Buffer) => Act = (_asked, good) => good;
  connections = 0;
  readonly #server: Server = createServer((socket) => this.#serve(socket));

  constructor(framing: "rtu" | "ascii") {
    this.framing = framing;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.connections += 1;
    this.sockets.add(socket);
    socket.setNoDelay();
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
    let held = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      for (let size = this.#requestSize(held); size > 0; size = this.#requestSize(held)) {
        this.#take(socket, held.subarray(0, size));
        held = held.subarray(size);
      }
    });
  }

  /** Bytes of the request that `held` begins with, 0 when it is not complete. */
  #requestSize(held: Buffer): number {
    if (this.framing === "ascii") return held.indexOf("\r\n") + 1 && held.indexOf("\r\n") + 2;
    const size = held[1] === 43 ? 7 : 8;
    return held.length >= size ? size : 0;
  }

  #take(socket: Socket, bytes: Buffer): void {
    const asked = askedOf(this.framing, bytes);
    this.requests.push(asked);
    const act = this.act(asked, frame(this.framing, answerTo(asked, this.word)));
    if (act !== "silence") socket.write(act);
  }
}

/** A device path that leads to a {@link SerialDevice}; each pty lasts until it is unplugged. */
export class Adapter {
  /** What a configuration names, such as a link under /dev/serial/by-id. */
  readonly path: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "adapter-"));
  readonly #socat: string;
  readonly #port: number;
  #plugged: ChildProcess | null = null;
  #spare: ChildProcess | null = null;
  #count = 0;

  constructor(socat: string, port: number) {
    this.#socat = socat;
    this.#port = port;
    this.path = join(this.#folder, "by-id");
  }

  async start(): Promise<this> {
    await this.prepare();
    this.plug();
    return this;
  }

  /** Makes the pty that {@link plug} will lead to; connects to the device once it is opened. */
  async prepare(): Promise<void> {
    this.#count += 1;
    const name = join(this.#folder, `tty${this.#count}`);
    const pty = `pty,raw,echo=0,wait-slave,pty-interval=0.005,link=${name}`;
    this.#spare = spawn(this.#socat, [pty, `tcp:127.0.0.1:${this.#port},nodelay`], {
      stdio: "ignore",
    });
    await until(() => existsSync(name));
  }

  /** The adapter appears, under a new name. */
  plug(): void {
    const link = `${this.path}.new`;
    symlinkSync(join(this.#folder, `tty${this.#count}`), link);
    renameSync(link, this.path);
    this.#plugged = this.#spare;
    this.#spare = null;
  }

  unplug(): void {
    rmSync(this.path, { force: true });
    this.#plugged?.kill("SIGKILL");
    this.#plugged = null;
  }

  stop(): void {
    this.unplug();
    this.#spare?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

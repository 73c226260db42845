/** Real MQTT over real sockets on 127.0.0.1: aedes in this process, mosquitto as a child, a proxy that cuts. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket, createServer, type Server, type Socket } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { Aedes, type AedesOptions } from "aedes";
import { systemClock } from "../../agent/clock.ts";
import type { Fault } from "../../agent/core/fault.ts";
import type { Commands } from "../../agent/publisher/commands.ts";
import type { Publisher } from "../../agent/publisher/ports.ts";
import { createPublisher } from "../../agent/publisher/publisher.ts";
import { PUBLISHER_DEFAULTS, type PublisherSettings } from "../../agent/publisher/settings.ts";
import { pathOf } from "../support/peers.ts";
import { STATUS } from "./fake-broker.ts";
import { type MemoryOutbox, memoryOutbox } from "./memory-outbox.ts";

export interface Received {
  topic: string;
  payload: string;
  retain: boolean;
}

/** Ends what a test started, last first. Call in `afterEach`. */
const open: (() => Promise<void> | void)[] = [];
export const onEnd = (close: () => Promise<void> | void): void => void open.push(close);
export async function endAll(): Promise<void> {
  for (let close = open.pop(); close; close = open.pop()) await close();
}

export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onEnd(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

export interface AedesBroker {
  port: number;
  aedes: Aedes;
  /** From clients, in order of arrival. */
  received: Received[];
}

export async function startAedes(
  options: AedesOptions = {},
  tls?: TlsOptions,
): Promise<AedesBroker> {
  const aedes = await Aedes.createBroker(options);
  onEnd(() => new Promise<void>((resolve) => aedes.close(() => resolve())));
  aedes.on("clientError", () => undefined);
  aedes.on("connectionError", () => undefined);
  const received: Received[] = [];
  aedes.on("publish", ({ topic, payload, retain }, client) => {
    // Wills come without a client, and so do the broker's own messages, which begin with $.
    if (client || !topic.startsWith("$"))
      received.push({ topic, payload: String(payload), retain });
  });
  const handle = (socket: Socket) => aedes.handle(socket);
  const port = await listen(tls ? createTlsServer(tls, handle) : createServer(handle));
  return { port, aedes, received };
}

/** A directory that is gone after the test. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "publisher-"));
  onEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectSocket(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });

export interface Mosquitto {
  port: number;
  child: ChildProcess;
}

/** `lines` of mosquitto.conf after the listener. */
export async function startMosquitto(lines: string[], at?: number): Promise<Mosquitto> {
  const port = at ?? (await freePort());
  const file = join(scratch(), "mosquitto.conf");
  writeFileSync(
    file,
    [
      `user ${userInfo().username}`,
      `listener ${port} 127.0.0.1`,
      "set_tcp_nodelay true",
      ...lines,
      "",
    ].join("\n"),
  );
  const child = spawn(pathOf("mosquitto"), ["-c", file], { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  onEnd(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  await until(() => isOpen(port));
  return { port, child };
}

export interface Proxy {
  port: number;
  /** Resets every open connection. */
  cut(): void;
  connections: number;
}

export async function startProxy(target: number): Promise<Proxy> {
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connectSocket(target, "127.0.0.1");
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    proxy.connections++;
    for (const socket of pair) {
      socket.on("error", () => undefined);
      socket.on("close", () => {
        pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const proxy: Proxy = {
    port: await listen(server),
    connections: 0,
    cut: () => {
      for (const [near, far] of pairs) {
        near.resetAndDestroy();
        far.resetAndDestroy();
      }
    },
  };
  return proxy;
}

export async function until(isTrue: () => boolean | Promise<boolean>, ms = 10_000): Promise<void> {
  const limit = Date.now() + ms;
  while (!(await isTrue())) {
    if (Date.now() > limit) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export interface Running {
  publisher: Publisher;
  outbox: MemoryOutbox;
  troubles: Fault[];
  parked: number[];
}

/** Waits of some milliseconds, so that a test sees several connections. */
export const QUICK = { baseMs: 5, capMs: 50, spreadMs: 10, slowMs: 60_000, stableMs: 60_000 };

export function runPublisher(
  port: number,
  settings: Partial<PublisherSettings> = {},
  commands: Commands | null = null,
): Running {
  const outbox = memoryOutbox();
  const troubles: Fault[] = [];
  const parked: number[] = [];
  const own = { url: `mqtt://127.0.0.1:${port}`, clientId: "gw", statusTopic: STATUS };
  const publisher = createPublisher(
    { ...PUBLISHER_DEFAULTS, backoff: QUICK, settleMs: 50, ...own, ...settings },
    {
      outbox,
      clock: systemClock,
      random: Math.random,
      status: () => ({ schema: "uptime.status/1", status: { online: true } }),
      onTrouble: (fault) => troubles.push(fault),
      onParked: (seq) => parked.push(seq),
      ...(commands && { commands }),
    },
  );
  const running = publisher.run();
  onEnd(async () => {
    await publisher.stop();
    await running;
  });
  return { publisher, outbox, troubles, parked };
}

export const idsOf = (received: Received[]): string[] =>
  received.filter(({ topic }) => topic !== STATUS).map(({ payload }) => JSON.parse(payload).id);
export const onlineOf = (received: Received[]): boolean[] =>
  received
    .filter(({ topic }) => topic === STATUS)
    .map(({ payload }) => JSON.parse(payload).status.online);

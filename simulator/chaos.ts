/**
 * A TCP proxy that spoils connections on demand: delay, freeze, drop, reset, cut after n bytes.
 * Knows no protocol; what it passes on it passes unchanged and in order.
 */
import { connect, createServer, type Socket } from "node:net";
import { listenOn } from "./listen.ts";

/** What happens to traffic from now on. */
export type Chaos =
  | { mode: "pass" }
  /** Every chunk in both directions is late by `ms`. */
  | { mode: "delay"; ms: number }
  /** Nothing goes through and nothing is closed: a half-open line. What was sent comes after the thaw. */
  | { mode: "freeze" }
  /** New connections are accepted and closed at once. */
  | { mode: "refuse" }
  /** Each connection is reset after `bytes` more bytes from the server. */
  | { mode: "cut"; bytes: number };

export interface ChaosProxy {
  readonly port: number;
  /** Connections open now. */
  readonly open: number;
  /** Connections accepted so far. */
  readonly accepted: number;
  set(chaos: Chaos): void;
  /** Ends every connection with FIN. */
  drop(): void;
  /** Ends every connection with RST. */
  reset(): void;
  close(): Promise<void>;
}

interface Pair {
  client: Socket;
  server: Socket;
  /** Chunks on their way, oldest first. */
  waiting: { to: Socket; chunk: Buffer; due: number }[];
  timer: NodeJS.Timeout | null;
  /** Bytes from the server that may still pass. */
  left: number;
}

/** Listens on 127.0.0.1 (port 0: a free one) before it resolves. */
export async function startChaos(target: {
  host: string;
  port: number;
  listen?: number;
}): Promise<ChaosProxy> {
  const pairs = new Set<Pair>();
  let chaos: Chaos = { mode: "pass" };
  let accepted = 0;

  const server = createServer({ noDelay: true }, (client) => {
    accepted++;
    client.on("error", () => client.destroy());
    if (chaos.mode === "refuse") {
      client.end();
      return;
    }
    const upstream = connect({ host: target.host, port: target.port, noDelay: true });
    const left = chaos.mode === "cut" ? chaos.bytes : Number.POSITIVE_INFINITY;
    const pair: Pair = { client, server: upstream, waiting: [], timer: null, left };
    pairs.add(pair);
    const forward = (to: Socket) => (chunk: Buffer) => {
      const lateMs = chaos.mode === "delay" ? chaos.ms : 0;
      pair.waiting.push({ to, chunk, due: performance.now() + lateMs });
      flush(pair, () => chaos.mode === "freeze");
    };
    client.on("data", forward(upstream));
    upstream.on("data", forward(client));
    const end = (): void => {
      if (pair.timer) clearTimeout(pair.timer);
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    upstream.on("error", end);
    // Half a connection is none: neither Modbus nor MQTT uses one.
    client.on("close", end);
    upstream.on("close", end);
  });
  const port = await listenOn(server, target.listen ?? 0, "127.0.0.1");
  return {
    port,
    get open() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    set: (wanted) => {
      chaos = wanted;
      for (const pair of pairs) {
        pair.left = wanted.mode === "cut" ? wanted.bytes : Number.POSITIVE_INFINITY;
        flush(pair, () => chaos.mode === "freeze");
      }
    },
    drop: () => {
      for (const pair of [...pairs]) pair.client.end(() => pair.client.destroy());
    },
    reset: () => {
      for (const pair of [...pairs]) pair.client.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const pair of [...pairs]) pair.client.destroy();
      }),
  };
}

/** Sends what is due, in order, unless frozen; comes back for the rest. */
function flush(pair: Pair, isFrozen: () => boolean): void {
  if (pair.timer) clearTimeout(pair.timer);
  pair.timer = null;
  while (!isFrozen()) {
    const next = pair.waiting[0];
    if (!next) return;
    const lateMs = next.due - performance.now();
    if (lateMs > 0) {
      pair.timer = setTimeout(() => flush(pair, isFrozen), Math.ceil(lateMs));
      return;
    }
    pair.waiting.shift();
    pass(pair, next.to, next.chunk);
  }
}

function pass(pair: Pair, to: Socket, chunk: Buffer): void {
  if (to !== pair.client) {
    to.write(chunk);
    return;
  }
  const part = chunk.subarray(0, Math.min(chunk.length, pair.left));
  pair.left -= part.length;
  if (pair.left > 0) to.write(part);
  else to.write(part, () => to.resetAndDestroy());
}

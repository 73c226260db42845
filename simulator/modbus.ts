/**
 * A strict Modbus TCP server for many unit ids that misbehaves on demand. It decides nothing itself: the
 * devices hold the data, `behave` says what happens to each request. Writes are refused and counted.
 */
import { createServer, type Socket } from "node:net";
import { listenOn } from "./listen.ts";
import { frame, takeRequest } from "./modbus-request.ts";
import { type Client, Conversation, type Framing, type Service, type Stats } from "./serve.ts";

/** What becomes of a new connection: served, accepted and never answered, or closed at once. */
export type Welcome = "serve" | "ignore" | "close";

/** Absent units give exception 11. */
export interface ModbusOptions extends Omit<Service, "absent"> {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** `open`: connections there are, with the new one. The default serves. */
  welcome?: (open: number) => Welcome;
}

export type ModbusStats = Stats;

export interface ModbusServer {
  readonly port: number;
  readonly stats: Readonly<ModbusStats>;
  /** Connections open now, and the most there ever were at once. */
  readonly open: number;
  readonly mostOpen: number;
  /** False: connections are reset and new ones refused, until true opens the same port again. */
  listen(open: boolean): Promise<void>;
  close(): Promise<void>;
}

const TCP: Framing = {
  take: takeRequest,
  frame,
  spoil: (bytes) => {
    const copy = Buffer.from(bytes);
    copy[3] = 1;
    return copy;
  },
};

/** Listens before it resolves. Rejects with the error of the operating system when it cannot. */
export async function startModbus(options: ModbusOptions): Promise<ModbusServer> {
  const stats: ModbusStats = { connections: 0, requests: 0, refused: 0, broken: 0 };
  const service: Service = { ...options, absent: "exception" };
  const sockets = new Set<Socket>();
  let mostOpen = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    stats.connections++;
    sockets.add(socket);
    mostOpen = Math.max(mostOpen, sockets.size);
    // A peer that resets is ordinary here.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
    const welcome = options.welcome?.(sockets.size) ?? "serve";
    if (welcome === "serve") serve(socket, service, stats);
    else socket.resume();
    if (welcome === "close") socket.end();
  });
  let port = options.port;
  const open = async (): Promise<void> => {
    port = await listenOn(server, port, options.host);
  };
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      for (const socket of sockets) socket.resetAndDestroy();
    });
  await open();
  return {
    get port() {
      return port;
    },
    get open() {
      return sockets.size;
    },
    get mostOpen() {
      return mostOpen;
    },
    stats,
    listen: (wanted) => {
      if (wanted === server.listening) return Promise.resolve();
      return wanted ? open() : shut();
    },
    close: shut,
  };
}

function serve(socket: Socket, service: Service, stats: ModbusStats): void {
  const client: Client = {
    write: (bytes) => {
      socket.write(bytes);
    },
    end: () => {
      socket.end();
    },
    reset: () => {
      socket.resetAndDestroy();
    },
    // A stream that is out of step cannot be trusted any more.
    broke: () => {
      socket.destroy();
      return false;
    },
    get isGone() {
      return socket.destroyed;
    },
  };
  const conversation = new Conversation(client, TCP, service, stats);
  socket.on("data", (chunk: Buffer) => conversation.push(chunk));
  socket.on("close", () => conversation.stop());
}

/**
 * A strict Modbus TCP server for many unit ids that misbehaves on demand. It decides nothing itself: the
 * devices hold the data, `behave` says what happens to each request. Writes are refused and counted.
 */
import { createServer, type Socket } from "node:net";
import { listenOn } from "./listen.ts";
import {
  answerPdu,
  type Device,
  exceptionPdu,
  frame,
  type Request,
  takeRequest,
} from "./modbus-request.ts";

/** What becomes of a request. Requests of one connection are served one after the other, as devices do. */
export type Action =
  | { do: "answer" }
  | { do: "delay"; ms: number }
  | { do: "silent" }
  | { do: "exception"; code: number }
  /** Closes the connection with FIN, or with RST. */
  | { do: "close" }
  | { do: "reset" }
  /** Any bytes instead of the answer, which is given so that they may be made of it. */
  | { do: "bytes"; make: (answer: Buffer) => Buffer };

export interface ModbusOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  devices: ReadonlyMap<number, Device>;
  /** For units without a device too; the default answers, and absent units give exception 11. */
  behave?: (request: Request) => Action;
}

export interface ModbusStats {
  connections: number;
  requests: number;
  /** Requests with a function code that is not for reading. */
  refused: number;
  /** Connections dropped because they did not speak Modbus TCP. */
  broken: number;
}

export interface ModbusServer {
  readonly port: number;
  readonly stats: Readonly<ModbusStats>;
  /** False: connections are reset and new ones refused, until true opens the same port again. */
  listen(open: boolean): Promise<void>;
  close(): Promise<void>;
}

const READS = new Set([1, 2, 3, 4, 43]);

/** Listens before it resolves. Rejects with the error of the operating system when it cannot. */
export async function startModbus(options: ModbusOptions): Promise<ModbusServer> {
  const stats: ModbusStats = { connections: 0, requests: 0, refused: 0, broken: 0 };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    stats.connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, options, stats);
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
    stats,
    listen: (wanted) => {
      if (wanted === server.listening) return Promise.resolve();
      return wanted ? open() : shut();
    },
    close: shut,
  };
}

/** One connection: bytes in, one request at a time, answers out. */
function serve(socket: Socket, options: ModbusOptions, stats: ModbusStats): void {
  let bytes: Buffer = Buffer.alloc(0);
  let timer: NodeJS.Timeout | null = null;
  const pump = (): void => {
    while (!timer && !socket.destroyed) {
      const taken = takeRequest(bytes);
      if (taken === "more") return;
      if (taken === "broken") {
        stats.broken++;
        socket.destroy();
        return;
      }
      bytes = bytes.subarray(taken.size);
      handle(taken.request);
    }
  };
  const handle = (request: Request): void => {
    stats.requests++;
    if (!READS.has(request.code)) stats.refused++;
    const action = options.behave?.(request) ?? { do: "answer" };
    if (action.do !== "delay") {
      perform(socket, action, request, options.devices);
      return;
    }
    timer = setTimeout(() => {
      timer = null;
      perform(socket, { do: "answer" }, request, options.devices);
      pump();
    }, action.ms);
  };
  socket.on("data", (chunk: Buffer) => {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk]);
    pump();
  });
  socket.on("close", () => {
    if (timer) clearTimeout(timer);
  });
  // A peer that resets is ordinary here.
  socket.on("error", () => socket.destroy());
}

function perform(
  socket: Socket,
  action: Exclude<Action, { do: "delay" }>,
  request: Request,
  devices: ReadonlyMap<number, Device>,
): void {
  const device = devices.get(request.unit);
  const answer = (): Buffer => {
    const pdu = device ? answerPdu(device, request) : exceptionPdu(request.code, 11);
    return frame(request, pdu);
  };
  switch (action.do) {
    case "answer":
      socket.write(answer());
      return;
    case "exception":
      socket.write(frame(request, exceptionPdu(request.code, action.code)));
      return;
    case "bytes":
      socket.write(action.make(answer()));
      return;
    case "close":
      socket.end();
      return;
    case "reset":
      socket.resetAndDestroy();
      return;
    case "silent":
      return;
  }
}

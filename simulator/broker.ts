/**
 * An MQTT 3.1.1 broker inside the process, for the demo and for tests, that can be made to fail.
 * Keeps nothing beyond its life: it is a broker to test against, not one to run a plant with.
 */
import { createServer, type Socket } from "node:net";
import { Aedes, type AuthenticateError, type PublishPacket } from "aedes";
import { listenOn } from "./listen.ts";

/**
 * "refuse": connections are reset and new ones refused. "hold-acks": messages arrive and are passed on, pings
 * are answered, but nothing is acknowledged, as when the broker's disk hangs.
 */
export type BrokerFault = "refuse" | "hold-acks";

export interface BrokerOptions {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** When set, any other user or password gets return code 4. */
  login?: { username: string; password: string };
  /** Messages kept in `received`; the oldest go first. Default 100,000. */
  keep?: number;
}

export interface Received {
  client: string;
  topic: string;
  payload: Buffer;
  /** As it was sent. */
  qos: 0 | 1 | 2;
  retain: boolean;
  dup: boolean;
  acknowledged: boolean;
}

export interface Broker {
  readonly port: number;
  readonly fault: BrokerFault | null;
  /** In order of arrival; wills and the broker's own topics are not in it. */
  readonly received: readonly Received[];
  /** Connections accepted so far, refused logins included. */
  readonly connections: number;
  readonly refusedLogins: number;
  setFault(fault: BrokerFault | null): Promise<void>;
  /** Resets every connection once. */
  drop(): void;
  /** Called for every message as it arrives. */
  onMessage(listener: (message: Received) => void): void;
  close(): Promise<void>;
}

/** Listens before it resolves. Rejects with the error of the operating system when it cannot. */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const { keep = 100_000, login } = options;
  const received: Received[] = [];
  const listeners: ((message: Received) => void)[] = [];
  const sockets = new Set<Socket>();
  let fault: BrokerFault | null = null;
  let connections = 0;
  let refusedLogins = 0;

  const aedes = await Aedes.createBroker({
    authenticate: (_client, username, password, done) => {
      const fits =
        !login || (username === login.username && password?.toString() === login.password);
      if (fits) return done(null, true);
      refusedLogins++;
      done(badLogin(), false);
    },
    authorizePublish: (client, packet, done) => {
      if (client) {
        const message = record(client.id, packet, fault !== "hold-acks");
        received.push(message);
        if (received.length > keep) received.splice(0, Math.ceil(keep / 10));
        for (const listener of listeners) listener(message);
      }
      // The broker decides about the acknowledgment after this, by the packet's QoS.
      if (fault === "hold-acks") packet.qos = 0;
      done(null);
    },
  });
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    aedes.handle(socket);
  });
  let port = await listenOn(server, options.port, options.host);
  const drop = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  const shut = (): Promise<void> =>
    new Promise((resolve) => {
      if (!server.listening) return resolve();
      server.close(() => resolve());
      drop();
    });
  return {
    get port() {
      return port;
    },
    get fault() {
      return fault;
    },
    get connections() {
      return connections;
    },
    get refusedLogins() {
      return refusedLogins;
    },
    received,
    setFault: async (wanted) => {
      fault = wanted;
      if (wanted === "refuse") await shut();
      else if (!server.listening) port = await listenOn(server, port, options.host);
    },
    drop,
    onMessage: (listener) => {
      listeners.push(listener);
    },
    close: async () => {
      await shut();
      await new Promise<void>((resolve) => aedes.close(resolve));
    },
  };
}

function record(client: string, packet: PublishPacket, acknowledged: boolean): Received {
  const { topic, qos, retain, dup } = packet;
  const payload = Buffer.from(packet.payload);
  return { client, topic, payload, qos, retain, dup, acknowledged };
}

/** CONNACK return code 4, bad user name or password (MQTT 3.1.1, table 3.1). */
function badLogin(): AuthenticateError {
  return Object.assign(new Error("bad user name or password"), { returnCode: 4 });
}

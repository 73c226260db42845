/**
 * One MQTT connection, from CONNECT to its end; the only importer of mqtt. It never reconnects, never queues and never
 * keeps a message: the library loses or hides those around a reconnect, so each connection is a new client.
 */
import type { Socket } from "node:net";
import { connect, type IClientOptions, type MqttClient } from "mqtt";

export interface Message {
  topic: string;
  payload: string;
  retain: boolean;
}

/** What came in on a topic that was subscribed. */
export interface Incoming {
  topic: string;
  payload: Buffer;
  /** The broker kept it, or its sender asked for that. */
  retain: boolean;
}

export interface WireSettings {
  secure: boolean;
  host: string;
  port: number;
  clientId: string;
  /** 4 is MQTT 3.1.1. */
  version: 4 | 5;
  /** Seconds. */
  keepalive: number;
  connectTimeoutMs: number;
  username: string | null;
  password?: string;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  will: Message;
}

/** What the broker asked for in its CONNACK (MQTT 5), or no limit. Its keep-alive is obeyed by the library. */
export interface WireLimits {
  /** Unacknowledged publishes. */
  receiveMaximum: number;
  /** Bytes. */
  maximumPacketSize: number;
  retain: boolean;
}

/** How a connection, or the try to make one, ended. */
export interface WireEnd {
  stage: "connecting" | "connected";
  /** Code of the CONNACK or of the broker's DISCONNECT, null where it said nothing. */
  reason: number | null;
  /** Error code of the socket or TLS layer. */
  code: string | null;
  text: string;
}

export interface Wire {
  readonly limits: WireLimits;
  /** Settles once, when the connection is gone for whatever reason. */
  readonly lost: Promise<WireEnd>;
  /** Sends at QoS 1. `done` gets the reason code of the PUBACK (0 in MQTT 3.1.1); never, when the connection ends first. */
  publish(message: Message, done: (reason: number) => void): void;
  /** Listens to a topic or filter at QoS 1, on this connection only; once a connection. `done` gets the reason code of the SUBACK: 128 and above, refused. */
  subscribe(
    topic: string,
    heard: (message: Incoming) => void,
    done: (reason: number) => void,
  ): void;
  /** Sends DISCONNECT, so that the will stays unsent. A peer that does not hang up keeps it waiting: bound it. */
  close(): Promise<void>;
  /** Cuts the connection at once. */
  drop(): void;
}

/** Never rejects: a connection that could not be made is data too. */
export type OpenWire = (settings: WireSettings, signal: AbortSignal) => Promise<Wire | WireEnd>;

type MessageIds = NonNullable<IClientOptions["messageIdProvider"]>;

const LAST_ID = 65_535;
/** Reason code of a refusal that gives none. */
const UNSPECIFIED = 128;

/**
 * Gives an id again only after all others. The library's providers reuse a free id at once or overwrite one in
 * use; a PUBACK that arrives twice would then settle a younger message.
 */
export function rotatingIds(): MessageIds {
  const used = new Set<number>();
  let last = 0;
  return {
    allocate: () => {
      if (used.size === LAST_ID) return null;
      do last = (last % LAST_ID) + 1;
      while (used.has(last));
      used.add(last);
      return last;
    },
    getLastAllocated: () => last,
    register: (id) => !used.has(id) && used.add(id).has(id),
    deallocate: (id) => {
      used.delete(id);
    },
    clear: () => used.clear(),
  };
}

function clientOptions(settings: WireSettings): IClientOptions {
  const { secure, will, username, password, ca, cert, key } = settings;
  return {
    protocol: secure ? "mqtts" : "mqtt",
    host: settings.host,
    port: settings.port,
    clientId: settings.clientId,
    protocolVersion: settings.version,
    keepalive: settings.keepalive,
    connectTimeout: settings.connectTimeoutMs,
    clean: true,
    reconnectPeriod: 0,
    queueQoSZero: false,
    timerVariant: "native",
    messageIdProvider: rotatingIds(),
    // With DEBUG set in the environment the library prints the CONNECT packet, password included.
    log: ignore,
    will: { topic: will.topic, payload: Buffer.from(will.payload), qos: 1, retain: will.retain },
    ...(username === null ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(secure ? { rejectUnauthorized: true, ...(ca && { ca }) } : {}),
    ...(secure && cert && key ? { cert, key } : {}),
  };
}

const codeOf = (error: unknown): string | null =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;

/** CONNACK refusals carry their number as `code`. */
const reasonOf = (error: unknown): number | null =>
  error instanceof Error && "code" in error && typeof error.code === "number" ? error.code : null;

const endOf = (stage: WireEnd["stage"], error: unknown): WireEnd => ({
  stage,
  reason: reasonOf(error),
  code: codeOf(error),
  text: error instanceof Error ? error.message : String(error),
});

export const openWire: OpenWire = (settings, signal) =>
  new Promise((resolve) => {
    let client: MqttClient;
    try {
      client = connect(clientOptions(settings));
    } catch (error) {
      // A certificate or key that is no PEM throws here.
      resolve(endOf("connecting", error));
      return;
    }
    const fail = (error: unknown): void => {
      signal.removeEventListener("abort", abort);
      cut(client);
      resolve(endOf("connecting", error));
    };
    const abort = (): void => fail(new Error("given up"));
    const close = (): void => fail(new Error("closed before the broker answered"));
    signal.addEventListener("abort", abort);
    client.on("error", fail);
    client.once("close", close);
    client.once("connect", (connack) => {
      signal.removeEventListener("abort", abort);
      client.off("error", fail);
      client.off("close", close);
      resolve(established(client, connack.properties ?? {}));
    });
    if (signal.aborted) abort();
  });

function cut(client: MqttClient): void {
  client.end(true);
  // `end` does nothing when it was called before, so the socket is destroyed by hand.
  client.stream.destroy();
}

interface Granted {
  receiveMaximum?: number;
  maximumPacketSize?: number;
  retainAvailable?: boolean;
}

function established(client: MqttClient, granted: Granted): Wire {
  const unacknowledged = new Map<number, (reason: number) => void>();
  // With Nagle on, a window of small publishes waits for the delayed TCP acknowledgement of the broker.
  (client.stream as Partial<Socket>).setNoDelay?.(true);
  client.on("packetreceive", (packet) => {
    // The library tells no callback of reason 16 (no subscriber), so acknowledgements are read off the wire.
    if (packet.cmd !== "puback" || packet.messageId === undefined) return;
    const done = unacknowledged.get(packet.messageId);
    unacknowledged.delete(packet.messageId);
    done?.(packet.reasonCode ?? 0);
  });
  return {
    limits: {
      receiveMaximum: granted.receiveMaximum ?? LAST_ID,
      maximumPacketSize: granted.maximumPacketSize ?? Number.POSITIVE_INFINITY,
      retain: granted.retainAvailable !== false,
    },
    lost: lossOf(client),
    publish: ({ topic, payload, retain }, done) => {
      client.publish(topic, payload, { qos: 1, retain }, ignore);
      const id = client.getLastMessageId();
      unacknowledged.set(id, done);
    },
    subscribe: (topic, heard, done) => {
      client.on("message", (on, payload, { retain }) => heard({ topic: on, payload, retain }));
      // A retained message is shown as what it is, and old ones are not sent at all (MQTT 5).
      client.subscribe(topic, { qos: 1, rap: true, rh: 2 }, (error, granted) =>
        done(error ? (reasonOf(error) ?? UNSPECIFIED) : (granted?.[0]?.qos ?? 0)),
      );
    },
    close: () =>
      new Promise((resolve) => {
        // A graceful end waits for missing acknowledgements, forever.
        for (const id of unacknowledged.keys()) client.removeOutgoingMessage(id);
        unacknowledged.clear();
        client.end(false, {}, () => resolve());
      }),
    drop: () => cut(client),
  };
}

const ignore = (): void => undefined;

function lossOf(client: MqttClient): Promise<WireEnd> {
  return new Promise((resolve) => {
    const finish = (end: WireEnd): void => {
      resolve(end);
      cut(client);
    };
    client.on("error", (error) => finish(endOf("connected", error)));
    client.on("disconnect", (packet) =>
      finish({
        stage: "connected",
        reason: packet.reasonCode ?? 0,
        code: null,
        text: `the broker disconnected (reason ${packet.reasonCode ?? 0})`,
      }),
    );
    client.on("close", () => finish(endOf("connected", new Error("the connection was closed"))));
  });
}

/** One connection for a look at the broker: a client of its own beside the agent's, which it does not disturb. Sends no record. */
import { randomBytes } from "node:crypto";
import { endpointOf, nameOf } from "./endpoint.ts";
import { readSecrets } from "./secret.ts";
import type { PublisherSettings } from "./settings.ts";
import { isWire, judge } from "./verdict.ts";
import type { Wire } from "./wire.ts";

export type DialSettings = Pick<
  PublisherSettings,
  | "url"
  | "clientId"
  | "username"
  | "protocol"
  | "passwordFile"
  | "ca"
  | "cert"
  | "keyFile"
  | "connectTimeoutMs"
  | "keepaliveMs"
>;

export interface Dialed {
  wire: Wire;
  protocol: "5" | "3.1.1";
  /** Host and port. */
  where: string;
}

/** `will`: a topic that this client may be refused; its will is never kept. Throws `MQTT_*` with the broker's reason. */
export async function dial(settings: DialSettings, will: string): Promise<Dialed> {
  const { exposed: _, ...secrets } = await readSecrets(settings);
  const endpoint = endpointOf(settings.url);
  const where = nameOf(endpoint);
  const own = {
    clientId: `${settings.clientId.slice(0, 100)}-look-${randomBytes(3).toString("hex")}`,
    username: settings.username,
    connectTimeoutMs: settings.connectTimeoutMs,
    keepalive: Math.ceil(settings.keepaliveMs / 1_000),
    will: { topic: will, payload: "{}", retain: false },
  };
  // The MQTT client is loaded by the first connect, not with the agent.
  const { openWire } = await import("./wire.ts");
  const open = (version: 4 | 5) =>
    openWire({ ...endpoint, ...secrets, ...own, version }, new AbortController().signal);
  const isFixed = settings.protocol !== "auto";
  const first = await open(settings.protocol === "3.1.1" ? 4 : 5);
  if (isWire(first))
    return { wire: first, protocol: settings.protocol === "3.1.1" ? "3.1.1" : "5", where };
  const second = isFixed ? first : await open(4);
  if (isWire(second)) return { wire: second, protocol: "3.1.1", where };
  throw judge(isFixed ? first : second, where).fault;
}

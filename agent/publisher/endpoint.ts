/** Where the broker is, from its URL. User and password in it are not taken: they do not belong into a configuration. */
import { Fault } from "../core/fault.ts";

export interface Endpoint {
  secure: boolean;
  host: string;
  port: number;
}

const PORTS: Record<string, number> = { "mqtt:": 1883, "mqtts:": 8883 };

/** @throws Fault CONFIG_INVALID when it is no `mqtt://` or `mqtts://` URL, or carries a password */
export function endpointOf(url: string): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const port = parsed ? PORTS[parsed.protocol] : undefined;
  if (!parsed || port === undefined || parsed.hostname === "") {
    throw new Fault("CONFIG_INVALID", "mqtt.url must be mqtt://host[:port] or mqtts://host[:port]");
  }
  if (parsed.password !== "") {
    throw new Fault("CONFIG_INVALID", "mqtt.url must not carry a password; use mqtt.passwordFile");
  }
  return {
    secure: parsed.protocol === "mqtts:",
    // An IPv6 address is bracketed in a URL and bare for a socket.
    host: parsed.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: parsed.port === "" ? port : Number(parsed.port),
  };
}

/** For messages. */
export const nameOf = ({ host, port }: Endpoint): string => `${host}:${port}`;

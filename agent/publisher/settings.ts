/** What a publisher must be told, and the values for what it need not. Reads no configuration. */
import { BACKOFF, type BackoffSettings } from "./backoff.ts";
import type { SecretFiles } from "./secret.ts";
import type { SessionSettings } from "./session.ts";

export type Protocol = "5" | "3.1.1";

export interface PublisherSettings extends SecretFiles, SessionSettings {
  /** `mqtt://host[:port]` or `mqtts://host[:port]`. */
  url: string;
  /** Unique at the broker: two clients of one id throw each other out. */
  clientId: string;
  username: string | null;
  /** `auto` tries 5 and remembers when the broker only speaks 3.1.1. */
  protocol: "auto" | Protocol;
  keepaliveMs: number;
  connectTimeoutMs: number;
  /** Acknowledgements written at once, and how long they wait for company. */
  settleCount: number;
  settleMs: number;
  /** Rejections until a row is parked. */
  tries: number;
  backoff: BackoffSettings;
}

export const PUBLISHER_DEFAULTS = {
  username: null,
  passwordFile: null,
  ca: null,
  cert: null,
  keyFile: null,
  protocol: "auto",
  window: 100,
  ackTimeoutMs: 30_000,
  statusEveryMs: 60_000,
  keepaliveMs: 30_000,
  connectTimeoutMs: 30_000,
  settleCount: 100,
  settleMs: 1_000,
  tries: 5,
  backoff: BACKOFF,
} as const satisfies Partial<PublisherSettings>;

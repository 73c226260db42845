/** What a publisher needs from the agent and offers to it. Types only. */
import type { Clock } from "../clock.ts";
import type { Commands } from "./commands.ts";
import type { Outbox, OutboxRow } from "./outbox.ts";
import type { Protocol } from "./settings.ts";
import type { TroublePorts } from "./trouble.ts";
import type { OpenWire } from "./wire.ts";

export interface PublisherPorts extends TroublePorts {
  outbox: Outbox;
  clock: Clock;
  /** In [0, 1). */
  random(): number;
  /** The status record as of now; the publisher sets `status.online`. */
  status(): object | Promise<object>;
  /** A row was set aside. Not called for `event/data` records, or each report would make another one. */
  onParked(seq: number, reason: string, row: OutboxRow): void;
  /** Left out: the agent listens to nothing. */
  commands?: Commands;
  /** Tests pass their own; by default the MQTT client is loaded at the first connect. */
  open?: OpenWire;
}

export interface PublisherStats {
  connected: boolean;
  protocol: Protocol | null;
  inFlight: number;
  connects: number;
  acknowledged: number;
  /** Acknowledged, but the broker said that nobody is subscribed (MQTT 5 only). */
  unheard: number;
  rejected: number;
  parked: number;
  /** Code of the present trouble. */
  trouble: string | null;
}

export interface Publisher {
  /** Works until stopped. Rejects only on a defect. */
  run(): Promise<void>;
  /** Rows were committed. */
  notify(): void;
  stats(): PublisherStats;
  /** Publishes the offline status, settles what was acknowledged, disconnects. At most about 2 s, then resolves. */
  stop(): Promise<void>;
}

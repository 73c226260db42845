/** The publisher a configuration asks for, with its troubles told to the log; null where no broker is configured. */
import { durationMs } from "../config/units.ts";
import type { ActDesk } from "./acts/desk.ts";
import type { Clock } from "./clock.ts";
import { commandsOf } from "./commands/reader.ts";
import { gatewayTopic } from "./core/topic.ts";
import type { Log } from "./log.ts";
import { besideConfig, type Plant } from "./plant.ts";
import type { Commands } from "./publisher/commands.ts";
import type { Outbox, OutboxRow } from "./publisher/outbox.ts";
import type { Publisher } from "./publisher/ports.ts";
import { createPublisher } from "./publisher/publisher.ts";
import { PUBLISHER_DEFAULTS, type PublisherSettings } from "./publisher/settings.ts";
import type { Store } from "./store/port.ts";

export interface DeliveryPorts {
  store: Pick<Store, "take" | "settle" | "park" | "outbox">;
  clock: Clock;
  random(): number;
  status(): Promise<object>;
  log: Log;
  parked(row: OutboxRow, reason: string): void;
  /** Takes acts by message, where the configuration wants them. */
  acts?: ActDesk;
}

/** What the configuration says of the broker; null where it names none. */
export function brokerSettings(plant: Plant): PublisherSettings | null {
  const { mqtt } = plant.config;
  if (mqtt.url === undefined) return null;
  const file = (path: string | undefined): string | null =>
    path === undefined ? null : besideConfig(plant, path);
  return {
    ...PUBLISHER_DEFAULTS,
    url: mqtt.url,
    clientId: mqtt.clientId,
    username: mqtt.username ?? null,
    passwordFile: file(mqtt.passwordFile),
    ca: file(mqtt.ca),
    cert: file(mqtt.cert),
    keyFile: file(mqtt.keyFile),
    protocol: mqtt.protocol,
    keepaliveMs: durationMs(mqtt.keepalive),
    window: mqtt.window,
    ackTimeoutMs: durationMs(mqtt.ackDeadline),
    statusTopic: gatewayTopic(plant.model.root, plant.model.agent, "status"),
  };
}

export function publisherOf(plant: Plant, ports: DeliveryPorts): Publisher | null {
  const settings = brokerSettings(plant);
  if (settings === null) return null;
  const { store, clock, random, status, log } = ports;
  return createPublisher(settings, {
    outbox: outboxOf(store),
    clock,
    random,
    status,
    onParked: (seq, reason, row) => {
      log.error("a record was rejected and set aside", { seq, reason });
      ports.parked(row, reason);
    },
    onTrouble: (fault) =>
      log.warn(fault.message, { code: fault.code, hint: fault.hint, error: fault.cause }),
    onRecovered: () => log.info("broker connected", { url: settings.url }),
    ...commandPort(plant, ports),
  });
}

/** Empty where the configuration wants no acts by message. */
function commandPort(plant: Plant, { acts, log }: DeliveryPorts): { commands?: Commands } {
  const { commands } = plant.config.mqtt;
  if (!commands?.enabled || !acts) return {};
  const { root, agent } = plant.model;
  const { allow, as = null } = commands;
  return { commands: commandsOf(root, agent, { allow, as }, { desk: acts, log }) };
}

const outboxOf = (store: DeliveryPorts["store"]): Outbox => ({
  take: (after, limit) => store.take(after, limit),
  settle: (seqs) => store.settle(seqs),
  park: (seq, reason) => store.park(seq, reason),
  stats: () => store.outbox(),
});

/** The `status` record: how the agent itself does. Retained, latest only, never part of the evidence. */
import type { Connection } from "../drivers/driver.ts";
import type { Millis } from "./core/time.ts";
import type { ClockQuality } from "./core/vocabulary.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Plant } from "./plant.ts";
import type { Poller } from "./poller.ts";
import type { Publisher } from "./publisher/ports.ts";
import { iso } from "./record/iso.ts";
import { CALC_VERSION } from "./record/message.ts";
import type { Refusals } from "./refusals.ts";
import type { Head, Heads } from "./store/head.ts";
import type { OutboxStats, PublishedKey } from "./store/port.ts";

export interface StatusParts {
  plant: Plant;
  version: string;
  session: string;
  uptimeMs: Millis;
  now: Millis;
  quality: ClockQuality;
  pipeline: Pipeline;
  poller: Poller;
  refusals: Refusals;
  publisher: Publisher | null;
  connections: Map<string, Connection>;
  heartbeatFailure: string | null;
  key: PublishedKey;
}

/** The payload of `status`. */
export function statusPayload(parts: StatusParts, outbox: OutboxStats): object {
  const { agent } = parts.plant.model;
  return {
    schema: "uptime.status/1",
    id: `${agent}/_gateway/status`,
    agent,
    asset: null,
    seq: null,
    time: iso(parts.now),
    configHash: parts.plant.hash,
    calcVersion: CALC_VERSION,
    replayed: false,
    status: {
      online: true,
      version: parts.version,
      uptimeMs: parts.uptimeMs,
      outbox: {
        depth: outbox.depth,
        oldestAt: outbox.oldestAt === null ? null : iso(outbox.oldestAt),
        parked: outbox.parked,
      },
      clock: { quality: parts.quality },
      connections: [...parts.connections].map(([id, connection]) => {
        const { state, lastFailure } = connection.health();
        return { id, state, lastFailure };
      }),
      heads: mapped(parts.pipeline.heads, ({ hash }) => hash),
      headSeqs: mapped(parts.pipeline.heads, ({ seq }) => seq),
      key: { id: parts.key.id, publicKey: parts.key.publicKey },
      session: parts.session,
    },
  };
}

/** What only the local `status` command shows: work done, lateness, and the machines as they are now. */
export function localStatus(parts: StatusParts): object {
  const { core } = parts.pipeline;
  return {
    pipeline: parts.pipeline.statistics(),
    poller: parts.poller.statistics(),
    publisher: parts.publisher?.stats() ?? null,
    refused: parts.refusals.list(),
    heartbeat: parts.heartbeatFailure ?? "ok",
    connections: [...parts.connections].map(([id, connection]) => ({ id, ...connection.health() })),
    assets: [...core.byId.values()].map(({ id, told }) => ({
      id,
      condition: told?.condition ?? "unknown",
      cause: told?.cause ?? null,
      reason: told?.reason ?? null,
      since: told ? iso(told.since) : null,
      schedule: told?.schedule ?? null,
    })),
  };
}

const mapped = <T>(heads: Heads, pick: (head: Head) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(heads).map(([chain, head]) => [chain, pick(head)]));

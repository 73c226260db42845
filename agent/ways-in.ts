/**
 * How people reach a running agent: one desk for acts behind the local socket, the command topic and the page, over
 * the pipeline and the store. Opens nothing that the configuration does not ask for.
 */
import { randomUUID } from "node:crypto";
import { type ActDesk, openActDesk } from "./acts/desk.ts";
import { factsOf } from "./acts/plant-facts.ts";
import type { Clock } from "./clock.ts";
import type { Input } from "./core/input.ts";
import type { Millis } from "./core/time.ts";
import type { Log } from "./log.ts";
import { openPage } from "./page/page.ts";
import { pageView } from "./page/plant-view.ts";
import type { Page } from "./page/server.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Plant } from "./plant.ts";
import type { Publisher } from "./publisher/ports.ts";
import { storePaths } from "./storage.ts";
import type { Store } from "./store/port.ts";
import { openReader } from "./store/read.ts";

export interface WaysInPorts {
  pipeline: Pick<Pipeline, "core" | "submit" | "statistics">;
  store: Pick<Store, "history" | "outbox">;
  /** Of sockets. */
  clock: Clock;
  log: Log;
  /** The axis. */
  now(): Millis;
  publisher(): Publisher | null;
}

export interface WaysIn {
  acts: ActDesk;
  /** Null where none is configured, or none can be served: that is logged, and stops nothing. */
  openPage(): Promise<Page | null>;
}

export function waysInto(plant: Plant, ports: WaysInPorts): WaysIn {
  const { pipeline, store, clock, log, now, publisher } = ports;
  const acts = openActDesk({
    ...{ clock, log },
    newId: randomUUID,
    facts: () =>
      factsOf({
        core: pipeline.core,
        now: now(),
        history: (asset, span) => store.history(asset, span),
      }),
    submit: (input) => pipeline.submit(input),
    journal: () => entered(storePaths(plant).database),
  });
  const view = async () => {
    const { depth, oldestAt, parked } = await store.outbox();
    const link = publisher()?.stats();
    const broker = link ? { connected: link.connected, trouble: link.trouble } : null;
    const { site } = plant.config.gateway;
    const outbox = { depth, oldestAt, parked };
    const { trouble } = pipeline.statistics();
    return pageView(pipeline.core, now(), { site, broker, outbox, trouble });
  };
  return {
    acts,
    openPage: () =>
      openPage(plant, { view, acts, clock, log }).catch((error: unknown) => {
        log.error("no local page", { error });
        return null;
      }),
  };
}

/** Everything in the journal that is neither cycle nor tick. */
function* entered(database: string): Generator<Input> {
  const reader = openReader(database);
  try {
    yield* reader.inputs(0, Number.MAX_SAFE_INTEGER);
  } finally {
    reader.close();
  }
}

/**
 * The side of an agent that faces people and the broker: publisher, acts, local page. Begins after the first poll, and
 * may fail without touching what is below it. Decides nothing about machines.
 */
import type { ActDesk } from "./acts/desk.ts";
import type { Clock } from "./clock.ts";
import { publisherOf } from "./delivery.ts";
import type { Log } from "./log.ts";
import { parkedNotice } from "./notice.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Plant } from "./plant.ts";
import type { Publisher } from "./publisher/ports.ts";
import { localStatus, type StatusParts, statusPayload } from "./status.ts";
import type { Store } from "./store/port.ts";
import type { Timekeeper } from "./timekeeper.ts";
import { waysInto } from "./ways-in.ts";

export interface NorthParts {
  plant: Plant;
  store: Store;
  pipeline: Pipeline;
  time: Timekeeper;
  /** Time of sockets and broker. */
  wire: Clock;
  random(): number;
  log: Log;
  status(publisher: Publisher | null): StatusParts;
}

export interface North {
  /** Where people's acts come in. */
  acts: ActDesk;
  /** Ends when publishing does; rejects when it failed beyond repair. */
  done: Promise<void>;
  /** The status record, and beside it what only this gateway's technician needs. */
  status(): Promise<object>;
  /** No more acts by the page. Before the last commit. */
  closePage(): Promise<void>;
  /** Sends what the last commit left, as far as the broker lets it, and says goodbye. */
  stop(): Promise<void>;
  /** Records were committed. */
  notify(): void;
}

/** Loads the MQTT client, opens what the configuration asks for. */
export async function openNorth(parts: NorthParts): Promise<North> {
  const { plant, store, pipeline, time, wire, random, log } = parts;
  let publisher: Publisher | null = null;
  const outbox = remembered(() => store.outbox());
  const record = async (): Promise<object> =>
    statusPayload(parts.status(publisher), await outbox());
  const ways = waysInto(plant, {
    ...{ pipeline, log, clock: wire, now: time.now },
    store: { history: store.history, outbox },
    publisher: () => publisher,
  });
  publisher = publisherOf(plant, {
    ...{ store, clock: wire, random, log, acts: ways.acts, status: record },
    parked: (row, reason) => pipeline.offer(parkedNotice(time.now(), row.seq, reason)),
  });
  const done = publisher?.run() ?? Promise.resolve();
  const page = await ways.openPage();
  return {
    acts: ways.acts,
    done,
    status: async () => ({ ...(await record()), local: localStatus(parts.status(publisher)) }),
    closePage: async () => page?.close(),
    async stop() {
      publisher?.notify();
      await publisher?.stop();
    },
    notify: () => publisher?.notify(),
  };
}

/** The last answer where there is none: a disk that is full is no reason not to tell how the gateway does. */
function remembered<T>(ask: () => Promise<T>): () => Promise<T> {
  let last: { value: T } | null = null;
  return async () => {
    try {
      last = { value: await ask() };
    } catch (error) {
      if (last === null) throw error;
    }
    return last.value;
  };
}

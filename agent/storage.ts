/** The store a configuration asks for: paths and limits. */
import { join } from "node:path";
import { durationMs, sizeBytes } from "../config/units.ts";
import type { Millis } from "./core/time.ts";
import { besideConfig, type Plant } from "./plant.ts";
import { openStore } from "./store/open.ts";
import { pathsOf } from "./store/paths.ts";
import type { PublishedKey, Recovered, Store, StoreOptions } from "./store/port.ts";

export interface StorePaths {
  database: string;
  raw: string;
  heartbeat: string;
  /** Local socket on which a running agent tells its status. */
  socket: string;
  keys: string;
}

export function storePaths(plant: Plant): StorePaths {
  const database = besideConfig(plant, plant.config.store.path);
  const { raw, heartbeat, folder, keys } = pathsOf(database);
  return { database, raw, heartbeat, socket: join(folder, "agent.sock"), keys };
}

/** Throws the store's Faults: `STORE_UNWRITABLE`, `STORE_BUSY`. */
export const openPlantStore = (
  plant: Plant,
  now: Millis,
  key?: PublishedKey,
): Promise<{ store: Store; recovered: Recovered }> => openStore(storeOptions(plant, now, key));

/** `key`: the public half of the one that signs. */
export function storeOptions(plant: Plant, now: Millis, key?: PublishedKey): StoreOptions {
  const { store } = plant.config;
  return {
    path: storePaths(plant).database,
    maxBytes: sizeBytes(store.maxSize),
    rawMaxBytes: sizeBytes(store.raw.maxSize),
    rawKeepMs: durationMs(store.raw.keep),
    aggregatesKeepMs: durationMs(store.aggregates),
    journalKeepMs: durationMs(store.retention),
    whenFull: store.whenFull,
    now,
    key,
  };
}

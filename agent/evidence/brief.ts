/**
 * A run without a bus and a broker: opens store and pipeline, lets something enter, commits it and closes. What export
 * and take-over need is recorded the way everything is.
 */
import type { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import { openPipeline, type Pipeline } from "../pipeline.ts";
import type { Plant } from "../plant.ts";
import { openStore } from "../store/open.ts";
import type { Recovered, StoreOptions } from "../store/port.ts";
import type { GatewayKey } from "./key.ts";

/** `enter` says until when; everything up to there is durable afterwards. Throws what the store refuses. */
export async function briefRun(
  plant: Plant,
  options: StoreOptions,
  key: GatewayKey,
  enter: (pipeline: Pipeline, recovered: Recovered) => Millis,
): Promise<void> {
  const { store, recovered } = await openStore(options);
  const troubles: Fault[] = [];
  const defects: unknown[] = [];
  try {
    const pipeline = openPipeline(plant, recovered, {
      ...{ store, sign: key.sign, kept: () => {}, committed: () => {} },
      trouble: (fault) => void troubles.push(fault),
      failed: (error) => void defects.push(error),
    });
    await pipeline.drain(enter(pipeline, recovered));
  } finally {
    await store.close();
  }
  const [wrong] = [...defects, ...troubles];
  if (wrong !== undefined) throw wrong;
}

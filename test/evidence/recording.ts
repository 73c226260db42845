/** A store filled by the pipeline of a small plant, signed with a key made for the test, and all it published. */
import { join } from "node:path";
import type { Input } from "../../agent/core/input.ts";
import type { GatewayKey } from "../../agent/evidence/key.ts";
import { openGatewayKey } from "../../agent/evidence/key.ts";
import { openPipeline, type Pipeline } from "../../agent/pipeline.ts";
import { openStore } from "../../agent/store/open.ts";
import type { CommitResult, RecordRow, Recovered, Store } from "../../agent/store/port.ts";
import { optionsFor } from "../agent/store/plant.ts";
import { HOUR, MINUTE, plantOf, SIX } from "../support/line-plant.ts";

export interface Recording {
  database: string;
  keys: string;
  key: GatewayKey;
  pipeline: Pipeline;
  store: Store;
  recovered: Recovered;
  /** Everything committed, in order. */
  records: RecordRow[];
  results: CommitResult[];
  close(): Promise<void>;
}

/** Opens the store of `folder` with its key; nothing has entered yet. `mend` may change the heads to go on from. */
export async function openRecording(
  folder: string,
  yaml?: string,
  mend: (found: Recovered, store: Store) => Promise<Recovered> = async (found) => found,
): Promise<Recording> {
  const keys = join(folder, "data", "keys");
  const { sign, ...published } = openGatewayKey(keys);
  const options = optionsFor(folder, { key: published });
  const opened = await openStore(options);
  const { store } = opened;
  const recovered = await mend(opened.recovered, store);
  const records: RecordRow[] = [];
  const results: CommitResult[] = [];
  const pipeline = openPipeline(plantOf(yaml), recovered, {
    store: {
      ...store,
      async commit(commit) {
        const result = await store.commit(commit);
        results.push(result);
        if (result.ok) records.push(...commit.records);
        return result;
      },
    },
    sign,
    kept: () => {},
    committed: () => {},
    trouble: (fault) => {
      throw fault;
    },
    failed: (error) => {
      throw error;
    },
  });
  return {
    ...{
      database: options.path,
      keys,
      key: { ...published, sign },
      pipeline,
      store,
      recovered,
      records,
      results,
    },
    close: () => store.close(),
  };
}

const cycle = (at: number, asset: string, source: string, values: object): Input => ({
  ...{ kind: "cycle", at, asset, source, bad: {}, failure: null },
  values: values as Record<string, number | bigint>,
});

/** Polls both machines every `stepMs` in `[from, to)`, the press stopping now and then; commits every hour. */
export async function work(
  { pipeline }: Recording,
  from: number,
  to: number,
  stepMs = 10_000,
): Promise<void> {
  for (let t = from; t < to; t += stepMs) {
    const at = SIX + t;
    const isDown = (t / MINUTE) % 47 < 6;
    const made = Math.floor(t / 12_000);
    const press = {
      status: isDown ? 8 : 6,
      total: BigInt(made),
      good: made - (made % 11 === 0 ? 1 : 0),
    };
    pipeline.enter(cycle(at, "press-01", "main", press));
    pipeline.enter(cycle(at, "press-01", "meter", { power: 5 }));
    pipeline.enter(cycle(at, "saw-02", "main", { status: (t / MINUTE) % 31 < 20 ? 6 : 0 }));
    if (t % HOUR === 0) await pipeline.drain(at);
  }
  await pipeline.drain(SIX + to);
}

/** A recording of some hours with an annotation, ended like a run. */
export async function record(folder: string, hours: number, stepMs = 10_000): Promise<Recording> {
  const recording = await openRecording(folder);
  const { pipeline } = recording;
  pipeline.configure(SIX);
  await work(recording, 0, hours * HOUR, stepMs);
  pipeline.enter({
    ...{ kind: "reason", at: SIX + hours * HOUR, asset: "press-01", from: SIX, to: SIX + HOUR },
    ...{ reason: "jam", attribution: "customer", by: "lead", why: "seen" },
    history: await recording.store.history("press-01", { from: SIX, to: SIX + HOUR }),
  });
  await pipeline.drain(SIX + hours * HOUR + 1);
  return recording;
}

/** As a subscriber to everything writes it down. */
export const streamOf = (records: RecordRow[]): string[] =>
  records.map(({ topic, payload }) => `{"topic":${JSON.stringify(topic)},"payload":${payload}}`);

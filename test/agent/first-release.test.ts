/** A store that the first release left behind, killed while it polled: today's agent goes on where that one ended. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openPipeline } from "../../agent/pipeline.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import { openPlantStore } from "../../agent/storage.ts";
import { openReader } from "../../agent/store/read.ts";

const LEFT = new URL("fixtures/first-release/", import.meta.url).pathname;
/** It saw the press producing from its first cycle to its last, and was killed half a second later. */
const SEEN = ["2026-11-22T10:38:33.366Z", "2026-11-22T10:38:44.352Z"].map(Date.parse) as [
  number,
  number,
];
const KILLED = Date.parse("2026-11-22T10:38:44.850Z");
const STARTED = Date.parse("2026-11-22T10:50:00.000Z");
const HOUR_DONE = Date.parse("2026-11-22T11:30:00.000Z");
const HASH = "sha256:0cee23cc20a9fcf5160b6d57022a56dcf97251c18a2df39556aa2ca98e7d7b88";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uptime-first-release-"));
  const unpack = (packed: string, as: string): void =>
    writeFileSync(join(folder, as), gunzipSync(readFileSync(join(LEFT, packed))));
  mkdirSync(join(folder, "data/raw"), { recursive: true });
  unpack("agent.db.gz", "data/agent.db");
  unpack("2026-11-22.raw.gz", "data/raw/2026-11-22.raw");
  copyFileSync(join(LEFT, "agent.seq"), join(folder, "data/agent.seq"));
  copyFileSync(join(LEFT, "plant.yaml"), join(folder, "plant.yaml"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function resumed(edit: (plant: Plant) => Plant = (plant) => plant) {
  const plant = edit(loadPlant(join(folder, "plant.yaml")));
  const { store, recovered } = await openPlantStore(plant, STARTED);
  const failed = (error: unknown): never => {
    throw error;
  };
  const pipeline = openPipeline(plant, recovered, {
    ...{ store, kept: () => {}, committed: () => {}, trouble: failed, failed },
  });
  return { pipeline, store };
}

test("what this version reads out of the same configuration acts, even if its hash is the same", async () => {
  const { pipeline, store } = await resumed((plant) => ({ ...plant, hash: HASH }));
  expect(pipeline.core.state.configHash).toBe(HASH);
  expect(pipeline.core.state.contracts).toEqual([]);
  pipeline.configure(STARTED);
  expect(pipeline.core.state.contracts).toHaveLength(1);
  const told = pipeline.core.state.assets[0]?.ordinals.meta;
  pipeline.configure(STARTED);
  expect(pipeline.core.state.assets[0]?.ordinals.meta).toBe(told);
  await store.close();
});

test("its windows, numbers and condition go on, and its contract and signals begin to act", async () => {
  const { pipeline, store } = await resumed();
  pipeline.configure(STARTED);
  expect(pipeline.core.state.contracts).toHaveLength(1);
  expect(pipeline.core.state.assets[0]?.watch).not.toBeNull();
  const [cause, lastAlive] = ["agent-stopped", KILLED] as const;
  pipeline.enter({ kind: "agent-started", at: STARTED, lastAlive, cause });
  await pipeline.drain(HOUR_DONE);
  await store.close();

  const reader = openReader(join(folder, "data/agent.db"));
  try {
    const records = reader.records(0, 100);
    expect(records.map(({ seq }) => seq).slice(0, 3)).toEqual([1, 2, 3]);
    const ids = records.map(({ payload }) => (JSON.parse(payload) as { id: string }).id);
    expect(new Set(ids).size).toBe(ids.length);
    const hour = "gw-ulm-01/press-01/hour/2026-11-22T10:00:00.000Z/1";
    const final = records.find(({ payload }) => payload.includes(`"id":"${hour}"`));
    expect(JSON.parse(final?.payload ?? "{}")).toMatchObject({
      conditionMs: { producing: SEEN[1] - SEEN[0] },
      flags: ["CONFIG_CHANGED"],
    });
    expect(records.some(({ topic }) => topic.endsWith("/_contract/acme-2026"))).toBe(true);
  } finally {
    reader.close();
  }
});

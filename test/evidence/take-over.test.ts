/** Machines move to another gateway: counters, open windows and chains go on, the time between is unknown. */
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Fault } from "../../agent/core/fault.ts";
import { exportBundle } from "../../agent/evidence/export.ts";
import { createJudge, shippedSchema } from "../../agent/evidence/judge.ts";
import { readStore } from "../../agent/evidence/read-store.ts";
import { readStream } from "../../agent/evidence/read-stream.ts";
import type { Report } from "../../agent/evidence/report.ts";
import { takeOver } from "../../agent/evidence/take-over.ts";
import { verify } from "../../agent/evidence/verify.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import { openReader } from "../../agent/store/read.ts";
import { temporary } from "../agent/store/plant.ts";
import { HOUR, MINUTE, SIX, YAML } from "../support/line-plant.ts";
import { openRecording, type Recording, record, work } from "./recording.ts";

let place: ReturnType<typeof temporary>;
beforeEach(() => {
  place = temporary();
});
afterEach(() => place.remove());

const END = 3 * HOUR;
const BACK = 5 * HOUR;

/** A hand-over of three hours, and the numbers of its gateway. */
async function handedOver(): Promise<{ bytes: Buffer; old: Recording }> {
  const old = await record(join(place.folder, "old"), END / HOUR);
  await old.pipeline.drain(SIX + END + 1);
  await old.close();
  const reader = openReader(old.database);
  const snapshot = reader.snapshot() ?? "";
  const { bytes } = exportBundle(reader, {
    ...{ span: null, assets: null, version: "0.1.0", agent: "gw-1", config: null },
    ...{ sign: old.key.sign, handOver: { snapshot, nextSeq: reader.nextSeq() } },
  });
  reader.close();
  return { bytes, old };
}

function plantIn(folder: string, edit: (text: string) => string = (text) => text): Plant {
  const file = join(place.folder, folder);
  writeFileSync(file, edit(YAML));
  return loadPlant(file);
}

function verified(database: string): Report {
  const reader = openReader(database);
  try {
    const demands = { keys: [], anchors: null, allowDeclaredBreaks: false };
    return verify(readStore(database, reader, createJudge(shippedSchema)), demands);
  } finally {
    reader.close();
  }
}

/** Everything beyond a number that is kept or waits. */
function recordsOf(database: string, after: number) {
  const reader = openReader(database);
  try {
    return reader.records(after, 1000).map(({ payload }) => JSON.parse(payload));
  } finally {
    reader.close();
  }
}

describe.each([
  ["the same gateway id", "gw-1"],
  ["another gateway id", "gw-2"],
])("with %s", (_, agent) => {
  test("the new gateway goes on, and both stores verify", async () => {
    const { bytes, old } = await handedOver();
    const rename = (text: string) => text.replace("id: gw-1", `id: ${agent}`);
    const plant = plantIn("plant.yaml", rename);
    const taken = await takeOver(plant, { name: "b", bytes, keys: [], now: SIX + BACK });
    expect(taken).toMatchObject({ from: "gw-1", assets: ["press-01", "saw-02"] });
    expect(taken.newKey.id).not.toBe(taken.oldKey?.id);

    const next = await openRecording(place.folder, rename(YAML));
    next.pipeline.enter({
      ...{ kind: "agent-started", at: SIX + BACK + MINUTE, cause: "agent-stopped" },
      lastAlive: SIX + BACK + 1,
    });
    await work(next, BACK + 2 * MINUTE, BACK + 2 * HOUR);
    await next.close();

    const report = verified(next.database);
    expect(report.findings).toEqual([]);
    expect(report).toMatchObject({ ok: true, takeOvers: [{ from: "gw-1", to: agent }] });
    expect(report.signatures.keys.map(({ id }) => id)).toEqual([old.key.id, next.key.id]);
    expect(verified(old.database).ok).toBe(true);

    const head = old.pipeline.heads["press-01"] ?? { hash: "", seq: 0 };
    const payloads = recordsOf(next.database, head.seq);
    expect(payloads.find(({ hash, asset }) => hash && asset === "press-01").prev).toBe(head.hash);
    const hourFrom = (from: string) =>
      payloads.find(
        ({ window, asset }) => asset === "press-01" && window?.final && window.from === from,
      );
    // The counter goes on where the old gateway read it last: pieces made meanwhile, outside shifts.
    const made = (BACK + 2 * MINUTE - END) / 12_000;
    const next10 = hourFrom("2026-11-23T10:00:00.000Z");
    expect(next10.countsOutside.total).toBeGreaterThanOrEqual(made);
    const between = hourFrom("2026-11-23T09:00:00.000Z");
    expect(between.conditionMs.unknown).toBe(HOUR);
    expect(between.unknownMs.agentStopped).toBe(HOUR);
    const declared = payloads.filter(({ event }) => event?.detail.takeover === "gw-1");
    expect(declared).toMatchObject([
      { agent, schema: "uptime.event/1", event: { type: "config", detail: { by: agent } } },
    ]);
  });
});

test("a machine that had left the configuration has its windows ended by the new gateway", async () => {
  const [whole, rest] = [YAML, YAML.slice(0, YAML.indexOf("  saw-02:"))];
  const old = await openRecording(join(place.folder, "old"), whole);
  old.pipeline.configure(SIX);
  await work(old, 0, HOUR + 10 * MINUTE);
  const gone = plantIn("gone.yaml", () => rest);
  const at = SIX + HOUR + 10 * MINUTE;
  old.pipeline.enter({ kind: "config", at, hash: gone.hash, model: gone.model });
  await old.pipeline.drain(at + 12 * MINUTE);
  await old.close();
  const reader = openReader(old.database);
  const snapshot = reader.snapshot() ?? "";
  const { bytes } = exportBundle(reader, {
    ...{ span: null, assets: null, version: "0.1.0", agent: "gw-1", config: null },
    ...{ sign: old.key.sign, handOver: { snapshot, nextSeq: reader.nextSeq() } },
  });
  reader.close();
  const rename = (text: string) => text.replace("id: gw-1", "id: gw-2");
  const plant = plantIn("plant.yaml", () => rename(rest));
  const now = at + 20 * MINUTE;
  await takeOver(plant, { name: "b", bytes, keys: [], now });
  const next = await openRecording(place.folder, rename(rest));
  next.pipeline.enter({
    ...{ kind: "agent-started", at: now + MINUTE, cause: "agent-stopped", lastAlive: now + 1 },
  });
  await work(next, HOUR + 32 * MINUTE, 2 * HOUR + 20 * MINUTE);
  await next.close();
  const { database } = next;
  const saw = recordsOf(database, 0).filter(
    ({ asset, window }) => asset === "saw-02" && window?.final,
  );
  expect(saw.at(-1)).toMatchObject({
    ...{ id: "gw-2/saw-02/hour/2026-11-23T06:00:00.000Z/1", prev: saw.at(-2).hash },
    unknownMs: { configuration: 50 * MINUTE },
  });
  expect(verified(database).findings).toEqual([]);
});

test("an old gateway that goes on after it was taken over is named by whoever hears both", async () => {
  const { bytes } = await handedOver();
  const rename = (text: string) => text.replace("id: gw-1", "id: gw-2");
  const plant = plantIn("plant.yaml", rename);
  await takeOver(plant, { name: "b", bytes, keys: [], now: SIX + BACK });
  const further = async (folder: string, yaml: string, lastAlive: number, hours: number) => {
    const run = await openRecording(folder, yaml);
    const at = SIX + BACK + MINUTE;
    run.pipeline.enter({ kind: "agent-started", at, cause: "agent-stopped", lastAlive });
    await work(run, BACK + 2 * MINUTE, BACK + hours * HOUR, MINUTE);
    await run.close();
    return run.records;
  };
  const stream = readStream("s", createJudge(shippedSchema));
  const demands = { keys: [], anchors: null, allowDeclaredBreaks: false };
  await further(place.folder, rename(YAML), SIX + BACK + 1, 2);
  const told = recordsOf(join(place.folder, "data/agent.db"), 0);
  const isEvidence = ({ hash, event }: { hash: unknown; event: unknown }) => hash || event;
  for (const payload of told.filter(isEvidence)) stream.line(JSON.stringify(payload));
  expect(verify(stream.end(), demands).findings).toEqual([]);

  const on = await further(join(place.folder, "old"), YAML, SIX + END + 1, 2);
  for (const { payload } of on) stream.line(payload);
  expect(verify(stream.end(), demands).findings).toContainEqual(
    expect.objectContaining({
      ...{ what: "chain", chain: "press-01", line: expect.any(Number) },
      detail: "gw-1 went on with the chain after gw-2 had taken it over",
    }),
  );
});

describe("refused, and nothing changed", () => {
  const refusal = async (plant: Plant, bytes: Buffer, now = SIX + BACK): Promise<string> => {
    const error = await takeOver(plant, { name: "b", bytes, keys: [], now }).catch((e) => e);
    expect(error).toBeInstanceOf(Fault);
    expect(error.code).toBe("TAKE_OVER_REFUSED");
    expect(existsSync(join(place.folder, "data"))).toBe(false);
    return error.message;
  };

  test("other assets, a clock behind, a bundle that does not verify", async () => {
    const { bytes } = await handedOver();
    const other = plantIn("other.yaml", (text) => text.replace("saw-02:", "saw-03:"));
    expect(await refusal(other, bytes)).toContain("saw-03");
    expect(await refusal(plantIn("plant.yaml"), bytes, SIX + HOUR)).toContain("clock");
    const { bundleText, packed } = await import("./forgery.ts");
    const forged = packed(bundleText(bytes).replace('"total":', '"totaL":'));
    expect(await refusal(plantIn("plant.yaml"), forged)).toContain("does not verify");
  });

  test("a store that is there", async () => {
    const { bytes, old } = await handedOver();
    const plant = plantIn("old/plant.yaml");
    const before = readdirSync(join(place.folder, "old", "data"));
    await expect(
      takeOver(plant, { name: "b", bytes, keys: [], now: SIX + BACK }),
    ).rejects.toMatchObject({ code: "TAKE_OVER_REFUSED" });
    expect(readdirSync(join(place.folder, "old", "data"))).toEqual(before);
    expect(verified(old.database).ok).toBe(true);
  });
});

/**
 * Takes the machines of another gateway over: its journal, evidence, counters, open windows and chains become this
 * one's, with a declared link. The time between is `unknown`. Refuses, and changes nothing, unless all of it fits.
 */
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { CoreState } from "../core/core.ts";
import { Fault } from "../core/fault.ts";
import type { Millis } from "../core/time.ts";
import type { Plant } from "../plant.ts";
import { storeOptions, storePaths } from "../storage.ts";
import { makeFolder } from "../store/disk.ts";
import { chainOf } from "../store/head.ts";
import { openHeartbeat } from "../store/heartbeat.ts";
import { pathsOf } from "../store/paths.ts";
import type { PublishedKey, RecordRow } from "../store/port.ts";
import { segmentDays } from "../store/raw-reader.ts";
import { type Seed, seedStore } from "../store/seed.ts";
import { fromTaggedJson } from "../store/tagged-json.ts";
import { briefRun } from "./brief.ts";
import { ofLine } from "./bundle.ts";
import { type GatewayKey, openGatewayKey } from "./key.ts";
import { takeOverNotice } from "./notice.ts";
import { type Bundle, bundleEvidence, unpack } from "./read-bundle.ts";
import type { PublicKey } from "./signature.ts";
import { verify } from "./verify.ts";

export interface TakenOver {
  from: string;
  assets: string[];
  records: number;
  /** From here to `now` nothing was observed. */
  lastKnown: Millis;
  oldKey: PublishedKey | null;
  newKey: PublishedKey;
}

const refuse = (why: string, context: Record<string, unknown> = {}): never => {
  throw new Fault("TAKE_OVER_REFUSED", why, context);
};

/** `keys`: those the caller trusts; none: those of the bundle. Throws Fault TAKE_OVER_REFUSED or of key and store. */
export async function takeOver(
  plant: Plant,
  { name, bytes, keys, now }: { name: string; bytes: Uint8Array; keys: PublicKey[]; now: Millis },
): Promise<TakenOver> {
  const bundle = unpack(name, bytes);
  const state = stateOf(bundle);
  refuseUnfit(plant, bundle, state, now);
  refuseUnsound(name, bundle, keys);
  const { keys: folder, database } = storePaths(plant);
  const { manifest } = bundle;
  const oldKey = manifest.keys.at(-1) ?? null;
  const key = openGatewayKey(folder);
  const newKey = { id: key.id, publicKey: key.publicKey };
  const seed = seedOf(bundle, state.now);
  await beside(database, async (path) => {
    const options = { ...storeOptions(plant, now, newKey), path };
    seedStore(path, options.maxBytes, seed);
    const from = manifest.agent;
    const notice = { from, by: plant.model.agent, oldKey, newKey };
    await begin(plant, options, key, now, (at) => takeOverNotice(at, notice));
  });
  return {
    ...{ from: manifest.agent, records: seed.records.length, oldKey, newKey },
    ...{ assets: state.model.assets.map(({ id }) => id), lastKnown: state.now },
  };
}

/** A run of one instant: since when nothing was observed, the configuration, the declaration, the end. */
async function begin(
  plant: Plant,
  options: ReturnType<typeof storeOptions>,
  key: GatewayKey,
  at: Millis,
  notice: (at: Millis) => ReturnType<typeof takeOverNotice>,
): Promise<void> {
  await briefRun(plant, options, key, (pipeline) => {
    const lastAlive = pipeline.core.state.now;
    pipeline.enter({ kind: "agent-started", at, lastAlive, cause: "agent-stopped" });
    pipeline.configure(at);
    pipeline.enter(notice(at));
    pipeline.enter({ kind: "agent-stopped", at });
    pipeline.enter({ kind: "tick", at: at + 1 });
    return at + 1;
  });
  const heartbeat = await openHeartbeat(pathsOf(options.path).heartbeat);
  await heartbeat.close({ boot: "", mono: 0, utc: at + 1, clean: true });
}

function stateOf({ manifest, lines }: Bundle): CoreState {
  const [line] = lines("snapshot");
  if (!manifest.handOver || line === undefined)
    return refuse("the bundle was not made with --hand-over");
  const { state } = JSON.parse(line) as { state: string };
  return (fromTaggedJson(state) as { state: CoreState }).state;
}

function refuseUnfit(plant: Plant, { manifest }: Bundle, state: CoreState, now: Millis): void {
  const { database, raw } = storePaths(plant);
  const { lease } = pathsOf(database);
  const hasRaw = existsSync(raw) && segmentDays(raw).length > 0;
  if (existsSync(database) || existsSync(lease) || hasRaw)
    refuse(`${database} is a store already`, { database });
  const theirs = state.model.assets.map(({ id }) => id).sort();
  const ours = plant.model.assets.map(({ id }) => id).sort();
  if (theirs.join() !== ours.join())
    refuse(`the bundle holds ${theirs.join(", ")} and the configuration ${ours.join(", ")}`, {
      bundle: theirs,
      configuration: ours,
    });
  if (now <= state.now)
    refuse(`the clock of this gateway is behind the bundle, which knows ${manifest.until}`);
}

function refuseUnsound(name: string, bundle: Bundle, keys: PublicKey[]): void {
  const demands = { keys, anchors: null, allowDeclaredBreaks: true };
  const { first } = verify(bundleEvidence(name, bundle), demands);
  if (first !== null)
    refuse(`the bundle does not verify: ${first.what}: ${first.detail}`, { first });
}

function seedOf({ manifest, lines }: Bundle, at: Millis): Seed {
  const waiting = new Map(
    lines("waiting").map((line) => {
      const { type, state, ...record } = JSON.parse(line) as RecordRow & Record<string, unknown>;
      return [record.seq, record as RecordRow] as const;
    }),
  );
  const evidence = lines("record").map(recordOf);
  const known = new Set(evidence.map(({ seq }) => seq));
  const others = [...waiting.values()]
    .filter(({ seq }) => !known.has(seq))
    .map((record) => ({ ...record, keep: false }));
  const records = [...evidence, ...others]
    .map((record) => ({ ...record, delivered: !waiting.has(record.seq) }))
    .sort((a, b) => a.seq - b.seq);
  const { chains, keys, nextSeq } = manifest;
  const [snapshot = ""] = lines("snapshot");
  return {
    ...{ at, records, keys, nextSeq },
    inputs: lines("input").map(ofLine.input),
    windows: lines("window").map(ofLine.window),
    intervals: lines("interval").map(ofLine.interval),
    counts: lines("count").map(ofLine.count),
    heads: Object.fromEntries(chains.map(({ chain, head, seq }) => [chain, { hash: head, seq }])),
    snapshot: (JSON.parse(snapshot) as { state: string }).state,
  };
}

function recordOf(line: string): RecordRow {
  const { topic, payload } = JSON.parse(line) as {
    topic: string;
    payload: Record<string, unknown> & { schema: string; seq: number; time: string };
  };
  const asset = typeof payload["asset"] === "string" ? payload["asset"] : null;
  const kind = payload.schema.split(/[./]/)[1] ?? chainOf(payload);
  return {
    ...{ seq: payload.seq, topic, asset, class: kind, retain: false, keep: true },
    ...{ at: Date.parse(payload.time), payload: JSON.stringify(payload) },
  };
}

/** Builds beside the place and moves it there when it is whole: the database comes last. */
async function beside(database: string, build: (path: string) => Promise<void>): Promise<void> {
  const { folder } = pathsOf(database);
  makeFolder(folder);
  const made = mkdtempSync(join(folder, ".take-over-"));
  try {
    const name = database.slice(folder.length + 1);
    await build(join(made, name));
    const files = readdirSync(made).filter((file) => file !== name && !file.endsWith(".lock"));
    for (const file of [...files, name]) {
      const target = join(folder, file);
      // An empty folder of raw is no store.
      if (file === "raw") rmSync(target, { recursive: true, force: true });
      renameSync(join(made, file), target);
    }
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

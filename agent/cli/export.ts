/** `export`: evidence as one file that `verify` accepts on any machine, or everything another gateway needs. */
import { writeFileSync } from "node:fs";
import { systemClock } from "../clock.ts";
import { duration, usage } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import type { Span } from "../core/time.ts";
import { briefRun } from "../evidence/brief.ts";
import { exportBundle } from "../evidence/export.ts";
import { openGatewayKey, readGatewayKey } from "../evidence/key.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { instantOf } from "../replay/fields.ts";
import { storeOptions, storePaths } from "../storage.ts";
import { openReader, type Reader } from "../store/read.ts";
import { EXIT, type GlobalOptions, print } from "./output.ts";
import { agentVersion } from "./run.ts";

export interface ExportOptions extends GlobalOptions {
  config: string;
  from?: string;
  to?: string;
  last?: string;
  asset?: string;
  out?: string;
  handOver?: boolean;
}

/** Runs beside an agent, but for a hand-over. Throws Faults of options, configuration, key and store. */
export async function exportCommand(options: ExportOptions): Promise<number> {
  const { out, handOver = false } = options;
  if (out === undefined) throw usage("--out FILE is missing");
  if (handOver && [options.from, options.to, options.last, options.asset].some((each) => each))
    throw usage("--hand-over takes everything: no --from, --to, --last or --asset");
  const plant = loadPlant(options.config);
  const { database, keys } = storePaths(plant);
  if (handOver) await settle(plant);
  const reader = openReader(database);
  try {
    const key = readGatewayKey(keys);
    const snapshot = handOver ? reader.snapshot() : null;
    const { bytes, manifest } = exportBundle(reader, {
      span: spanOf(options, reader),
      assets: assetsOf(options.asset, plant),
      version: agentVersion(),
      agent: plant.model.agent,
      config: { hash: plant.hash, config: plant.config },
      sign: key?.sign ?? null,
      handOver: snapshot === null ? null : { snapshot, nextSeq: reader.nextSeq() },
    });
    write(out, bytes);
    const { chains, until } = manifest;
    const records = chains.reduce((sum, chain) => sum + chain.records, 0);
    const summary = { file: out, bytes: bytes.length, records, chains: chains.length, until };
    if (options.json) print(JSON.stringify({ ...summary, signedBy: key?.id ?? null }));
    else print(`${out}: ${records} records in ${chains.length} chains, ${bytes.length} bytes`);
    return EXIT.done;
  } finally {
    reader.close();
  }
}

/** Everything that was written is committed, with the state of the core. STORE_BUSY while an agent runs. */
async function settle(plant: Plant): Promise<void> {
  const key = openGatewayKey(storePaths(plant).keys);
  const { id, publicKey } = key;
  const options = storeOptions(plant, systemClock.utc(), { id, publicKey });
  await briefRun(plant, options, key, ({ core }) => {
    if (core.state.configHash === "")
      throw new Fault("TAKE_OVER_REFUSED", "this gateway has recorded nothing to hand over");
    return core.state.now;
  });
}

/** null: everything. */
function spanOf({ from, to, last }: ExportOptions, reader: Reader): Span | null {
  if (last !== undefined && (from !== undefined || to !== undefined))
    throw usage("--last stands alone, --from goes with --to");
  if (last !== undefined) {
    const end = reader.lastCommitAt() ?? 0;
    return { from: Math.max(0, end - duration("--last", last)), to: end };
  }
  if (from === undefined && to === undefined) return null;
  const span = { from: instant("--from", from), to: instant("--to", to) };
  if (span.to <= span.from) throw usage("--to is not after --from");
  return span;
}

function instant(name: string, text: string | undefined): number {
  const at = text === undefined ? null : instantOf(text);
  if (at === null) throw usage(`${name} is not an RFC 3339 time such as 2026-11-01T00:00:00Z`);
  return at;
}

function assetsOf(list: string | undefined, plant: Plant): string[] | null {
  if (list === undefined) return null;
  const known = plant.model.assets.map(({ id }) => id);
  const asked = list.split(",").map((id) => id.trim());
  for (const id of asked)
    if (!known.includes(id)) throw usage(`there is no asset ${id}; known: ${known.join(", ")}`);
  return asked.sort();
}

function write(file: string, bytes: Buffer): void {
  try {
    writeFileSync(file, bytes);
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
}

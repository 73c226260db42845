/**
 * What somebody far away needs to help with a gateway, part by part. A part that cannot be had is named with the
 * reason. Holds no secret by construction: the resolved configuration, which knows none, instead of the file; no keys;
 * everything else through the same redaction as the log.
 */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { arch, cpus, freemem, loadavg, platform, release, totalmem, uptime } from "node:os";
import { join } from "node:path";
import type { Problem } from "../../config/problem.ts";
import { listKept, shelfOf } from "../accept/shelf.ts";
import { askStatus } from "../control.ts";
import { Fault } from "../core/fault.ts";
import { diagnose } from "../diagnosis.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { redact } from "../redact.ts";
import { storePaths } from "../storage.ts";
import { readHeartbeat } from "../store/heartbeat.ts";
import { openReader, type Reader } from "../store/read.ts";
import type { Packed } from "./tar.ts";

export interface CollectOptions {
  config: string;
  version: string;
  /** Of each question to agent and broker. */
  timeoutMs: number;
  /** Raw segments too: what the machines said. */
  raw: boolean;
  /** A log file; null: the journal of systemd. */
  log: string | null;
}

export interface Collected {
  files: Packed[];
  /** What is not there, and why. */
  missing: { name: string; why: string }[];
}

export async function collect(options: CollectOptions): Promise<Collected> {
  const collected: Collected = { files: [], missing: [] };
  const add = async (name: string, part: () => Promise<unknown> | unknown): Promise<void> => {
    try {
      collected.files.push({ name, data: bytesOf(await part()) });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      collected.missing.push({ name, why: code ?? message });
    }
  };
  await add("versions.json", () => versions(options.version));
  await add("log.txt", () => logTail(options.log));
  const plant = plantOf(options.config, collected);
  if (!plant) return collected;
  const { timeoutMs } = options;
  await add("config.json", () => ({ hash: plant.hash, config: plant.config }));
  await add("check.json", () => ({ ok: true, warnings: plant.warnings.map(placeOf) }));
  await add("status.json", () => statusOf(plant, timeoutMs));
  await add("doctor.json", () => diagnose(plant, timeoutMs));
  await add("acceptance.json", () => listKept(shelfOf(plant)));
  await add("store.json", () => withStore(plant, storeFacts));
  await add("records.ndjson", () => withStore(plant, lastRecords));
  if (options.raw)
    for (const { name, file } of segments(plant)) await add(name, () => readFileSync(file));
  return collected;
}

/** Null where the configuration is not sound: then its problems are told, without what stands in the file. */
function plantOf(config: string, { files, missing }: Collected): Plant | null {
  try {
    return loadPlant(config);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const problems = (error.context["problems"] ?? []) as Problem[];
    const check = { ok: false, code: error.code, problems: problems.map(placeOf) };
    files.push({ name: "check.json", data: bytesOf(check) });
    missing.push({ name: "config.json", why: error.code });
    return null;
  }
}

/** Where a problem is, not what it says: that may quote a value. */
const placeOf = ({ line, col, path }: Problem): Pick<Problem, "line" | "col" | "path"> => ({
  ...{ line, col, path },
});

/** Texts and bytes as they are, all else as JSON without secrets. */
function bytesOf(part: unknown): Uint8Array {
  if (part instanceof Uint8Array) return part;
  const text =
    typeof part === "string" ? String(redact(part)) : `${JSON.stringify(part, clean, 1)}\n`;
  return Buffer.from(text);
}

/** By field, so that no depth is too deep for it. */
function clean(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "object" && value !== null) return value;
  return (redact({ [key]: value }) as Record<string, unknown>)[key];
}

const versions = (agent: string): object => ({
  ...{ agent, node: process.versions, platform: platform(), arch: arch(), kernel: release() },
  ...{ cpus: cpus().length, memory: { total: totalmem(), free: freemem() } },
  ...{ load: loadavg(), uptimeS: Math.round(uptime()) },
});

async function statusOf(plant: Plant, timeoutMs: number): Promise<object> {
  const { socket, heartbeat } = storePaths(plant);
  const status = await askStatus(socket, timeoutMs);
  return { running: status !== null, status, lastAlive: readHeartbeat(heartbeat) };
}

function withStore<T>(plant: Plant, read: (reader: Reader) => T): T {
  const reader = openReader(storePaths(plant).database);
  try {
    return read(reader);
  } finally {
    reader.close();
  }
}

const storeFacts = (reader: Reader): object => ({
  ...{ sizes: reader.sizes(), outbox: reader.outbox(), gaps: reader.gaps() },
  ...{ heads: reader.heads(), nextSeq: reader.nextSeq(), lastCommitAt: reader.lastCommitAt() },
});

const LAST_RECORDS = 200;

function lastRecords(reader: Reader): string {
  const rows = reader.records(reader.nextSeq() - 1 - LAST_RECORDS, LAST_RECORDS);
  return rows
    .map((row) => `${JSON.stringify({ ...row, payload: JSON.parse(row.payload) })}\n`)
    .join("");
}

const LOG_BYTES = 512 * 1024;
const LOG_LINES = "2000";

function logTail(file: string | null): Promise<string> | string {
  if (file !== null) return readFileSync(file).subarray(-LOG_BYTES).toString("utf8");
  const args = ["-u", "uptime-agent", "-n", LOG_LINES, "--no-pager", "-o", "cat"];
  return new Promise((resolve, reject) => {
    const limits = { timeout: 5000, maxBuffer: 16 * LOG_BYTES };
    execFile("journalctl", args, limits, (error, stdout) => {
      if (error) reject(new Error("no journal of systemd", { cause: error }));
      else resolve(stdout);
    });
  });
}

/** An archive is made in memory. */
const RAW_BYTES = 64 * 1024 * 1024;

/** The newest segments that fit. */
function segments(plant: Plant): { name: string; file: string }[] {
  const { raw } = storePaths(plant);
  if (!existsSync(raw)) return [];
  let room = RAW_BYTES;
  const names = readdirSync(raw).sort().reverse();
  return names.flatMap((name) => {
    const file = join(raw, name);
    const size = statSync(file).size;
    if (size > room) return [];
    room -= size;
    return [{ name: `raw/${name}`, file }];
  });
}

/**
 * The evidence bundle (docs/evidence.md): gzip'd NDJSON, a manifest and then sections of typed lines. The manifest
 * holds the digest of every section and is signed. The same store and the same question give the same bytes.
 */
import { createHash, type Hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { CountFact, IntervalFact } from "../core/fact.ts";
import type { Input } from "../core/input.ts";
import type { Sign } from "../record/chain.ts";
import { contentHash } from "../store/head.ts";
import type { Gap, PublishedKey } from "../store/port.ts";
import type { StoredWindow } from "../store/read.ts";
import { fromTaggedJson, toTaggedJson } from "../store/tagged-json.ts";

export const FORMAT = "uptime.evidence/1";

/** In the order of the file. */
export const SECTIONS = [
  ...["schema", "config", "input", "window", "interval", "count", "gap", "record", "waiting"],
  "snapshot",
] as const;

export interface BundleChain {
  agent: string;
  chain: string;
  begins: string | null;
  records: number;
  head: string;
  seq: number;
}

export interface Manifest {
  format: typeof FORMAT;
  agent: string;
  /** Of the agent that exported. */
  version: string;
  calcVersion: string;
  /** RFC 3339; null: everything there is. */
  from: string | null;
  to: string | null;
  /** null: all. */
  assets: string[] | null;
  /** Last commit before the export. */
  until: string | null;
  handOver: boolean;
  /** First record number not yet used. */
  nextSeq: number;
  chains: BundleChain[];
  /** Keys that signed its records. */
  keys: PublishedKey[];
}

export interface Section {
  type: string;
  lines: number;
  sha256: string;
}

/** A manifest as it stands in the file. */
export type SealedManifest = Manifest & {
  type: "manifest";
  sections: Section[];
  hash: string;
  signature: string | null;
};

/** Compresses as it goes: what waits in memory is small. */
export interface BundleWriter {
  line(type: string, text: string): void;
  end(manifest: Manifest, sign: Sign | null): Buffer;
}

const CHUNK = 1 << 20;

export function openBundle(): BundleWriter {
  const digests = new Map<string, { hash: Hash; lines: number }>();
  const parts: Buffer[] = [];
  let text = "";
  const flush = (): void => {
    // Members of a gzip file may follow one another (RFC 1952, 2.2).
    if (text !== "") parts.push(gzipSync(text));
    text = "";
  };
  return {
    line(type, line) {
      const digest = digests.get(type) ?? { hash: createHash("sha256"), lines: 0 };
      digests.set(type, digest);
      digest.hash.update(`${line}\n`);
      digest.lines++;
      text += `${line}\n`;
      if (text.length >= CHUNK) flush();
    },
    end(manifest, sign) {
      flush();
      const sections = [...digests].map(([type, { hash, lines }]) => ({
        ...{ type, lines, sha256: `sha256:${hash.digest("hex")}` },
      }));
      const body = { type: "manifest" as const, ...manifest, sections };
      const hash = contentHash(body);
      const sealed: SealedManifest = { ...body, hash, signature: sign?.(hash) ?? null };
      return Buffer.concat([gzipSync(`${JSON.stringify(sealed)}\n`), ...parts]);
    },
  };
}

/** Lines of the journal; what is plain JSON already keeps its text. */
export const lineOf = {
  input: (input: Input): string => `{"type":"input","input":${toTaggedJson(input)}}`,
  window: (window: StoredWindow): string => JSON.stringify({ type: "window", ...window }),
  interval: ({ kind, ...fact }: IntervalFact): string => JSON.stringify({ type: kind, ...fact }),
  count: ({ kind, ...fact }: CountFact): string => JSON.stringify({ type: kind, ...fact }),
  gap: (gap: Gap): string => JSON.stringify({ type: "gap", ...gap }),
  record: (topic: string, payload: string): string =>
    `{"type":"record","topic":${JSON.stringify(topic)},"payload":${payload}}`,
};

type Fields = Record<string, unknown>;

const bare = (line: string): Fields => {
  const { type, ...rest } = JSON.parse(line) as Fields;
  return rest;
};

/** The same back. */
export const ofLine = {
  input: (line: string): Input => (fromTaggedJson(line) as { input: Input }).input,
  window: (line: string): StoredWindow => bare(line) as unknown as StoredWindow,
  interval: (line: string): IntervalFact =>
    ({ kind: "interval", ...bare(line) }) as unknown as IntervalFact,
  count: (line: string): CountFact => ({ kind: "count", ...bare(line) }) as unknown as CountFact,
  gap: (line: string): Gap => bare(line) as unknown as Gap,
};

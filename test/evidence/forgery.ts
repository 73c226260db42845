/** Bundles as text, changed at random, and with the manifest made anew where a forger without the key would do so. */
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { SealedManifest } from "../../agent/evidence/bundle.ts";
import { contentHash } from "../../agent/store/head.ts";

export const bundleText = (bytes: Uint8Array): string => gunzipSync(bytes).toString("utf8");
export const packed = (text: string): Buffer => gzipSync(text);

/** Numbers in [0, 1) that a seed repeats (mulberry32). */
export function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export type Mutation = "flip" | "delete" | "swap" | "insert";

/** One change of one row of `rows` whose number `isOpen` accepts; never the very same rows. */
export function mutate(
  rows: string[],
  kind: Mutation,
  random: () => number,
  isOpen: (row: number) => boolean = () => true,
): string[] {
  const pick = (): number => {
    for (;;) {
      const row = Math.floor(random() * rows.length);
      if (isOpen(row)) return row;
    }
  };
  const [a, b] = [pick(), pick()];
  const next = [...rows];
  if (kind === "flip") next[a] = flipped(rows[a] ?? "", random);
  else if (kind === "delete") next.splice(a, 1);
  else if (kind === "insert") next.splice(b, 0, altered(rows[a] ?? "", random));
  else [next[a], next[b]] = [rows[b] ?? "", rows[a] ?? ""];
  const isSame = next.length === rows.length && next.every((row, i) => row === rows[i]);
  return isSame ? mutate(rows, kind, random, isOpen) : next;
}

/** Another byte somewhere; the row stays one of text. */
function flipped(row: string, random: () => number): string {
  const bytes = Buffer.from(row);
  const at = Math.floor(random() * bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 7));
  return bytes.toString("latin1");
}

/** A row as another one: with another number in it. */
function altered(row: string, random: () => number): string {
  const digits = [...row.matchAll(/\d/g)];
  const { index = 0, 0: digit = "0" } = digits[Math.floor(random() * digits.length)] ?? {};
  return `${row.slice(0, index)}${(Number(digit) + 1) % 10}${row.slice(index + 1)}`;
}

/** The manifest of changed rows, as somebody without the key makes it. */
export function remanifested(rows: string[]): string[] {
  const [first = "{}", ...rest] = rows;
  const { hash, ...manifest } = JSON.parse(first) as SealedManifest;
  const sections = manifest.sections.map((section) => {
    const lines = rest.filter((line) => line.startsWith(`{"type":"${section.type}"`));
    const digest = createHash("sha256").update(lines.map((line) => `${line}\n`).join(""));
    return { ...section, lines: lines.length, sha256: `sha256:${digest.digest("hex")}` };
  });
  const body = { ...manifest, sections };
  return [JSON.stringify({ ...body, hash: contentHash(body) }), ...rest];
}

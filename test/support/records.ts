/** What a receiver can check of records on its own: schema, identity, sequence and hash chain. Knows no agent code. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

export interface Payload {
  schema: string;
  id: string;
  asset: string | null;
  seq: number | null;
  time: string;
  prev?: string | null;
  hash?: string | null;
  [key: string]: unknown;
}

const folder = new URL("../../config/schema/records/", import.meta.url);
const validators = new Map<string, ValidateFunction>(
  readdirSync(folder).map((file) => {
    const schema = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    const strict = { strict: true, allowUnionTypes: true, allErrors: true } as const;
    return [`uptime.${file.replace(/\.json$/, "")}/1`, new Ajv2020(strict).compile(schema)];
  }),
);

/** In words, each record that its schema refuses. */
export function violations(payloads: Iterable<Payload>): string[] {
  return [...payloads].flatMap((payload) => {
    const validate = validators.get(payload.schema);
    if (!validate) return [`${payload.id}: unknown schema ${payload.schema}`];
    const isSound: boolean = validate(payload);
    if (isSound) return [];
    return [`${payload.id}: ${JSON.stringify(validate.errors)}`];
  });
}

/** JSON with sorted keys: for ASCII keys and finite numbers what RFC 8785 asks for. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, item) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

/** The part that must be identical live, after a restart and in a replay. */
export function bodyOf(payload: Payload): string {
  const { seq, replayed, prev, hash, signature, ...body } = payload;
  return canonical(body);
}

/** The first of each id, by seq; status records are left out. Throws where one id has two bodies. */
export function onceEach(payloads: Iterable<Payload>): Payload[] {
  const known = new Map<string, Payload>();
  for (const payload of payloads) {
    if (payload.seq === null) continue;
    const first = known.get(payload.id);
    if (!first) known.set(payload.id, payload);
    else if (canonical(first) !== canonical({ ...payload, replayed: first["replayed"] }))
      throw new Error(`${payload.id} was sent with two contents`);
  }
  return [...known.values()].sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
}

/** Numbers missing between 1 and the highest, and numbers that several ids share. */
export function sequenceFaults(records: Payload[]): { missing: number[]; shared: number[] } {
  const seqs = records.map(({ seq }) => seq ?? 0);
  const used = new Set(seqs);
  const missing: number[] = [];
  for (let seq = 1; seq <= Math.max(0, ...seqs); seq++) if (!used.has(seq)) missing.push(seq);
  return { missing, shared: seqs.filter((seq, i) => seqs.indexOf(seq) !== i) };
}

/** In words, each record whose hash is not that of its content or does not follow the one before it. */
export function chainFaults(records: Payload[]): { links: number; faults: string[] } {
  const heads = new Map<string | null, string>();
  const faults: string[] = [];
  let links = 0;
  for (const payload of records) {
    if (typeof payload.hash !== "string") continue;
    const { seq, replayed, hash, signature, ...body } = payload;
    const expected = `sha256:${createHash("sha256").update(canonical(body)).digest("hex")}`;
    if (hash !== expected) faults.push(`${payload.id}: its hash is not that of its content`);
    if (payload.prev !== (heads.get(payload.asset) ?? null))
      faults.push(`${payload.id}: prev is not the record before it`);
    heads.set(payload.asset, hash);
    links++;
  }
  return { links, faults };
}

/**
 * One record on its own: is it what its schema says, is its hash that of its content, do its sums come out, does its
 * topic fit? Knows no other record and no key.
 */

import { type JsonSchema, readSchema } from "../../config/schemas.ts";
import { checkerOf } from "../../config/validator.ts";
import { chainOf, hashOf } from "../store/head.ts";
import { imbalanceOf } from "./conservation.ts";
import type { What } from "./report.ts";
import { doubtOf } from "./strict.ts";

type Fields = Record<string, unknown>;

/** What the checks across records need of one; the payload itself is not kept. */
export interface Judged {
  /** Class of its schema: `window`, `event`, … */
  kind: string;
  id: string;
  agent: string;
  seq: number | null;
  time: string;
  configHash: string;
  topic: string | null;
  /** null: not chained. */
  link: Link | null;
  window: WindowKey | null;
  /** Details of an event: breaks, take-overs and keys are declared there. */
  detail: Fields | null;
  /** What a status tells of its key. */
  key: unknown;
  faults: { what: What; detail: string }[];
}

export interface Link {
  chain: string;
  prev: string | null;
  /** As the record claims. */
  hash: string;
  /** Of its content. */
  content: string;
  /** Of its content without `prev`: what windows made anew are compared with. */
  body: string;
  signature: string | null;
}

export interface WindowKey {
  /** Same for all revisions. */
  name: string;
  revision: number;
  supersedes: string | null;
  /** RFC 3339. */
  from: string;
  to: string;
}

export interface Judge {
  /** A line of a stream: `{"topic":…,"payload":…}` or the payload alone. */
  line(text: string): Judged;
  /** A payload with its topic. */
  record(topic: string | null, payload: string): Judged;
}

/** Record schemas by class, as shipped. */
export const shippedSchema = (name: string): JsonSchema | undefined =>
  readSchema(`records/${name}`);

export function createJudge(schemaOf: (name: string) => JsonSchema | undefined): Judge {
  const checks = new Map<string, (data: unknown) => string | null>();
  const check = (name: string, payload: Fields): string | null => {
    let known = checks.get(name);
    if (!known) {
      const document = /^[a-z]+$/.test(name) ? schemaOf(name) : undefined;
      if (!document) return `there is no schema for ${String(payload["schema"])}`;
      known = usable(document);
      checks.set(name, known);
    }
    return known(payload);
  };
  const record = (topic: string | null, text: string): Judged => {
    const payload = objectOf(text);
    if (typeof payload === "string") return unreadable(payload);
    return judged(topic, payload, check);
  };
  return {
    record,
    line(text) {
      const line = objectOf(text);
      if (typeof line === "string") return unreadable(line);
      const { topic, payload } = line;
      if (payload === undefined && typeof line["schema"] === "string")
        return judged(null, line, check);
      if (typeof topic !== "string" || payload === undefined)
        return unreadable("holds no topic with a payload, and is no record");
      if (typeof payload === "string") return record(topic, payload);
      return judged(topic, map(payload), check);
    },
  };
}

/** A schema that travelled with a bundle may have been changed beyond use. */
function usable(document: JsonSchema): (data: unknown) => string | null {
  try {
    return checkerOf(document);
  } catch (error) {
    const { message } = error as Error;
    return () => `its schema cannot be used: ${message}`;
  }
}

/** Or why it is none. */
function objectOf(text: string): Fields | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return doubtOf(text) ?? (value as Fields);
  } catch {
    // Said below.
  }
  return "is not a JSON object";
}

const unreadable = (detail: string): Judged => ({
  ...{ kind: "", id: "", agent: "", seq: null, time: "", configHash: "" },
  ...{ topic: null, link: null, window: null },
  ...{ detail: null, key: null, faults: [{ what: "unreadable", detail }] },
});

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null);
const map = (value: unknown): Fields =>
  typeof value === "object" && value !== null ? (value as Fields) : {};

function judged(
  topic: string | null,
  payload: Fields,
  check: (name: string, payload: Fields) => string | null,
): Judged {
  const kind = /^uptime\.([a-z]+)\/\d+$/.exec(text(payload["schema"]))?.[1] ?? "";
  const link = linkOf(payload);
  const faults: Judged["faults"] = [];
  const violation = check(kind, payload);
  if (violation !== null) faults.push({ what: "schema", detail: violation });
  if (link && link.hash !== link.content)
    faults.push({ what: "hash", detail: "its hash is not that of its content" });
  const imbalance = kind === "window" && violation === null ? imbalanceOf(payload) : null;
  if (imbalance !== null) faults.push({ what: "conservation", detail: imbalance });
  if (topic !== null && !fitsTopic(topic, kind, payload))
    faults.push({ what: "topic", detail: `${topic} is not the topic of such a record` });
  return {
    ...{ kind, id: text(payload["id"]), agent: text(payload["agent"]), topic, link, faults },
    seq: typeof payload["seq"] === "number" ? payload["seq"] : null,
    time: text(payload["time"]),
    configHash: text(payload["configHash"]),
    window: kind === "window" ? windowOf(payload) : null,
    detail: kind === "event" ? map(map(payload["event"])["detail"]) : null,
    key: kind === "status" ? map(payload["status"])["key"] : null,
  };
}

function linkOf(payload: Fields): Link | null {
  const { seq, replayed, prev, hash, signature, ...body } = payload;
  if (typeof hash !== "string") return null;
  return {
    chain: chainOf(payload),
    prev: textOrNull(prev),
    hash,
    content: hashOf({ ...body, prev }),
    body: hashOf(body),
    signature: textOrNull(signature),
  };
}

/** What the revisions of one window share: its id without agent and revision. */
export function windowName(asset: string, { kind, from, contract }: Fields): string {
  const named = contract === undefined ? text(kind) : `${text(kind)}:${text(contract)}`;
  return `${asset}/${named}/${text(from)}`;
}

function windowOf(payload: Fields): WindowKey {
  const window = map(payload["window"]);
  const { from, to, revision, supersedes } = window;
  return {
    name: windowName(text(payload["asset"]), window),
    from: text(from),
    to: text(to),
    revision: Number(revision),
    supersedes: textOrNull(supersedes),
  };
}

/** The last levels follow from the record; the ones before are the plant's. */
function fitsTopic(topic: string, kind: string, payload: Fields): boolean {
  const { asset, agent } = payload;
  const own = map(payload[kind]);
  if (kind === "contract") return topic.endsWith(`/_contract/${text(own["id"])}`);
  const names: Record<string, unknown> = {
    window: text(own["kind"]).split(":")[0],
    event: own["type"],
    signal: own["id"],
    incident: own["id"],
  };
  const name = names[kind];
  const owner = typeof asset === "string" ? asset : `_gateway/${text(agent)}`;
  return topic.endsWith(`/${owner}/${kind}${name === undefined ? "" : `/${String(name)}`}`);
}

/**
 * Anchors: chain heads that somebody else kept, from `status` records, NDJSON of them, or a list of heads. Each must
 * be in the chain, or a gateway rewrote what it had told. Collects nothing itself.
 */
import { readFileSync } from "node:fs";
import { Fault } from "../core/fault.ts";
import { iso } from "../record/iso.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, finding, type Report } from "./report.ts";
import type { Walked } from "./walk.ts";

export interface Anchor {
  /** null where the source names no gateway. */
  agent: string | null;
  chain: string;
  hash: string;
  seq: number | null;
  /** When it was told; null where the source does not say. */
  time: string | null;
}

type Fields = Record<string, unknown>;

const HASH = /^sha256:[0-9a-f]{64}$/;

/** Throws Fault EVIDENCE_UNREADABLE for a file without a single head. */
export function readAnchors(file: string): Anchor[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Fault("EVIDENCE_UNREADABLE", `cannot read ${file}`, { file }, error);
  }
  const anchors = documentsOf(text).flatMap(anchorsOf);
  if (anchors.length === 0)
    throw new Fault("EVIDENCE_UNREADABLE", `${file} holds no chain head`, { file });
  return anchors;
}

/** The whole text as one document, or each line as one; lines that are none are passed over. */
function documentsOf(text: string): Fields[] {
  const parse = (part: string): Fields[] => {
    try {
      const value: unknown = JSON.parse(part);
      return typeof value === "object" && value !== null ? [value as Fields] : [];
    } catch {
      return [];
    }
  };
  const [whole] = parse(text);
  return whole ? [whole] : text.split("\n").flatMap(parse);
}

function anchorsOf(document: Fields): Anchor[] {
  const payload =
    typeof document["payload"] === "string" ? parsed(document["payload"]) : document["payload"];
  const record = (payload ?? document) as Fields;
  const status = (record["status"] ?? {}) as Fields;
  const heads = (status["heads"] ?? record["heads"] ?? record) as Fields;
  const seqs = (status["headSeqs"] ?? record["headSeqs"] ?? {}) as Fields;
  const { agent, time } = record;
  return Object.entries(heads).flatMap(([chain, head]) => {
    const hash = typeof head === "object" && head !== null ? (head as Fields)["hash"] : head;
    if (typeof hash !== "string" || !HASH.test(hash)) return [];
    const seq = seqs[chain] ?? (head as Fields)["seq"];
    return {
      ...{ chain, hash, seq: typeof seq === "number" ? seq : null },
      agent: typeof agent === "string" ? agent : null,
      time: typeof time === "string" ? time : null,
    };
  });
}

function parsed(text: string): Fields {
  return documentsOf(text)[0] ?? {};
}

/** Each anchor is in its chain, or lies outside of what is verified. */
export function compareAnchors(
  anchors: Anchor[],
  { until, kind }: Pick<Evidence, "until" | "kind">,
  { chains, records }: Walked,
): { findings: Finding[]; anchors: NonNullable<Report["anchors"]> } {
  const known = new Set(records.map(({ link }) => `${link.chain} ${link.hash}`));
  for (const { chain, begins } of chains) if (begins !== null) known.add(`${chain} ${begins}`);
  const counted = { proved: 0, earlier: 0, later: 0 };
  const findings: Finding[] = [];
  const end = until === null ? null : iso(until);
  for (const anchor of anchors) {
    const { chain, hash, seq, time } = anchor;
    if (known.has(`${chain} ${hash}`)) counted.proved++;
    else if (isEarlier(anchor, chains)) counted.earlier++;
    else if (kind === "bundle" && end !== null && time !== null && time > end) counted.later++;
    else
      findings.push(
        finding("anchor", `${hash}, told ${time ?? "at an unknown time"}, is not in the chain`, {
          ...{ chain, seq },
        }),
      );
  }
  return { findings, anchors: counted };
}

/** Told before the first record of a chain whose begin is not here. */
const isEarlier = ({ agent, chain, seq }: Anchor, chains: Walked["chains"]): boolean =>
  chains.some(
    (each) =>
      each.chain === chain &&
      (agent === null || each.agent === agent) &&
      each.begins !== null &&
      seq !== null &&
      seq < each.firstSeq,
  );

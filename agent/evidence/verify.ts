/**
 * Verifies evidence, wherever it was read from: each record on its own, the chains, the signatures, the windows
 * against the journal, and heads that others kept. Goes on after a fault and counts all of them. Needs no network.
 */
import { type Anchor, compareAnchors } from "./anchors.ts";
import type { Evidence, Row } from "./evidence.ts";
import { compareWindows, remake } from "./recount.ts";
import { type Finding, finding, type Report, type SeqGap } from "./report.ts";
import { judgeRevisions } from "./revisions.ts";
import { isSigned, type PublicKey, publicKeyOf } from "./signature.ts";
import { at, type Walked, walk } from "./walk.ts";

export interface Demands {
  /** Keys the caller trusts; empty: those that the evidence itself announces. */
  keys: PublicKey[];
  anchors: Anchor[] | null;
  allowDeclaredBreaks: boolean;
}

/** What takes time and depends on nothing else, so that a caller who verifies often may remember it. */
export interface Work {
  isSigned: typeof isSigned;
  remake: typeof remake;
}

export function verify(
  evidence: Evidence,
  { keys, anchors, allowDeclaredBreaks }: Demands,
  work: Work = { isSigned, remake },
): Report {
  const { rows, declared, target, kind, until } = evidence;
  const walked = walk(rows, declared, evidence.cuts);
  const signed = judgeSignatures(walked, keys.length > 0 ? keys : announced(evidence), work);
  const recounted = recount(evidence, walked, work);
  const anchored = anchors
    ? compareAnchors(anchors, evidence, walked)
    : { findings: [], anchors: null };
  const findings = [
    ...evidence.findings,
    ...rows.flatMap((row) => row.faults.map(({ what, detail }) => finding(what, detail, at(row)))),
    ...walked.findings,
    ...judgeRevisions(walked),
    ...signed.findings,
    ...judgeSeal(evidence, signed.keys, work),
    ...judgeHeads(evidence, walked),
    ...recounted.findings,
    ...anchored.findings,
  ].sort(inOrder);
  const trust = keys.length > 0 ? "given" : signed.keys.length > 0 ? "announced" : "none";
  const { breaks, takeOvers } = declared;
  return {
    ...{ target, kind },
    ok: findings.length === 0 && (breaks.length === 0 || allowDeclaredBreaks),
    ...{ records: walked.records.length, chains: walked.chains },
    ...{ first: findings[0] ?? null, findings, breaks, takeOvers },
    quarantined: evidence.quarantined,
    gaps: kind === "stream" ? gapsOf(rows) : [],
    signatures: { trust, keys: signed.keys.map(bare), checked: signed.checked },
    ...{ recounted: recounted.recounted, anchors: anchored.anchors, until },
  };
}

const bare = ({ id, publicKey }: PublicKey): { id: string; publicKey: string } => ({
  id,
  publicKey,
});

const announced = ({ declared }: Evidence): PublicKey[] =>
  declared.keys.flatMap(({ publicKey }) => publicKeyOf(publicKey) ?? []);

/** A journal that cannot even be read is a finding like others. */
function recount(evidence: Evidence, walked: Walked, work: Work): Recounted {
  const { journal } = evidence;
  if (journal === null) return { findings: [], recounted: null };
  try {
    return compareWindows(work.remake(journal), walked, evidence);
  } catch (error) {
    const detail = `the journal cannot be read: ${(error as Error).message}`;
    return { findings: [finding("journal", detail)], recounted: null };
  }
}

interface Recounted {
  findings: Finding[];
  recounted: Report["recounted"];
}

/** Where the rows stand, then by number: the first one is the first bad row. */
function inOrder(a: Finding, b: Finding): number {
  const place = ({ line, seq }: Finding): number => line ?? seq ?? Number.MAX_SAFE_INTEGER;
  return place(a) - place(b);
}

/** With a key to check with, every chained record must be signed; without one, nothing is known. */
function judgeSignatures(
  { records }: Walked,
  keys: PublicKey[],
  work: Work,
): { findings: Finding[]; keys: PublicKey[]; checked: number } {
  const findings: Finding[] = [];
  let checked = 0;
  if (keys.length === 0) return { findings, keys, checked };
  for (const row of records) {
    const { hash, signature } = row.link;
    if (signature === null) findings.push(finding("signature", "it is not signed", at(row)));
    else if (keys.some((key) => work.isSigned(key, hash, signature))) checked++;
    else findings.push(finding("signature", "no key at hand made its signature", at(row)));
  }
  return { findings, keys, checked };
}

/** Of a bundle: what holds its sections together must be signed by a known key, too. */
function judgeSeal({ seal }: Evidence, keys: PublicKey[], work: Work): Finding[] {
  if (seal === null || keys.length === 0) return [];
  const { hash, signature } = seal;
  if (signature === null) return [finding("signature", "the manifest is not signed")];
  if (keys.some((key) => work.isSigned(key, hash, signature))) return [];
  return [finding("signature", "no key at hand made the signature of the manifest")];
}

/** The last record of a chain is the one its keeper calls the head. */
function judgeHeads({ heads, kind }: Evidence, { chains }: Walked): Finding[] {
  if (heads === null) return [];
  return Object.entries(heads).flatMap(([chain, { hash, seq }]) => {
    const known = chains.filter((each) => each.chain === chain);
    if (known.some(({ head }) => head === hash)) return [];
    // A head that was taken over stands for records of another gateway.
    if (known.length === 0 && seq === 0) return [];
    const told = kind === "store" ? "the store" : "the manifest";
    return [finding("head", `the last record is not the head that ${told} names`, { chain, seq })];
  });
}

/** Numbers between the lowest and the highest of each gateway that no record has. */
function gapsOf(rows: Row[]): SeqGap[] {
  const seqs = new Map<string, number[]>();
  for (const { agent, seq } of rows) {
    if (seq === null) continue;
    const known = seqs.get(agent);
    if (known) known.push(seq);
    else seqs.set(agent, [seq]);
  }
  return [...seqs].flatMap(([agent, numbers]) => {
    numbers.sort((a, b) => a - b);
    return numbers.flatMap((seq, i) => {
      const before = numbers[i - 1] ?? seq;
      return seq > before + 1 ? [{ agent, from: before + 1, to: seq - 1 }] : [];
    });
  });
}

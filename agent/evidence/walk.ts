/**
 * Walks the chains: every record links to the one before it, numbers rise, nothing is there twice with two contents.
 * A break is accepted only where the gateway declared it. Looks at no content.
 */

import type { Cut, Declared, Row } from "./evidence.ts";
import type { Link } from "./judge.ts";
import { type ChainReport, type Finding, finding } from "./report.ts";

/** A row that is part of a chain. */
export type Linked = Row & { link: Link };

export interface Walked {
  chains: ChainReport[];
  /** Each chained record once, in order of chain and number. */
  records: Linked[];
  findings: Finding[];
}

export const at = ({ id, seq, line, link }: Row): Partial<Finding> => ({
  ...{ id, seq, line },
  chain: link?.chain ?? null,
});

export function walk(rows: Row[], declared: Declared, cuts: Cut[] | null): Walked {
  const { unique, findings } = distinct(rows);
  findings.push(...disorder(rows));
  const walked: Walked = { chains: [], records: [], findings };
  const known = new Map(unique.map((row) => [row.link.hash, row]));
  for (const [key, chain] of grouped(unique)) {
    const cut = cuts?.find((candidate) => `${candidate.agent} ${candidate.chain}` === key);
    walkChain(chain, known, declared, cuts === null ? undefined : (cut?.begins ?? null), walked);
  }
  for (const cut of cuts ?? [])
    if (!walked.chains.some(({ agent, chain }) => agent === cut.agent && chain === cut.chain))
      findings.push(finding("missing", "its records are gone", { chain: cut.chain }));
  return walked;
}

/** Every chained record once; findings for ids and numbers that stand for two contents. */
function distinct(rows: Row[]): { unique: Linked[]; findings: Finding[] } {
  const byId = new Map<string, Row>();
  const bySeq = new Map<string, Row>();
  const findings: Finding[] = [];
  const unique: Linked[] = [];
  for (const row of rows) {
    if (row.seq === null || row.id === "") continue;
    const first = byId.get(row.id);
    if (first) {
      if (!isSame(first, row))
        findings.push(finding("duplicate", "its id was given to another content", at(row)));
      continue;
    }
    byId.set(row.id, row);
    const numbered = `${row.agent} ${row.seq}`;
    const other = bySeq.get(numbered);
    if (other)
      findings.push(finding("duplicate", `its number belongs to ${other.id} as well`, at(row)));
    bySeq.set(numbered, other ?? row);
    if (row.link !== null) unique.push({ ...row, link: row.link });
  }
  return { unique, findings };
}

const isSame = (a: Row, b: Row): boolean =>
  a.seq === b.seq &&
  a.link?.hash === b.link?.hash &&
  a.link?.signature === b.link?.signature &&
  (a.topic === null || b.topic === null || a.topic === b.topic);

/** Numbers are given in the order in which records became true. */
function disorder(rows: Row[]): Finding[] {
  const latest = new Map<string, string>();
  return [...rows]
    .filter(({ seq, time }) => seq !== null && time !== "")
    .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    .flatMap((row) => {
      const before = latest.get(row.agent) ?? "";
      if (row.time >= before) {
        latest.set(row.agent, row.time);
        return [];
      }
      return [finding("order", `it became true before one with a lower number`, at(row))];
    });
}

function grouped(rows: Linked[]): Map<string, Linked[]> {
  const chains = new Map<string, Linked[]>();
  for (const row of rows) {
    const key = `${row.agent} ${row.link.chain}`;
    const chain = chains.get(key);
    if (chain) chain.push(row);
    else chains.set(key, [row]);
  }
  for (const chain of chains.values()) chain.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  return chains;
}

/** `begins`: what the first record must link to; undefined where nobody knows. */
function walkChain(
  rows: Linked[],
  known: Map<string, Linked>,
  declared: Declared,
  begins: string | null | undefined,
  walked: Walked,
): void {
  const [first] = rows;
  const last = rows.at(-1);
  if (!first || !last) return;
  judgeBegin(first, known, declared, begins, walked);
  for (const [i, row] of rows.entries()) {
    const before = rows[i - 1];
    if (before && !follows(row, before)) judgeBreak(row, before, known, declared, walked);
  }
  const topics = new Map<string, string>();
  for (const row of rows) judgeTopic(row, topics, walked);
  walked.records.push(...rows);
  walked.chains.push({
    ...{ agent: first.agent, chain: first.link.chain, records: rows.length },
    ...{
      begins: first.link.prev,
      firstSeq: first.seq ?? 0,
      head: last.link.hash,
      seq: last.seq ?? 0,
    },
  });
}

/** Also where the claimed hash of the record before was changed: that is one fault, not two. */
const follows = ({ link }: Linked, before: Linked): boolean =>
  link.prev === before.link.hash || link.prev === before.link.content;

function judgeBegin(
  first: Linked,
  known: Map<string, Linked>,
  declared: Declared,
  begins: string | null | undefined,
  walked: Walked,
): void {
  const { prev } = first.link;
  const before = prev === null ? undefined : known.get(prev);
  if (before && before.agent !== first.agent)
    walked.findings.push(...judgeTakeOver(first, before, known, declared));
  else if (begins !== undefined && prev !== begins)
    judgeBreak(first, null, known, declared, walked);
  else if (before)
    walked.findings.push(finding("chain", "it links to a record with a higher number", at(first)));
}

/** From one gateway to another: declared, and the one before did not go on as if nothing had been. */
function judgeTakeOver(
  first: Linked,
  before: Linked,
  known: Map<string, Linked>,
  { takeOvers }: Declared,
): Finding[] {
  const findings: Finding[] = [];
  if (!takeOvers.some(({ from, to }) => from === before.agent && to === first.agent))
    findings.push(
      finding("chain", `it goes on from ${before.id} without a declared take-over`, at(first)),
    );
  const later = [...known.values()]
    .filter(({ agent, link }) => agent === before.agent && link.chain === first.link.chain)
    .filter(({ seq }) => (seq ?? 0) > (before.seq ?? 0))
    .sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))[0];
  if (later) {
    const detail = `${before.agent} went on with the chain after ${first.agent} had taken it over`;
    findings.push(finding("chain", detail, at(later)));
  }
  return findings;
}

function judgeBreak(
  row: Linked,
  before: Linked | null,
  known: Map<string, Linked>,
  declared: Declared,
  walked: Walked,
): void {
  const { chain, prev } = row.link;
  if (declared.breaks.some((each) => each.chain === chain && each.prev === prev)) return;
  if (prev === null)
    walked.findings.push(finding("chain", "it begins the chain anew, undeclared", at(row)));
  else if (known.has(prev))
    walked.findings.push(
      finding("chain", `it does not follow ${before?.id ?? "the begin of the chain"}`, at(row)),
    );
  else walked.findings.push(finding("missing", goneText(prev, before, row), at(row)));
}

/** Not who took it: a subscriber may just not have heard it. The number says what to ask the gateway for. */
const goneText = (prev: string, before: Linked | null, { seq }: Linked): string =>
  before
    ? `the record before it is not here, ${prev}, numbered between ${before.seq} and ${seq}`
    : `the record before it is gone: ${prev}`;

/** The levels of a plant change with its configuration only. */
function judgeTopic(row: Linked, topics: Map<string, string>, { findings }: Walked): void {
  const { topic, configHash } = row;
  if (topic === null) return;
  const levels = topic.split("/").slice(0, -2).join("/");
  const known = topics.get(configHash) ?? levels;
  topics.set(configHash, known);
  if (known !== levels)
    findings.push(finding("topic", `${topic} differs from those of the same machine`, at(row)));
}

/**
 * Makes every final window anew from the journal and compares it with its record, to the bit. What is past the
 * journal's keeping time cannot be made anew, and is counted as that; nothing else is let pass.
 */
import { type JournalSource, replayJournal } from "../replay/from-journal.ts";
import { hashOf } from "../store/head.ts";
import type { Evidence } from "./evidence.ts";
import { type Finding, finding, type Report } from "./report.ts";
import { at, type Linked, type Walked } from "./walk.ts";

/** What the journal says now. */
export interface Remade {
  /** Hash of the body without the chain, by record id: the latest revision of each window. */
  windows: Map<string, { body: string; name: string; to: string }>;
  /** Begin of the first interval, by asset. */
  known: Map<string, string>;
}

/** The windows of a journal, made anew. */
export function remake(journal: JournalSource): Remade {
  const remade: Remade = { windows: new Map(), known: new Map() };
  replayJournal(journal, null, (line) => {
    const { payload } = JSON.parse(line) as { payload: Record<string, unknown> };
    const { seq, replayed, prev, hash, signature, ...body } = payload;
    const { kind, from, to } = body["window"] as { kind: string; from: string; to: string };
    const asset = String(body["asset"]);
    const made = { body: hashOf(body), name: `${asset}/${kind}/${from}`, to };
    remade.windows.set(String(body["id"]), made);
    if (!remade.known.has(asset)) remade.known.set(asset, firstKnown(journal, asset));
  });
  return remade;
}

function firstKnown(journal: JournalSource, asset: string): string {
  const first = journal.intervals(asset, 0, Number.MAX_SAFE_INTEGER).next().value;
  return first ? new Date(first.from).toISOString() : "";
}

export function compareWindows(
  remade: Remade,
  { records, chains }: Walked,
  span: Evidence["span"],
): { findings: Finding[]; recounted: NonNullable<Report["recounted"]> } {
  const findings: Finding[] = [];
  const recounted = { windows: 0, beyondJournal: 0 };
  const cut = new Set(chains.filter(({ begins }) => begins !== null).map(({ chain }) => chain));
  const latest = new Map<string, Linked>();
  for (const row of records) if (row.window) latest.set(row.window.name, row);
  for (const row of latest.values()) {
    const verdict = compare(row, remade, span, cut.has(row.link.chain));
    if (typeof verdict === "string") recounted[verdict]++;
    else findings.push(verdict);
  }
  for (const [id, { name }] of remade.windows)
    if (!latest.has(name))
      findings.push(finding("missing", "the journal's window has no record", { id }));
  return { findings, recounted };
}

function compare(
  row: Linked,
  remade: Remade,
  span: Evidence["span"],
  isCut: boolean,
): "windows" | "beyondJournal" | Finding {
  const made = remade.windows.get(row.id);
  if (made?.body === row.link.body) return "windows";
  if (made) {
    if (isCut && isClipped(row, remade)) return "beyondJournal";
    return finding("recount", "the journal gives another window", at(row));
  }
  if (isOutside(row, span) || (isCut && isGone(row, remade))) return "beyondJournal";
  return finding("journal", "the journal holds no such window", at(row));
}

const isOutside = ({ window }: Linked, span: Evidence["span"]): boolean =>
  span !== null && window !== null && (window.to <= span.from || window.from >= span.to);

/** Its first intervals are past their keeping time. */
const isClipped = ({ window, link }: Linked, { known }: Remade): boolean =>
  window !== null && window.from < (known.get(link.chain) ?? "");

/** It ended before all windows that are left. */
function isGone({ window, link }: Linked, { windows }: Remade): boolean {
  const left = [...windows.values()].filter(({ name }) => name.startsWith(`${link.chain}/`));
  return left.every(({ to }) => (window?.to ?? "") < to);
}

/**
 * Makes every final window anew from the journal and compares it with its record, to the bit. What is past the
 * journal's keeping time cannot be made anew, and is counted as that; nothing else is let pass.
 */
import { iso } from "../record/iso.ts";
import { type JournalSource, replayJournal } from "../replay/from-journal.ts";
import { hashOf } from "../store/head.ts";
import type { Evidence } from "./evidence.ts";
import { windowName } from "./judge.ts";
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
    const window = body["window"] as Record<string, unknown>;
    const asset = String(body["asset"]);
    const name = windowName(asset, window);
    const made = { body: hashOf(body), name, to: String(window["to"]) };
    remade.windows.set(String(body["id"]), made);
    if (!remade.known.has(asset)) remade.known.set(asset, firstKnown(journal, asset));
  });
  return remade;
}

function firstKnown(journal: JournalSource, asset: string): string {
  const first = journal.intervals(asset, 0, Number.MAX_SAFE_INTEGER).next().value;
  return first ? iso(first.from) : "";
}

export function compareWindows(
  remade: Remade,
  { records, chains }: Walked,
  { span, declared }: Pick<Evidence, "span" | "declared">,
): { findings: Finding[]; recounted: NonNullable<Report["recounted"]> } {
  const excuses: Excuses = {
    ...{ remade, span },
    cut: new Set(chains.filter(({ begins }) => begins !== null).map(({ chain }) => chain)),
    broken: new Set(declared.breaks.map(({ chain }) => chain)),
    named: new Map([...remade.windows].map(([id, { name }]) => [name, id])),
  };
  const findings: Finding[] = [];
  const recounted = { windows: 0, beyondJournal: 0 };
  const latest = new Map<string, Linked>();
  for (const row of records) if (row.window) latest.set(row.window.name, row);
  for (const row of latest.values()) {
    const verdict = compare(row, excuses);
    if (typeof verdict === "string") recounted[verdict]++;
    else findings.push(verdict);
  }
  for (const [name, id] of excuses.named)
    if (!latest.has(name) && !excuses.broken.has(assetOf(name)))
      findings.push(finding("missing", "the journal's window has no record", { id }));
  return { findings, recounted };
}

/** Why a window may not be made anew. */
interface Excuses {
  remade: Remade;
  span: Evidence["span"];
  /** Chains whose begin is not here: the journal may be past its keeping time as well. */
  cut: Set<string>;
  /** Chains with a declared break: records may be gone behind it. */
  broken: Set<string>;
  /** Id of the latest revision that the journal knows. */
  named: Map<string, string>;
}

const assetOf = (name: string): string => name.split("/")[0] ?? "";

function compare(row: Linked, excuses: Excuses): "windows" | "beyondJournal" | Finding {
  const made = excuses.remade.windows.get(row.id);
  if (made?.body === row.link.body) return "windows";
  if (isExcused(row, made !== undefined, excuses)) return "beyondJournal";
  if (made) return finding("recount", "the journal gives another window", at(row));
  return finding("journal", "the journal holds no such window", at(row));
}

function isExcused(row: Linked, isMade: boolean, { remade, span, ...why }: Excuses): boolean {
  const { chain } = row.link;
  if (why.broken.has(chain) && why.named.get(row.window?.name ?? "") !== row.id) return true;
  if (!isMade && isOutside(row, span)) return true;
  if (!why.cut.has(chain)) return false;
  return isMade ? isClipped(row, remade) : isGone(row, remade);
}

const isOutside = ({ window }: Linked, span: Evidence["span"]): boolean =>
  span !== null && window !== null && (window.to <= span.from || window.from >= span.to);

/** Its first intervals are past their keeping time. */
const isClipped = ({ window, link }: Linked, { known }: Remade): boolean =>
  window !== null && window.from < (known.get(link.chain) ?? "");

/** It ended before all windows that are left. */
function isGone({ window, link }: Linked, { windows }: Remade): boolean {
  const left = [...windows.values()].filter(({ name }) => assetOf(name) === link.chain);
  return left.every(({ to }) => (window?.to ?? "") < to);
}

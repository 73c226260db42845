/** A store as evidence: its chained records, heads, declarations and journal, as one snapshot. Changes nothing. */
import type { Input } from "../core/input.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import type { Reader } from "../store/read.ts";
import { type Declared, declare, type Evidence, nothingDeclared, type Row } from "./evidence.ts";
import type { Judge } from "./judge.ts";
import { type Finding, finding } from "./report.ts";

const EVER = Number.MAX_SAFE_INTEGER;
const PAGE = 500;

export function readStore(target: string, reader: Reader, judge: Pick<Judge, "record">): Evidence {
  const { rows, quarantined, findings } = rowsOf(reader, judge);
  const { declared, journal, unreadable } = journalOf(reader);
  findings.push(...unreadable);
  return {
    ...{ target, kind: "store", rows, quarantined, findings, cuts: null, journal },
    ...{ span: null, seal: null },
    declared: { ...declared, keys: reader.keys() },
    heads: reader.heads(),
    until: reader.lastCommitAt(),
  };
}

function rowsOf(
  reader: Reader,
  judge: Pick<Judge, "record">,
): Pick<Evidence, "rows" | "quarantined" | "findings"> {
  const rows: Row[] = [];
  const findings: Finding[] = [];
  let quarantined = 0;
  for (let page = reader.evidence(0, PAGE); page.length > 0; ) {
    for (const { seq, topic, payload, note } of page) {
      if (note?.startsWith(QUARANTINED)) {
        quarantined++;
        continue;
      }
      const judged = judge.record(topic, payload);
      const row: Row = { ...judged, seq: judged.seq ?? seq, line: null };
      if (row.seq !== seq) {
        const detail = `the row has another number than its record, ${String(row.seq)}`;
        findings.push(finding("duplicate", detail, { id: row.id, seq }));
      }
      rows.push(row);
    }
    page = reader.evidence(page.at(-1)?.seq ?? EVER, PAGE);
  }
  return { rows, quarantined, findings };
}

/** How the note of a record begins that was set aside as damaged. */
export const QUARANTINED = "damaged chain: ";

/** A journal whose inputs cannot be read declares nothing, and no window is made from it. */
export function journalOf<Journal extends Pick<JournalSource, "inputs">>(
  journal: Journal,
): { journal: Journal | null; declared: Declared; unreadable: Finding[] } {
  try {
    return { journal, declared: declarationsOf(journal.inputs(0, EVER)), unreadable: [] };
  } catch (error) {
    const { name, message } = error as Error;
    if (name === "SqliteError") throw error;
    const detail = `its inputs cannot be read: ${message}`;
    const unreadable = [finding("journal", detail)];
    return { journal: null, declared: nothingDeclared(), unreadable };
  }
}

/** What the journal's notices declare. */
function declarationsOf(inputs: Iterable<Input>): Declared {
  const declared = nothingDeclared();
  for (const input of inputs) if (input.kind === "notice") declare(declared, input.detail);
  return declared;
}

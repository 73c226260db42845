/**
 * NDJSON of records as MQTT delivered them: `{"topic","payload"}` or bare payloads, in any order, some twice. Keeps
 * the results of judging, not the records.
 */
import { addKey, declare, type Evidence, nothingDeclared, type Row } from "./evidence.ts";
import type { Judge } from "./judge.ts";

export interface StreamReader {
  /** A line without its line feed; empty ones are passed over. */
  line(text: string): void;
  end(): Evidence;
}

export function readStream(target: string, judge: Pick<Judge, "line">): StreamReader {
  const rows: Row[] = [];
  const declared = nothingDeclared();
  let number = 0;
  return {
    line(text) {
      number++;
      if (text.trim() === "") return;
      const row: Row = { ...judge.line(text), line: number };
      if (row.detail !== null) declare(declared, row.detail);
      const { id, publicKey } = (row.key ?? {}) as { id?: unknown; publicKey?: unknown };
      if (typeof id === "string" && typeof publicKey === "string")
        addKey(declared, { id, publicKey });
      rows.push(row);
    },
    end: () => ({
      ...{ target, kind: "stream", rows, declared, heads: null, cuts: null, journal: null },
      ...{ span: null, seal: null, quarantined: 0, findings: [], until: null },
    }),
  };
}

/**
 * What a simulated device was asked, when, and what it truly answered: the memory of the oracle. Judges nothing;
 * `believed.ts` does.
 */
import type { Request } from "./modbus-request.ts";
import type { Table } from "./registers.ts";

/** One request and its fate. Instants are monotonic milliseconds of the server's clock. */
export interface Answer {
  askedAt: number;
  unit: number;
  code: number;
  /** Null for other functions than reading a table. */
  table: Table | null;
  address: number;
  quantity: number;
  /** What the simulator did with it. */
  how: string;
  /** Words, or 0 and 1, of an answer that was meant to be sent as it is; null for everything else. */
  values: number[] | null;
  /** When the whole of that answer had left; null: it never did. */
  sentAt: number | null;
  /** Takes over what an answer says. */
  hold(pdu: Buffer): void;
}

const TABLES: Record<number, Table> = { 1: "coil", 2: "discrete", 3: "holding", 4: "input" };

/** The note of a request that has just arrived. */
export function noteOf(request: Request, how: string, askedAt: number): Answer {
  const { unit, code, pdu } = request;
  const table = pdu.length === 5 ? (TABLES[code] ?? null) : null;
  const [address, quantity] = table ? [pdu.readUInt16BE(1), pdu.readUInt16BE(3)] : [0, 0];
  const note: Answer = {
    askedAt,
    unit,
    code,
    table,
    address,
    quantity,
    how,
    values: null,
    sentAt: null,
    hold: (answer) => {
      note.values = table && answer[0] === code ? valuesOf(code, quantity, answer) : null;
    },
  };
  return note;
}

function valuesOf(code: number, quantity: number, pdu: Buffer): number[] {
  return Array.from({ length: quantity }, (_, i) =>
    code <= 2 ? ((pdu[2 + (i >> 3)] ?? 0) >> (i & 7)) & 1 : pdu.readUInt16BE(2 + 2 * i),
  );
}

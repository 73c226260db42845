/**
 * Raw words or bits of a table, read over a line, with the address of each on the wire and in the manual's form.
 * Interprets nothing.
 */
import type { PointOptions, Reading } from "../../drivers/driver.ts";
import type { Line } from "./line.ts";
import { usage } from "./target.ts";

export const TABLES = ["coil", "discrete", "input", "holding"] as const;
export type Table = (typeof TABLES)[number];

/** The digit that manuals put in front, and the function that reads the table. */
const FORMS: Record<Table, { digit: number; code: number }> = {
  coil: { digit: 0, code: 1 },
  discrete: { digit: 1, code: 2 },
  input: { digit: 3, code: 4 },
  holding: { digit: 4, code: 3 },
};

export const isBits = (table: Table): boolean => table === "coil" || table === "discrete";
export const functionOf = (table: Table): number => FORMS[table].code;

/** `40001` of wire address 0; six digits from address 9999 on. */
export function referenceOf(table: Table, address: number): string {
  const width = address < 9999 ? 4 : 5;
  return `${FORMS[table].digit}${String(address + 1).padStart(width, "0")}`;
}

/** Table and wire address of `40001` or `400001`. Throws `USAGE_INVALID` for what is no such number. */
export function placeOfReference(text: string): { table: Table; address: number } {
  const digits = /^\d{5,6}$/.test(text) ? text : "";
  const table = TABLES.find((each) => FORMS[each].digit === Number(digits.charAt(0) || "x"));
  const number = Number(digits.slice(1));
  if (!table || number < 1 || number > 65_536)
    throw usage(`--reference must be a number such as 40001, 30001, 10001 or 00001, not ${text}`);
  return { table, address: number - 1 };
}

export interface Word {
  address: number;
  reference: string;
  /** 0 to 65535, or 0 and 1 in bit tables; null where it could not be read. */
  word: number | null;
  /** Why not. */
  reason: string | null;
}

export interface Words {
  table: Table;
  address: number;
  words: Word[];
  /** Reason code when the device gave nothing at all. */
  failure: string | null;
}

/** One pass; a refused block is divided until what is refused stands alone. */
export async function readWords(
  line: Pick<Line, "read">,
  unit: number,
  table: Table,
  address: number,
  count: number,
): Promise<Words> {
  const points = Array.from({ length: count }, (_, i): PointOptions => {
    const type = isBits(table) ? "bool" : "uint16";
    return { id: String(address + i), table, address: address + i, type };
  });
  const reading = await line.read(unit, points);
  const words = points.map(({ id }, i) => wordOf(table, address + i, id, reading));
  const refused = new Set(words.map(({ reason }) => reason));
  const isNothing = refused.size === 1 && !refused.has(null);
  const failure = reading.failure ?? (isNothing ? (words[0]?.reason ?? null) : null);
  return { table, address, words, failure };
}

function wordOf(table: Table, address: number, id: string, { failure, samples }: Reading): Word {
  const reference = referenceOf(table, address);
  const sample = samples.get(id);
  if (failure === null && sample?.quality === "good")
    return { address, reference, word: Number(sample.value), reason: null };
  const reason = failure ?? (sample?.quality === "bad" ? sample.reason : "MODBUS_TIMEOUT");
  return { address, reference, word: null, reason };
}

/** What the Modbus drivers understand of a configured point. Refuses what no Modbus device could serve. */
import { Fault } from "../../agent/core/fault.ts";
import type { PointOptions } from "../driver.ts";

export const TABLES = ["coil", "discrete", "holding", "input"] as const;
export type Table = (typeof TABLES)[number];

/** Function code that reads a table. */
export const READ_CODE: Record<Table, 1 | 2 | 3 | 4> = { coil: 1, discrete: 2, holding: 3, input: 4 };

/** Registers per type; a string takes its own `length`. */
const REGISTERS = {
  bool: 1,
  int16: 1,
  uint16: 1,
  int32: 2,
  uint32: 2,
  int64: 4,
  uint64: 4,
  float16: 1,
  float32: 2,
  float64: 4,
  bcd16: 1,
  bcd32: 2,
  string: 0,
} as const;
export type PointType = keyof typeof REGISTERS;

/** Word and byte swaps per order; the short names extend to 64 bits and to text in the natural way. */
const ORDERS: Record<string, { words: boolean; bytes: boolean }> = {
  ABCD: { words: false, bytes: false },
  CDAB: { words: true, bytes: false },
  BADC: { words: false, bytes: true },
  DCBA: { words: true, bytes: true },
  ABCDEFGH: { words: false, bytes: false },
  GHEFCDAB: { words: true, bytes: false },
  BADCFEHG: { words: false, bytes: true },
  HGFEDCBA: { words: true, bytes: true },
};

export type Sentinel = number | bigint | string;

export interface ModbusPoint {
  id: string;
  table: Table;
  /** Wire address, from 0. */
  address: number;
  /** Registers, or 1 bit for coils and discrete inputs. */
  length: number;
  type: PointType;
  /** The low word comes first. */
  swapWords: boolean;
  /** The low byte of each register comes first. */
  swapBytes: boolean;
  /** Bit of the register, 0 = least significant; null: the whole value. */
  bit: number | null;
  scale: number;
  offset: number;
  /** Raw values, before scale, that mean `not available`. */
  invalid: Sentinel[];
}

/** Bits are addressed one by one; registers hold 16 of them. */
export function isBitTable(table: Table): boolean {
  return table === "coil" || table === "discrete";
}

/** Throws CONFIG_INVALID where the options contradict each other; the schema has checked their types. */
export function parsePoint(options: PointOptions): ModbusPoint {
  const { id } = options;
  const table = oneOf(TABLES, options["table"]) ?? reject(id, "needs a table");
  const bits = isBitTable(table);
  const bit = (options["bit"] as number | undefined) ?? null;
  const type = (options["type"] as PointType | undefined) ?? (bits || bit !== null ? "bool" : "uint16");
  if (!(type in REGISTERS)) reject(id, `has the unknown type "${type}"`);
  if (bits && type !== "bool") reject(id, `lies in table ${table}, which holds bool only`);
  const order = ORDERS[(options["order"] as string | undefined) ?? "ABCD"];
  if (!order) return reject(id, `has the unknown order "${String(options["order"])}"`);
  if (type === "string" && order.words) reject(id, "is text: its order is ABCD or BADC");
  const length = bits || bit !== null ? 1 : REGISTERS[type] || (options["length"] as number) || 0;
  if (length < 1) reject(id, "is text and needs a length in registers");
  const address = options["address"] as number;
  if (!(Number.isInteger(address) && address >= 0 && address + length <= 65_536)) {
    reject(id, "does not lie within addresses 0 to 65535");
  }
  return {
    id,
    table,
    address,
    length,
    type,
    swapWords: order.words,
    swapBytes: order.bytes,
    bit,
    scale: (options["scale"] as number | undefined) ?? 1,
    offset: (options["offset"] as number | undefined) ?? 0,
    invalid: (options["invalid"] as Sentinel[] | undefined) ?? [],
  };
}

function oneOf<T extends string>(words: readonly T[], word: unknown): T | undefined {
  return words.find((known) => known === word);
}

function reject(id: string, problem: string): never {
  throw new Fault("CONFIG_INVALID", `point ${id} ${problem}`, { point: id });
}

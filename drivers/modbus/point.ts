/** What the Modbus drivers understand of a configured point. Refuses what no Modbus device could serve. */
import { Fault } from "../../agent/core/fault.ts";
import type { PointOptions } from "../driver.ts";

export const TABLES = ["coil", "discrete", "holding", "input"] as const;
export type Table = (typeof TABLES)[number];

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

/** Throws CONFIG_INVALID where the options contradict each other; the schema has checked each by itself. */
export function parsePoint(options: PointOptions): ModbusPoint {
  const given = options as PointOptions & Partial<ModbusPoint> & { order?: string };
  const { table = "holding", address = 0, type = "uint16", bit = null, length = 0 } = given;
  const isOneUnit = isBitTable(table) || bit !== null;
  const { words, bytes } = ORDERS[given.order ?? "ABCD"] ?? { words: false, bytes: false };
  const point: ModbusPoint = {
    id: options.id,
    table,
    address,
    length: isOneUnit ? 1 : REGISTERS[type] || length,
    type,
    swapWords: words,
    swapBytes: bytes,
    bit,
    scale: given.scale ?? 1,
    offset: given.offset ?? 0,
    invalid: given.invalid ?? [],
  };
  const problem = problemOf(point);
  if (problem === null) return point;
  throw new Fault("CONFIG_INVALID", `point ${point.id} ${problem}`, { point: point.id });
}

function problemOf({ table, address, length, type, swapWords }: ModbusPoint): string | null {
  if (isBitTable(table) && type !== "bool") return `lies in table ${table}, which holds bool only`;
  if (type === "string" && swapWords) return "is text: its order is ABCD or BADC";
  if (length < 1) return "is text and needs a length in registers";
  return address + length > 65_536 ? "reaches beyond address 65535" : null;
}

/**
 * The same words as every type and order a device may mean, so that a technician recognizes the value on the display.
 * What cannot be meant (no number, no digits, no text, absurdly large or small) is left out. Pure.
 */

import { decoder } from "../../drivers/modbus/decode.ts";
import { parsePoint } from "../../drivers/modbus/point.ts";
import type { Value } from "../core/model.ts";

/** Registers per type. */
export const VIEWED = {
  uint16: 1,
  int16: 1,
  float16: 1,
  bcd16: 1,
  uint32: 2,
  int32: 2,
  float32: 2,
  bcd32: 2,
  uint64: 4,
  int64: 4,
  float64: 4,
} as const;
export type ViewType = keyof typeof VIEWED;

export const VIEW_TYPES = Object.keys(VIEWED) as ViewType[];
export const ORDERS = ["ABCD", "CDAB", "BADC", "DCBA"] as const;
export type Order = (typeof ORDERS)[number];

/** Orders that differ for so many registers: a single one can only have its bytes swapped. */
export const ordersOf = (registers: number): readonly Order[] =>
  registers === 1 ? ["ABCD", "BADC"] : ORDERS;

export interface View {
  /** Offset of the first register in the words. */
  at: number;
  type: ViewType;
  order: Order;
  /** Null where it cannot be meant. */
  value: number | null;
}

/** All views of the types at every place where their registers are known. `null`: a word that could not be read. */
export function viewsOf(words: readonly (number | null)[], types: readonly ViewType[]): View[] {
  return words.flatMap((_, at) =>
    types.flatMap((type) => {
      const own = words.slice(at, at + VIEWED[type]);
      if (own.length < VIEWED[type] || own.includes(null)) return [];
      const data = Buffer.from(own.flatMap((word) => [(word ?? 0) >> 8, (word ?? 0) & 255]));
      return ordersOf(VIEWED[type]).map((order) => ({
        at,
        type,
        order,
        value: view(data, type, order),
      }));
    }),
  );
}

function view(data: Buffer, type: ViewType, order: Order): number | null {
  const point = parsePoint({ id: "view", table: "holding", address: 0, type, order });
  const sample = decoder(point)(data, 0);
  return sample.quality === "good" && isPlausible(sample.value, type) ? sample.value : null;
}

const LARGEST = 1e12;
const SMALLEST = 1e-6;

function isPlausible(value: Value, type: ViewType): value is number {
  if (typeof value !== "number") return false;
  const size = Math.abs(value);
  if (type.startsWith("float")) return size === 0 || (size >= SMALLEST && size < LARGEST);
  return VIEWED[type] < 4 || size < LARGEST;
}

/** The words as text, two characters each; null unless all are printable up to the first zero. */
export function textOf(words: readonly (number | null)[]): string | null {
  if (words.length === 0 || words.includes(null)) return null;
  const bytes = words.flatMap((word) => [(word ?? 0) >> 8, (word ?? 0) & 255]);
  const end = bytes.indexOf(0);
  const text = String.fromCharCode(...(end < 0 ? bytes : bytes.slice(0, end)));
  return /^[\x20-\x7e]{2,}$/.test(text) ? text : null;
}

/** As people write it: floats to seven digits. */
export function numberText(value: number | null, type: ViewType): string {
  if (value === null) return "-";
  if (!type.startsWith("float")) return String(value);
  return type === "float64" ? String(value) : String(Number(value.toPrecision(7)));
}

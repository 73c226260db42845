/**
 * Points of one unit to the fewest reads. Pure. Never splits a value across requests, never mixes tables,
 * never reads across a place that is known to be refused.
 */
import { Fault } from "../../agent/core/fault.ts";
import { isBitTable, type ModbusPoint, TABLES, type Table } from "./point.ts";

export interface Limits {
  /** Registers per request, at most 125. */
  maxRegisters: number;
  /** Bits per request, at most 2000. */
  maxBits: number;
  /** Unused registers that may be read to save a request; for bits eight times as many. */
  gap: number;
}

export const DEFAULT_LIMITS: Limits = { maxRegisters: 125, maxBits: 2000, gap: 10 };

/** One range of a table that some points share, `[address, address + length)`. The smallest thing a request may hold. */
export interface Item {
  table: Table;
  address: number;
  length: number;
  /** Indexes into the points that {@link arrange} was given. */
  points: number[];
}

/** One request: `[address, address + length)` of a table, with the items (indexes) it brings. */
export interface Block {
  table: Table;
  address: number;
  length: number;
  items: number[];
}

/** What a device has taught: items it refuses, and boundaries (before item i) it does not read across. */
export interface Lessons {
  barred: { has(item: number): boolean };
  cuts: { has(item: number): boolean };
}

const NOTHING: Lessons = { barred: new Set(), cuts: new Set() };

/** Distinct ranges in the order of table, address, length. Points of the same range share an item. */
export function arrange(points: readonly ModbusPoint[]): Item[] {
  const items = new Map<string, Item>();
  points.forEach((point, index) => {
    const { table, address, length } = point;
    const key = `${table} ${address} ${length}`;
    const item = items.get(key);
    if (item) item.points.push(index);
    else items.set(key, { table, address, length, points: [index] });
  });
  return [...items.values()].sort(
    (a, b) =>
      TABLES.indexOf(a.table) - TABLES.indexOf(b.table) ||
      a.address - b.address ||
      a.length - b.length,
  );
}

/**
 * The fewest requests for arranged items under the limits and lessons, in their order.
 * Filling each request from the left as far as it goes is optimal: an item that no longer fits ends
 * beyond every item before it, so holding one of those back could neither shorten nor bridge a later request.
 */
export function plan(items: readonly Item[], limits: Limits, lessons: Lessons = NOTHING): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  items.forEach((item, index) => {
    if (lessons.cuts.has(index) || lessons.barred.has(index)) open = null;
    if (lessons.barred.has(index)) return;
    const bits = isBitTable(item.table);
    const cap = bits ? Math.min(limits.maxBits, 2000) : Math.min(limits.maxRegisters, 125);
    const gap = bits ? limits.gap * 8 : limits.gap;
    if (item.length > cap) throw tooLong(item, cap);
    if (open && open.table === item.table && fits(open, item, cap, gap)) {
      open.length = Math.max(open.length, item.address + item.length - open.address);
      open.items.push(index);
      return;
    }
    const { table, address, length } = item;
    open = { table, address, length, items: [index] };
    blocks.push(open);
  });
  return blocks;
}

function fits(block: Block, item: Item, cap: number, gap: number): boolean {
  const hole = item.address - (block.address + block.length);
  return hole <= gap && item.address + item.length - block.address <= cap;
}

/** How many more registers or bits a block may read, up to `most`, without leaving limits or table. */
export function slackOf({ table, address, length }: Block, limits: Limits, most: number): number {
  if (limits.gap === 0) return 0;
  const cap = isBitTable(table) ? limits.maxBits : limits.maxRegisters;
  const wanted = isBitTable(table) ? 8 * most : most;
  return Math.max(0, Math.min(wanted, cap - length, 65_536 - address - length));
}

function tooLong(item: Item, cap: number): Fault {
  return new Fault(
    "CONFIG_INVALID",
    `${item.table} ${item.address} takes ${item.length} registers, but a request holds ${cap}`,
    { table: item.table, address: item.address },
  );
}

/** The one block of some of the items: their indexes in order, at least one. Limits are not asked. */
export function blockOf(items: readonly Item[], chosen: number[]): Block {
  const { table, address } = items[chosen[0]!]!;
  const end = Math.max(...chosen.map((index) => items[index]!.address + items[index]!.length));
  return { table, address, length: end - address, items: chosen };
}

/**
 * Where to divide a refused block: at its widest hole, which is the likeliest culprit, else in the middle.
 * Returns the position in `block.items` that begins the second half; 1 when there is but one item.
 */
export function divide(items: readonly Item[], block: Block): number {
  const middle = block.items.length / 2;
  let best = 1;
  let widest = -1;
  let end = 0;
  block.items.forEach((index, position) => {
    const { address, length } = items[index]!;
    const hole = Math.max(0, address - end);
    const isCloser = Math.abs(position - middle) < Math.abs(best - middle);
    if (position > 0 && (hole > widest || (hole === widest && isCloser))) {
      best = position;
      widest = hole;
    }
    end = Math.max(end, address + length);
  });
  return best;
}

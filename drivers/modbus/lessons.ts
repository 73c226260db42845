/**
 * What one unit has taught: registers it refuses, places it does not read across, the size of request it takes.
 * Makes the plan that follows. Asks nothing itself; times are arguments.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import { type Block, blockOf, divide, type Item, type Limits, plan, vary } from "./plan.ts";
import { isBitTable, type Table } from "./point.ts";

/** A barred item is tried again this often. */
const RETRY_MS = 60_000;

interface Bar {
  reason: FaultCode;
  retryAt: number;
}

export class Lessons {
  /** Items the device refuses, alone in a request. */
  readonly barred = new Map<number, Bar>();
  readonly #items: readonly Item[];
  readonly #limits: Limits;
  readonly #isVaried: boolean;
  /** Items that may not join the request of the item before them. */
  readonly #cuts = new Set<number>();
  /** First items of blocks that may not be lengthened. */
  readonly #rigid = new Set<number>();
  #hasNews = false;

  /** `isVaried`: neighboring requests must differ in size, see {@link vary}. */
  constructor(items: readonly Item[], limits: Limits, isVaried: boolean) {
    this.#items = items;
    this.#limits = { ...limits };
    this.#isVaried = isVaried;
  }

  plan(): Block[] {
    const blocks = plan(this.#items, this.#limits, { barred: this.barred, cuts: this.#cuts });
    if (!this.#isVaried) return blocks;
    return vary(blocks, this.#limits, ({ items }) => this.#rigid.has(items[0]!));
  }

  /** True once after anything was learned: the plan has changed. */
  takeNews(): boolean {
    const hadNews = this.#hasNews;
    this.#hasNews = false;
    return hadNews;
  }

  /** The block as long as its items need; forever, when it was longer. Null when it was not. */
  stiffen(block: Block): Block | null {
    const plain = blockOf(this.#items, block.items);
    if (plain.length === block.length) return null;
    this.#rigid.add(block.items[0]!);
    this.#hasNews = true;
    return plain;
  }

  /** Cuts a refused block in two; null when it holds but one item, which is then barred. */
  halve(block: Block, reason: FaultCode, now: number): [Block, Block] | null {
    this.#hasNews = true;
    const middle = divide(this.#items, block);
    const boundary = block.items[middle];
    if (boundary === undefined) {
      for (const item of block.items) this.barred.set(item, { reason, retryAt: now + RETRY_MS });
      // The bar explains the refusals so far. A cut that is needed besides is learned again.
      this.#cuts.clear();
      return null;
    }
    this.#cuts.add(boundary);
    const half = (from: number, to?: number): Block =>
      blockOf(this.#items, block.items.slice(from, to));
    return [half(0, middle), half(middle)];
  }

  /** Both halves of a refused block were read: without a hole between them, it was too long for the device. */
  readInHalves([first, second]: [Block, Block]): void {
    if (first.address + first.length < second.address) return;
    this.#cuts.delete(second.items[0]!);
    const key = isBitTable(first.table) ? "maxBits" : "maxRegisters";
    const longest = Math.max(first.length, second.length, ...this.#lengths(first.table));
    this.#limits[key] = Math.min(this.#limits[key], longest);
  }

  /** A barred item failed again. */
  keep(item: number, reason: FaultCode, now: number): void {
    this.barred.set(item, { reason, retryAt: now + RETRY_MS });
  }

  /** A barred item answered. The device has changed: the others are due at once. */
  lift(item: number): void {
    this.barred.delete(item);
    this.#cuts.clear();
    this.#hasNews = true;
    for (const other of this.barred.values()) other.retryAt = Number.NEGATIVE_INFINITY;
  }

  /** Of items that share the limit of `table`: none may become unreadable. */
  #lengths(table: Table): number[] {
    const bits = isBitTable(table);
    return this.#items
      .filter((item) => isBitTable(item.table) === bits)
      .map(({ length }) => length);
  }
}

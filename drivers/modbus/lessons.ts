/**
 * What one unit has taught: registers it refuses, places it does not read across, the size of request it takes.
 * Makes the plan that follows. Asks nothing itself; times are arguments.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import { type Block, blockOf, divide, type Item, type Limits, plan, slackOf } from "./plan.ts";
import { isBitTable, type Table } from "./point.ts";

/** A barred item is tried again this often. */
const RETRY_MS = 60_000;
/** A request may be longer than needed by so much, to tell its answer from others. */
const SLACK = 32;

interface Bar {
  reason: FaultCode;
  retryAt: number;
}

export class Lessons {
  /** Items the device refuses, alone in a request. */
  readonly barred = new Map<number, Bar>();
  readonly #items: readonly Item[];
  readonly #limits: Limits;
  /** Items that may not join the request of the item before them. */
  readonly #cuts = new Set<number>();
  #hasNews = false;

  constructor(items: readonly Item[], limits: Limits) {
    this.#items = items;
    this.#limits = { ...limits };
  }

  /** Registers or bits that may be read behind a block to tell its answer from others. */
  slack(block: Block): number {
    return slackOf(block, this.#limits, SLACK);
  }

  plan(): Block[] {
    return plan(this.#items, this.#limits, { barred: this.barred, cuts: this.#cuts });
  }

  /** True once after anything was learned: the plan has changed. */
  takeNews(): boolean {
    const hadNews = this.#hasNews;
    this.#hasNews = false;
    return hadNews;
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

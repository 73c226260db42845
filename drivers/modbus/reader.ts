/**
 * One unit's points over a shared bus: plans the reads, decodes the answers, and learns what the device refuses.
 * A refused block is divided until only the bad register is left out. Never rejects; trouble is data.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock, Reading, Sample, SourceReader } from "../driver.ts";
import type { ModbusBus } from "./bus.ts";
import { type Decode, decoder } from "./decode.ts";
import { arrange, type Block, blockOf, divide, type Item, type Limits, plan } from "./plan.ts";
import { isBitTable, type ModbusPoint } from "./point.ts";

/** A barred item is tried again this often. */
const RETRY_MS = 60_000;
/** Requests one pass may spend beyond its plan on finding or retrying what is refused. */
const SPARE_REQUESTS = 16;

/** Failures that would cost the next block of this unit a deadline too: the rest of the pass is given up. */
const ENDS_PASS: ReadonlySet<string> = new Set<FaultCode>([
  "MODBUS_TIMEOUT",
  "MODBUS_CLOSED",
  "MODBUS_REFUSED",
  "MODBUS_ABSENT",
  "MODBUS_FRAME",
  "MODBUS_EXCEPTION_10",
  "MODBUS_EXCEPTION_11",
]);

/** The device lacks an address of the block, or refuses its size. */
function isRefusal(reason: FaultCode): boolean {
  return reason === "MODBUS_EXCEPTION_2" || reason === "MODBUS_EXCEPTION_3";
}

interface Slot {
  id: string;
  decode: Decode;
  position: number;
}

/** A block with the place of each of its points in the answer. */
interface Read extends Block {
  slots: Slot[];
}

interface Pass {
  samples: Map<string, Sample>;
  at: number;
  requests: number;
  spare: number;
  hasData: boolean;
  /** Why the pass was given up, or null. */
  stopped: FaultCode | null;
}

interface Bar {
  reason: FaultCode;
  retryAt: number;
}

export class UnitReader implements SourceReader {
  readonly #bus: ModbusBus;
  readonly #clock: DriverClock;
  readonly #unit: number;
  readonly #points: ModbusPoint[];
  readonly #limits: Limits;
  readonly #items: Item[];
  readonly #decoders: Decode[];
  /** Items the device refuses, alone in a request. */
  readonly #barred = new Map<number, Bar>();
  /** Items that may not join the request of the item before them. */
  readonly #cuts = new Set<number>();
  #reads: Read[];
  #first = 0;
  #hasLearned = false;

  constructor(
    bus: ModbusBus,
    clock: DriverClock,
    unit: number,
    points: ModbusPoint[],
    limits: Limits,
  ) {
    this.#bus = bus;
    this.#clock = clock;
    this.#unit = unit;
    this.#points = points;
    this.#limits = limits;
    this.#items = arrange(points);
    this.#decoders = points.map(decoder);
    this.#reads = plan(this.#items, limits).map((block) => this.#equip(block));
  }

  read(): Promise<Reading> {
    return this.#bus.turn(this.#pass);
  }

  plan(): string[] {
    const lines = this.#reads.map((read) => describe(this.#unit, read));
    for (const [item, bar] of this.#barred) {
      lines.push(`${describe(this.#unit, this.#alone(item))} (${bar.reason}, tried every minute)`);
    }
    return lines;
  }

  readonly #pass = async (): Promise<Reading> => {
    const run: Pass = {
      samples: new Map(),
      at: Number.NaN,
      requests: 0,
      spare: SPARE_REQUESTS,
      hasData: false,
      stopped: this.#bus.isUp ? null : await this.#bus.ready(),
    };
    const reads = this.#reads;
    // A block that ends a pass comes last in the next one: one that is never answered costs only itself.
    const first = this.#first;
    for (let i = 0; i < reads.length && run.stopped === null; i++) {
      const index = (first + i) % reads.length;
      const read = reads[index];
      if (read) await this.#take(read, run);
      if (run.stopped !== null) this.#first = (index + 1) % reads.length;
    }
    if (this.#barred.size > 0) await this.#retry(run);
    if (this.#hasLearned) this.#relearn();
    return this.#conclude(run);
  };

  async #take(read: Read, run: Pass): Promise<void> {
    const failure = await this.#ask(read, run);
    if (failure === null || run.stopped !== null) return;
    mark(read, failure, run);
    if (isRefusal(failure)) await this.#narrow(read, failure, run);
  }

  /** One request. Null when its samples are in, else why not. */
  async #ask(read: Read, run: Pass): Promise<FaultCode | null> {
    run.requests += 1;
    const reply = await this.#bus.request(this.#unit, read.table, read.address, read.length);
    if (typeof reply !== "string") {
      run.at = this.#clock.now();
      run.hasData = true;
      for (const slot of read.slots) run.samples.set(slot.id, slot.decode(reply, slot.position));
      return null;
    }
    if (reply.startsWith("MODBUS_EXCEPTION")) run.at = this.#clock.now();
    if (ENDS_PASS.has(reply)) run.stopped = reply;
    return reply;
  }

  /** Divides a refused block until it holds one item, and bars that; with the requests that are left. */
  async #narrow(read: Read, reason: FaultCode, run: Pass): Promise<void> {
    this.#hasLearned = true;
    const middle = divide(this.#items, read);
    const boundary = read.items[middle];
    if (boundary === undefined) {
      const retryAt = this.#clock.now() + RETRY_MS;
      for (const item of read.items) this.#barred.set(item, { reason, retryAt });
      // The bar explains the refusals so far. A cut that is needed besides is learned again.
      this.#cuts.clear();
      return;
    }
    this.#cuts.add(boundary);
    for (const half of [read.items.slice(0, middle), read.items.slice(middle)]) {
      if (run.stopped !== null || run.spare === 0) return;
      run.spare -= 1;
      await this.#take(this.#equip(blockOf(this.#items, half)), run);
    }
  }

  /** Asks for barred items whose time has come. One that answers makes the others due: the device has changed. */
  async #retry(run: Pass): Promise<void> {
    for (const [item, bar] of this.#barred) {
      if (run.stopped !== null || run.spare === 0) return;
      if (this.#clock.now() < bar.retryAt) continue;
      run.spare -= 1;
      const failure = await this.#ask(this.#alone(item), run);
      if (failure !== null) {
        bar.retryAt = this.#clock.now() + RETRY_MS;
        if (run.stopped === null) bar.reason = failure;
        continue;
      }
      this.#barred.delete(item);
      this.#cuts.clear();
      this.#hasLearned = true;
      for (const other of this.#barred.values()) other.retryAt = Number.NEGATIVE_INFINITY;
    }
  }

  #relearn(): void {
    const lessons = { barred: this.#barred, cuts: this.#cuts };
    this.#hasLearned = false;
    this.#first = 0;
    this.#reads = plan(this.#items, this.#limits, lessons).map((block) => this.#equip(block));
  }

  #conclude(run: Pass): Reading {
    const { samples, requests, stopped } = run;
    if (stopped !== null && !run.hasData) {
      return { samples: new Map(), failure: stopped, at: this.#clock.now(), requests };
    }
    for (const [item, bar] of this.#barred) {
      for (const { id } of this.#alone(item).slots) {
        if (!samples.has(id)) samples.set(id, { quality: "bad", reason: bar.reason });
      }
    }
    if (stopped !== null) {
      for (const { id } of this.#points) {
        if (!samples.has(id)) samples.set(id, { quality: "bad", reason: stopped });
      }
    }
    const at = Number.isNaN(run.at) ? this.#clock.now() : run.at;
    return { samples, failure: null, at, requests };
  }

  #alone(item: number): Read {
    return this.#equip(blockOf(this.#items, [item]));
  }

  #equip(block: Block): Read {
    const width = isBitTable(block.table) ? 1 : 2;
    const slots: Slot[] = [];
    for (const index of block.items) {
      const item = this.#items[index]!;
      const position = (item.address - block.address) * width;
      for (const at of item.points) {
        slots.push({ id: this.#points[at]!.id, decode: this.#decoders[at]!, position });
      }
    }
    return { ...block, slots };
  }
}

function mark(read: Read, reason: string, run: Pass): void {
  for (const slot of read.slots) run.samples.set(slot.id, { quality: "bad", reason });
}

/** `unit 1 holding 0-6: status, reason`; addresses inclusive, from 0. */
function describe(unit: number, read: Read): string {
  const last = read.address + read.length - 1;
  const range = read.length === 1 ? `${read.address}` : `${read.address}-${last}`;
  return `unit ${unit} ${read.table} ${range}: ${read.slots.map((slot) => slot.id).join(", ")}`;
}

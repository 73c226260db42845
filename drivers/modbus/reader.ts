/**
 * One unit's points over a shared bus: reads what is planned, decodes the answers, and learns what the device refuses.
 * A refused block is divided until only the bad register is left out. Never rejects; trouble is data.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock, Reading, Sample, SourceReader } from "../driver.ts";
import { isSilence } from "./absence.ts";
import { askFor } from "./ask.ts";
import { isRefusal, type ModbusBus } from "./bus.ts";
import { passMs } from "./bustime.ts";
import { type Decode, decoder } from "./decode.ts";
import { Lessons } from "./lessons.ts";
import { arrange, type Block, blockOf, type Item, type Limits } from "./plan.ts";
import { isBitTable, type ModbusPoint } from "./point.ts";

/** Requests one pass may spend beyond its plan on finding or retrying what is refused. */
const SPARE_REQUESTS = 16;

/** Without an answer the next block of this unit would cost a deadline too: the rest of the pass is given up. */
function endsPass(reason: FaultCode): boolean {
  return isSilence(reason) || !reason.startsWith("MODBUS_EXCEPTION");
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
  began: number;
  at: number;
  /** Requests of the bus before this pass, and what their answers took. */
  sentBefore: number;
  tookBefore: number;
  spare: number;
  hasData: boolean;
  /** The unit said something, if only a refusal. */
  hasAnswer: boolean;
  /** Why the pass was given up, or null. */
  stopped: FaultCode | null;
}

export class UnitReader implements SourceReader {
  readonly #bus: ModbusBus;
  readonly #clock: DriverClock;
  readonly #unit: number;
  readonly #points: ModbusPoint[];
  readonly #items: Item[];
  readonly #decoders: Decode[];
  readonly #lessons: Lessons;
  #reads: Read[];
  #first = 0;

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
    this.#items = arrange(points);
    this.#decoders = points.map(decoder);
    this.#lessons = new Lessons(this.#items, limits);
    this.#reads = this.#lessons.plan().map((block) => this.#equip(block));
  }

  read(): Promise<Reading> {
    const resting = this.#bus.resting(this.#unit);
    return resting === null
      ? this.#bus.turn(this.#pass)
      : Promise.resolve(this.#nothing(resting, 0));
  }

  /** Milliseconds one pass takes on the bus when every answer comes promptly. */
  busTime(): number {
    return passMs(this.#reads, this.#bus.link);
  }

  plan(): string[] {
    const lines = this.#reads.map((read) => describe(this.#unit, read));
    for (const [item, bar] of this.#lessons.barred) {
      lines.push(`${describe(this.#unit, this.#alone(item))} (${bar.reason}, tried every minute)`);
    }
    return lines;
  }

  readonly #pass = async (): Promise<Reading> => {
    const bus = this.#bus;
    // Others of this unit may have found it silent while we waited for the turn.
    const resting = bus.resting(this.#unit);
    if (resting !== null) return this.#nothing(resting, 0);
    const run: Pass = {
      samples: new Map(),
      began: this.#clock.now(),
      at: Number.NaN,
      sentBefore: bus.sent,
      tookBefore: bus.tookMs,
      spare: SPARE_REQUESTS,
      hasData: false,
      hasAnswer: false,
      stopped: await bus.ready(),
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
    if (this.#lessons.barred.size > 0) await this.#retry(run);
    if (this.#lessons.takeNews()) this.#replan();
    return this.#conclude(run);
  };

  /** True when all of it was read in the end. */
  async #take(read: Read, run: Pass): Promise<boolean> {
    const failure = await this.#ask(read, run);
    if (failure === null) return true;
    if (run.stopped !== null) return false;
    mark(read, failure, run);
    return isRefusal(failure) ? this.#narrow(read, failure, run) : false;
  }

  /** A request beyond the plan, if there are any left. */
  #takeSpare(read: Read, run: Pass): Promise<boolean> {
    if (run.stopped !== null || run.spare === 0) return Promise.resolve(false);
    run.spare -= 1;
    return this.#take(read, run);
  }

  /** One request. Null when its samples are in, else why not. */
  async #ask(read: Read, run: Pass): Promise<FaultCode | null> {
    const { table, address, length } = read;
    const slack = this.#lessons.slack(read);
    const reply = await this.#bus.request(askFor(this.#unit, table, address, length, slack));
    if (typeof reply !== "string") {
      run.at = this.#clock.now();
      run.hasData = true;
      for (const slot of read.slots) run.samples.set(slot.id, slot.decode(reply, slot.position));
      return null;
    }
    if (reply.startsWith("MODBUS_EXCEPTION")) run.at = this.#clock.now();
    if (endsPass(reply)) run.stopped = reply;
    else run.hasAnswer = true;
    return reply;
  }

  /** Divides a refused block until it holds one item, and bars that; with the requests that are left. */
  async #narrow(read: Read, reason: FaultCode, run: Pass): Promise<boolean> {
    const halves = this.#lessons.halve(read, reason, this.#clock.now());
    if (halves === null) return false;
    let isWhole = true;
    for (const half of halves) {
      const isRead = await this.#takeSpare(this.#equip(half), run);
      isWhole = isWhole && isRead;
    }
    if (isWhole) this.#lessons.readInHalves(halves);
    return isWhole;
  }

  /** Asks for barred items whose time has come. */
  async #retry(run: Pass): Promise<void> {
    const lessons = this.#lessons;
    for (const [item, bar] of lessons.barred) {
      if (run.stopped !== null || run.spare === 0) return;
      if (this.#clock.now() < bar.retryAt) continue;
      run.spare -= 1;
      const failure = await this.#ask(this.#alone(item), run);
      if (failure === null) lessons.lift(item);
      else lessons.keep(item, run.stopped === null ? failure : bar.reason, this.#clock.now());
    }
  }

  #replan(): void {
    this.#first = 0;
    this.#reads = this.#lessons.plan().map((block) => this.#equip(block));
  }

  #conclude(run: Pass): Reading {
    const { samples, stopped } = run;
    const requests = this.#bus.sent - run.sentBefore;
    if (stopped !== null && !run.hasData) {
      if (requests > 0 && !run.hasAnswer) this.#bus.missed(this.#unit, stopped, run.began);
      return this.#nothing(stopped, requests);
    }
    for (const [item, { reason }] of this.#lessons.barred)
      complete(samples, this.#alone(item).slots, reason);
    if (stopped !== null) complete(samples, this.#points, stopped);
    const at = Number.isNaN(run.at) ? this.#clock.now() : run.at;
    const tookMs = this.#bus.tookMs - run.tookBefore;
    return { samples, failure: null, at, requests, tookMs };
  }

  #nothing(failure: FaultCode, requests: number): Reading {
    return { samples: new Map(), failure, at: this.#clock.now(), requests };
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

/** Gives those of `points` that have no sample a bad one. */
function complete(
  samples: Map<string, Sample>,
  points: readonly { id: string }[],
  reason: FaultCode,
): void {
  for (const { id } of points) if (!samples.has(id)) samples.set(id, { quality: "bad", reason });
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

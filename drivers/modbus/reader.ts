/**
 * One unit's points over a shared bus: plans the reads, decodes the answers, and learns what the device refuses.
 * A refused block is divided until only the bad register is left out. Never rejects; trouble is data.
 */
import type { FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock, Reading, Sample, SourceReader } from "../driver.ts";
import type { ModbusBus } from "./bus.ts";
import { type Decode, decoder } from "./decode.ts";
import { arrange, type Block, blockOf, divide, type Limits, plan } from "./plan.ts";
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

export function sourceReader(
  bus: ModbusBus,
  clock: DriverClock,
  unit: number,
  points: ModbusPoint[],
  limits: Limits,
): SourceReader {
  const items = arrange(points);
  const decoders = points.map(decoder);
  const barred = new Map<number, Bar>();
  const cuts = new Set<number>();
  let reads = plan(items, limits).map(equip);
  let first = 0;
  let hasLearned = false;

  function equip(block: Block): Read {
    const width = isBitTable(block.table) ? 1 : 2;
    const slots = block.items.flatMap((index) => {
      const item = items[index];
      return (item?.points ?? []).flatMap((at) => {
        const [point, decode] = [points[at], decoders[at]];
        if (!item || !point || !decode) return [];
        return [{ id: point.id, decode, position: (item.address - block.address) * width }];
      });
    });
    return { ...block, slots };
  }

  async function pass(): Promise<Reading> {
    const run: Pass = {
      samples: new Map(),
      at: Number.NaN,
      requests: 0,
      spare: SPARE_REQUESTS,
      hasData: false,
      stopped: bus.isUp ? null : await bus.ready(),
    };
    const planned = reads;
    // A block that ends a pass comes last in the next one: a block that is never answered costs only itself.
    const start = first;
    for (let i = 0; i < planned.length && run.stopped === null; i++) {
      const index = (start + i) % planned.length;
      const read = planned[index];
      if (read) await take(read, run);
      if (run.stopped !== null) first = (index + 1) % planned.length;
    }
    if (barred.size > 0 && run.stopped === null) await retry(run);
    if (hasLearned) relearn();
    return conclude(run);
  }

  async function take(read: Read, run: Pass): Promise<void> {
    const failure = await ask(read, run);
    if (failure === null || run.stopped !== null) return;
    if (isRefusal(failure)) await narrow(read, failure, run);
    else mark(read, failure, run);
  }

  /** One request. Null when its samples are in, else why not. */
  async function ask(read: Read, run: Pass): Promise<FaultCode | null> {
    run.requests += 1;
    const reply = await bus.request(unit, read.table, read.address, read.length);
    if (typeof reply !== "string") {
      run.at = clock.now();
      run.hasData = true;
      for (const slot of read.slots) run.samples.set(slot.id, slot.decode(reply, slot.position));
      return null;
    }
    if (reply.startsWith("MODBUS_EXCEPTION")) run.at = clock.now();
    if (ENDS_PASS.has(reply)) run.stopped = reply;
    return reply;
  }

  /** Divides a refused block until it holds one item, and bars that; with the requests that are left. */
  async function narrow(read: Read, reason: FaultCode, run: Pass): Promise<void> {
    hasLearned = true;
    mark(read, reason, run);
    const [item] = read.items;
    if (read.items.length === 1 && item !== undefined) {
      barred.set(item, { reason, retryAt: clock.now() + RETRY_MS });
      // The bar explains the refusal; cuts it did not need are learned anew, those it did are not missed.
      cuts.clear();
      return;
    }
    const middle = divide(items, read);
    const boundary = read.items[middle];
    if (boundary !== undefined) cuts.add(boundary);
    for (const half of [read.items.slice(0, middle), read.items.slice(middle)]) {
      if (run.stopped !== null || run.spare === 0) return;
      run.spare -= 1;
      await take(equip(blockOf(items, half)), run);
    }
  }

  /** Asks for barred items whose time has come. One that answers makes the others due: the device has changed. */
  async function retry(run: Pass): Promise<void> {
    for (const [item, bar] of barred) {
      if (run.stopped !== null || run.spare === 0) return;
      if (clock.now() < bar.retryAt) continue;
      run.spare -= 1;
      const failure = await ask(equip(blockOf(items, [item])), run);
      if (failure === null) {
        barred.delete(item);
        cuts.clear();
        hasLearned = true;
        for (const other of barred.values()) other.retryAt = Math.min(other.retryAt, clock.now());
      } else if (run.stopped === null) {
        bar.reason = failure;
        bar.retryAt = clock.now() + RETRY_MS;
      }
    }
  }

  function relearn(): void {
    hasLearned = false;
    reads = plan(items, limits, { barred, cuts }).map(equip);
    first = 0;
  }

  function mark(read: Read, reason: string, run: Pass): void {
    for (const slot of read.slots) run.samples.set(slot.id, { quality: "bad", reason });
  }

  function conclude(run: Pass): Reading {
    const { samples, requests, stopped } = run;
    if (stopped !== null && !run.hasData) {
      return { samples: new Map(), failure: stopped, at: clock.now(), requests };
    }
    for (const [item, bar] of barred) {
      for (const index of items[item]?.points ?? []) {
        const id = points[index]?.id ?? "";
        if (!samples.has(id)) samples.set(id, { quality: "bad", reason: bar.reason });
      }
    }
    if (stopped !== null) {
      for (const { id } of points) {
        if (!samples.has(id)) samples.set(id, { quality: "bad", reason: stopped });
      }
    }
    return { samples, failure: null, at: Number.isNaN(run.at) ? clock.now() : run.at, requests };
  }

  return {
    read: () => bus.turn(pass),
    plan: () => [
      ...reads.map((read) => describe(unit, read)),
      ...[...barred].map(
        ([item, bar]) => `${describe(unit, equip(blockOf(items, [item])))} (${bar.reason}, tried every minute)`,
      ),
    ],
  };
}

/** `unit 1 holding 0-6: status, reason`; addresses inclusive, from 0. */
function describe(unit: number, read: Read): string {
  const last = read.address + read.length - 1;
  const range = read.length === 1 ? `${read.address}` : `${read.address}-${last}`;
  return `unit ${unit} ${read.table} ${range}: ${read.slots.map((slot) => slot.id).join(", ")}`;
}

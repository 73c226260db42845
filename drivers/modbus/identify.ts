/**
 * Device identification (Modbus 43/14): vendor, product code, revision and what a device says beyond. Reads one unit
 * over a shared bus in one turn; never rejects.
 */
import type { Identification } from "../driver.ts";
import { IDENTIFICATION } from "./ask.ts";
import type { ModbusBus } from "./bus.ts";

const BASIC = 1;
const REGULAR = 2;
/** Level, conformity, more, next, count; objects follow. */
const HEAD = 6;
/** A device that always says that more follows is not asked for ever. */
const MOST_REQUESTS = 16;

/** Regular objects, or the basic ones where the device refuses those. */
export function identify(bus: ModbusBus, unit: number): Promise<Identification> {
  return bus.turn(async () => {
    const resting = (await bus.ready()) ?? bus.resting(unit);
    if (resting !== null) return { objects: {}, failure: resting };
    const regular = await stream(bus, unit, REGULAR);
    return isRefusal(regular.failure) ? stream(bus, unit, BASIC) : regular;
  });
}

/** Refused as such; a device without this function at all refuses both levels. */
const isRefusal = (failure: string | null): boolean =>
  failure === "MODBUS_EXCEPTION_2" || failure === "MODBUS_EXCEPTION_3";

async function stream(bus: ModbusBus, unit: number, level: number): Promise<Identification> {
  const objects: Record<number, string> = {};
  let from = 0;
  for (let i = 0; i < MOST_REQUESTS; i++) {
    const reply = await bus.request({ unit, code: IDENTIFICATION, address: from, count: level });
    if (typeof reply === "string") return { objects: {}, failure: reply };
    take(reply, objects);
    const [, , , more, next = 0] = reply;
    if (more !== 0xff || next <= from) break;
    from = next;
  }
  return { objects, failure: null };
}

/** The port has checked that objects of id, length and text fill the answer. */
function take(reply: Buffer, objects: Record<number, string>): void {
  let at = HEAD;
  while (at + 1 < reply.length) {
    const [id = 0, length = 0] = reply.subarray(at, at + 2);
    objects[id] = textOf(reply.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
}

/** Without the blanks and zeros that fill up fixed fields, and without what a terminal would act on. */
const textOf = (bytes: Buffer): string =>
  bytes
    .toString("latin1")
    .replace(/\p{Cc}+/gu, " ")
    .trim();

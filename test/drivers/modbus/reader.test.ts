import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection, PointOptions, Reading } from "../../../drivers/driver.ts";
import { modbusTcp } from "../../../drivers/modbus/driver.ts";
import { SteppedClock, until } from "../clock.ts";
import { altered, Device, exception, frameOf, type Manner } from "./device.ts";

let device: Device;
let clock: SteppedClock;
let connection: Connection;
beforeEach(async () => {
  device = await new Device().start();
  clock = new SteppedClock();
  connection = open();
});
afterEach(async () => {
  await connection.close();
  await device.stop();
});

const open = (options: Record<string, unknown> = {}): Connection =>
  modbusTcp(() => 0).open(
    "c",
    { host: "127.0.0.1", port: device.port, timeout: 1000, ...options },
    clock,
  );
const holding = (...addresses: number[]): PointOptions[] =>
  addresses.map((address) => ({ id: `h${address}`, table: "holding", address, type: "uint16" }));
const row = (count: number): PointOptions[] =>
  holding(...Array.from({ length: count }, (_, i) => i));

/** Point id to value, or to the reason it has none. */
function outcome(reading: Reading): Record<string, unknown> {
  if (reading.failure !== null) return { failure: reading.failure };
  const entries = [...reading.samples].map(([id, s]) => [
    id,
    s.quality === "good" ? s.value : s.reason,
  ]);
  return Object.fromEntries(entries);
}
const bad = (reading: Reading): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(outcome(reading)).filter(([, value]) => typeof value === "string"),
  );
const since = (count: number): string[] =>
  device.requests.slice(count).map((one) => `${one.address}+${one.count}`);

describe("what a device refuses", () => {
  it("costs only the one bad register, and the block around it is read in two", async () => {
    device.refused.add(37);
    const reader = connection.source("main", 1, row(100));
    const first = await reader.read();
    expect(bad(first)).toEqual({ h37: "MODBUS_EXCEPTION_2" });
    expect(first.samples.size).toBe(100);
    expect(first.requests).toBeLessThanOrEqual(17);
    const sent = device.requests.length;
    expect(bad(await reader.read())).toEqual({ h37: "MODBUS_EXCEPTION_2" });
    expect(since(sent)).toEqual(["0+37", "38+62"]);
    expect(reader.plan().at(-1)).toMatch(/^unit 1 holding 37: h37 \(MODBUS_EXCEPTION_2/);
  });

  it("finds several bad registers within a few passes, never spending more than the plan and 16", async () => {
    for (const address of [3, 4, 50, 98]) device.refused.add(address);
    const reader = connection.source("main", 1, row(100));
    let reading = await reader.read();
    for (let pass = 0; pass < 5; pass++) {
      const planned = reader.plan().length;
      reading = await reader.read();
      expect(reading.requests).toBeLessThanOrEqual(planned + 16);
    }
    expect(Object.keys(bad(reading)).sort()).toEqual(["h3", "h4", "h50", "h98"]);
    expect(reading.requests).toBe(4);
  });

  it("stops reading across a hole that the device does not have", async () => {
    device.refused.add(5);
    const reader = connection.source("main", 1, holding(0, 1, 9, 10));
    expect(bad(await reader.read())).toEqual({});
    const sent = device.requests.length;
    expect(outcome(await reader.read())).toEqual({ h0: 0, h1: 1, h9: 9, h10: 10 });
    expect(since(sent)).toEqual(["0+2", "9+2"]);
  });

  it("shortens requests for a device that takes fewer registers than configured", async () => {
    device.manner = (request, good) => (request.count > 32 ? exception(request, 3) : good);
    const reader = connection.source("main", 1, row(100));
    expect(bad(await reader.read())).toEqual({});
    expect((await reader.read()).requests).toBe(4);
  });

  it.each([2, 3])(
    "learns the size a device takes from exception %i, and keeps to it",
    async (code) => {
      device.manner = (request, good) => (request.count > 20 ? exception(request, code) : good);
      const reader = connection.source("main", 1, [...row(100), ...holding(500, 600)]);
      expect(bad(await reader.read())).toEqual({});
      const sent = device.requests.length;
      expect(bad(await reader.read())).toEqual({});
      const counts = device.requests.slice(sent).map(({ count }) => count);
      expect(Math.max(...counts)).toBeLessThanOrEqual(20);
      expect(counts.length).toBeLessThanOrEqual(11);
      expect(reader.plan()).toHaveLength(counts.length);
    },
  );

  it("tries a barred register every minute, and joins it again when it answers", async () => {
    device.refused.add(2);
    const reader = connection.source("main", 1, row(5));
    await reader.read();
    device.refused.clear();
    clock.advance(59_000);
    expect(bad(await reader.read())).toEqual({ h2: "MODBUS_EXCEPTION_2" });
    clock.advance(1000);
    expect(bad(await reader.read())).toEqual({});
    const sent = device.requests.length;
    expect(bad(await reader.read())).toEqual({});
    expect(since(sent)).toEqual(["0+5"]);
  });

  it("recovers at once from a device that refused everything while it started", async () => {
    for (let address = 0; address < 12; address++) device.refused.add(address);
    const reader = connection.source("main", 1, row(12));
    for (let pass = 0; pass < 4; pass++) await reader.read();
    expect(Object.keys(bad(await reader.read()))).toHaveLength(12);
    device.refused.clear();
    clock.advance(60_000);
    await reader.read();
    expect(bad(await reader.read())).toEqual({});
    expect(reader.plan()).toHaveLength(1);
  });

  it.each([1, 4, 5, 6, 8])("fails a block with exception %i and reads the others", async (code) => {
    device.manner = (request, good) => (request.address < 100 ? exception(request, code) : good);
    const reader = connection.source("main", 1, holding(0, 1, 200));
    const failed = `MODBUS_EXCEPTION_${code}`;
    expect(outcome(await reader.read())).toEqual({ h0: failed, h1: failed, h200: 200 });
    device.manner = (request) => exception(request, code);
    const all = await reader.read();
    expect([all.failure, Object.keys(bad(all))]).toEqual([null, ["h0", "h1", "h200"]]);
  });

  it.each([10, 11])(
    "ends the pass at exception %i, and fails the source when all is so",
    async (code) => {
      device.manner = (request) => exception(request, code);
      const reader = connection.source("main", 1, holding(0, 200));
      expect(await reader.read()).toMatchObject({
        failure: `MODBUS_EXCEPTION_${code}`,
        requests: 1,
      });
      expect(connection.health().state).toBe("up");
    },
  );

  it("names an exception that the standard does not define", async () => {
    device.manner = (request) => exception(request, 77);
    expect(outcome(await connection.source("main", 1, holding(0)).read())).toEqual({
      h0: "MODBUS_EXCEPTION",
    });
  });
});

describe("silence", () => {
  it("gives up the pass after one timeout, and starts the next behind the silent block", async () => {
    device.manner = (request, good) => (request.address === 0 ? "silence" : good);
    const reader = connection.source("main", 1, holding(0, 100, 200));
    const start = clock.now();
    expect(await clock.flow(reader.read())).toMatchObject({
      failure: "MODBUS_TIMEOUT",
      requests: 1,
    });
    expect(clock.now() - start).toBeLessThan(1100);
    const second = await clock.flow(reader.read(), 1);
    expect(outcome(second)).toEqual({ h100: 100, h200: 200, h0: "MODBUS_TIMEOUT" });
    expect(second.at).toBeLessThan(clock.now() - 900);
  });

  it("costs the neighbors of a dead unit one timeout per pass and no connection", async () => {
    device.manner = (request, good) => (request.unit === 2 ? "silence" : good);
    const readers = [1, 2, 3].map((unit) =>
      connection.source(`u${unit}`, unit, holding(0, 100, 200)),
    );
    for (let pass = 0; pass < 3; pass++) {
      const start = clock.now();
      const readings = await clock.flow(Promise.all(readers.map((reader) => reader.read())), 1);
      expect(readings.map((one) => one.failure)).toEqual([null, "MODBUS_TIMEOUT", null]);
      expect(clock.now() - start).toBeLessThan(1200);
    }
    expect(device.connections).toBe(1);
  });

  it("waits longer and longer, up to 10 s, for an endpoint that connects and says nothing", async () => {
    device.manner = () => "silence";
    const reader = connection.source("main", 1, holding(0));
    const tries: number[] = [];
    const start = clock.now();
    while (clock.now() - start < 60_000) {
      const before = device.connections + device.requests.length;
      expect(await clock.flow(reader.read(), 25)).toMatchObject({ failure: "MODBUS_TIMEOUT" });
      if (device.connections + device.requests.length > before) tries.push(clock.now());
      clock.advance(100);
    }
    const gaps = tries.slice(1).map((at, i) => at - tries[i]!);
    expect(tries.length).toBeLessThan(20);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(12_500);
    expect(Math.max(...gaps)).toBeGreaterThan(8000);
  });
});

describe("wrong answers", () => {
  const wrong: Record<string, Manner> = {
    "the transaction of another request": (_r, good) => altered(altered(good, 10, 66), 1, 200),
    "a protocol id": (_r, good) => altered(altered(good, 10, 66), 2, 1),
    "length 65535": (r) =>
      Buffer.from([r.transaction >> 8, r.transaction, 0, 0, 255, 255, 1, 3, 2, 6]),
    "a length of one more": (_r, good) => altered(altered(good, 10, 66), 5, good[5]! + 1),
    "another unit": (_r, good) => altered(altered(good, 10, 66), 6, 99),
    "an exception of another unit": (r) => frameOf({ ...r, unit: 99 }, [r.code | 0x80, 2]),
    "another function": (_r, good) => altered(altered(good, 10, 66), 7, 4),
    "a byte count too large": (_r, good) => altered(altered(good, 10, 66), 8, 6),
    "a byte count too small": (_r, good) => altered(altered(good, 10, 66), 8, 2),
    "half a frame": (_r, good) => good.subarray(0, 9),
    garbage: () => Buffer.from("GET / HTTP/1.1\r\n\r\n"),
  };

  it.each(Object.keys(wrong))("%s gives no value, and the next polls are right", async (name) => {
    const reader = connection.source("main", 1, holding(11, 12));
    expect(bad(await reader.read())).toEqual({});
    device.manner = wrong[name]!;
    const reading = await clock.flow(reader.read());
    expect(reading.failure).toMatch(/^MODBUS_(FRAME|TIMEOUT)$/);
    device.manner = (_request, good) => good;
    clock.advance(1000);
    expect(outcome(await reader.read())).toEqual({ h11: 11, h12: 12 });
  });

  it("takes answers in single bytes, and glued to a stray one", async () => {
    const reader = connection.source("main", 1, holding(11, 12));
    device.manner = (_request, good) => [...good].map((byte) => Buffer.from([byte]));
    expect(outcome(await reader.read())).toEqual({ h11: 11, h12: 12 });
    device.manner = (_request, good) =>
      Buffer.concat([altered(altered(good, 10, 66), 1, 99), good]);
    expect(outcome(await reader.read())).toEqual({ h11: 11, h12: 12 });
  });
});

describe("connections", () => {
  it("marks what a cut left unread, and dates the pass at its last answer", async () => {
    device.manner = (request, good) => (request.address === 100 ? "rst" : good);
    const reader = connection.source("main", 1, holding(0, 100, 200));
    const reading = await reader.read();
    expect(outcome(reading)).toEqual({ h0: 0, h100: "MODBUS_CLOSED", h200: "MODBUS_CLOSED" });
    expect(connection.health()).toMatchObject({ state: "down", lastFailure: "MODBUS_CLOSED" });
  });

  it("does not knock again before its time, then returns by itself", async () => {
    const { port } = device;
    await device.stop();
    const reader = connection.source("main", 1, holding(0));
    expect(await reader.read()).toMatchObject({ failure: "MODBUS_REFUSED", requests: 0 });
    device = await new Device().start(port);
    expect(await reader.read()).toMatchObject({ failure: "MODBUS_REFUSED" });
    expect(device.connections).toBe(0);
    clock.advance(500);
    expect(outcome(await reader.read())).toEqual({ h0: 0 });
    expect(connection.health()).toMatchObject({ state: "up", reconnects: 1 });
  });

  it("ends what is open when it is closed in the middle", async () => {
    device.manner = () => "silence";
    const readers = [1, 2].map((unit) => connection.source(`u${unit}`, unit, holding(0)));
    const readings = Promise.all(readers.map((reader) => reader.read()));
    await until(() => device.requests.length === 1);
    await connection.close();
    expect((await readings).map((one) => one.failure)).toEqual(["MODBUS_CLOSED", "MODBUS_CLOSED"]);
    expect(clock.asleep).toBe(0);
  });
});

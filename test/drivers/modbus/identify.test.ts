/** Identification objects over a real socket, in one piece and in several, refused and hostile; and the traced bytes. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { driverClock, systemClock } from "../../../agent/clock.ts";
import type { Connection } from "../../../drivers/driver.ts";
import { modbusTcp } from "../../../drivers/modbus/driver.ts";
import { Device, exception, frameOf, type Request } from "./device.ts";

let device: Device;
let connection: Connection | null = null;
const bytes: [string, string][] = [];

beforeEach(async () => {
  device = await new Device().start();
});

afterEach(async () => {
  await connection?.close();
  await device.stop();
  bytes.length = 0;
});

function open(): Connection {
  const options = { host: "127.0.0.1", port: device.port, timeout: 1000 };
  const trace = (direction: string, chunk: Uint8Array): void =>
    void bytes.push([direction, Buffer.from(chunk).toString("hex")]);
  connection = modbusTcp(() => 0.5).open("plc", options, { ...driverClock(systemClock), trace });
  return connection;
}

/** An answer with these objects; `next` is the object to go on with, null at the end. */
function answer(request: Request, texts: Record<number, string>, next: number | null): Buffer {
  const objects = Object.entries(texts).flatMap(([id, text]) => [
    Number(id),
    text.length,
    ...Buffer.from(text, "latin1"),
  ]);
  const more = next === null ? [0, 0] : [0xff, next];
  return frameOf(request, [43, 14, 2, 0x82, ...more, Object.keys(texts).length, ...objects]);
}

it("collects objects over as many answers as the device needs", async () => {
  device.manner = (request) =>
    device.requests.length === 1
      ? answer(request, { 0: "Acme\0\0", 1: "X1" }, 2)
      : answer(request, { 2: " V1.2 ", 4: "Meter" }, null);
  expect(await open().identify?.(7)).toEqual({
    objects: { 0: "Acme", 1: "X1", 2: "V1.2", 4: "Meter" },
    failure: null,
  });
  expect(device.requests.map(({ unit, code }) => [unit, code])).toEqual([
    [7, 43],
    [7, 43],
  ]);
});

it("asks for the basic objects where the regular ones are refused", async () => {
  device.manner = (request) =>
    device.requests.length === 1 ? exception(request, 3) : answer(request, { 0: "Acme" }, null);
  expect(await open().identify?.(1)).toEqual({ objects: { 0: "Acme" }, failure: null });
});

it("says why there is none", async () => {
  device.manner = (request) => exception(request, 1);
  expect(await open().identify?.(1)).toEqual({ objects: {}, failure: "MODBUS_EXCEPTION_1" });
});

it("does not follow a device that goes round in circles", async () => {
  device.manner = (request) => answer(request, { 0: "Acme" }, 0);
  expect((await open().identify?.(1))?.objects).toEqual({ 0: "Acme" });
  expect(device.requests).toHaveLength(1);
  device.manner = (request) => answer(request, { 0: "Acme" }, device.requests.length);
  expect((await connection?.identify?.(1))?.objects).toEqual({ 0: "Acme" });
  expect(device.requests.length).toBeLessThan(20);
});

it("shows every byte in both directions, and an answer unharmed", async () => {
  device.registers.set(5, 0xabcd);
  const reader = open().source("s", 3, [{ id: "a", table: "holding", address: 5, type: "uint16" }]);
  const { samples } = await reader.read();
  expect(samples.get("a")).toEqual({ quality: "good", value: 0xabcd, raw: [0xabcd] });
  expect(bytes).toEqual([
    ["sent", "000100000006030300050001"],
    ["received", "000100000005030302abcd"],
  ]);
});

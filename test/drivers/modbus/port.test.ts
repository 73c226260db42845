import { createServer, type Socket } from "node:net";
import modbusSerial from "modbus-serial";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Fault } from "../../../agent/core/fault.ts";
import { crc16 } from "../../../drivers/modbus/frame.ts";
import { tcpLink } from "../../../drivers/modbus/link.ts";
import type { StrictPort } from "../../../drivers/modbus/port.ts";
import { SteppedClock, until } from "../clock.ts";
import { altered, Device, frameOf } from "./device.ts";

let device: Device;
let clock: SteppedClock;
let told: string[];
beforeEach(async () => {
  device = await new Device().start();
  clock = new SteppedClock();
  told = [];
});
afterEach(() => device.stop());

function portTo(port: number): StrictPort {
  return tcpLink({ host: "127.0.0.1", port, timeoutMs: 1000 }, clock).port({
    failed: () => told.push("timeout"),
    down: (reason) => told.push(reason),
  });
}

async function opened(port = device.port): Promise<StrictPort> {
  const strict = portTo(port);
  const fault = await new Promise<Fault | undefined>((resolve) => strict.open(resolve));
  expect(fault).toBeUndefined();
  return strict;
}

/** A serial-form read of `count` holding registers. */
function request(count = 2): Buffer {
  const frame = Buffer.from([1, 3, 0, 0, 0, count, 0, 0]);
  frame.writeUInt16LE(crc16(frame, 6), 6);
  return frame;
}

const answer = (port: StrictPort): Promise<Buffer> =>
  new Promise((resolve) => port.once("data", (frame: Buffer) => resolve(Buffer.from(frame))));
const closed = (port: StrictPort): Promise<void> => new Promise((resolve) => port.close(resolve));

it("refuses every write of modbus-serial before a byte leaves", async () => {
  const port = await opened();
  const client = new modbusSerial.default(port);
  const writes: Record<string, () => void> = {
    writeFC5: () => client.writeFC5(1, 0, true, () => {}),
    writeFC6: () => client.writeFC6(1, 0, 1, () => {}),
    writeFC15: () => client.writeFC15(1, 0, [true], () => {}),
    writeFC16: () => client.writeFC16(1, 0, [1], () => {}),
    writeFC22: () => client.writeFC22(1, 0, 1, 1, () => {}),
    writeFC23: () => client.writeFC23(1, 0, 1, 0, 1, [1], () => {}),
    writeCustomFC: () => client.writeCustomFC(1, 65, [1], () => {}),
  };
  for (const [name, write] of Object.entries(writes)) {
    expect(write, name).toThrow(expect.objectContaining({ code: "MODBUS_READ_ONLY" }));
  }
  const reply = answer(port);
  port.write(request());
  await reply;
  expect(device.codes).toEqual([3]);
  await closed(port);
});

it("refuses a second request while one is open", async () => {
  device.manner = () => "silence";
  const port = await opened();
  port.write(request());
  expect(() => port.write(request())).toThrow(/still open/);
  await closed(port);
  expect(device.requests.length).toBeLessThanOrEqual(1);
});

it("lets modbus-serial identify a device", async () => {
  device.manner = (asked) =>
    frameOf(asked, [43, 14, 1, 1, 0, 0, 2, 0, 4, 0x41, 0x63, 0x6d, 0x65, 1, 2, 0x58, 0x31]);
  const port = await opened();
  const client = new modbusSerial.default(port);
  await new Promise<void>((resolve) => client.open(() => resolve()));
  const identity = client.readDeviceIdentification(1, 0);
  await expect(identity).resolves.toMatchObject({ data: { 0: "Acme", 1: "X1" } });
  expect(device.codes).toEqual([43]);
  await closed(port);
});

it("counts transactions through all 16 bits, and keeps one record in the library", async () => {
  const port = await opened();
  const client = new modbusSerial.default(port);
  await new Promise<void>((resolve) => client.open(() => resolve()));
  for (let i = 0; i < 300; i++) {
    await new Promise((resolve) => client.writeFC3(1, 0, 1, resolve));
  }
  expect(device.requests.map((one) => one.transaction)).toEqual(
    Array.from({ length: 300 }, (_, i) => i + 1),
  );
  expect(Object.keys((client as unknown as { _transactions: object })._transactions)).toHaveLength(
    1,
  );
  await closed(port);
});

it("drops a late answer by its transaction, even 256 requests later", async () => {
  const port = await opened();
  let late: Buffer = Buffer.alloc(0);
  device.manner = (_asked, good) => {
    late = altered(good, 10, 66);
    return "silence";
  };
  port.write(request());
  await until(() => device.requests.length === 1);
  clock.advance(1000);
  await until(() => told.length === 1);
  device.manner = (asked, good) =>
    asked.transaction === 257 ? [Buffer.concat([late, good])] : good;
  for (let i = 0; i < 256; i++) {
    const reply = answer(port);
    port.write(request());
    expect((await reply).subarray(3, -2).toString("hex")).toBe("00000001");
  }
  expect(port.strays).toBe(1);
  expect(told).toEqual(["timeout"]);
  await closed(port);
});

it("goes down once after two timeouts in a row, and at once on half a frame", async () => {
  device.manner = () => "silence";
  const port = await opened();
  for (const expected of [["timeout"], ["timeout", "MODBUS_TIMEOUT"]]) {
    port.write(request());
    clock.advance(999);
    await Promise.resolve();
    expect(told).toHaveLength(expected.length - 1);
    clock.advance(1);
    await until(() => told.length === expected.length);
    expect(told).toEqual(expected);
  }
  expect(port.isOpen).toBe(false);
  told = [];
  device.manner = (_asked, good) => good.subarray(0, 9);
  const half = await opened();
  const asked = device.requests.length;
  half.write(request());
  await until(() => device.requests.length > asked);
  await new Promise((resolve) => setTimeout(resolve, 20));
  clock.advance(1000);
  await until(() => told.length > 0);
  expect(told).toEqual(["MODBUS_TIMEOUT"]);
});

it.each([
  ["FIN", "fin"],
  ["RST", "rst"],
] as const)("goes down exactly once on %s with a request open", async (_name, act) => {
  device.manner = () => act;
  const port = await opened();
  port.write(request());
  await until(() => told.length > 0);
  clock.advance(60_000);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(told).toEqual(["MODBUS_CLOSED"]);
  expect(port.isOpen).toBe(false);
  expect(clock.asleep).toBe(0);
});

it("gives up a connect at its deadline, and names refusal and unknown hosts", async () => {
  const slow = portTo(device.port);
  const fault = new Promise<Fault | undefined>((resolve) => slow.open(resolve));
  clock.advance(1000);
  await expect(fault).resolves.toMatchObject({ code: "MODBUS_REFUSED" });
  const { port } = device;
  await device.stop();
  const refused = new Promise((resolve) => portTo(port).open(resolve));
  await expect(refused).resolves.toMatchObject({ code: "MODBUS_REFUSED" });
  const nowhere = { host: "plc..invalid", port: 502, timeoutMs: 60_000 };
  const nameless = tcpLink(nowhere, clock).port({ failed: () => {}, down: () => {} });
  const absent = new Promise((resolve) => nameless.open(resolve));
  await expect(absent).resolves.toMatchObject({ code: "MODBUS_ABSENT" });
  expect(told).toEqual([]);
  await device.start(port);
});

it("closes within a second though the peer sends no FIN", async () => {
  const peers: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => peers.push(socket.resume()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = await opened((server.address() as { port: number }).port);
  const start = clock.now();
  await clock.flow(closed(port));
  expect(clock.now() - start).toBeLessThanOrEqual(1100);
  expect(told).toEqual([]);
  for (const peer of peers) peer.destroy();
  await new Promise((resolve) => server.close(resolve));
});

it("leaves no socket behind in 1,000 connects ended in every way", async () => {
  const acts = ["fin", "rst", "silence"] as const;
  for (let i = 0; i < 1000; i++) {
    const act = acts[i % 3]!;
    device.manner = (_asked, good) => (act === "silence" ? altered(good, 3, 1) : act);
    const port = await opened();
    if (i % 10 === 0) await closed(port);
    else {
      port.write(request());
      await until(() => !port.isOpen);
    }
  }
  await until(() => device.sockets.size === 0);
  expect(told).toHaveLength(900);
  expect(device.connections).toBe(1000);
  expect(device.mostSockets).toBeLessThanOrEqual(2);
  await until(() => !process.getActiveResourcesInfo().includes("TCPSocketWrap"));
  expect(clock.asleep).toBe(0);
});

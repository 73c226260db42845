import type { AddressInfo } from "node:net";
import modbusSerial from "modbus-serial";
import { afterEach, expect, it } from "vitest";
import type { PointOptions } from "../../../drivers/driver.ts";
import { modbusTcp } from "../../../drivers/modbus/driver.ts";
import { driverFor } from "../../../drivers/registry.ts";
import { SteppedClock } from "../clock.ts";
import { driverContract } from "../contract.ts";
import { Device } from "./device.ts";

const POINTS: PointOptions[] = [
  { id: "status", table: "holding", address: 0, type: "uint16" },
  { id: "total", table: "holding", address: 2, type: "uint32", order: "ABCD" },
  { id: "ready", table: "holding", address: 1, type: "bool", bit: 3 },
  { id: "temperature", table: "input", address: 40, type: "int16", scale: 0.1, unit: "degC" },
  { id: "guard", table: "discrete", address: 3, type: "bool" },
  { id: "pump", table: "coil", address: 9, type: "bool" },
];
const REGISTERS: [number, number][] = [
  [0, 6],
  [1, 8],
  [2, 1],
  [3, 2],
  [40, 217],
];
const VALUES = {
  status: 6,
  total: 65_538,
  ready: true,
  temperature: 21.7,
  guard: true,
  pump: false,
};

driverContract("modbus-tcp on a device of our own", {
  driver: modbusTcp(() => 0.5),
  deadlineMs: 2 * 1000,
  async start() {
    const device = await new Device().start();
    for (const [address, word] of REGISTERS) device.registers.set(address, word);
    device.bits.add(3);
    let open = 0;
    let most = 0;
    device.manner = (_request, good) => {
      open += 1;
      most = Math.max(most, open);
      setImmediate(() => {
        open -= 1;
      });
      return good;
    };
    const polite = device.manner;
    return {
      options: { host: "127.0.0.1", port: device.port, timeout: 1000 },
      unit: 7,
      points: POINTS,
      values: VALUES,
      opened: () => device.connections,
      overlap: () => most,
      trouble: {
        silence: () => {
          device.manner = () => "silence";
        },
        cut: () => {
          for (const socket of device.sockets) socket.end();
        },
        recover: () => {
          device.manner = polite;
        },
      },
      stop: () => device.stop(),
    };
  },
});

driverContract("modbus-tcp on the server of modbus-serial", {
  driver: driverFor("modbus-tcp"),
  deadlineMs: 2 * 1000,
  async start() {
    const registers = new Map(REGISTERS);
    const word = (address: number): number => registers.get(address) ?? 0;
    const server = new modbusSerial.ServerTCP(
      {
        getHoldingRegister: word,
        getInputRegister: word,
        getCoil: (address: number) => address === 3,
        getDiscreteInput: (address: number) => address === 3,
      },
      // Port 0 means the default port to this server; it takes its number from the socket beneath instead.
      { host: "127.0.0.1", port: "0" as unknown as number, unitID: 7 },
    );
    await new Promise((resolve) => server.once("initialized", resolve));
    let opened = 0;
    const { _server } = server as unknown as { _server: import("node:net").Server };
    _server.on("connection", () => {
      opened += 1;
    });
    return {
      options: { host: "127.0.0.1", port: (_server.address() as AddressInfo).port, timeout: 1000 },
      unit: 7,
      points: POINTS,
      values: VALUES,
      opened: () => opened,
      overlap: () => 0,
      stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
    };
  },
});

let device: Device | undefined;
afterEach(async () => {
  await device?.stop();
  device = undefined;
});

it("sends nothing but reads in all that a source can be configured for", async () => {
  device = await new Device().start();
  const clock = new SteppedClock();
  const connection = modbusTcp(() => 0).open("c", { host: "127.0.0.1", port: device.port }, clock);
  const reader = connection.source("main", 255, POINTS);
  for (let i = 0; i < 50; i++) await reader.read();
  await connection.close();
  expect(new Set(device.codes)).toEqual(new Set([1, 2, 3, 4]));
  expect(device.requests).toHaveLength(200);
});

it("names the drivers it has when another is asked for", () => {
  expect(() => driverFor("opc-ua")).toThrow(
    /no driver "opc-ua"; known: modbus-tcp, modbus-rtu, modbus-rtu-over-tcp/,
  );
});

/**
 * Rows D6, D10, E1 and E2 of the fault matrix: connections and ports that come and go. `RELIABILITY_CYCLES=1000` pulls
 * the adapter that often.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Connection } from "../../drivers/driver.ts";
import { modbusRtu, modbusTcp } from "../../drivers/modbus/driver.ts";
import { type ModbusServer, startModbus, type Welcome } from "../../simulator/modbus.ts";
import { type SerialServer, startSerial } from "../../simulator/serial.ts";
import type { Action } from "../../simulator/serve.ts";
import { peer } from "../support/peers.ts";
import { isWell, opened, POINTS, plain, recovery } from "./rows.ts";

const half = (): number => 0.5;
const descriptors = (): number => readdirSync("/proc/self/fd").length;
const CYCLES = Number(process.env["RELIABILITY_CYCLES"] ?? 40);
/** Ten seconds of the driver's clock, which runs twenty times faster. */
const TEN_SECONDS = 500 + 250;

let connection: Connection | null = null;
let server: ModbusServer | null = null;
afterEach(async () => {
  await connection?.close();
  await server?.close();
  [connection, server] = [null, null];
});

describe("D6 a TCP endpoint", () => {
  let action: Action = { do: "answer" };
  let welcome: Welcome = "serve";
  beforeEach(async () => {
    [action, welcome] = [{ do: "answer" }, "serve"];
    server = await startModbus({
      host: "127.0.0.1",
      port: 0,
      devices: new Map([[1, plain(1)]]),
      behave: () => action,
      welcome: () => welcome,
    });
    connection = opened(modbusTcp(half), { host: "127.0.0.1", port: server.port });
  });

  it.each([
    ["FIN", "close", "serve"],
    ["RST", "reset", "serve"],
    ["half-open", "deafen", "serve"],
    ["accept and silence", "reset", "ignore"],
    ["a full server", "reset", "close"],
  ] as const)(
    "%s: is up again within 10 s, with one socket at a time",
    async (_what, how, door) => {
      const reader = connection!.source("main", 1, POINTS);
      expect(isWell(await reader.read())).toBe(true);
      [action, welcome] = [{ do: how }, door];
      for (let poll = 0; poll < 12; poll++) {
        const reading = await reader.read();
        expect(isWell(reading)).toBe(false);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      [action, welcome] = [{ do: "answer" }, "serve"];
      expect(await recovery(() => reader.read(), 5000)).toBeLessThan(TEN_SECONDS);
      expect(server!.open).toBe(1);
      expect(server!.mostOpen).toBeLessThanOrEqual(2);
    },
  );

  it("loses 1,000 connections and no descriptor", async () => {
    connection = opened(modbusTcp(half), { host: "127.0.0.1", port: server!.port }, 200);
    const reader = connection!.source("main", 1, POINTS);
    await reader.read();
    const before = descriptors();
    for (let flap = 0; flap < 1000; flap++) {
      action = flap % 2 === 0 ? { do: "reset" } : { do: "close" };
      await reader.read();
      action = { do: "answer" };
      await recovery(() => reader.read(), 5000);
    }
    expect(server!.stats.connections).toBe(1001);
    expect(server!.open).toBe(1);
    expect(descriptors()).toBeLessThanOrEqual(before + 2);
  });
}, 60_000);

peer("socat")("serial ports", () => {
  let folder: string;
  let line: SerialServer;
  const options = () => ({ device: join(folder, "adapter"), baudRate: 115_200, parity: "none" });
  const start = (): Promise<SerialServer> =>
    startSerial({ device: join(folder, "adapter"), devices: new Map([[1, plain(1)]]) });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "uptime-line-"));
  });
  afterEach(async () => {
    await connection?.close();
    await line.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`E1 is reopened under its link within 5 s, ${CYCLES} times, with descriptors flat`, async () => {
    line = await start();
    connection = opened(modbusRtu(half), options());
    const reader = connection.source("main", 1, POINTS);
    await recovery(() => reader.read(), 5000);
    const before = descriptors();
    for (let cycle = 0; cycle < CYCLES; cycle++) {
      await line.plug(false);
      expect(isWell(await reader.read())).toBe(false);
      await line.plug(true);
      expect(await recovery(() => reader.read(), 5000)).toBeLessThan(250);
    }
    expect(descriptors()).toBeLessThanOrEqual(before + 2);
  }, 120_000);

  it("E2 absent at boot, then busy: both are named, and it is up when it can be", async () => {
    line = await start();
    await line.plug(false);
    connection = opened(modbusRtu(half), options());
    const reader = connection.source("main", 1, POINTS);
    expect((await reader.read()).failure).toBe("MODBUS_ABSENT");
    await line.plug(true);
    await recovery(() => reader.read(), 5000);
    const second = opened(modbusRtu(half), options());
    const other = second.source("main", 1, POINTS);
    expect((await other.read()).failure).toBe("PORT_BUSY");
    expect(isWell(await reader.read())).toBe(true);
    await connection.close();
    expect(await recovery(() => other.read(), 5000)).toBeLessThan(500);
    await second.close();
  });

  it("D10 another client on the line: no wrong value, and its bytes are counted", async () => {
    line = await start();
    connection = opened(modbusRtu(half), options());
    const reader = connection.source("main", 1, POINTS);
    await recovery(() => reader.read(), 5000);
    // Answers to somebody else, with sound check sums, from unit 2 and from our own unit, and a request.
    const frames = ["0203020bb8fb06", "01030207d1bb e8", "01040203e9 797e", "010300640001c5d5"];
    let values = 0;
    for (let poll = 0; poll < 200; poll++) {
      if (poll % 3 === 0)
        line.noise(Buffer.from((frames[poll % 4] ?? "").replaceAll(" ", ""), "hex"));
      const { samples } = await reader.read();
      for (const [id, sample] of samples) {
        if (sample.quality === "bad") continue;
        values += 1;
        expect([id, sample.value]).toEqual([id, 1000 + Number(id.slice(1))]);
      }
      await new Promise((resolve) => setTimeout(resolve, poll % 2));
    }
    expect(values).toBeGreaterThan(100);
    expect(connection.health().strays).toBeGreaterThan(20);
  });
});

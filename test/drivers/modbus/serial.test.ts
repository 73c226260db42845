/** The serial drivers on real ptys and sockets: the contract, locks, permissions, unplugging. */
import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Connection, Driver, PointOptions } from "../../../drivers/driver.ts";
import { modbusRtu, modbusRtuOverTcp } from "../../../drivers/modbus/driver.ts";
import { pathOf, peer } from "../../support/peers.ts";
import { CreepingClock, until } from "../clock.ts";
import { type Bench, driverContract } from "../contract.ts";
import { Adapter, SerialDevice } from "./serial-device.ts";

const POINTS: PointOptions[] = [
  { id: "status", table: "holding", address: 0, type: "uint16" },
  { id: "total", table: "holding", address: 2, type: "uint32", order: "ABCD" },
  { id: "temperature", table: "input", address: 40, type: "int16", scale: 0.1 },
  { id: "guard", table: "discrete", address: 3, type: "bool" },
  { id: "pump", table: "coil", address: 9, type: "bool" },
];
const WORDS = new Map([
  [0, 6],
  [2, 1],
  [3, 3],
  [40, 217],
]);
const VALUES = { status: 6, total: 65_539, temperature: 21.7, guard: true, pump: false };

/** Served by `device`, reached as `options` say; `cut` loses the link. */
function benchOf(device: SerialDevice, options: object, cut: () => void, stop: () => void): Bench {
  device.word = (address) => WORDS.get(address) ?? 0;
  let open = 0;
  let most = 0;
  device.act = (_asked, good) => {
    open += 1;
    most = Math.max(most, open);
    setImmediate(() => {
      open -= 1;
    });
    return good;
  };
  const polite = device.act;
  return {
    options: { timeout: 1000, framing: device.framing, ...options },
    unit: 7,
    points: POINTS,
    values: VALUES,
    opened: () => device.connections,
    overlap: () => most,
    trouble: {
      silence: () => {
        device.act = () => "silence";
      },
      cut,
      recover: () => {
        device.act = polite;
      },
    },
    stop: async () => {
      stop();
      await device.stop();
    },
  };
}

for (const framing of ["rtu", "ascii"] as const) {
  driverContract(`modbus-rtu-over-tcp, ${framing}`, {
    driver: modbusRtuOverTcp(() => 0.5),
    clock: () => new CreepingClock(),
    deadlineMs: 2000,
    async start() {
      const device = await new SerialDevice(framing).start();
      const cut = (): void => {
        for (const socket of device.sockets) socket.end();
      };
      return benchOf(device, { host: "127.0.0.1", port: device.port }, cut, () => {});
    },
  });
}

let stopLater: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const stop of stopLater.reverse()) await stop();
  stopLater = [];
});

async function plugged(framing: "rtu" | "ascii" = "rtu") {
  const device = await new SerialDevice(framing).start();
  stopLater.push(() => device.stop());
  const adapter = await new Adapter(pathOf("socat"), device.port).start();
  stopLater.push(() => adapter.stop());
  return { device, adapter };
}

function opened(
  driver: Driver,
  options: Record<string, unknown>,
  clock: CreepingClock,
): Connection {
  const connection = driver.open("bus", { timeout: 1000, ...options }, clock);
  stopLater.push(() => connection.close());
  return connection;
}

const rtu = modbusRtu(() => 0.5);
const ONE: PointOptions[] = [{ id: "h", table: "holding", address: 5, type: "uint16" }];
const descriptors = (): number => readdirSync("/proc/self/fd").length;
const terminals = (): string[] =>
  readdirSync("/proc/self/fd").flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith("/dev/pts/") && Number(fd) > 2 ? [target] : [];
    } catch {
      return [];
    }
  });

peer("socat")("on ptys", () => {
  for (const framing of ["rtu", "ascii"] as const) {
    driverContract(`modbus-rtu, ${framing}`, {
      driver: rtu,
      clock: () => new CreepingClock(),
      deadlineMs: 2000,
      async start() {
        const { device, adapter } = await plugged(framing);
        await adapter.prepare();
        const cut = (): void => {
          adapter.unplug();
          adapter.plug();
        };
        return benchOf(device, { device: adapter.path, baudRate: 115_200 }, cut, () => {
          adapter.stop();
        });
      },
    });
  }

  /** A tty of socat ends with its last user; a real one stays. */
  function keepOpen(path: string): void {
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    stopLater.push(() => closeSync(fd));
  }

  it("a second opener of the port is refused and named, the first reads on", async () => {
    const { adapter } = await plugged();
    keepOpen(adapter.path);
    const clock = new CreepingClock();
    const [first, second] = [1, 2].map(() => opened(rtu, { device: adapter.path }, clock));
    const reader = first!.source("a", 1, ONE);
    expect((await reader.read()).failure).toBeNull();
    expect((await second!.source("b", 1, ONE).read()).failure).toBe("PORT_BUSY");
    expect((await reader.read()).failure).toBeNull();
    await first!.close();
    clock.advance(2000);
    expect((await second!.source("b", 1, ONE).read()).failure).toBeNull();
  });

  it("returns under another name, and leaves no descriptor in 1,000 times", async () => {
    const { adapter } = await plugged();
    const clock = new CreepingClock();
    const connection = opened(rtu, { device: adapter.path }, clock);
    const reader = connection.source("main", 1, ONE);
    expect((await reader.read()).failure).toBeNull();
    const before = descriptors();
    for (let time = 0; time < 1000; time++) {
      await adapter.prepare();
      adapter.unplug();
      await until(() => connection.health().state === "down");
      clock.advance(500);
      if (time % 10 === 0) {
        expect((await reader.read()).failure).toBe("MODBUS_ABSENT");
        clock.advance(2000);
      }
      adapter.plug();
      expect((await reader.read()).failure).toBeNull();
      expect(terminals()).toHaveLength(1);
    }
    expect(descriptors()).toBeLessThanOrEqual(before + 1);
    expect(connection.health().reconnects).toBe(1000);
  }, 60_000);

  it("opens and closes 1,000 times with flat descriptors", async () => {
    const { device, adapter } = await plugged();
    keepOpen(adapter.path);
    const clock = new CreepingClock();
    let before = 0;
    for (let time = 0; time < 1000; time++) {
      const connection = rtu.open("bus", { device: adapter.path, timeout: 1000 }, clock);
      const reader = connection.source("main", 1, ONE);
      // A read that is still in the kernel holds the lock a moment longer than the port.
      while ((await reader.read()).failure === "PORT_BUSY") clock.advance(2000);
      expect((await reader.read()).failure).toBeNull();
      await connection.close();
      if (time === 10) before = descriptors();
    }
    expect(descriptors()).toBeLessThanOrEqual(before + 1);
    expect(terminals()).toHaveLength(1);
    expect(device.connections).toBe(1);
    expect(clock.asleep).toBe(0);
  }, 60_000);
});

it("a path that is not there, or is no tty, is a fault and not a crash", async () => {
  const folder = mkdtempSync(join(tmpdir(), "no-tty-"));
  stopLater.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "file");
  writeFileSync(file, "");
  for (const device of ["/dev/serial/by-id/none", file]) {
    const connection = opened(rtu, { device }, new CreepingClock());
    expect((await connection.source("a", 1, ONE).read()).failure).toBe("MODBUS_ABSENT");
  }
});

it.skipIf(process.getuid?.() === 0)("a port that is not ours is denied by name", async () => {
  const folder = mkdtempSync(join(tmpdir(), "denied-"));
  stopLater.push(() => rmSync(folder, { recursive: true }));
  const device = join(folder, "tty");
  writeFileSync(device, "");
  chmodSync(device, 0);
  const connection = opened(rtu, { device }, new CreepingClock());
  expect((await connection.source("a", 1, ONE).read()).failure).toBe("PORT_DENIED");
});

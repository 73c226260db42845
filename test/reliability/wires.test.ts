/**
 * Faulty polls over real sockets and pseudo terminals: 20,000 here, `RELIABILITY_POLLS=100000` by hand with
 * `npm run reliability`. `RELIABILITY_SEED` for another run of luck.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Driver } from "../../drivers/driver.ts";
import { modbusRtu, modbusTcp } from "../../drivers/modbus/driver.ts";
import { startModbus } from "../../simulator/modbus.ts";
import { startSerial } from "../../simulator/serial.ts";
import type { SerialFraming } from "../../simulator/serial-frame.ts";
import type { Service } from "../../simulator/serve.ts";
import { peer } from "../support/peers.ts";
import { ALL, type Bus, PASSING, suffer, type Tally, together } from "./sick.ts";

const POLLS = Number(process.env["RELIABILITY_POLLS"] ?? 20_000);
const SEED = Number(process.env["RELIABILITY_SEED"] ?? 20_261_122);
const BUSES = 40;
const LIMIT_MS = 60_000 + 10 * POLLS;
const share = (part: number): number => Math.ceil((POLLS * part) / BUSES);

const half = (): number => 0.5;

async function socket(service: Omit<Service, "absent">): Promise<Bus> {
  const server = await startModbus({ ...service, host: "127.0.0.1", port: 0 });
  return {
    options: { host: "127.0.0.1", port: server.port },
    refused: () => server.stats.refused,
    requests: () => server.stats.requests,
    close: () => server.close(),
  };
}

function terminal(framing: SerialFraming, folder: string, name: string) {
  return async (service: Omit<Service, "absent">): Promise<Bus> => {
    const server = await startSerial({ ...service, device: join(folder, name), framing });
    return {
      options: { device: server.device, baudRate: 115_200, parity: "none", dataBits: 8, framing },
      refused: () => server.stats.refused,
      requests: () => server.stats.requests,
      close: () => server.close(),
    };
  };
}

function runs(
  driver: Driver,
  part: number,
  start: (index: number) => Parameters<typeof suffer>[1],
): Promise<Tally> {
  const each = share(part);
  return together(
    Array.from({ length: BUSES }, (_, i) =>
      suffer(driver, start(i), each, SEED + i, i % 4 === 0 ? ALL : PASSING),
    ),
  );
}

function expectSound(tally: Tally, name: string): void {
  const { polls, faulty, requests, spoiled, good, bad, refused } = tally;
  console.info(name, JSON.stringify({ polls, faulty, requests, spoiled, good, bad, refused }));
  expect(tally.wrong).toEqual([]);
  expect(refused).toBe(0);
  expect(good).toBeGreaterThan(polls);
  expect(bad).toBeGreaterThan(faulty);
}

it(
  `believes no wrong value over TCP, in ${POLLS} faulty polls`,
  async () => {
    expectSound(await runs(modbusTcp(half), 0.5, () => socket), "tcp");
  },
  LIMIT_MS,
);

peer("socat")("pseudo terminals", () => {
  it.each([
    ["rtu", 0.35],
    ["ascii", 0.15],
  ] as const)(
    "believe no wrong value in %s",
    async (framing, part) => {
      const folder = mkdtempSync(join(tmpdir(), "uptime-bus-"));
      try {
        const start = (i: number) => terminal(framing, folder, `bus${i}`);
        expectSound(await runs(modbusRtu(half), part, start), framing);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    LIMIT_MS,
  );
});

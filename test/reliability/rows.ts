/** Small things the rows of the fault matrix share: a press with registers of ours, and a driver on a quick clock. */
import type { Connection, Driver, PointOptions, Reading } from "../../drivers/driver.ts";
import type { Device } from "../../simulator/modbus-request.ts";
import { QuickClock } from "./quick.ts";

/** Holding register n is n + 1000 × unit. */
export const plain = (unit: number): Device => ({
  identity: ["uptime-agent simulator", `unit ${unit}`, "1.0"],
  read: (_table, address, quantity) =>
    Array.from({ length: quantity }, (_, i) => (address + i + 1000 * unit) & 0xffff),
});

export const POINTS: PointOptions[] = [0, 1, 100].map((address) => ({
  id: `h${address}`,
  table: "holding",
  address,
  type: "uint16",
}));

export const isWell = (reading: Reading): boolean =>
  reading.failure === null && [...reading.samples.values()].every((s) => s.quality === "good");

export function opened(driver: Driver, options: Record<string, unknown>, times = 20): Connection {
  return driver.open("row", { timeout: 20 * times, ...options }, new QuickClock(times));
}

/** Polls until all is well; the real milliseconds it took. Throws after `limitMs`. */
export async function recovery(read: () => Promise<Reading>, limitMs: number): Promise<number> {
  const start = performance.now();
  while (!isWell(await read())) {
    if (performance.now() - start > limitMs) throw new Error(`not well after ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return performance.now() - start;
}

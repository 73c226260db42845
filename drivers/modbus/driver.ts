/** The `modbus-tcp` driver: connections to Modbus TCP endpoints. Reads only, and opens nothing before the first read. */
import type { Driver } from "../driver.ts";
import { ModbusBus } from "./bus.ts";
import { DEFAULT_LIMITS, type Limits } from "./plan.ts";
import { parsePoint } from "./point.ts";
import { UnitReader } from "./reader.ts";

const DEFAULT_PORT = 502;
const DEFAULT_TIMEOUT_MS = 1000;

/**
 * Options: `host`, `port`, `timeout` (ms, of a request and of connecting), `maxRegisters`, `maxBits`, `gap` (registers).
 * `random` gives [0, 1) and spreads reconnects.
 */
export function modbusTcp(random: () => number): Driver {
  return {
    name: "modbus-tcp",
    open(_id, options, clock) {
      const endpoint = {
        host: options["host"] as string,
        port: (options["port"] as number | undefined) ?? DEFAULT_PORT,
        timeoutMs: (options["timeout"] as number | undefined) ?? DEFAULT_TIMEOUT_MS,
      };
      const limits = limitsOf(options);
      const bus = new ModbusBus(endpoint, clock, random);
      return {
        source: (_source, unit, points) =>
          new UnitReader(bus, clock, unit, points.map(parsePoint), limits),
        health: () => bus.health(),
        close: () => bus.close(),
      };
    },
  };
}

function limitsOf(options: Record<string, unknown>): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const key of ["maxRegisters", "maxBits", "gap"] as const) {
    const value = options[key];
    if (typeof value === "number") limits[key] = value;
  }
  return limits;
}

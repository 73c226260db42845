/** The Modbus drivers: TCP, serial lines, and serial lines behind a TCP server. Read only; open nothing before the first read. */
import type { Driver, DriverClock } from "../driver.ts";
import { ModbusBus } from "./bus.ts";
import { identify } from "./identify.ts";
import {
  type Endpoint,
  type FramingName,
  type Link,
  serialLink,
  serverLink,
  tcpLink,
} from "./link.ts";
import type { SerialLine } from "./pace.ts";
import { DEFAULT_LIMITS, type Limits } from "./plan.ts";
import { parsePoint } from "./point.ts";
import { UnitReader } from "./reader.ts";

const DEFAULT_PORT = 502;
const DEFAULT_TIMEOUT_MS = 1000;
const DEFAULT_TURNAROUND_MS = 5;

type Options = Record<string, unknown>;

/**
 * Options: `host`, `port`, `timeout` (ms, of a request and of connecting), `maxRegisters`, `maxBits`, `gap` (registers).
 * `random` gives [0, 1) and spreads reconnects and probes.
 */
export function modbusTcp(random: () => number): Driver {
  return driver("modbus-tcp", random, (options, clock) => tcpLink(endpointOf(options), clock));
}

/**
 * Options: `device`, `baudRate`, `parity`, `stopBits`, `dataBits`, `framing` (`rtu` or `ascii`), `turnaround` (ms), and
 * `timeout`, `maxRegisters`, `maxBits`, `gap` as for TCP.
 */
export function modbusRtu(random: () => number): Driver {
  return driver("modbus-rtu", random, (options, clock) => {
    const framing = framingOf(options);
    const line: SerialLine = {
      baudRate: (options["baudRate"] as number | undefined) ?? 19_200,
      parity: (options["parity"] as SerialLine["parity"] | undefined) ?? "even",
      stopBits: (options["stopBits"] as SerialLine["stopBits"] | undefined) ?? 1,
      dataBits:
        (options["dataBits"] as SerialLine["dataBits"] | undefined) ?? (framing === "rtu" ? 8 : 7),
    };
    const device = options["device"] as string;
    return serialLink(device, line, framing, turnaroundOf(options), timeoutOf(options), clock);
  });
}

/** Options: `host`, `port`, and `framing`, `turnaround`, `timeout`, … as for a serial line. */
export function modbusRtuOverTcp(random: () => number): Driver {
  return driver("modbus-rtu-over-tcp", random, (options, clock) =>
    serverLink(endpointOf(options), framingOf(options), turnaroundOf(options), clock),
  );
}

/** A driver over any link; each connection has one bus, shared by all its units. */
export function driver(
  name: string,
  random: () => number,
  link: (options: Options, clock: DriverClock) => Link,
): Driver {
  return {
    name,
    open(_id, options, clock) {
      const limits = limitsOf(options);
      const bus = new ModbusBus(link(options, clock), clock, random);
      return {
        source: (_source, unit, points) =>
          new UnitReader(bus, clock, unit, points.map(parsePoint), limits),
        identify: (unit) => identify(bus, unit),
        health: () => bus.health(),
        close: () => bus.close(),
      };
    },
  };
}

function endpointOf(options: Options): Endpoint {
  return {
    host: options["host"] as string,
    port: (options["port"] as number | undefined) ?? DEFAULT_PORT,
    timeoutMs: timeoutOf(options),
  };
}

function timeoutOf(options: Options): number {
  return (options["timeout"] as number | undefined) ?? DEFAULT_TIMEOUT_MS;
}

function turnaroundOf(options: Options): number {
  return (options["turnaround"] as number | undefined) ?? DEFAULT_TURNAROUND_MS;
}

function framingOf(options: Options): FramingName {
  return (options["framing"] as FramingName | undefined) ?? "rtu";
}

function limitsOf(options: Options): Limits {
  const limits = { ...DEFAULT_LIMITS };
  for (const key of ["maxRegisters", "maxBits", "gap"] as const) {
    const value = options[key];
    if (typeof value === "number") limits[key] = value;
  }
  return limits;
}

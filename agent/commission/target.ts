/**
 * Which bus a commissioning verb is about: a connection of the configuration, or one that is named by its options.
 * Opens nothing.
 */
import { durationMs } from "../../config/units.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant, type Plant } from "../plant.ts";

/** As commander gives them. */
export interface TargetOptions {
  config: string;
  connection?: string;
  host?: string;
  port?: string;
  device?: string;
  baud?: string;
  parity?: string;
  stopBits?: string;
  framing?: string;
  unit?: string;
  patience?: string;
}

export interface Target {
  /** Id in the configuration, null where it was named by hand. */
  connection: string | null;
  driver: string;
  /** As the driver takes them; durations in milliseconds. */
  options: Record<string, unknown>;
  /** For people. */
  label: string;
}

const DEFAULT_PATIENCE_MS = 1000;

export const usage = (message: string): Fault => new Fault("USAGE_INVALID", message);

/** The plant of `-c`, or null where there is no sound one: what is named by hand needs none. */
export function plantBeside(config: string): Plant | null {
  try {
    return loadPlant(config);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

/** Throws `USAGE_INVALID` unless exactly one way is given, and `CONFIG_*` for a configuration that is needed and not sound. */
export function targetOf(given: TargetOptions): Target {
  const ways = [given.connection, given.host, given.device].filter((way) => way !== undefined);
  if (ways.length !== 1)
    throw usage("say where: one of --connection ID, --host HOST, --device PATH");
  if (given.connection !== undefined) return configured(given.config, given.connection);
  return given.device === undefined ? tcpTarget(given) : serialTarget(given);
}

function configured(config: string, id: string): Target {
  const { connections } = loadPlant(config);
  const found = connections.find((connection) => connection.id === id);
  if (!found) {
    const known = connections.map((connection) => connection.id).join(", ");
    throw usage(`${config} has no connection ${id}; it has ${known}`);
  }
  const { driver, options } = found;
  return { connection: id, driver, options, label: `${id} (${placeOf(options)})` };
}

function tcpTarget(given: TargetOptions): Target {
  const { host = "", framing } = given;
  const serial = framing === undefined ? null : oneOf("--framing", framing, ["rtu", "ascii"]);
  if (serial !== null && given.port === undefined)
    throw usage("--framing needs the --port of the serial server");
  const options = { host, port: whole("--port", given.port ?? "502", 1, 65_535) };
  return {
    connection: null,
    driver: serial === null ? "modbus-tcp" : "modbus-rtu-over-tcp",
    options: {
      ...options,
      ...(serial !== null && { framing: serial }),
      timeout: patienceOf(given),
    },
    label: placeOf(options),
  };
}

function serialTarget(given: TargetOptions): Target {
  const options = {
    device: given.device ?? "",
    baudRate: whole("--baud", given.baud ?? "19200", 300, 1_000_000),
    parity: oneOf("--parity", given.parity ?? "even", ["none", "even", "odd"]),
    stopBits: whole("--stop-bits", given.stopBits ?? "1", 1, 2),
    framing: oneOf("--framing", given.framing ?? "rtu", ["rtu", "ascii"]),
    timeout: patienceOf(given),
  };
  return { connection: null, driver: "modbus-rtu", options, label: placeOf(options) };
}

const patienceOf = ({ patience }: TargetOptions): number =>
  patience === undefined ? DEFAULT_PATIENCE_MS : duration("--patience", patience);

/** Where a connection goes, for people. */
export function placeOf(options: Record<string, unknown>): string {
  const { device, baudRate, parity, stopBits, host, port, chip } = options;
  if (chip !== undefined) return String(chip);
  if (device === undefined) return `${host}:${port}`;
  return `${device} ${baudRate} 8${String(parity).charAt(0).toUpperCase()}${stopBits}`;
}

/** Throws `USAGE_INVALID` outside `[low, high]`. */
export function whole(name: string, text: string, low: number, high: number): number {
  const value = /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw usage(`${name} must be a whole number from ${low} to ${high}, not ${text}`);
}

export function oneOf<T extends string>(name: string, text: string, words: readonly T[]): T {
  const word = words.find((each) => each === text);
  if (word !== undefined) return word;
  throw usage(`${name} must be one of ${words.join(", ")}, not ${text}`);
}

/** Milliseconds. */
export function duration(name: string, text: string): number {
  try {
    return durationMs(text);
  } catch {
    throw usage(`${name} must be a duration such as 500ms or 2s, not ${text}`);
  }
}

/** `1`, `1-5`, `1,3,7-9`: ascending, each once. */
export function wholes(name: string, text: string, low: number, high: number): number[] {
  const numbers = text.split(",").flatMap((part) => {
    const [first = "", last = first] = part.trim().split("-");
    const from = whole(name, first, low, high);
    const to = whole(name, last, from, high);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return [...new Set(numbers)].sort((a, b) => a - b);
}

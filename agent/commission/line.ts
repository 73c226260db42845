/**
 * The bus under a commissioning verb: through the agent that runs with it, or opened for the time of the verb. Never
 * beside a running agent: a serial device is locked by its owner, and for TCP the agent is asked first.
 */
import { realpathSync } from "node:fs";
import type {
  Connection,
  DriverClock,
  Identification,
  PointOptions,
  Reading,
} from "../../drivers/driver.ts";
import { driverFor } from "../../drivers/registry.ts";
import { driverClock, systemClock } from "../clock.ts";
import { askAgent, askStatus, readingOf } from "../control.ts";
import { Fault } from "../core/fault.ts";
import type { Plant } from "../plant.ts";
import { storePaths } from "../storage.ts";
import { identifyOver } from "./desk.ts";
import type { Target } from "./target.ts";

export interface Line {
  /** Id of the connection in a running agent that is used, null where the line is our own. */
  via: string | null;
  driver: string;
  read(unit: number, points: PointOptions[]): Promise<Reading>;
  identify(unit: number): Promise<Identification>;
  close(): Promise<void>;
}

/** How long a running agent may take for its answer: its bus has other work too. */
const AGENT_MS = 30_000;
const HELLO_MS = 2000;

export type Trace = NonNullable<DriverClock["trace"]>;

/** The connection of a running agent that goes where the target goes, or null. */
export async function heldBy(plant: Plant | null, target: Target): Promise<string | null> {
  if (!plant) return null;
  const used = new Set(plant.sources.map(({ connection }) => connection));
  const same = plant.connections.find(
    ({ id, options }) =>
      used.has(id) && (id === target.connection || isSamePlace(options, target.options)),
  );
  if (!same || (await askStatus(storePaths(plant).socket, HELLO_MS)) === null) return null;
  return same.id;
}

/** Opens a line; nothing connects before the first request. Throws `AGENT_HOLDS_BUS` when only an own one would do. */
export async function openLine(
  plant: Plant | null,
  target: Target,
  { trace, own = false }: { trace?: Trace; own?: boolean } = {},
): Promise<Line> {
  const held = await heldBy(plant, target);
  if (held === null || !plant) return ownLine(target, trace);
  if (own || trace)
    throw new Fault("AGENT_HOLDS_BUS", `a running agent holds ${held} (${target.label})`, {
      connection: held,
    });
  return agentLine(storePaths(plant).socket, held, target.driver);
}

export function ownLine(target: Target, trace?: Trace): Line {
  const clock = { ...driverClock(systemClock), ...(trace && { trace }) };
  const { driver, options } = target;
  const connection: Connection = driverFor(driver).open("technician", options, clock);
  return {
    via: null,
    driver,
    read: (unit, points) => connection.source("technician", unit, points).read(),
    identify: (unit) => identifyOver(connection, unit),
    close: () => connection.close(),
  };
}

function agentLine(socket: string, connection: string, driver: string): Line {
  const gone = (): Fault =>
    new Fault("AGENT_HOLDS_BUS", `the agent that holds ${connection} does not answer`);
  return {
    via: connection,
    driver,
    async read(unit, points) {
      const answer = await askAgent(socket, { ask: "read", connection, unit, points }, AGENT_MS);
      if (answer === null) throw gone();
      return readingOf(answer);
    },
    async identify(unit) {
      const answer = await askAgent(socket, { ask: "identify", connection, unit }, AGENT_MS);
      if (answer === null) throw gone();
      return answer as Identification;
    },
    close: async () => {},
  };
}

type Options = Record<string, unknown>;

function isSamePlace(a: Options, b: Options): boolean {
  if (a["device"] !== undefined || b["device"] !== undefined)
    return a["device"] !== undefined && realPath(a["device"]) === realPath(b["device"]);
  return (
    a["host"] !== undefined && a["host"] === b["host"] && (a["port"] ?? 502) === (b["port"] ?? 502)
  );
}

/** A link under /dev/serial/by-id and the device behind it are one port. */
function realPath(device: unknown): string {
  try {
    return realpathSync(String(device));
  } catch {
    return String(device);
  }
}

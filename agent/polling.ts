/** The connections a configuration uses and the sources read over them. Opens nothing before the first read. */
import type { Connection, Driver } from "../drivers/driver.ts";
import { type Clock, driverClock } from "./clock.ts";
import { guarded } from "./guard/guard.ts";
import type { GuardReport } from "./guard/report.ts";
import type { Plant } from "./plant.ts";
import type { PolledSource } from "./poller.ts";

export interface Field {
  connections: Map<string, Connection>;
  sources: PolledSource[];
  /** The shortest hold: a loop that stands longer was blind. Milliseconds. */
  stallMs: number;
  /** Releases every port. Settles within 2 s. */
  close(): Promise<void>;
}

const LONGEST_STALL_MS = 60_000;

/** Throws `DRIVER_MISSING` for a connection in use that this version cannot read. `report` is told of swapped devices. */
export function openField(
  plant: Plant,
  driverOf: (name: string) => Driver,
  wire: Clock,
  report: GuardReport = () => {},
): Field {
  const used = new Set(plant.sources.map((source) => source.connection));
  const connections = new Map<string, Connection>();
  for (const { id, driver, options } of plant.connections)
    if (used.has(id)) connections.set(id, driverOf(driver).open(id, options, driverClock(wire)));
  const sources = plant.sources.flatMap(({ asset, source, connection, unit, pollMs, points }) => {
    const owner = connections.get(connection);
    if (!owner) return [];
    const plain = owner.source(`${asset}/${source}`, unit, points);
    const guard = plant.guards.find((each) => each.asset === asset && each.source === source);
    const news = report.bind(null, asset, source);
    const reader = guard ? guarded(plain, owner, unit, guard, driverClock(wire), news) : plain;
    return [{ asset, source, connection, pollMs, reader }];
  });
  const holds = plant.sources.map((source) => source.holdMs);
  return {
    connections,
    sources,
    stallMs: Math.min(...holds, LONGEST_STALL_MS),
    close: async () => {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}

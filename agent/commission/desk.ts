/**
 * What a running agent does for a technician at the same machine, over its own connections and in its own turn:
 * nobody else need touch the bus. Reads only.
 */
import type { Connection, Identification, PointOptions, Reading } from "../../drivers/driver.ts";
import { acceptanceNotice } from "../accept/notice.ts";
import type { Core } from "../core/core.ts";
import { Fault } from "../core/fault.ts";
import type { NoticeInput } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { type Picture, pictureOf } from "./picture.ts";

export interface Desk {
  picture(): Picture;
  /** Reads points of a unit once. Throws `USAGE_INVALID` for a connection that is not in use. */
  read(connection: string, unit: number, points: PointOptions[]): Promise<Reading>;
  identify(connection: string, unit: number): Promise<Identification>;
  /** Journals an acceptance record. Throws `USAGE_INVALID` for one that is not sound. */
  accepted?(acceptance: unknown): void;
}

/** `now`: the axis. `offer`: into the pipeline. */
export function openDesk(
  connections: ReadonlyMap<string, Connection>,
  core: Core,
  now: () => Millis,
  offer: (notice: NoticeInput) => void = () => {},
): Desk {
  const named = (id: string): Connection => {
    const connection = connections.get(id);
    if (connection) return connection;
    throw new Fault("USAGE_INVALID", `the agent reads no connection ${id}`, { connection: id });
  };
  return {
    picture: () => pictureOf(core, now()),
    read: async (connection, unit, points) =>
      named(connection).source("technician", unit, points).read(),
    identify: (connection, unit) => identifyOver(named(connection), unit),
    accepted: (acceptance) =>
      offer(acceptanceNotice(now(), acceptance, [...core.plan.assets.keys()])),
  };
}

/** Throws `USAGE_INVALID` where the bus knows no identification. */
export function identifyOver(connection: Connection, unit: number): Promise<Identification> {
  if (connection.identify) return connection.identify(unit);
  throw new Fault("USAGE_INVALID", "only Modbus devices can be identified");
}

/**
 * The register map of an asset and its fingerprint: what is read where and how it becomes a value. Rules, names and
 * polling are not part of it, hosts neither: the same map on another address is the same map.
 */
import { createHash } from "node:crypto";
import type { ConnectionPlan, SourcePlan } from "../../config/source.ts";
import { canonicalJson } from "../core/canonical.ts";
import type { Plant } from "../plant.ts";

export type MappedPoint = Record<string, string | number | boolean>;

export interface RegisterMap {
  /** SHA-256 over RFC 8785 JSON of the points. */
  fingerprint: string;
  /** By id. */
  points: MappedPoint[];
}

/** What decides the value of a point, Modbus or GPIO. Options that come later must not change the prints of today. */
const DECISIVE = [
  ...["table", "address", "type", "order", "bit", "length", "scale", "offset"],
  ...["line", "activeLow", "counts"],
];

export function registerMapOf(
  { sources, connections }: Pick<Plant, "sources" | "connections">,
  asset: string,
): RegisterMap {
  const own = sources.filter((source) => source.asset === asset);
  const points = own.flatMap((source) => pointsOf(source, connections));
  points.sort((a, b) => (String(a["id"]) < String(b["id"]) ? -1 : 1));
  return { fingerprint: fingerprintOf(points), points };
}

export const fingerprintOf = (points: readonly MappedPoint[]): string =>
  `sha256:${createHash("sha256").update(canonicalJson(points)).digest("hex")}`;

function pointsOf(source: SourcePlan, connections: ConnectionPlan[]): MappedPoint[] {
  const { connection, unit, points } = source;
  const driver = connections.find(({ id }) => id === connection)?.driver ?? "";
  return points.map((point) => {
    const entries = DECISIVE.flatMap((key) => {
      const value = point[key];
      return isPlain(value) ? [[key, value] as const] : [];
    });
    return { id: point.id, connection, driver, unit, ...Object.fromEntries(entries) };
  });
}

const isPlain = (value: unknown): value is MappedPoint[string] =>
  ["string", "number", "boolean"].includes(typeof value);

/**
 * Which driver's options a point takes, and what its values are. Knows the names of options, not their meaning on a bus.
 */
import { alternatives, explain } from "./explain.ts";
import type { Finding } from "./problem.ts";
import { follow, readSchema, schema } from "./schemas.ts";
import { type Data, isData } from "./template.ts";
import type { GpioPoint, ModbusPoint, Point } from "./types.ts";
import { type Violation, violations } from "./validator.ts";

export const isModbus = (point: Point): point is ModbusPoint => "table" in point;
export const isGpio = (point: Point): point is GpioPoint => "line" in point;

/** What a point's values are to a condition. */
export function kindOf(point: Point): "bool" | "number" | "text" {
  if (isGpio(point)) return point.counter ? "number" : "bool";
  if (point.type === "bool") return "bool";
  return point.type === "string" ? "text" : "number";
}

/** Bits of an integer type (int32: 32), or null: not a plain integer. */
export function integerBits(point: Point): number | null {
  const bits = isModbus(point) ? /^u?int(\d+)$/.exec(point.type)?.[1] : undefined;
  return bits === undefined ? null : Number(bits);
}

/** Where the values of a counter of this type wrap; null when the type cannot count. */
export function naturalModulus(point: Point): bigint | null {
  if (isGpio(point)) return 2n ** 64n;
  const bits = integerBits(point);
  if (bits !== null) return 2n ** BigInt(bits);
  if (point.type === "bcd16") return 10_000n;
  return point.type === "bcd32" ? 100_000_000n : null;
}

/** Drivers that a connection may name. */
export const driverNames = (): string[] => alternatives(schema("connection"));

/** The schema reference of a driver's points, e.g. `modbus.json#/$defs/point`. */
export const pointSchemaOf = (driver: string): string =>
  String(readSchema(driver)?.["x-point"] ?? "modbus.json#/$defs/point");

/** Every reference that a start may check, for the build to compile ahead. */
export const checkedReferences = (): string[] => [
  ...new Set(["plant.json", "template.json", "act.json", ...driverNames().map(pointSchemaOf)]),
];

export interface PointTrouble {
  violation: Violation;
  finding: Finding;
}

/** Checks every point of unchecked, merged data by its own driver's schema, and fills in defaults. */
export function pointTroubles(data: unknown): PointTrouble[] {
  const config = isData(data) ? data : {};
  const assets = Object.entries(isData(config["assets"]) ? config["assets"] : {});
  return assets.flatMap(([id, asset]) => {
    const points = isData(asset) && isData(asset["points"]) ? asset["points"] : {};
    return Object.entries(points).flatMap(([name, point]) => {
      if (!isData(point)) return [];
      const driver = driverOf(config, asset as Data, point);
      const found = violations(pointSchemaOf(driver ?? guess(point)), point);
      return found.map((raw) => {
        const violation = { ...raw, path: ["assets", id, "points", name, ...raw.path] };
        return { violation, finding: withOwner(explain(violation), raw, driver) };
      });
    });
  });
}

/** A point whose source or connection is unknown is judged by what it looks like. */
const guess = (point: Data): string => (Object.hasOwn(point, "line") ? "gpio" : "modbus-tcp");

function driverOf(config: Data, asset: Data, point: Data): string | null {
  const source = pick(asset["sources"], point["source"] ?? "main");
  const connection = pick(config["connections"], pick(source, "connection"));
  const driver = pick(connection, "driver");
  return typeof driver === "string" && driverNames().includes(driver) ? driver : null;
}

function pick(map: unknown, key: unknown): unknown {
  return isData(map) && typeof key === "string" && Object.hasOwn(map, key) ? map[key] : undefined;
}

/** An option of another driver's points gets a hint that says so. */
function withOwner(finding: Finding, violation: Violation, driver: string | null): Finding {
  if (violation.keyword !== "additionalProperties" || driver === null) return finding;
  const key = String(violation.params["additionalProperty"]);
  const owner = driverNames().find((name) => key in propertiesOf(name));
  if (owner === undefined) return finding;
  const message = `is an option of ${owner} points, and the source of this point uses ${driver}`;
  return { ...finding, message, hint: "name another `source`, or the options of this driver" };
}

function propertiesOf(driver: string): Data {
  const [target] = follow(pointSchemaOf(driver), driver);
  return (target["properties"] ?? {}) as Data;
}

/** What the shell opens and polls: connections and sources with the options their drivers take. Opens nothing. */
import type { PointOptions } from "../drivers/driver.ts";
import { integerBits, isGpio, pointSchemaOf } from "./point.ts";
import { follow, type JsonSchema, schema } from "./schemas.ts";
import type { Config, ModbusPoint, Point } from "./types.ts";
import { durationMs } from "./units.ts";

export interface ConnectionPlan {
  id: string;
  driver: string;
  /** As the driver's schema names them; durations in milliseconds, as numbers. */
  options: Record<string, unknown>;
}

export interface SourcePlan {
  asset: string;
  source: string;
  connection: string;
  /** Modbus unit id; 0 where the driver has none. */
  unit: number;
  pollMs: number;
  /** `holdLast × poll`. */
  holdMs: number;
  /** In the order of the file, durations in milliseconds; raw sentinels beyond 2^53 are bigint. */
  points: PointOptions[];
}

/** Connections in the order of the file, used or not. */
export function connectionsOf(config: Config): ConnectionPlan[] {
  return Object.entries(config.connections).map(([id, connection]) => {
    const { driver, ...options } = connection;
    return { id, driver, options: inMilliseconds(options, schema(driver), driver) };
  });
}

/** Sources of all assets, by asset id, then in the order of the file. One without points is left out. */
export function sourcesOf(config: Config): SourcePlan[] {
  const ids = Object.keys(config.assets).sort();
  return ids.flatMap((asset) => {
    const { sources, points } = config.assets[asset]!;
    return Object.entries(sources).flatMap(([source, { connection, unit, poll, holdLast }]) => {
      const { driver } = config.connections[connection]!;
      const own = Object.entries(points).filter(([, point]) => point.source === source);
      const options = own.map(([id, point]) => pointOptions(id, point, driver));
      const pollMs = durationMs(poll);
      const plan = {
        asset,
        source,
        connection,
        unit: unit ?? 0,
        pollMs,
        holdMs: holdLast * pollMs,
      };
      return options.length === 0 ? [] : [{ ...plan, points: options }];
    });
  });
}

/** What the core makes of a point is none of the driver's business. */
export function pointOptions(id: string, point: Point, driver: string): PointOptions {
  const { source: _s, unit: _u, counter: _c, description: _d, ...bus } = point;
  const { range: _r, maxStep: _m, frozen: _f, ...options } = bus as Partial<ModbusPoint>;
  const [target, file] = follow(pointSchemaOf(driver), driver);
  const plain = inMilliseconds(options, target, file);
  if (isGpio(point) && point.counter) plain["counts"] = true;
  if ("invalid" in point) plain["invalid"] = point.invalid.map((raw) => sentinel(raw, point));
  return { id, ...plain };
}

function sentinel(raw: string | number, point: ModbusPoint): unknown {
  if (raw === "ones") return allOnes(point);
  if (typeof raw !== "string" || integerBits(point) === null || !/^-?\d+$/.test(raw)) return raw;
  const exact = BigInt(raw);
  return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
}

/** All bits set, as the type reads them: -1 where it is signed. Floats and text have their own ways to say so. */
function allOnes(point: ModbusPoint): number | bigint {
  if (/^int/.test(point.type)) return -1;
  const bits = integerBits(point) ?? (point.type === "bcd32" ? 32 : 16);
  return bits === 64 ? 2n ** 64n - 1n : 2 ** bits - 1;
}

/** Durations, as the schema tells them, become numbers. */
function inMilliseconds(
  options: Record<string, unknown>,
  shape: JsonSchema,
  file: string,
): Record<string, unknown> {
  const properties = (shape["properties"] ?? {}) as Record<string, JsonSchema>;
  const entries = Object.entries(options).map(([key, value]) => {
    return [key, isDuration(properties[key], file) ? durationMs(String(value)) : value];
  });
  return Object.fromEntries(entries);
}

function isDuration(property: JsonSchema | undefined, file: string): boolean {
  const ref = property?.["$ref"];
  if (typeof ref !== "string") return false;
  if (ref === "common.json#/$defs/duration") return true;
  const [target, targetFile] = follow(ref, file);
  return isDuration(target, targetFile);
}

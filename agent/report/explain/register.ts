/** Where a point is read: connection, unit and address, as the configuration has them. */
import type { ConnectionPlan, SourcePlan } from "../../../config/source.ts";
import { placeOf } from "../../commission/target.ts";

export interface Register {
  point: string;
  source: string;
  connection: string;
  /** Modbus unit id; 0 where the driver has none. */
  unit: number;
  /** For people: `plc unit 1 holding 0 uint16 at 10.0.0.9:502`. */
  text: string;
}

export interface Bus {
  sources: readonly SourcePlan[];
  connections: readonly ConnectionPlan[];
}

/** null: the configuration at hand has no such point. */
export function registerOf(
  { sources, connections }: Bus,
  asset: string,
  id: string,
): Register | null {
  const source = sources.find((one) => one.asset === asset && one.points.some((p) => p.id === id));
  const point = source?.points.find((one) => one.id === id);
  if (!source || !point) return null;
  const { connection, unit } = source;
  const { driver, options } = connections.find((one) => one.id === connection) ?? {};
  const { table, address, type, line } = point as Record<string, unknown>;
  const where = table === undefined ? `line ${line}` : `unit ${unit} ${table} ${address} ${type}`;
  const place = driver === "gpio" || !options ? "" : ` at ${placeOf(options)}`;
  return {
    point: id,
    source: source.source,
    connection,
    unit,
    text: `${connection} ${where}${place}`,
  };
}

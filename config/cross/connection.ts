/** Connections and the sources that use them. */

import type { ById, DraftAsset } from "../draft.ts";
import { didYouMean } from "../nearest.ts";
import type { Path } from "../problem.ts";
import type { Connection, Source } from "../types.ts";
import { durationMs } from "../units.ts";
import { checkGuard } from "./plausible.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkDuration } from "./time.ts";

export function checkConnection(
  report: Report,
  path: Path,
  connection: Connection,
  drivers: readonly string[],
): void {
  if ("timeout" in connection) checkDuration(report, [...path, "timeout"], connection.timeout);
  if (connection.driver === "modbus-rtu" && /^\/dev\/tty(USB|ACM)\d+$/.test(connection.device)) {
    const hint = "use the name under /dev/serial/by-id/, which stays with the adapter";
    warn(
      report,
      [...path, "device"],
      `${connection.device} may name another adapter after a restart`,
      hint,
    );
  }
  if (!drivers.includes(connection.driver)) {
    const message = `this version checks ${connection.driver} connections and does not read them`;
    warn(report, [...path, "driver"], message, `it reads: ${drivers.join(", ")}`);
  }
}

export function checkSources(
  report: Report,
  path: Path,
  asset: DraftAsset,
  connections: ById<Connection>,
): void {
  for (const [id, source] of Object.entries(asset.sources)) {
    if (source) checkSource(report, [...path, "sources", id], source, connections);
  }
}

function checkSource(
  report: Report,
  path: Path,
  source: Source,
  connections: ById<Connection>,
): void {
  const poll = checkDuration(report, [...path, "poll"], source.poll, { least: "10ms" });
  const name = source.connection;
  if (!Object.hasOwn(connections, name)) {
    const hint = didYouMean(name, Object.keys(connections));
    error(report, [...path, "connection"], `there is no connection ${name}`, hint);
    return;
  }
  checkGuard(report, [...path, "guard"], source, connections);
  const connection = connections[name];
  if (!connection) return;
  if (connection.driver === "gpio") {
    if (source.unit !== undefined)
      errorAtKey(report, [...path, "unit"], "a GPIO chip has no units");
    return;
  }
  checkUnit(report, path, source.unit, connection.driver);
  const timeout = durationMs(connection.timeout);
  if (poll !== null && timeout >= poll * source.holdLast) {
    const message = `${name} may wait ${connection.timeout} for an answer, but values are stale after holdLast × poll = ${poll * source.holdLast} ms`;
    warn(
      report,
      [...path, "poll"],
      message,
      "lower `timeout` of the connection, or raise `holdLast`",
    );
  }
}

function checkUnit(report: Report, path: Path, unit: number | undefined, driver: string): void {
  if (unit === undefined) {
    const hint = "the Modbus unit id, as set in the device; often 1";
    errorAtKey(report, [...path, "unit"], "is missing", hint);
  } else if (driver !== "modbus-tcp" && (unit < 1 || unit > 247)) {
    error(report, [...path, "unit"], `must be from 1 to 247 on a serial bus, not ${unit}`);
  }
}

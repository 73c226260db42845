/** Plausibility options of points, and guards of sources: whether they can ever hold, and fit what they are put on. */
import type { ById, DraftAsset } from "../draft.ts";
import { kindOf } from "../point.ts";
import type { Path } from "../problem.ts";
import type { Canary, Connection, ModbusPoint, Source } from "../types.ts";
import { durationMs, isZeroRate } from "../units.ts";
import { error, errorAtKey, type Report } from "./report.ts";
import { checkDuration } from "./time.ts";

export function checkPlausibility(
  report: Report,
  path: Path,
  point: ModbusPoint,
  asset: DraftAsset,
): void {
  const { range, maxStep, frozen } = point;
  if (range) checkRange(report, [...path, "range"], range);
  if (maxStep !== undefined && isZeroRate(maxStep))
    error(
      report,
      [...path, "maxStep"],
      "must be more than 0",
      "leave it out where the value may jump",
    );
  for (const key of ["range", "maxStep", "frozen"] as const) {
    if (point[key] === undefined) continue;
    if (point.counter) {
      const hint = "counters have their own: `counter.maxRate`";
      errorAtKey(report, [...path, key], "does not go with counter", hint);
    } else if (key !== "frozen" && kindOf(point) !== "number")
      errorAtKey(report, [...path, key], `only goes with numbers, not with ${point.type}`);
  }
  const ms = checkDuration(report, [...path, "frozen"], frozen, { most: "30d" });
  const source = Object.hasOwn(asset.sources, point.source) ? asset.sources[point.source] : null;
  if (ms === null || !source || ms >= 2 * durationMs(source.poll)) return;
  error(report, [...path, "frozen"], `must be at least twice the poll, ${source.poll}`);
}

function checkRange(report: Report, path: Path, range: number[]): void {
  const [low = 0, high = 0] = range;
  if (low > high) error(report, path, `ends below its beginning: ${low} > ${high}`);
}

/** The guard of one source. */
export function checkGuard(
  report: Report,
  path: Path,
  { guard, connection }: Source,
  connections: ById<Connection>,
): void {
  if (!guard) return;
  const driver = Object.hasOwn(connections, connection) ? connections[connection]?.driver : null;
  if (driver === "gpio") errorAtKey(report, path, "a GPIO chip cannot be identified");
  checkDuration(report, [...path, "every"], guard.every, { least: "1s" });
  guard.canary.forEach((canary, i) => {
    checkCanary(report, [...path, "canary", i], canary);
  });
}

function checkCanary(report: Report, path: Path, canary: Canary): void {
  const given = (["equals", "in", "between"] as const).filter((key) => canary[key] !== undefined);
  if (given.length !== 1) error(report, path, "needs exactly one of `equals`, `in`, `between`");
  if (canary.between) checkRange(report, [...path, "between"], canary.between);
  if (canary.between && kindOf(canary.read) !== "number")
    error(report, [...path, "between"], `only goes with numbers, not with ${canary.read.type}`);
}

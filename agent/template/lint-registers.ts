/** Registers of a template as the driver will read them: they can be planned, and no two points contradict each other. */
import { arrange, DEFAULT_LIMITS, plan } from "../../drivers/modbus/plan.ts";
import { type ModbusPoint, parsePoint } from "../../drivers/modbus/point.ts";
import type { LintReport } from "./lint-report.ts";
import type { Trial } from "./trial.ts";

/** Throws `CONFIG_INVALID` where the driver refuses a point or cannot plan it. */
export function lintRegisters(trial: Trial, report: LintReport): void {
  for (const { driver, points: options } of trial.sources) {
    if (driver === "gpio") continue;
    const points = options.map(parsePoint);
    plan(arrange(points), DEFAULT_LIMITS);
    for (const [index, point] of points.entries()) {
      const clash = points.slice(0, index).find((other) => contradicts(point, other));
      if (!clash) continue;
      const message = `overlaps ${clash.id} (${spanOf(clash)}) with another type or order`;
      report.error(["asset", "points", point.id, "address"], message, spanOf(point));
    }
  }
}

const spanOf = ({ table, address, length, type }: ModbusPoint): string =>
  `${table} ${address}-${address + length - 1} ${type}`;

/** One register may be read as a word and as bits; all else that shares registers must be read the same way. */
function contradicts(a: ModbusPoint, b: ModbusPoint): boolean {
  const overlaps =
    a.table === b.table && a.address < b.address + b.length && b.address < a.address + a.length;
  if (!overlaps || isWordOrBit(a, b)) return false;
  const isSame = a.address === b.address && a.length === b.length && a.type === b.type;
  return !isSame || a.swapWords !== b.swapWords || a.swapBytes !== b.swapBytes;
}

const isWordOrBit = (a: ModbusPoint, b: ModbusPoint): boolean =>
  a.length === 1 && b.length === 1 && (a.type === "bool" || b.type === "bool");

/** Points: where they come from, whether they fit into their table, and whether a counter can count. */
import type { DraftAsset } from "../draft.ts";
import { didYouMean } from "../nearest.ts";
import { isModbus, kindOf, naturalModulus } from "../point.ts";
import type { Path } from "../problem.ts";
import type { ModbusPoint, Point } from "../types.ts";
import { durationMs, isZeroRate, rate } from "../units.ts";
import { checkPlausibility } from "./plausible.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkDuration } from "./time.ts";

export function checkPoints(report: Report, path: Path, asset: DraftAsset): void {
  for (const [id, point] of Object.entries(asset.points)) {
    if (!point) continue;
    const at = [...path, "points", id];
    if (!Object.hasOwn(asset.sources, point.source)) {
      const hint = didYouMean(point.source, Object.keys(asset.sources));
      error(report, [...at, "source"], `there is no source ${point.source}`, hint);
    }
    if (isModbus(point)) checkModbus(report, at, point);
    else checkDuration(report, [...at, "debounce"], point.debounce, { least: "0ms", most: "10s" });
    if (isModbus(point)) checkPlausibility(report, at, point, asset);
    if (point.counter) checkCounter(report, at, point, holdMs(asset, point.source));
  }
}

function holdMs(asset: DraftAsset, id: string): number | null {
  const source = Object.hasOwn(asset.sources, id) ? asset.sources[id] : null;
  return source ? durationMs(source.poll) * source.holdLast : null;
}

/** Registers that a value takes; bit tables have none. */
function registersOf(point: ModbusPoint): number {
  if (point.type === "string") return point.length ?? 1;
  if (point.type === "bool") return 1;
  return Number(/\d+$/.exec(point.type)?.[0] ?? 16) / 16;
}

function checkModbus(report: Report, path: Path, point: ModbusPoint): void {
  const { type, table, address } = point;
  const bits = table === "coil" || table === "discrete";
  const length = registersOf(point);
  if (bits && type !== "bool") {
    error(report, [...path, "type"], `must be bool in table ${table}, not ${type}`);
  } else if (address + length > 65_536) {
    const last = address + length - 1;
    error(report, [...path, "address"], `the value ends at ${last}, beyond the last address 65535`);
  }
  if (point.bit !== undefined && bits) {
    errorAtKey(report, [...path, "bit"], `only goes with registers, not with table ${table}`);
  } else if (point.bit !== undefined && type !== "bool") {
    errorAtKey(report, [...path, "bit"], `only goes with type bool, not with ${type}`);
  }
  if (type === "string" && point.length === undefined) {
    errorAtKey(report, [...path, "length"], "is missing", "the registers that the text takes");
  } else if (type !== "string" && point.length !== undefined) {
    errorAtKey(report, [...path, "length"], `only goes with type string, not with ${type}`);
  }
  checkOrder(report, [...path, "order"], point);
  checkScale(report, path, point);
  checkSentinels(report, path, point);
}

/** Floats that are all ones are no numbers, and refused without being told. */
function checkSentinels(report: Report, path: Path, { invalid, type }: ModbusPoint): void {
  if (!invalid.includes("ones") || (!type.startsWith("float") && type !== "string")) return;
  error(report, [...path, "invalid"], `\`ones\` goes with whole numbers, not with ${type}`);
}

function checkOrder(report: Report, path: Path, { type, order }: ModbusPoint): void {
  if (order.length === 8 && !type.endsWith("64")) {
    error(report, path, `${order} is an order of 64-bit values, and ${type} is none`);
  } else if (type === "string" && order !== "ABCD" && order !== "BADC") {
    error(report, path, `must be ABCD or BADC for a text, not ${order}`);
  }
}

function checkScale(report: Report, path: Path, point: ModbusPoint): void {
  if (point.scale === 0) error(report, [...path, "scale"], "must not be 0");
  if (kindOf(point) === "number") return;
  for (const key of ["scale", "offset"] as const) {
    if (point[key] !== (key === "scale" ? 1 : 0)) {
      errorAtKey(report, [...path, key], `only goes with numbers, not with ${point.type}`);
    }
  }
}

function checkCounter(report: Report, path: Path, point: Point, hold: number | null): void {
  const counter = point.counter;
  if (!counter) return;
  const natural = naturalModulus(point);
  if (natural === null) {
    const type = isModbus(point) ? point.type : "line";
    const hint = "counters are whole numbers: int, uint or bcd";
    errorAtKey(report, [...path, "counter"], `a ${type} point cannot be a counter`, hint);
    return;
  }
  if (isModbus(point)) checkUnscaled(report, path, point);
  const modulus = counter.modulus === undefined ? natural : BigInt(counter.modulus);
  if (modulus < 2n) error(report, [...path, "counter", "modulus"], "must be at least 2");
  if (modulus > natural) {
    const message = `is more than the type can hold: ${modulus} > ${natural}`;
    error(report, [...path, "counter", "modulus"], message);
  }
  if (isZeroRate(counter.maxRate)) {
    error(report, [...path, "counter", "maxRate"], "must be more than 0");
  } else if (hold !== null) checkWrap(report, path, counter.maxRate, modulus, hold);
}

function checkUnscaled(report: Report, path: Path, point: ModbusPoint): void {
  for (const key of ["scale", "offset"] as const) {
    if (point[key] === (key === "scale" ? 1 : 0)) continue;
    const hint = "counters are raw counts; use `counter.pieces` for pieces per count";
    errorAtKey(report, [...path, key], "does not go with counter", hint);
  }
}

/** A counter that can wrap within its hold cannot be told from one that stood still. */
function checkWrap(
  report: Report,
  path: Path,
  maxRate: string,
  modulus: bigint,
  hold: number,
): void {
  const { count, perMs } = rate(maxRate);
  const most = (BigInt(count) * BigInt(hold)) / BigInt(perMs) + 1n;
  if (most < modulus) return;
  const message = `at ${maxRate} the counter may wrap (${modulus}) within holdLast × poll = ${hold} ms`;
  warn(report, [...path, "counter"], message, "poll faster, or lower `maxRate`");
}

/** What a point can be watched for: what it measures, by its own word or by its unit. Knows no rules and no knobs. */
import type { ChannelKind } from "../agent/core/signal/model.ts";
import { isModbus, kindOf } from "./point.ts";
import type { Point } from "./types.ts";

const KINDS: Record<string, ChannelKind> = {
  degc: "temperature",
  "°c": "temperature",
  k: "temperature",
  "mm/s": "vibration-velocity",
  a: "current",
  bar: "pressure",
  mbar: "pressure",
  kpa: "pressure",
  pa: "pressure",
  "l/min": "flow",
  "m3/h": "flow",
  "m³/h": "flow",
};

/** What a unit measures; null where it says nothing that a detector could go by. */
const kindOfUnit = (unit: string | undefined): ChannelKind | null =>
  KINDS[(unit ?? "").toLowerCase()] ?? null;

/** A number that does not count. */
export const isWatchable = (point: Point): boolean => kindOf(point) === "number" && !point.counter;

/** A counter whose pieces are timed. */
export const isTimed = (point: Point, kind: ChannelKind | null | undefined): boolean =>
  point.counter !== undefined && kind === "cycle-time";

/** What the point says of itself, or its unit; null: nothing. */
export function kindOfPoint(point: Point): ChannelKind | null {
  return (isModbus(point) ? point.kind : undefined) ?? kindOfUnit(point.unit);
}

/** Points that it names as upstream of it. */
export const upstreamOf = (point: Point | null | undefined): readonly string[] =>
  (point && isModbus(point) ? point.upstream : undefined) ?? [];

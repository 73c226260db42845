/** `when:` of a configuration as an expression of the core: point ids become indexes, literals get the point's type. */
import type { Expr, Value } from "../agent/core/model.ts";
import { kindOf } from "./point.ts";
import type { Asset, Point, When } from "./types.ts";
import { durationMs } from "./units.ts";

/** The points of one asset in the order of the file. */
export interface PointIndex {
  ids: string[];
  points: Asset["points"];
}

export const indexOf = (id: string, { ids }: PointIndex): number => ids.indexOf(id);

/** Expects a condition that the cross checks let through: exactly one form. */
export function whenExpr(when: When, points: PointIndex): Expr {
  if (when.all) return { op: "all", of: when.all.map((each) => whenExpr(each, points)) };
  if (when.any) return { op: "any", of: when.any.map((each) => whenExpr(each, points)) };
  if (when.not) return { op: "not", of: whenExpr(when.not, points) };
  if (when.lamp) return lampExpr(when.lamp, points);
  if (when.counterMoving !== undefined) {
    const withinMs = durationMs(when.within ?? "0s");
    return { op: "moving", point: indexOf(when.counterMoving, points), withinMs };
  }
  return comparison(when, points);
}

/** A stack light shows a pattern when every named lamp shows its part of it. */
function lampExpr(lamp: NonNullable<When["lamp"]>, points: PointIndex): Expr {
  const of = Object.entries(lamp).map(([id, shows]): Expr => {
    return { op: "lamp", point: indexOf(id, points), shows };
  });
  return { op: "all", of };
}

function comparison(when: When, points: PointIndex): Expr {
  const id = when.point ?? "";
  const point = indexOf(id, points);
  const { hysteresis = 0 } = when;
  if (when.bit !== undefined) {
    return { op: "bit", point, bit: when.bit, equals: when.equals === true };
  }
  if (when.above !== undefined) return { op: "above", point, limit: when.above, hysteresis };
  if (when.below !== undefined) return { op: "below", point, limit: when.below, hysteresis };
  if (when.between) {
    const [low = 0, high = 0] = when.between;
    return { op: "between", point, low, high, hysteresis };
  }
  const configured = points.points[id]!;
  if (when.in) {
    return { op: "in", point, values: when.in.map((value) => literal(value, configured)) };
  }
  return { op: "equals", point, value: literal(when.equals ?? 0, configured) };
}

/** Whole numbers beyond 2^53 were kept as text and become bigint, as readings of that size are. */
function literal(value: string | number | boolean, point: Point): Value {
  if (kindOf(point) !== "number" || typeof value !== "string") return value;
  const exact = BigInt(value);
  const plain = Number(exact);
  return Number.isSafeInteger(plain) ? plain : exact;
}

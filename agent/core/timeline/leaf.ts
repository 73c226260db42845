/** Truth of one leaf condition on one good value. Strict above and below, inclusive between (DESIGN 5.1). */
import type { Leaf, Value } from "../model.ts";

const same = (a: Value, b: Value): boolean => {
  if (a === b) return true;
  if (typeof a === "string" || typeof b === "string") return String(a) === String(b);
  return (
    Number(a) === Number(b) &&
    (typeof a === "boolean" || typeof b === "boolean" || BigInt(a) === BigInt(b))
  );
};

const bitOf = (value: Value, bit: number): boolean => {
  if (typeof value === "bigint") return ((value >> BigInt(bit)) & 1n) === 1n;
  const whole = Number(value);
  return Number.isInteger(whole) && ((BigInt(whole) >> BigInt(bit)) & 1n) === 1n;
};

/** `was`: whether the leaf was true before; hysteresis widens the range by that many units while it is. */
export function leafHolds(leaf: Leaf, value: Value, was: boolean): boolean {
  switch (leaf.op) {
    case "equals":
      return same(value, leaf.value);
    case "in":
      return leaf.values.some((candidate) => same(value, candidate));
    case "above":
      return Number(value) > leaf.limit - (was ? leaf.hysteresis : 0);
    case "below":
      return Number(value) < leaf.limit + (was ? leaf.hysteresis : 0);
    case "between": {
      const slack = was ? leaf.hysteresis : 0;
      return Number(value) >= leaf.low - slack && Number(value) <= leaf.high + slack;
    }
    case "bit":
      return bitOf(value, leaf.bit) === leaf.equals;
    case "lamp":
      return leaf.shows === (Number(value) ? "on" : "off");
    case "moving":
      return was;
  }
}

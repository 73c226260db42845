/** A condition rule in words, and the points it looked at. */
import type { AssetModel, Expr, Leaf } from "../../core/model.ts";

/** `status in 8, 9`. */
export function exprText(expr: Expr, points: AssetModel["points"]): string {
  switch (expr.op) {
    case "all":
    case "any":
      return `${expr.op} of (${expr.of.map((part) => exprText(part, points)).join("; ")})`;
    case "not":
      return `not (${exprText(expr.of, points)})`;
    default:
      return leafText(expr, points[expr.point]?.id ?? "?");
  }
}

function leafText(leaf: Leaf, id: string): string {
  switch (leaf.op) {
    case "equals":
      return `${id} = ${leaf.value}`;
    case "in":
      return `${id} in ${leaf.values.join(", ")}`;
    case "above":
      return `${id} > ${leaf.limit}${slack(leaf.hysteresis)}`;
    case "below":
      return `${id} < ${leaf.limit}${slack(leaf.hysteresis)}`;
    case "between":
      return `${id} from ${leaf.low} to ${leaf.high}${slack(leaf.hysteresis)}`;
    case "bit":
      return `bit ${leaf.bit} of ${id} ${leaf.equals ? "set" : "clear"}`;
    case "moving":
      return `${id} counted within ${leaf.withinMs / 1000} s`;
    case "lamp":
      return `lamp ${id} ${leaf.shows}`;
  }
}

const slack = (hysteresis: number): string => (hysteresis > 0 ? ` (hysteresis ${hysteresis})` : "");

export interface RuleText {
  text: string;
  /** Ids of the points it needed, those of the rules above it where it stands for all else; last those of its reason. */
  points: string[];
}

/** Rule `index` of an asset; null while nothing was decided. */
export function ruleText(
  { rules, points, reasons = [] }: AssetModel,
  index: number | null,
): RuleText | null {
  const rule = index === null ? undefined : rules[index];
  if (!rule || index === null) return null;
  const above = rule.when === null ? rules.slice(0, index) : [rule];
  const said = rule.reason && "point" in rule.reason ? [rule.reason.point] : [];
  const tree = rule.is === "producing" ? [] : reasons.map(({ when }) => when);
  const needed = [...above.map(({ when }) => when), ...tree].flatMap((when) =>
    when === null ? [] : pointsIn(when),
  );
  const wait = rule.forMs > 0 ? ` for ${rule.forMs / 1000} s` : "";
  const when = rule.when === null ? "no rule above it is true" : exprText(rule.when, points);
  return {
    text: `${rule.is} when ${when}${wait}`,
    points: [...new Set([...needed, ...said])].map((point) => points[point]?.id ?? "?"),
  };
}

function pointsIn(expr: Expr): number[] {
  if (expr.op === "all" || expr.op === "any") return expr.of.flatMap(pointsIn);
  return expr.op === "not" ? pointsIn(expr.of) : [expr.point];
}

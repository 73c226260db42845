/** Three-valued logic of condition rules (accounting rule 2): true, false, undecided with the cause of the first undecided leaf. */
import type { AssetModel, Expr, Leaf } from "../model.ts";
import type { UnknownCause } from "../vocabulary.ts";

/** Truth of a leaf, one character each, so that a vector of leaves is a string: T, F, or why it is undecided. */
export const CAUSE_OF_MARK: Record<string, UnknownCause> = {
  s: "device-silent",
  l: "link-down",
  r: "read-rejected",
  c: "configuration",
};
const MARK_OF_CAUSE: Partial<Record<UnknownCause, string>> = {
  "link-down": "l",
  "read-rejected": "r",
  configuration: "c",
};
export const markOf = (cause: UnknownCause): string => MARK_OF_CAUSE[cause] ?? "s";

/** A rule's expression with leaves replaced by their number. */
export type Tree = number | { op: "all" | "any"; of: Tree[] } | { op: "not"; of: Tree };

export interface RuleTable {
  leaves: Leaf[];
  trees: (Tree | null)[];
  /** Conditions of the reason tree's entries, null where an entry has none. */
  reasonTrees: (Tree | null)[];
  /** True while there is no order; null: there is no such signal. */
  demandTree: Tree | null;
  /** Leaf numbers that read a point, by point index. */
  leavesOfPoint: number[][];
  /** Outcomes by leaf vector; a cache, never part of the state. */
  outcomes: Map<string, Outcome>;
}

/** What a walk over the rules says: the first true rule, or why none could be decided. */
export type Outcome = { rule: number; cause: null } | { rule: null; cause: UnknownCause };

export function ruleTable({
  rules,
  points,
  reasons = [],
  noDemand,
}: Pick<AssetModel, "rules" | "points" | "reasons" | "noDemand">): RuleTable {
  const leaves: Leaf[] = [];
  const leavesOfPoint: number[][] = points.map(() => []);
  const number = (expr: Expr): Tree => {
    if (expr.op === "all" || expr.op === "any") return { op: expr.op, of: expr.of.map(number) };
    if (expr.op === "not") return { op: "not", of: number(expr.of) };
    leavesOfPoint[expr.point]?.push(leaves.length);
    return leaves.push(expr) - 1;
  };
  const trees = rules.map((rule) => (rule.when ? number(rule.when) : null));
  const reasonTrees = reasons.map(({ when }) => (when ? number(when) : null));
  const demandTree = noDemand ? number(noDemand) : null;
  return { leaves, trees, reasonTrees, demandTree, leavesOfPoint, outcomes: new Map() };
}

/** "T", "F" or the mark of the first undecided leaf. */
export function truthOf(tree: Tree, leaves: string): string {
  if (typeof tree === "number") return leaves.charAt(tree);
  if (tree.op === "not") return NOT[truthOf(tree.of, leaves)] ?? truthOf(tree.of, leaves);
  const values = tree.of.map((part) => truthOf(part, leaves));
  const wins = tree.op === "all" ? "F" : "T";
  if (values.includes(wins)) return wins;
  return values.find((value) => NOT[value] === undefined) ?? NOT[wins] ?? wins;
}

const NOT: Record<string, string> = { T: "F", F: "T" };

/** In order: true wins, false goes on, undecided ends the walk; all false is `rule-undecided`. */
export function walk(table: RuleTable, leaves: string): Outcome {
  const known = table.outcomes.get(leaves);
  if (known) return known;
  let outcome: Outcome = { rule: null, cause: "rule-undecided" };
  for (const [rule, tree] of table.trees.entries()) {
    const value = tree === null ? "T" : truthOf(tree, leaves);
    if (value === "F") continue;
    outcome =
      value === "T"
        ? { rule, cause: null }
        : { rule: null, cause: CAUSE_OF_MARK[value] ?? "device-silent" };
    break;
  }
  if (table.outcomes.size > 4096) table.outcomes.clear();
  table.outcomes.set(leaves, outcome);
  return outcome;
}

/** Condition rules of an asset: points, durations, rules that can never win, and micro-stops that polls can see. */
import type { DraftAsset } from "../draft.ts";
import type { Path } from "../problem.ts";
import type { Rule, When } from "../types.ts";
import { durationMs } from "../units.ts";
import { error, errorAtKey, type Report, warn } from "./report.ts";
import { checkDuration } from "./time.ts";
import { checkWhen, findPoint } from "./when.ts";

export function checkRules(report: Report, path: Path, asset: DraftAsset): void {
  let always: number | null = null;
  for (const [index, rule] of asset.condition.entries()) {
    if (!rule) continue;
    const at = [...path, "condition", index];
    if (always !== null) {
      const message = `can never win: condition[${always}] is always true`;
      warn(report, at, message, "move the rule without `when` to the end");
    }
    checkRule(report, at, rule, asset);
    if (!rule.when && !rule.for) always ??= index;
  }
  checkMicroStop(report, [...path, "microStop"], asset);
  checkReasons(report, path, asset);
  if (asset.noDemand) checkWhen(report, [...path, "noDemand"], asset.noDemand, asset);
}

function checkReasons(report: Report, path: Path, asset: DraftAsset): void {
  const losses = new Map<string, string>();
  for (const [index, node] of (asset.reasons ?? []).entries()) {
    const at = [...path, "reasons", index];
    if (node.loss !== undefined) {
      const known = losses.get(node.is) ?? node.loss;
      losses.set(node.is, known);
      if (known !== node.loss)
        errorAtKey(
          report,
          [...at, "loss"],
          `reason "${node.is}" is already a loss of ${known}: a reason has one loss`,
        );
    }
    if (node.code === undefined && node.pattern === undefined && !node.when)
      error(
        report,
        at,
        "needs one of code, pattern, when",
        "an entry that matches all hides the rest",
      );
    if (node.when) checkWhen(report, [...at, "when"], node.when, asset);
  }
}

function checkRule(report: Report, path: Path, rule: Rule, asset: DraftAsset): void {
  if (rule.when) checkWhen(report, [...path, "when"], rule.when, asset);
  checkDuration(report, [...path, "for"], rule.for);
  if (rule.for !== undefined && !rule.when) {
    errorAtKey(report, [...path, "for"], "only goes with `when`: the rule is always true");
  }
  if (typeof rule.reason === "object" && rule.reason.point !== undefined) {
    findPoint(report, [...path, "reason", "point"], rule.reason.point, asset);
  }
}

function checkMicroStop(report: Report, path: Path, asset: DraftAsset): void {
  const microStop = checkDuration(report, path, asset.microStop, { most: "2d" });
  if (microStop === null) return;
  let slowest = { source: "", poll: "0s" };
  for (const rule of asset.condition) {
    for (const id of rule?.when ? pointsOf(rule.when) : []) {
      const source = own(asset.points, id)?.source ?? "";
      const poll = own(asset.sources, source)?.poll ?? "0s";
      if (durationMs(poll) > durationMs(slowest.poll)) slowest = { source, poll };
    }
  }
  if (microStop >= 2 * durationMs(slowest.poll)) return;
  const message = `must be at least twice the poll of source ${slowest.source} (${slowest.poll}), which the rules need, not ${asset.microStop}`;
  error(report, path, message, "shorter stops would not be seen");
}

const own = <T>(map: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(map, key) ? map[key] : undefined;

/** Ids of all points that a condition names. */
export function pointsOf(when: When): string[] {
  const inner = [...(when.all ?? []), ...(when.any ?? []), ...(when.not ? [when.not] : [])];
  const named = [when.point, when.counterMoving].filter((id) => id !== undefined);
  return [...named, ...Object.keys(when.lamp ?? {}), ...inner.flatMap(pointsOf)];
}

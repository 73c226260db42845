/** Levels of an outcome: percentages or numbers as the metric is, in order, and no finer than what is held against them. */
import { isAtMost, isShare } from "../../agent/core/contract/verdict.ts";
import { compareExact, exactOf } from "../exact.ts";
import type { Path } from "../problem.ts";
import type { Contract, Outcome } from "../types.ts";
import { error, type Report } from "./report.ts";

/** Shares are percentages, quantities are numbers; the minimum is no better than the target. */
export function checkLevels(
  report: Report,
  path: Path,
  outcome: Outcome,
  { rounding }: Contract,
): void {
  const { metric, target, minimum } = outcome;
  const wanted = isShare(metric) ? "a percentage such as 97%" : "a number such as 90000";
  for (const key of ["target", "minimum"] as const) {
    const level = outcome[key];
    if (level === undefined || String(level).includes("%") === isShare(metric)) continue;
    error(report, [...path, key], `must be ${wanted} for ${metric}, not ${level}`);
    return;
  }
  checkFineness(report, path, outcome, rounding);
  if (target === undefined || minimum === undefined) return;
  const order = compareExact(exactOf(minimum), exactOf(target));
  if (isAtMost(metric) ? order >= 0 : order <= 0) return;
  const side = isAtMost(metric) ? "at least" : "at most";
  error(report, [...path, "minimum"], `must be ${side} the target ${target}, not ${minimum}`);
}

/** A value rounded to whole percents cannot be held against 97.25 %: 97.4 % would miss it. */
function checkFineness(
  report: Report,
  path: Path,
  { target, minimum, bands }: Outcome,
  { decimals, stage }: Contract["rounding"],
): void {
  if (stage === "none") return;
  const levels: [Path, string | number | undefined][] = [
    [["target"], target],
    [["minimum"], minimum],
    ...bands.flatMap(({ from, to }, i): [Path, string | number | undefined][] => [
      [["bands", i, "from"], from],
      [["bands", i, "to"], to],
    ]),
  ];
  for (const [key, level] of levels) {
    if (level === undefined || placesOf(level) <= decimals) continue;
    const message = `${level} is finer than the value is rounded to, ${decimals} places`;
    error(report, [...path, ...key], message, "raise `rounding.decimals`, or round at stage none");
  }
}

/** Places after the point that are not zeros. */
export const placesOf = (decimal: string | number): number =>
  /\.(\d*?)0*(?: ?%)?$/.exec(String(decimal))?.[1]?.length ?? 0;

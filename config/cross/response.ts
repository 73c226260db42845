/** Promises about incidents: of a severity that a machine of the contract has, on machines that have incidents at all. */

import { isOfIncidents } from "../../agent/core/contract/verdict.ts";
import { REPEAT_WITHIN } from "../contract.ts";
import type { Draft } from "../draft.ts";
import { severitiesOf } from "../incident.ts";
import { didYouMean } from "../nearest.ts";
import type { Path } from "../problem.ts";
import type { Contract, Outcome } from "../types.ts";
import { durationMs } from "../units.ts";
import { error, type Report, warn } from "./report.ts";

export function checkIncidentTerms(
  report: Report,
  path: Path,
  outcome: Outcome,
  { assets }: Contract,
  draft: Draft,
): void {
  const { metric, severity } = outcome;
  if (!isOfIncidents(metric)) return;
  if (metric === "repeat-rate") checkRepeats(report, path, outcome, assets, draft);
  const machines = assets.flatMap((id) =>
    Object.hasOwn(draft.assets, id) ? [draft.assets[id]?.incidents] : [],
  );
  const known = machines.flatMap((incidents) =>
    Object.keys(severitiesOf(draft.severities, incidents ?? {})),
  );
  if (severity !== undefined && machines.length > 0 && !known.includes(severity))
    error(
      report,
      [...path, "severity"],
      `there is no severity ${severity}`,
      didYouMean(severity, known),
    );
  else if (machines.length > 0 && machines.every((incidents) => !incidents))
    warn(
      report,
      [...path, "metric"],
      `${metric} is never measured: no machine of the contract has incidents`,
      "`incidents: {}` on the machine takes all defaults",
    );
}

/** A machine forgets what was closed longer ago than its own span: what comes back after it is told as new. */
function checkRepeats(
  report: Report,
  path: Path,
  { within }: Outcome,
  assets: readonly string[],
  draft: Draft,
): void {
  const asked = within ?? REPEAT_WITHIN;
  for (const id of assets) {
    const known = Object.hasOwn(draft.assets, id) ? draft.assets[id]?.incidents : undefined;
    if (!known || durationMs(known.repeatWithin) >= durationMs(asked)) continue;
    const message = `${id} tells repeats within ${known.repeatWithin} only, not within ${asked}`;
    const at = [...path, within === undefined ? "metric" : "within"];
    error(report, at, message, "lower it, or raise `incidents.repeatWithin` of the machine");
  }
}

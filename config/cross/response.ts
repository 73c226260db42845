/** Promises about incidents: of a severity that a machine of the contract has, on machines that have incidents at all. */
import type { Draft } from "../draft.ts";
import { severitiesOf } from "../incident.ts";
import { didYouMean } from "../nearest.ts";
import type { Path } from "../problem.ts";
import type { Contract, Outcome } from "../types.ts";
import { error, type Report, warn } from "./report.ts";

const OF_INCIDENTS = ["response", "restore", "repeat-rate"];

export function checkIncidentTerms(
  report: Report,
  path: Path,
  { metric, severity }: Outcome,
  { assets }: Contract,
  draft: Draft,
): void {
  if (!OF_INCIDENTS.includes(metric)) return;
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

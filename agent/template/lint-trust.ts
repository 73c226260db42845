/** Whether a template says why it should be trusted: grade, sources for every point, devices behind `verified`. */
import { type Data, isData } from "../../config/template.ts";
import type { Template } from "../../config/types.ts";
import type { LintReport } from "./lint-report.ts";

export function lintTrust(template: Template, report: LintReport): void {
  const { grade, sources, tested, vendor, products } = template;
  if (grade === undefined) {
    report.error(["grade"], "is missing", "verified, from-manual or community");
  } else if (grade === "verified" && tested.length === 0) {
    const hint = "name a device that was read under `tested`, or lower the grade";
    report.error(["grade"], "verified needs a device", hint);
  }
  if (sources.length === 0) {
    report.error(["sources"], "is missing", "name the manual, its edition and the page");
  }
  if (vendor === undefined)
    report.error(["vendor"], "is missing", "generic where it is no product");
  if (products.length === 0) report.error(["products"], "names no product");
  lintCoverage(template, report);
}

/** A source without `points` covers all of them. */
function lintCoverage({ asset, sources }: Template, report: LintReport): void {
  const own = (asset as Data)["points"];
  const points = isData(own) ? Object.keys(own) : [];
  for (const [index, { points: covered = [] }] of sources.entries()) {
    for (const [position, id] of covered.entries()) {
      if (points.includes(id)) continue;
      report.error(["sources", index, "points", position], `there is no point ${id}`);
    }
  }
  if (sources.length === 0 || sources.some((source) => source.points === undefined)) return;
  const covered = new Set(sources.flatMap((source) => source.points ?? []));
  for (const id of points.filter((each) => !covered.has(each))) {
    report.error(["asset", "points", id], "has no source", "name it under `points` of a source");
  }
}

/**
 * What is wrong with a template's file: everything at once, with its place. Errors make a template unusable or
 * untrue; warnings say what nothing shows. Reads no device.
 */
import type { SourceDocument } from "../../config/document.ts";
import type { Problem } from "../../config/problem.ts";
import { readTemplate } from "../../config/template.ts";
import type { Template } from "../../config/types.ts";
import { Fault } from "../core/fault.ts";
import { lintFixtures } from "./lint-fixtures.ts";
import { lintRegisters } from "./lint-registers.ts";
import { type Lint, type LintReport, reportOf } from "./lint-report.ts";
import { lintTrust } from "./lint-trust.ts";
import { type Trial, trialOf } from "./trial.ts";

/** All findings of one template file, by place. */
export function lintTemplate(document: SourceDocument): Lint {
  const read = readTemplate(document);
  const { template } = read;
  if (!template) return { errors: read.problems, warnings: [] };
  const { trial, problems, warnings } = trialOf(document, template);
  const lint: Lint = { errors: [...problems], warnings: [...warnings] };
  const report = reportOf(document, lint);
  lintTrust(template, report);
  if (trial) lintTrial(trial, template, report);
  lint.errors.sort(byPlace);
  lint.warnings.sort(byPlace);
  return lint;
}

function lintTrial(trial: Trial, template: Template, report: LintReport): void {
  try {
    lintRegisters(trial, report);
    lintFixtures(trial, template, report);
  } catch (error) {
    // What the driver refuses when it plans or parses points: one mistake, and nothing can be decoded.
    if (!(error instanceof Fault)) throw error;
    const point = error.context["point"];
    report.error(
      point === undefined ? ["asset"] : ["asset", "points", String(point)],
      error.message,
    );
  }
}

const byPlace = (a: Problem, b: Problem): number => a.line - b.line || a.col - b.col;

/** Fixtures decode to what they expect, their conditions follow from the rules, and between them they show everything. */
import { agrees, checksOf, fits, wantedText } from "../../config/check-value.ts";
import { chainOf, expectationOf } from "../../config/fixture.ts";
import type { Template } from "../../config/types.ts";
import type { Sample } from "../../drivers/driver.ts";
import type { LintReport } from "./lint-report.ts";
import type { Trial } from "./trial.ts";
import { shown, type Tried, tryFixture } from "./try-fixture.ts";

export function lintFixtures(trial: Trial, template: Template, report: LintReport): void {
  const names = template.fixtures.map(({ name }) => name);
  if (names.length === 0) {
    report.error(["fixtures"], "is missing", "registers of a device, and the values they mean");
  }
  const told = new Set<string>();
  const rules = new Set<number>();
  for (const [index, fixture] of template.fixtures.entries()) {
    const at = ["fixtures", index];
    if (names.indexOf(fixture.name) < index) report.error([...at, "name"], "is used twice");
    const tried = tryFixture(trial, fixture);
    if (!tried) {
      const message = `there is no earlier fixture ${fixture.after}`;
      report.error([...at, "after"], message);
      continue;
    }
    lintExpectation(trial, tried, at, report, told);
    lintProbe(template, tried, at, report);
    if (fixture.condition !== undefined && tried.rule !== null) rules.add(tried.rule);
  }
  lintCompleteness(trial, told, rules, report);
}

function lintExpectation(
  trial: Trial,
  { fixture, samples, condition }: Tried,
  at: (string | number)[],
  report: LintReport,
  told: Set<string>,
): void {
  const { values, bad } = expectationOf(chainOf(trial.template, fixture.name));
  for (const id of [...Object.keys(values), ...Object.keys(bad)]) {
    told.add(id);
    const sample = samples.get(id);
    const isGood = values[id] !== undefined;
    const path = [...at, isGood ? "expect" : "bad", id];
    if (!sample) {
      report.error(path, `there is no point ${id}`);
    } else if (!matches(sample, values[id], bad[id])) {
      report.error(path, `must be ${String(values[id] ?? bad[id])}, and reads ${shown(sample)}`);
    }
  }
  if (fixture.condition !== undefined && fixture.condition !== condition) {
    report.error(
      [...at, "condition"],
      `must be ${fixture.condition}, and the rules say ${condition}`,
    );
  }
}

function matches(
  sample: Sample,
  value: number | string | boolean | undefined,
  reason: string | undefined,
): boolean {
  if (sample.quality === "bad") return sample.reason === reason;
  return value !== undefined && agrees(value, sample.value);
}

/** A fixture of the model must pass for the model, bad values and absent ones apart. */
function lintProbe(
  template: Template,
  { fixture, samples }: Tried,
  at: (string | number)[],
  report: LintReport,
): void {
  for (const [index, { id, check }] of checksOf(template).entries()) {
    const sample = samples.get(id);
    const isWrong = sample?.quality === "good" && !fits(check, sample.value);
    if (!sample) report.error(["probe", index], `there is no point ${id}`);
    else if (isWrong && fixture.condition !== "unknown") {
      const message = `does not pass probe[${index}]: ${id} reads ${shown(sample)}`;
      report.error(at, message, `wanted ${wantedText(check)}`);
    }
  }
}

function lintCompleteness(
  trial: Trial,
  told: ReadonlySet<string>,
  rules: ReadonlySet<number>,
  report: LintReport,
): void {
  const asset = trial.model.assets[0]!;
  for (const { id } of asset.points.filter((point) => !told.has(point.id))) {
    report.error(["asset", "points", id], "is in no fixture", "add it to `expect` of one");
  }
  asset.rules.forEach((_, index) => {
    if (!rules.has(index)) {
      const hint = "add a fixture with its `condition`";
      report.warning(["asset", "condition", index], "is shown by no fixture", hint);
    }
  });
}

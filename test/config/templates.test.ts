/** Every shipped template: loads, is planned, decodes its fixtures and says the right condition, without a finding. */
import { describe, expect, test } from "vitest";
import { lintTemplate } from "../../agent/template/lint.ts";
import { formatProblem } from "../../config/problem.ts";
import { openTemplate, templateNames } from "../../config/template.ts";

describe.each(templateNames("/nowhere"))("%s", (name) => {
  test("has no finding", () => {
    const { errors, warnings } = lintTemplate(openTemplate(name, "/nowhere")!);
    expect([...errors, ...warnings].map(formatProblem)).toEqual([]);
  });
});

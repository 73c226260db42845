/**
 * A template in the smallest plant that can use it: one asset, one connection per driver, its `example` where it
 * leaves something open. For `template lint` and `template test`; no real plant is made of it.
 */
import { compile } from "../../config/compile.ts";
import type { SourceDocument } from "../../config/document.ts";
import { parseConfig } from "../../config/load.ts";
import type { Problem } from "../../config/problem.ts";
import { type SourcePlan, sourcesOf } from "../../config/source.ts";
import { type Data, isData, merge } from "../../config/template.ts";
import type { Template } from "../../config/types.ts";
import type { PlantModel } from "../core/model.ts";

export const TRIAL_ASSET = "trial";

export interface Trial {
  template: Template;
  model: PlantModel;
  sources: (SourcePlan & { driver: string })[];
}

export interface TrialResult {
  /** Null while there are problems. */
  trial: Trial | null;
  problems: Problem[];
  warnings: Problem[];
}

/** Loads the template as a configuration would. Problems stand in the template's own file. */
export function trialOf(document: SourceDocument, template: Template): TrialResult {
  const asset = merge(template.asset, template.example) as Data;
  const completed: SourceDocument = {
    ...document,
    data: { version: 1, description: template.description, asset },
    locate: (path, at) =>
      document.locate(path, at) ?? document.locate(["example", ...path.slice(1)], at),
  };
  const text = JSON.stringify(plantAround(asset));
  const loaded = parseConfig(TRIAL_ASSET, text, {
    drivers: Object.keys(CONNECTIONS),
    openTemplate: () => completed,
  });
  const warnings = loaded.warnings.filter(({ file }) => file === document.file).map(inTemplate);
  if (!loaded.ok) return { trial: null, problems: loaded.problems.map(inTemplate), warnings };
  const { config } = loaded;
  const sources = sourcesOf(config).map((source) => ({ ...source, driver: source.connection }));
  // Templates know no dates: the one local date a configuration can hold is `validFrom` of a recipe.
  return { trial: { template, model: compile(config, () => 0), sources }, problems: [], warnings };
}

/** The asset of the trial is the template's. */
const inTemplate = (problem: Problem): Problem => ({
  ...problem,
  path: problem.path.replace(`assets.${TRIAL_ASSET}`, "asset"),
});

/** By the name of their driver. */
const CONNECTIONS = {
  "modbus-tcp": { driver: "modbus-tcp", host: "127.0.0.1" },
  gpio: { driver: "gpio", chip: "example" },
};

function plantAround(asset: Data): Data {
  const own = { template: "trial", area: "area", line: "line", sources: sourcesFor(asset) };
  return {
    version: 1,
    gateway: { id: "gateway", enterprise: "enterprise", site: "site", timezone: "UTC" },
    connections: CONNECTIONS,
    assets: { [TRIAL_ASSET]: own },
  };
}

/** Every source that a point names, on the driver that such points need. */
function sourcesFor(asset: Data): Data {
  const points = Object.values(isData(asset["points"]) ? asset["points"] : {}).filter(isData);
  const sources: Data = {};
  for (const point of points) {
    const isLine = Object.hasOwn(point, "line");
    sources[String(point["source"] ?? "main")] = isLine
      ? { connection: "gpio" }
      : { connection: "modbus-tcp", unit: 1 };
  }
  return sources;
}

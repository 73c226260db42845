/** `check`: every error of a configuration at once, and what it would mean at run time. */
import { longestTopicOf } from "../../config/longest-topic.ts";
import { formatProblem, type Problem } from "../../config/problem.ts";
import { standingsOf, warningOf } from "../accept/shelf.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export function checkCommand(config: string, options: GlobalOptions): number {
  let plant: Plant;
  try {
    plant = loadPlant(config);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "CONFIG_INVALID") throw error;
    tellProblems(config, error, options);
    return EXIT.config;
  }
  tellSummary(config, plant, options);
  return EXIT.done;
}

function tellSummary(config: string, plant: Plant, options: GlobalOptions): void {
  const longestTopic = longestTopicOf(plant.config);
  const assets = plant.model.assets.length;
  const sources = plant.sources.length;
  const points = plant.sources.reduce((sum, source) => sum + source.points.length, 0);
  const longestTopicBytes = Buffer.byteLength(longestTopic);
  const { hash, warnings } = plant;
  const acceptance = standingsOf(plant);
  if (options.json) {
    const counts = { assets, sources, points };
    const topic = { longestTopic, longestTopicBytes };
    print(JSON.stringify({ ok: true, config, hash, ...counts, ...topic, warnings, acceptance }));
    return;
  }
  tellWarnings(warnings);
  for (const each of acceptance) {
    const warning = warningOf(each);
    if (warning !== null) say(`${warning} [warning]`);
  }
  print(`${config}: ok, ${assets} assets, ${sources} sources, ${points} points`);
  print(`longest topic ${longestTopicBytes} bytes: ${longestTopic}`);
  print(`config hash ${hash}`);
}

const tellWarnings = (warnings: Problem[]): void => {
  for (const warning of warnings) say(`${formatProblem(warning)} [warning]`);
};

function tellProblems(config: string, { context }: Fault, options: GlobalOptions): void {
  const problems = context["problems"] as Problem[];
  const warnings = context["warnings"] as Problem[];
  if (options.json) {
    print(JSON.stringify({ ok: false, config, problems, warnings }));
    return;
  }
  for (const problem of problems) print(formatProblem(problem));
  tellWarnings(warnings);
  say(`${problems.length} error${problems.length === 1 ? "" : "s"} in ${config}`);
  say(`next: correct them and run \`uptime-agent check -c ${config}\` again`);
}

/** `check`: every error of a configuration at once, and what it would mean at run time. */
import { longestTopicOf } from "../../config/longest-topic.ts";
import { formatProblem, type Problem } from "../../config/problem.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant } from "../plant.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export function checkCommand(config: string, options: GlobalOptions): number {
  try {
    const plant = loadPlant(config);
    const longestTopic = longestTopicOf(plant.config);
    const summary = {
      ok: true,
      config,
      hash: plant.hash,
      assets: plant.model.assets.length,
      sources: plant.sources.length,
      points: plant.sources.reduce((sum, source) => sum + source.points.length, 0),
      longestTopic,
      longestTopicBytes: Buffer.byteLength(longestTopic),
      warnings: plant.warnings,
    };
    if (options.json) print(JSON.stringify(summary));
    else {
      for (const warning of plant.warnings) say(`${formatProblem(warning)} [warning]`);
      print(
        `${config}: ok, ${summary.assets} assets, ${summary.sources} sources, ${summary.points} points`,
      );
      print(`longest topic ${summary.longestTopicBytes} bytes: ${longestTopic}`);
      print(`config hash ${plant.hash}`);
    }
    return EXIT.done;
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "CONFIG_INVALID") throw error;
    const problems = error.context["problems"] as Problem[];
    const warnings = error.context["warnings"] as Problem[];
    if (options.json) print(JSON.stringify({ ok: false, config, problems, warnings }));
    else {
      for (const problem of problems) print(formatProblem(problem));
      for (const warning of warnings) say(`${formatProblem(warning)} [warning]`);
      say(`${problems.length} error${problems.length === 1 ? "" : "s"} in ${config}`);
      say(`next: correct them and run \`uptime-agent check -c ${config}\` again`);
    }
    return EXIT.config;
  }
}

/** The GPIO chips of this gateway and their lines, for a technician who looks for the right one. Requests no line. */
import { join } from "node:path";
import type { FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import { type Answer, ask } from "./child.ts";
import {
  type ChipInfo,
  infoArgs,
  type LineInfo,
  majorOf,
  parseChips,
  parseLines,
} from "./commands.ts";
import { reasonOf } from "./gpiod.ts";

export interface SurveyedChip extends Omit<ChipInfo, "lines"> {
  lines: LineInfo[];
}

/** `folder`: where the tools are; null: on PATH. The reason when there is nothing to look at. At most some seconds. */
export async function surveyChips(
  folder: string | null,
  clock: DriverClock,
  signal: AbortSignal,
): Promise<SurveyedChip[] | FaultCode> {
  const run = (tool: string, args: string[]): Promise<Answer> =>
    ask(folder === null ? tool : join(folder, tool), args, clock, signal);
  const version = await run("gpiodetect", ["--version"]);
  const major = majorOf(version.out);
  if (major === null) return "GPIO_TOOLS";
  const found = await run("gpiodetect", []);
  const chips = parseChips(found.out);
  if (chips.length === 0) return reasonOf(found.err);
  const surveyed: SurveyedChip[] = [];
  for (const { name, label } of chips) {
    const { out } = await run("gpioinfo", infoArgs(major, name));
    surveyed.push({ name, label, lines: parseLines(out) });
  }
  return surveyed;
}

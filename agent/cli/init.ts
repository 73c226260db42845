/** `init`: a commented first configuration that `check` accepts; asks at a terminal what the options do not say. */
import { existsSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface, type Interface } from "node:readline/promises";
import { parseConfig } from "../../config/load.ts";
import { formatProblem } from "../../config/problem.ts";
import { DRIVER_NAMES } from "../../drivers/registry.ts";
import { usage } from "../commission/target.ts";
import { Fault } from "../core/fault.ts";
import { type Given, isOnLines, starterFacts, wrongAnswer } from "../setup/facts.ts";
import { starterText } from "../setup/starter.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

export interface InitOptions extends GlobalOptions, Given {
  config: string;
  out?: string;
  force?: boolean;
}

/** What is asked where an option does not say it: option, question, answer of Enter. */
const QUESTIONS = [
  ["asset", "id of the machine", "press-01"],
  ["area", "area of the plant it stands in", "area-1"],
  ["line", "its line", "line-1"],
  ["enterprise", "company", "my-company"],
  ["site", "site", "my-site"],
  ["template", "machine model (`uptime-agent template list`; empty: none)", ""],
  ["host", "its Modbus TCP host, serial device such as /dev/serial/by-id/…, or GPIO chip", ""],
  ["unit", "its unit id", "1"],
  ["broker", "MQTT broker such as mqtt://10.0.0.2:1883 (empty: none yet)", ""],
] as const;

/** 0 when it was written. Throws `USAGE_INVALID` for what makes no sound configuration, `FILE_UNWRITABLE`. */
export async function initCommand(options: InitOptions): Promise<number> {
  const file = options.out ?? options.config;
  if (existsSync(file) && !options.force)
    throw new Fault("FILE_UNWRITABLE", `${file} is there already; --force replaces it`, { file });
  const isAsking = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const given = isAsking ? await asked(options) : options;
  const text = starterText(starterFacts(given, dirname(file)));
  const loaded = parseConfig(file, text, { drivers: DRIVER_NAMES });
  if (!loaded.ok) throw usage(loaded.problems.map(formatProblem).join("\n"));
  try {
    writeFileSync(file, text, { flag: options.force ? "w" : "wx" });
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
  if (options.json) print(JSON.stringify({ file, assets: Object.keys(loaded.config.assets) }));
  else print(`wrote ${file}`);
  say(`next: edit it, then \`uptime-agent check -c ${file}\` and \`uptime-agent test -c ${file}\``);
  return EXIT.done;
}

async function asked(options: InitOptions): Promise<InitOptions> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // ^C and ^D close it before its time: nothing was written.
  const interrupted = (): never => process.exit(130);
  lines.once("close", interrupted);
  const given = { ...options };
  const isOnChip = (): boolean => isOnLines(given.template, dirname(options.config));
  for (const [key, question, fallback] of QUESTIONS) {
    const isKnown = given[key] !== undefined || (key === "host" && placeGiven(given));
    if (isKnown || (key === "unit" && isOnChip())) continue;
    const wrong = (answer: string): string | null =>
      wrongAnswer(key, answer, dirname(options.config));
    const answer = await answered(lines, `${question} [${fallback}]: `, fallback, wrong);
    if (answer !== "") given[key] = answer;
  }
  lines.off("close", interrupted);
  lines.close();
  const { host, ...rest } = given;
  if (host?.startsWith("/")) return { ...rest, device: host };
  return host !== undefined && isOnChip() ? { ...rest, chip: host } : given;
}

/** The first answer that can be used. */
async function answered(
  lines: Interface,
  question: string,
  fallback: string,
  wrong: (answer: string) => string | null,
): Promise<string> {
  for (;;) {
    const answer = (await lines.question(question)).trim() || fallback;
    const why = wrong(answer);
    if (why === null) return answer;
    say(`  ${why}`);
  }
}

const placeGiven = ({ device, chip }: InitOptions): boolean =>
  device !== undefined || chip !== undefined;

/**
 * What the gpiod tools print for a command line, 1.6 and 2.2. Options that a version does not know end it as they do
 * in reality, so that a command line for the other version cannot pass. Pure.
 */

export type BoardTrouble = "none" | "denied" | "absent" | "hanging";

export interface BoardLine {
  offset: number;
  name: string | null;
  level: boolean;
  isOutput: boolean;
  /** Who has requested it, null while it is free. */
  holder: string | null;
}

export interface Call {
  tool: string;
  args: string[];
}

export interface Answer {
  out?: string;
  err?: string;
  exit?: number;
}

export interface Scene {
  major: 1 | 2;
  label: string;
  lines: BoardLine[];
  trouble: BoardTrouble;
}

export interface Monitored {
  offsets: number[];
  debounceMs: number;
}

const CHIP = "gpiochip0";
const VERSION = { 1: "v1.6.3", 2: "v2.2.1" } as const;
/** Options that take a value, by version and tool; the rest are flags. */
const VALUED: Record<string, string[]> = {
  "1 gpioget": ["-B"],
  "1 gpiomon": ["-B", "-F", "-n"],
  "2 gpioget": ["-c", "-b", "-p", "-C"],
  "2 gpiomon": ["-c", "-b", "-e", "-p", "-E", "-F", "-C"],
  "2 gpioinfo": ["-c"],
};
const FLAGS: Record<string, string[]> = {
  "1 gpioget": ["-l"],
  "1 gpiomon": ["-b", "-l", "-r", "-f", "-s"],
  "2 gpioget": ["-l", "--numeric", "-a"],
  "2 gpiomon": ["-l", "-q"],
};

const fail = (err: string): Answer => ({ err, exit: 1 });

/** The tool's output; for a gpiomon that can begin, what it watches. */
export function answerOf({ tool, args }: Call, scene: Scene): Answer | Monitored {
  const { major } = scene;
  if (args[0] === "--version") return { out: `${tool} (libgpiod) ${VERSION[major]}\n`, exit: 0 };
  const parsed = parse(major, tool, args);
  if (parsed === null) return fail(`try ${tool} --help`);
  if (scene.trouble === "denied") return fail("unable to access GPIO chips: Permission denied");
  if (tool === "gpiodetect") return detect(scene);
  const { options, words } = parsed;
  const chip = major === 1 ? words.shift() : options.get("-c");
  if (chip !== CHIP || scene.trouble === "absent")
    return fail(`cannot find GPIO chip character device '${chip}'`);
  if (tool === "gpioinfo") return { out: info(scene), exit: 0 };
  return request(tool, words, options, scene);
}

/** gpioget and gpiomon ask the kernel for their lines. */
function request(
  tool: string,
  words: string[],
  options: Map<string, string>,
  { major, lines: all }: Scene,
): Answer | Monitored {
  const lines = words.map((word) => all[Number(word)]);
  if (lines.length === 0 || lines.includes(undefined)) return fail("invalid GPIO offset");
  if (lines.some((line) => line?.holder))
    return fail("unable to request lines: Device or resource busy");
  if (tool === "gpioget") {
    const levels = lines.map((line) => Number(line?.level));
    return { out: `${levels.join(" ")}\n`, exit: 0 };
  }
  const format = options.get("-F");
  if (format !== (major === 1 ? "%e %o %s.%n" : "%e %o %S")) return fail("unknown format");
  return { offsets: words.map(Number), debounceMs: millisOf(options.get("-p") ?? "0us") };
}

/** Periods as 2.x reads them, as far as they are used: `20000us`. */
const millisOf = (period: string): number => Number(/^(\d+)us$/.exec(period)?.[1] ?? 0) / 1000;

function parse(
  major: 1 | 2,
  tool: string,
  args: string[],
): { options: Map<string, string>; words: string[] } | null {
  const key = `${major} ${tool}`;
  const options = new Map<string, string>();
  const rest = [...args];
  while (rest[0]?.startsWith("-")) {
    const option = rest.shift() ?? "";
    if (VALUED[key]?.includes(option)) options.set(option, rest.shift() ?? "");
    else if (FLAGS[key]?.includes(option)) options.set(option, "");
    else return null;
  }
  return { options, words: rest };
}

function detect({ label, lines, trouble }: Scene): Answer {
  const other = "gpiochip1 [raspberrypi-exp-gpio] (8 lines)\n";
  if (trouble === "absent") return { out: other, exit: 0 };
  return { out: `${CHIP} [${label}] (${lines.length} lines)\n${other}`, exit: 0 };
}

function info({ major, lines }: Scene): string {
  const row = ({ offset, name, isOutput, holder }: BoardLine): string => {
    const number = String(offset).padStart(3);
    const title = name === null ? "unnamed" : `"${name}"`;
    const direction = isOutput ? "output" : "input";
    if (major === 1) {
      const used = holder ? `"${holder}"` : "unused";
      const state = `${direction.padStart(8)}  active-high ${holder ? "[used]" : ""}`;
      return `\tline ${number}: ${title.padStart(12)} ${used.padStart(12)} ${state}`;
    }
    const consumer = holder ? ` consumer="${holder}"` : "";
    return `\tline ${number}:\t${title.padEnd(16)}\t${direction}${consumer}`;
  };
  return `${CHIP} - ${lines.length} lines:\n${lines.map(row).join("\n")}\n`;
}

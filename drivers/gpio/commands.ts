/**
 * Command lines and output of Debian's gpiod tools, 1.x (bookworm) and 2.x (trixie), whose options differ.
 * Pure text in both directions; runs nothing. Sources: `--help` of 1.6.3, tools/ of libgpiod 2.2.
 * Never asks a tool to drive a line; `activeLow` is not the tools' business but ours.
 */

export type Major = 1 | 2;
export type Bias = "as-is" | "pull-up" | "pull-down" | "disabled";

export interface MonitorOptions {
  bias: Bias;
  /** Kernel debounce, 2.x only; 0: none. */
  debounceMs: number;
}

export interface ChipInfo {
  /** gpiochip0; not the same after the next kernel. */
  name: string;
  label: string;
  lines: number;
}

export interface LineInfo {
  offset: number;
  /** Null where the board names it not. */
  name: string | null;
  isOutput: boolean;
  /** Who holds it, null when it is free. */
  consumer: string | null;
}

export interface EdgeLine {
  offset: number;
  level: boolean;
  /** Milliseconds of the kernel's clock, with fraction. */
  stamp: number;
}

/** "gpiomon (libgpiod) v1.6.3": 1. Null for anything else. */
export function majorOf(text: string): Major | null {
  const major = /\(libgpiod\) v?(\d+)\./.exec(text)?.[1];
  return major === "1" ? 1 : major === "2" ? 2 : null;
}

export const infoArgs = (major: Major, chip: string): string[] =>
  major === 1 ? [chip] : ["-c", chip];

export function getArgs(major: Major, chip: string, offsets: number[], bias: Bias): string[] {
  const lines = offsets.map(String);
  return major === 1
    ? [...biasArgs(major, bias), chip, ...lines]
    : ["-c", chip, "--numeric", ...biasArgs(major, bias), ...lines];
}

export function monitorArgs(
  major: Major,
  chip: string,
  offsets: number[],
  { bias, debounceMs }: MonitorOptions,
): string[] {
  const lines = offsets.map(String);
  if (major === 1) return ["-b", ...biasArgs(1, bias), "-F", "%e %o %s.%n", chip, ...lines];
  const debounce = debounceMs > 0 ? ["-p", `${Math.round(debounceMs * 1000)}us`] : [];
  const format = ["-E", "monotonic", "-F", "%e %o %S"];
  return ["-c", chip, "-e", "both", ...biasArgs(2, bias), ...debounce, ...format, ...lines];
}

function biasArgs(major: Major, bias: Bias): string[] {
  if (bias === "as-is") return [];
  if (major === 2) return ["-b", bias];
  return ["-B", bias === "disabled" ? "disable" : bias];
}

/** A line of gpiomon in the format above: 1.x says 1 and 0, 2.x says 1 and 2. Nanoseconds, padded in 2.x only. */
export function parseEdge(major: Major, line: string): EdgeLine | null {
  const match = /^([012]) (\d+) +(\d+)\. *(\d+)$/.exec(line.trim());
  if (!match) return null;
  const [, edge = "", offset = "", seconds = "", nanoseconds = ""] = match;
  if (edge === (major === 1 ? "2" : "0")) return null;
  const stamp = Number(seconds) * 1000 + Number(nanoseconds) / 1e6;
  return { offset: Number(offset), level: edge === "1", stamp };
}

/** The levels that gpioget prints, in the order asked for; null unless it is exactly `count` of them. */
export function parseLevels(text: string, count: number): boolean[] | null {
  const words = text.trim().split(/\s+/);
  if (words.length !== count || words.some((word) => word !== "0" && word !== "1")) return null;
  return words.map((word) => word === "1");
}

/** `gpiochip0 [pinctrl-bcm2711] (58 lines)`, both versions. */
export function parseChips(text: string): ChipInfo[] {
  return [...text.matchAll(/^(\S+) \[(.*)\] \((\d+) lines?\)$/gm)].map((match) => {
    return { name: match[1] ?? "", label: match[2] ?? "", lines: Number(match[3]) };
  });
}

/**
 * The lines of one chip. 1.x: `line  17:  "GPIO17"  unused  input  active-high` with the consumer in quotes in place
 * of `unused`; 2.x: `line  17:  "GPIO17"  input consumer="gpiomon"`.
 */
export function parseLines(text: string): LineInfo[] {
  const rows = text.matchAll(/^\s*line\s+(\d+):\s+(?:"([^"]*)"|unnamed)\s+(.*)$/gm);
  return [...rows].map(([, offset = "", name = null, rest = ""]) => {
    const consumer = /(?:consumer=|^)"([^"]*)"/.exec(rest)?.[1];
    const isKernel = /^kernel\b/.test(rest);
    return {
      offset: Number(offset),
      name,
      isOutput: /\boutput\b/.test(rest.replace(/"[^"]*"/g, "")),
      consumer: consumer ?? (isKernel ? "kernel" : null),
    };
  });
}

/**
 * The backend over Debian's gpiod tools: `gpiomon` prints edges with kernel time stamps, `gpioget` reads levels.
 *
 * A monitored line is busy for everyone else, `gpioget` included. So a line is read before it is monitored, and read
 * again by ending its monitor for a moment: only where a line has been quiet, because an edge tells the level just as
 * well. What happens in that moment shows as a contradiction at the reading or at the next edge, and is healed.
 */
import { join } from "node:path";
import type { FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import type { Backend, LineEvents, WantedLine, Watch } from "./backend.ts";
import { type Answer, ask, listen, type Stream } from "./child.ts";
import * as commands from "./commands.ts";
import { instantOfStamp, newStampClock } from "./stamp.ts";

const REREAD_MS = 10_000;

interface FoundLine extends WantedLine {
  offset: number;
}

/** Lines that one gpiomon watches: options are per process, and a counter is disturbed by no other line. */
interface Group {
  lines: FoundLine[];
  stream: Stream | null;
}

/** The tools of one chip. */
interface Kit {
  major: commands.Major;
  /** Name of the chip today, such as gpiochip0. */
  chip: string;
  run(tool: string, args: string[]): Promise<Answer>;
  path(tool: string): string;
  clock: DriverClock;
}

/** `chip` is a label such as pinctrl-rp1, or a name such as gpiochip0. `folder`: where the tools are; null: on PATH. */
export function gpiodBackend(chip: string, folder: string | null, clock: DriverClock): Backend {
  const path = (tool: string): string => (folder === null ? tool : join(folder, tool));
  let major: commands.Major | null = null;
  return {
    async open(lines, events, signal) {
      const run = (tool: string, args: string[]): Promise<Answer> =>
        ask(path(tool), args, clock, signal);
      if (major === null) {
        const answer = await run("gpiodetect", ["--version"]);
        major = commands.majorOf(answer.out);
        if (major === null) return answer.isMissing ? "GPIO_TOOLS" : "GPIO_GONE";
      }
      const name = await findChip(chip, run);
      if ("reason" in name) return name.reason;
      const kit: Kit = { major, chip: name.chip, run, path, clock };
      const found = await findLines(kit, lines);
      if (typeof found === "string") return found;
      return begin(kit, found, events, signal);
    },
  };
}

async function findChip(
  chip: string,
  run: Kit["run"],
): Promise<{ chip: string } | { reason: FaultCode }> {
  const answer = await run("gpiodetect", []);
  const chips = commands.parseChips(answer.out);
  const name = chip.replace(/^\/dev\//, "");
  const found = chips.find((each) => each.label === chip || each.name === name);
  if (found) return { chip: found.name };
  return { reason: answer.isMissing ? "GPIO_TOOLS" : reasonOf(answer.err) };
}

async function findLines(kit: Kit, wanted: WantedLine[]): Promise<FoundLine[] | FaultCode> {
  const answer = await kit.run("gpioinfo", commands.infoArgs(kit.major, kit.chip));
  if (answer.code !== 0) return reasonOf(answer.err);
  const known = commands.parseLines(answer.out);
  const found: FoundLine[] = [];
  for (const want of wanted) {
    const line =
      known.find(({ name }) => name === want.line) ??
      known.find(({ offset }) => String(offset) === want.line);
    if (!line || line.isOutput) return "GPIO_LINE";
    found.push({ ...want, offset: line.offset });
  }
  return found;
}

async function begin(
  kit: Kit,
  lines: FoundLine[],
  events: LineEvents,
  signal: AbortSignal,
): Promise<Watch | FaultCode> {
  const groups = groupsOf(kit.major, lines);
  let isOver = false;
  const close = async (): Promise<void> => {
    isOver = true;
    await Promise.all(groups.map(async ({ stream }) => stream?.stop()));
  };
  const end = (reason: FaultCode): void => {
    if (isOver) return;
    void close();
    events.ended(reason);
  };
  const arm = async (group: Group): Promise<FaultCode | null> => {
    const reason = await readLines(kit, group, events);
    if (reason === null && !isOver && !signal.aborted)
      group.stream = monitor(kit, group, events, end);
    return reason;
  };
  const failed = (await Promise.all(groups.map(arm))).find((reason) => reason !== null);
  if (failed || signal.aborted) {
    await close();
    return failed ?? "GPIO_GONE";
  }
  return {
    debounces: kit.major === 2,
    rereadMs: REREAD_MS,
    async reread(isQuiet) {
      for (const group of groups) {
        if (isOver || !group.lines.some(({ line }) => isQuiet(line))) continue;
        await group.stream?.stop();
        group.stream = null;
        const reason = await arm(group);
        if (reason !== null) end(reason);
      }
    },
    close,
  };
}

function groupsOf(major: commands.Major, lines: FoundLine[]): Group[] {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const { bias, debounceMs, counts, offset } = line;
    const key = `${bias} ${major === 2 ? debounceMs : ""} ${counts ? offset : ""}`;
    const group = groups.get(key) ?? { lines: [], stream: null };
    groups.set(key, group);
    group.lines.push(line);
  }
  return [...groups.values()];
}

async function readLines(
  kit: Kit,
  { lines }: Group,
  events: LineEvents,
): Promise<FaultCode | null> {
  const offsets = lines.map(({ offset }) => offset);
  const bias = lines[0]?.bias ?? "as-is";
  const answer = await kit.run("gpioget", commands.getArgs(kit.major, kit.chip, offsets, bias));
  const levels = answer.code === 0 ? commands.parseLevels(answer.out, offsets.length) : null;
  if (!levels) return reasonOf(answer.err);
  const now = kit.clock.now();
  for (const [i, { line }] of lines.entries()) events.reading(line, levels[i] ?? false, now);
  return null;
}

function monitor(
  kit: Kit,
  { lines }: Group,
  events: LineEvents,
  end: (reason: FaultCode) => void,
): Stream {
  const byOffset = new Map(lines.map(({ offset, line }) => [offset, line]));
  const stamps = newStampClock();
  const { bias = "as-is", debounceMs = 0 } = lines[0] ?? {};
  const options = { bias, debounceMs };
  const args = commands.monitorArgs(kit.major, kit.chip, [...byOffset.keys()], options);
  return listen(
    kit.path("gpiomon"),
    args,
    kit.clock,
    (text) => {
      const edge = commands.parseEdge(kit.major, text);
      const line = edge && byOffset.get(edge.offset);
      if (!line) return;
      events.edge(line, edge.level, instantOfStamp(stamps, edge.stamp, kit.clock.now()));
    },
    (err) => end(reasonOf(err)),
  );
}

/** What a tool complained of. */
export function reasonOf(complaint: string): FaultCode {
  if (/permission denied|not permitted/i.test(complaint)) return "GPIO_DENIED";
  return /busy/i.test(complaint) ? "GPIO_BUSY" : "GPIO_GONE";
}

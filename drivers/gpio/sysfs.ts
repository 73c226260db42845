/**
 * The backend over sysfs, for kernels that still have it and systems without gpiod's tools. Edges are dated when the
 * process wakes, and two fast ones are one: good for lamps, poor for pulses. The only importer of onoff, loaded on use.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { FaultCode } from "../../agent/core/fault.ts";
import type { DriverClock } from "../driver.ts";
import type { Backend, LineEvents, WantedLine, Watch } from "./backend.ts";

const ROOT = "/sys/class/gpio";

/** What is used of onoff's `Gpio`; an input that reports both edges. */
export interface SysfsLine {
  readSync(): number;
  watch(listener: (error: Error | null | undefined, value: number) => void): void;
  unexport(): void;
}

/** Exports the line of this global number as an input. */
export type OpenLine = (number: number) => SysfsLine;

export const hasSysfs = (root = ROOT): boolean => existsSync(join(root, "export"));

/** `load` and `root` are of this machine by default. */
export function sysfsBackend(
  chip: string,
  clock: DriverClock,
  load: () => Promise<OpenLine> = loadOnoff,
  root = ROOT,
): Backend {
  return {
    async open(wanted, events, signal) {
      const found = findChip(chip, root);
      if (!found) return hasSysfs(root) ? "GPIO_GONE" : "GPIO_TOOLS";
      const openLine = await load().catch(() => null);
      if (openLine === null) return "GPIO_TOOLS";
      if (signal.aborted) return "GPIO_GONE";
      return watchLines(wanted, found, openLine, events, clock);
    },
  };
}

interface Chip {
  base: number;
  lines: number;
}

/** The chip's lines begin at `base`, which moved with kernels: 0 once, 512, 522 or 571 today. */
function findChip(chip: string, root: string): Chip | null {
  if (!existsSync(root)) return null;
  const read = (folder: string, file: string): string =>
    readFileSync(join(root, folder, file), "utf8").trim();
  for (const folder of readdirSync(root).filter((name) => /^gpiochip\d+$/.test(name))) {
    if (read(folder, "label") !== chip && folder !== chip) continue;
    return { base: Number(read(folder, "base")), lines: Number(read(folder, "ngpio")) };
  }
  return null;
}

/** sysfs knows no names: `GPIO17` and `17` are the line of that offset. */
function numberOf(line: string, { base, lines }: Chip): number | null {
  const offset = Number(/^(?:GPIO)?(\d+)$/.exec(line)?.[1] ?? Number.NaN);
  return offset < lines ? base + offset : null;
}

function watchLines(
  wanted: WantedLine[],
  chip: Chip,
  openLine: OpenLine,
  events: LineEvents,
  clock: DriverClock,
): Watch | FaultCode {
  const open = new Map<string, SysfsLine>();
  let isOver = false;
  const close = (): Promise<void> => {
    isOver = true;
    for (const line of open.values()) line.unexport();
    open.clear();
    return Promise.resolve();
  };
  const end = (error: unknown): void => {
    if (isOver) return;
    void close();
    events.ended(reasonOf(error));
  };
  const readAll = (): void => {
    for (const [name, line] of open) events.reading(name, line.readSync() === 1, clock.now());
  };
  try {
    for (const { line } of wanted) {
      const number = numberOf(line, chip);
      if (number === null) {
        void close();
        return "GPIO_LINE";
      }
      const opened = openLine(number);
      open.set(line, opened);
      let last = opened.readSync();
      opened.watch((error, value) => {
        if (error) end(error);
        if (isOver || error) return;
        // woken, and the level is as before: it went there and back
        if (value === last) events.edge(line, value !== 1, clock.now());
        last = value;
        events.edge(line, value === 1, clock.now());
      });
    }
    readAll();
  } catch (error) {
    void close();
    return reasonOf(error);
  }
  return {
    debounces: false,
    rereadMs: 0,
    reread: () => {
      try {
        readAll();
      } catch (error) {
        end(error);
      }
      return Promise.resolve();
    },
    close,
  };
}

function reasonOf(error: unknown): FaultCode {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return "GPIO_DENIED";
  return code === "EBUSY" ? "GPIO_BUSY" : "GPIO_GONE";
}

async function loadOnoff(): Promise<OpenLine> {
  const { Gpio } = await import("onoff");
  return (number) => new Gpio(number, "in", "both");
}

/** The sysfs backend: where lines begin, what wakes it, and what goes wrong. The line itself is a stand-in. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LineEvents, WantedLine } from "../../../drivers/gpio/backend.ts";
import { hasSysfs, type SysfsLine, sysfsBackend } from "../../../drivers/gpio/sysfs.ts";
import { SteppedClock } from "../clock.ts";

const wanted = (line: string): WantedLine => ({
  line,
  bias: "as-is",
  debounceMs: 20,
  counts: false,
});

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sysfs-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function chip(folder: string, label: string, base: number, lines: number): void {
  mkdirSync(join(root, folder));
  const files = { label, base: String(base), ngpio: String(lines) };
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(root, folder, name), `${text}\n`);
}

/** Exported lines by global number, with what they were made to do. */
function stand() {
  const lines = new Map<number, { level: number; wake: (value: number) => void; open: boolean }>();
  const openLine = (number: number): SysfsLine => {
    const line = { level: 0, wake: (_: number) => {}, open: true };
    lines.set(number, line);
    return {
      readSync: () => line.level,
      watch: (listener) => {
        line.wake = (value) => listener(null, value);
      },
      unexport: () => {
        line.open = false;
      },
    };
  };
  const told: string[] = [];
  const events: LineEvents = {
    edge: (line, level, at) => told.push(`${line} ${level ? "rises" : "falls"} ${at}`),
    reading: (line, level) => told.push(`${line} is ${level ? "high" : "low"}`),
    ended: (reason) => told.push(reason),
  };
  return { lines, openLine, told, events };
}

const signal = new AbortController().signal;

describe("a chip whose lines begin at 571", () => {
  test("is found by label; lines by name or number", async () => {
    chip("gpiochip512", "raspberrypi-exp-gpio", 512, 8);
    chip("gpiochip571", "pinctrl-rp1", 571, 54);
    const { lines, openLine, told, events } = stand();
    const backend = sysfsBackend("pinctrl-rp1", new SteppedClock(), async () => openLine, root);
    const watch = await backend.open([wanted("GPIO17"), wanted("4")], events, signal);
    expect([...lines.keys()]).toEqual([588, 575]);
    expect(told).toEqual(["GPIO17 is low", "4 is low"]);
    if (typeof watch === "string") throw new Error(watch);
    expect(watch).toMatchObject({ debounces: false, rereadMs: 0 });
    await watch.close();
    expect([...lines.values()].every(({ open }) => !open)).toBe(true);
  });

  test("two edges that wake it once are told as two", async () => {
    chip("gpiochip571", "pinctrl-rp1", 571, 54);
    const { lines, openLine, told, events } = stand();
    const backend = sysfsBackend("pinctrl-rp1", new SteppedClock(), async () => openLine, root);
    await backend.open([wanted("GPIO17")], events, signal);
    told.length = 0;
    lines.get(588)?.wake(1);
    lines.get(588)?.wake(1);
    expect(told).toEqual(["GPIO17 rises 1000", "GPIO17 falls 1000", "GPIO17 rises 1000"]);
  });
});

describe("what goes wrong", () => {
  const refuse = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };
  test.each([
    ["EACCES", "GPIO_DENIED"],
    ["EBUSY", "GPIO_BUSY"],
    ["EINVAL", "GPIO_GONE"],
  ])("%s is %s", async (code, reason) => {
    chip("gpiochip0", "pinctrl-bcm2711", 0, 58);
    const backend = sysfsBackend(
      "pinctrl-bcm2711",
      new SteppedClock(),
      async () => refuse(code),
      root,
    );
    expect(await backend.open([wanted("GPIO4")], stand().events, signal)).toBe(reason);
  });

  test.each([
    ["pinctrl-rp1", "GPIO4", "GPIO_TOOLS"],
    ["pinctrl-bcm2711", "GPIO58", "GPIO_LINE"],
    ["pinctrl-bcm2711", "BUTTON", "GPIO_LINE"],
  ])("chip %s line %s: %s", async (label, line, reason) => {
    chip("gpiochip0", "pinctrl-bcm2711", 0, 58);
    const backend = sysfsBackend(label, new SteppedClock(), async () => stand().openLine, root);
    expect(await backend.open([wanted(line)], stand().events, signal)).toBe(reason);
  });

  test("sysfs is there, the chip is not", async () => {
    writeFileSync(join(root, "export"), "");
    expect(hasSysfs(root)).toBe(true);
    const backend = sysfsBackend(
      "pinctrl-rp1",
      new SteppedClock(),
      async () => stand().openLine,
      root,
    );
    expect(await backend.open([wanted("GPIO4")], stand().events, signal)).toBe("GPIO_GONE");
  });

  test("onoff is not installed", async () => {
    chip("gpiochip0", "pinctrl-bcm2711", 0, 58);
    const missing = () => Promise.reject(new Error("Cannot find package 'onoff'"));
    const backend = sysfsBackend("pinctrl-bcm2711", new SteppedClock(), missing, root);
    expect(await backend.open([wanted("GPIO4")], stand().events, signal)).toBe("GPIO_TOOLS");
  });
});

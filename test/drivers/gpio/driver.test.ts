/** The GPIO driver over child processes: stand-ins of gpiod's tools that print real lines. */
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "vitest";
import type { Connection, PointOptions, Reading } from "../../../drivers/driver.ts";
import { gpio } from "../../../drivers/gpio/driver.ts";
import { driverFor } from "../../../drivers/registry.ts";
import { type Board, openBoard } from "../../../simulator/gpio/board.ts";
import { SteppedClock, until } from "../clock.ts";
import { driverContract } from "../contract.ts";

const LINES = { 17: "GPIO17", 22: "GPIO22", 27: "GPIO27" };
const LAMPS: PointOptions[] = [
  { id: "red", line: "GPIO17", activeLow: false, debounce: 20 },
  { id: "green", line: "GPIO22", activeLow: true, debounce: 20 },
  { id: "pieces", line: "27", activeLow: false, debounce: 5, counts: true },
];

describe.each([1, 2] as const)("gpiod %i.x", (major) => {
  driverContract(`gpio over gpiod ${major}.x`, {
    driver: gpio,
    deadlineMs: 2500,
    async start() {
      const board = await openBoard({ major, lines: LINES });
      return {
        options: { chip: "pinctrl-sim", tools: board.tools },
        unit: 0,
        points: LAMPS,
        values: { red: false, green: true, pieces: 0 },
        opened: () => board.calls().filter((tool) => tool === "gpiodetect").length / 2,
        overlap: () => 0,
        stop: () => board.close(),
      };
    },
  });
});

/** The driver contract, run against the GPIO driver over child processes that stand for gpiod's tools. */
import { expect, test } from "vitest";
import type { PointOptions } from "../../../drivers/driver.ts";
import { gpio } from "../../../drivers/gpio/driver.ts";
import { driverFor } from "../../../drivers/registry.ts";
import { openBoard } from "../../../simulator/gpio/board.ts";
import { driverContract } from "../contract.ts";

const POINTS: PointOptions[] = [
  { id: "red", line: "GPIO17", activeLow: false, debounce: 20 },
  { id: "green", line: "GPIO22", activeLow: true, debounce: 20 },
  { id: "pieces", line: "27", activeLow: false, debounce: 5, counts: true },
];

for (const major of [1, 2] as const) {
  driverContract(`gpio over gpiod ${major}.x`, {
    driver: gpio,
    deadlineMs: 2500,
    async start() {
      const board = await openBoard({ major, lines: { 17: "GPIO17", 22: "GPIO22" } });
      let waiting: NodeJS.Timeout | undefined;
      /** Children take a moment to begin: as soon as all of them watch. */
      const cut = (): void => {
        waiting = setInterval(() => {
          if (board.monitors() < 2) return;
          clearInterval(waiting);
          board.cut();
        }, 2);
      };
      return {
        options: { chip: "pinctrl-sim", tools: board.tools },
        unit: 0,
        points: POINTS,
        values: { red: false, green: true, pieces: 0 },
        opened: () => board.calls().filter((tool) => tool === "gpioinfo").length,
        overlap: () => 0,
        trouble: { cut, recover: () => {} },
        stop: () => {
          clearInterval(waiting);
          return board.close();
        },
      };
    },
  });
}

test("is in the registry", () => {
  expect(driverFor("gpio")).toBe(gpio);
});

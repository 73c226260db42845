/** From the edge of a line to the condition: simulated board, child processes, poller, core. Nothing waits for lamps. */
import { afterEach, expect, test } from "vitest";
import { driverClock, systemClock } from "../../../agent/clock.ts";
import type { CycleInput } from "../../../agent/core/input.ts";
import { cycleOf } from "../../../agent/cycle.ts";
import { startPoller } from "../../../agent/poller.ts";
import { gpio } from "../../../drivers/gpio/driver.ts";
import { openBoard } from "../../../simulator/gpio/board.ts";
import { edges } from "../../support/edges.ts";
import { bench, press, rule } from "../../support/plant.ts";

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
});

test("a lamp that flashes on a wire is a condition, dated by the kernel", async () => {
  const board = await openBoard({ major: 1, lines: { 17: "GPIO17" } });
  ending.push(() => board.close());
  const connection = gpio.open(
    "panel",
    { chip: "pinctrl-sim", tools: board.tools },
    driverClock(systemClock),
  );
  ending.push(() => connection.close());
  const points = [{ id: "green", line: "GPIO17", activeLow: true, debounce: 20 }];
  const reader = connection.source("press-01/main", 0, points);

  const cycles: CycleInput[] = [];
  const source = { asset: "press-01", source: "main", connection: "panel", pollMs: 100, reader };
  const poller = startPoller(systemClock, [source], 60_000, {
    deliver: (asset, id, reading) =>
      cycles.push(cycleOf(asset, id, reading, Math.floor(reading.at))),
    slot: () => {},
    missed: () => {},
    stalled: () => {},
    defect: (_asset, _source, error) => expect.unreachable(String(error)),
  });
  ending.push(() => poller.stop());
  const deadline = performance.now() + 10_000;
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds() && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(holds()).toBe(true);
  };
  await until(() => cycles.length > 0 && board.monitors() === 1);
  const first = cycles[0] as CycleInput;
  expect(first).toMatchObject({ values: { green: true }, failure: null });

  // nine seconds of the kernel's clock, a moment of ours: stamps may come that late
  const from = Math.ceil(systemClock.mono()) - 9000;
  for (let k = 0; k < 8; k++) board.set("GPIO17", k % 2 === 0, from + k * 500);
  await until(() => cycles.filter(({ at }) => at >= from && at <= from + 3500).length >= 8);
  await poller.stop();

  const plant = bench(
    from - 10_000,
    press({
      sources: [{ id: "main", pollMs: 1000, holdMs: 60_000 }],
      points: [{ id: "green", source: 0, counter: null, channel: false, unit: null }],
      rules: [
        rule("producing", { op: "lamp", point: 0, shows: "on" }),
        rule("setup", { op: "lamp", point: 0, shows: "flashing" }),
      ],
      counts: null,
      microStopMs: 0,
    }),
  );
  const edgesOnly = cycles.filter(({ at }) => at >= from && at <= from + 3500);
  const quiet = { ...first, at: from + 8000, values: {} };
  for (const cycle of [{ ...first, at: from - 10_000 }, ...edgesOnly, quiet].sort(
    (a, b) => a.at - b.at,
  ))
    plant.feed(cycle);
  expect(edges(plant, from - 10_000, from + 8000)).toEqual([
    "0 producing",
    "10000 setup",
    "13500 producing",
  ]);
});

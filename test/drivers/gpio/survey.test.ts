/** What a technician is shown of the GPIO chips, over the tools' stand-ins. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { driverClock, systemClock } from "../../../agent/clock.ts";
import { surveyChips } from "../../../drivers/gpio/survey.ts";
import { type Board, openBoard } from "../../../simulator/gpio/board.ts";

const survey = (folder: string) =>
  surveyChips(folder, driverClock(systemClock), new AbortController().signal);

describe.each([1, 2] as const)("gpiod %i.x", (major) => {
  let board: Board;
  beforeEach(async () => {
    board = await openBoard({ major, label: "pinctrl-rp1", lines: { 17: "GPIO17" }, outputs: [9] });
  });
  afterEach(() => board.close());

  test("chips by label, lines by name, with who holds them", async () => {
    board.hold("GPIO17", true);
    const chips = await survey(board.tools);
    if (typeof chips === "string") throw new Error(chips);
    expect(chips.map(({ name, label }) => `${name} ${label}`)).toEqual([
      "gpiochip0 pinctrl-rp1",
      "gpiochip1 raspberrypi-exp-gpio",
    ]);
    const [first] = chips;
    expect(first?.lines).toHaveLength(54);
    const held = { offset: 17, name: "GPIO17", isOutput: false, consumer: "elsewhere" };
    expect(first?.lines[17]).toEqual(held);
    expect(first?.lines[9]).toMatchObject({ name: null, isOutput: true });
    expect(board.calls()).not.toContain("gpioget");
  });

  test("without the right to look", async () => {
    board.trouble("denied");
    expect(await survey(board.tools)).toBe("GPIO_DENIED");
  });
});

test("without the tools", async () => {
  expect(await survey("/nowhere")).toBe("GPIO_TOOLS");
});

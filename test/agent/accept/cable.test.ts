/** The pulled cable and its return, on a clock of its own. */
import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../agent/accept/step.ts";
import { begin } from "../../../agent/accept/trial.ts";
import { LOST, outcomes, PRESS, play, RUNS, sight } from "./scene.ts";

describe("cable", () => {
  const silent = { ...LOST, cause: "device-silent" };
  outcomes("cable", [
    [
      "shown after the hold",
      [
        [0, RUNS],
        [3, { ...RUNS, goodAt: 2 }, ""],
        [5.1, LOST],
      ],
      "pass",
      "unknown (link-down)",
    ],
    [
      "out long before the word",
      [
        [0, RUNS],
        [5.1, LOST],
        [60, LOST, ""],
      ],
      "pass",
      null,
    ],
    [
      "silence",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [5.1, silent],
      ],
      "pass",
      "unknown (device-silent)",
    ],
    [
      "not from the last good cycle",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [5.1, { ...LOST, since: 4 }],
      ],
      "fail",
      "unknown (link-down), but not from the last good cycle",
    ],
    [
      "shown too late",
      [
        [0, RUNS],
        [8.1, LOST],
        [9, LOST, ""],
      ],
      "fail",
      "unknown (link-down), but only after 6100 ms",
    ],
    [
      "another cause",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [9, { ...LOST, cause: "rule-undecided" }],
      ],
      "fail",
      "unknown (rule-undecided)",
    ],
    [
      "the machine goes on",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [9, RUNS],
      ],
      "fail",
      "producing",
    ],
  ]);

  test("plugged in again: how long it was blind", () => {
    const [, recovery] = stepsOf(PRESS, "cable", 10);
    const { outcome } = play(recovery!, [
      [8, LOST],
      [10, LOST, ""],
      [13, { ...RUNS, since: 12 }],
    ]);
    expect(outcome).toMatchObject({
      result: "pass",
      seen: "producing",
      figures: { unknownMs: 10_000 },
    });
  });

  test("a machine on the gateway's own lines has no cable", () => {
    const steps = stepsOf({ ...PRESS, cables: [] }, "cable", 10);
    expect(steps.map((step) => begin(step, sight(0)).outcome?.result)).toEqual([
      ...["skipped", "skipped"],
    ]);
  });
});

/** Every step of an acceptance as a table of what was seen when, on a clock of its own. */
import { describe, expect, test } from "vitest";
import { stepsOf } from "../../../agent/accept/step.ts";
import { type Event, LOST, outcomes, PRESS, play, RUNS, sight, stepOf } from "./scene.ts";

describe("stop", () => {
  outcomes("stop", [
    [
      "it stands",
      [
        [0, RUNS],
        [3, { since: 2 }, ""],
      ],
      "pass",
      "idle",
    ],
    [
      "a fault is no production either",
      [
        [0, RUNS],
        [3, { condition: "fault" }, "done"],
      ],
      "pass",
      "fault",
    ],
    [
      "seen a poll later",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [4, { since: 4 }],
      ],
      "pass",
      "idle",
    ],
    [
      "a value from before the word proves nothing",
      [
        [0, RUNS],
        [3, { goodAt: 2.5 }, ""],
      ],
      null,
      null,
    ],
    [
      "at the limit it is over",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [7.9, RUNS],
        [8, RUNS],
      ],
      "fail",
      "producing",
    ],
    [
      "just before the limit it is not",
      [
        [0, RUNS],
        [3, RUNS, ""],
        [7.999, RUNS],
      ],
      null,
      null,
    ],
    [
      "unknown is no stop",
      [
        [0, RUNS],
        [3, LOST, ""],
        [8, LOST],
      ],
      "fail",
      "unknown (link-down)",
    ],
    [
      "skipped with a reason",
      [
        [0, RUNS],
        [3, RUNS, "skip the oven is hot"],
      ],
      "skipped",
      "the oven is hot",
    ],
    [
      "an answer that is none",
      [
        [0, RUNS],
        [3, {}, "maybe"],
      ],
      null,
      null,
    ],
  ]);

  test("the edge and its uncertainty are on record", () => {
    const { outcome } = play(stepOf("stop"), [
      [0, RUNS],
      [3, { since: 2, edgeFrom: 1 }, ""],
    ]);
    expect(outcome?.figures).toEqual({
      since: "2026-11-23T06:00:02.000Z",
      edgeUncertaintyMs: 1000,
      shownAt: "2026-11-23T06:00:03.000Z",
    });
  });
});

describe("run", () => {
  outcomes("run", [
    [
      "it produces",
      [
        [0, {}],
        [3, RUNS, ""],
      ],
      "pass",
      "producing",
    ],
    [
      "it does not",
      [
        [0, {}],
        [3, {}, ""],
        [8, {}],
      ],
      "fail",
      "idle",
    ],
  ]);
});

describe("a rule", () => {
  const blocked = { condition: "blocked", reason: "outfeed" };
  outcomes("blocked", [
    [
      "with its reason",
      [
        [0, RUNS],
        [3, blocked, ""],
      ],
      "pass",
      "blocked (outfeed)",
    ],
    [
      "with another reason",
      [
        [0, RUNS],
        [3, { ...blocked, reason: "x" }, ""],
        [8, { ...blocked, reason: "x" }],
      ],
      "fail",
      "blocked (x)",
    ],
  ]);

  test("rules names all that need something to happen, each once", () => {
    expect(stepsOf(PRESS, "rules,fault,stop", 10).map(({ id }) => id)).toEqual([
      ...["fault", "blocked", "stop"],
    ]);
    const [fault] = PRESS.rules;
    const twice = { ...PRESS, rules: [fault!, fault!] };
    expect(stepsOf(twice, "rules", 10).map(({ id }) => id)).toEqual(["fault", "fault-2"]);
    expect(() => stepsOf(PRESS, "stop,dance", 10)).toThrow(
      "no step dance; there are stop, run, count, cable, rules; of this machine: fault, blocked",
    );
  });
});

test("of many changes the first and the last are kept", () => {
  const flicker = Array.from({ length: 200 }, (_, i): Event => [1 + i, { since: i }]);
  const { sights } = play(stepOf("run"), [[0, {}], ...flicker]);
  expect(sights).toHaveLength(40);
  expect([sights[0]?.at, sights.at(-1)?.at]).toEqual([sight(0).at, sight(200).at]);
});

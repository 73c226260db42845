/** Counted pieces against entered ones, on a clock of its own. */
import { describe, expect, test } from "vitest";
import { begin } from "../../../agent/accept/trial.ts";
import { type Event, outcomes, PRESS, play, RUNS, sight, stepOf } from "./scene.ts";

describe("count", () => {
  const READY: Event[] = [
    [0, {}],
    [1, {}, ""],
    [2.9, {}],
    [3, {}],
  ];
  const at = (second: number, total: number, good: number, answer?: string): Event =>
    answer === undefined ? [second, { total, good }] : [second, { total, good }, answer];
  outcomes("count", [
    [
      "exactly",
      [...READY, at(20, 110, 100, "10"), at(22, 110, 100)],
      "pass",
      "total +10, good +10",
    ],
    [
      "Enter is the number that was asked for",
      [...READY, at(20, 110, 100, ""), at(22, 110, 100)],
      "pass",
      null,
    ],
    [
      "with bad ones",
      [...READY, at(20, 110, 98, "10 2"), at(22, 110, 98)],
      "pass",
      "total +10, good +8",
    ],
    [
      "the last count comes late",
      [...READY, at(20, 109, 99, "10"), at(22, 109, 99), at(23, 110, 100)],
      "pass",
      null,
    ],
    [
      "one too many",
      [...READY, at(20, 111, 101, "10"), at(22, 111, 101)],
      "fail",
      "total +11, good +11",
    ],
    [
      "one too few",
      [...READY, at(20, 109, 99, "10"), at(22, 109, 99), at(25, 109, 99)],
      "fail",
      "total +9, good +9",
    ],
    [
      "good counts bad ones as well",
      [...READY, at(20, 110, 100, "10 1"), at(22, 110, 100)],
      "fail",
      null,
    ],
    [
      "not judged before two polls",
      [...READY, at(20, 110, 100, "10"), at(21.9, 110, 100)],
      null,
      null,
    ],
    [
      "over the end of the counter",
      [
        [0, { total: 65_530 }],
        [1, { total: 65_530 }, ""],
        [3, { total: 65_530 }],
        at(20, 4, 100, "10"),
        at(22, 4, 100),
      ],
      "pass",
      "total +10, good +10",
    ],
    ["a reset is no count", [...READY, at(20, 10, 10, "10"), at(22, 10, 10)], "fail", null],
    ["no whole number", [...READY, at(20, 110, 100, "ten")], null, null],
    ["more bad than made", [...READY, at(20, 110, 100, "10 11")], null, null],
    [
      "it must stand before",
      [
        [0, RUNS],
        [1, RUNS, ""],
        [6, RUNS],
      ],
      "fail",
      "it still produces",
    ],
    [
      "a counter that cannot be read",
      [
        [0, {}],
        [1, {}, ""],
        [6, { quality: "bad", goodAt: 1 }],
      ],
      "fail",
      "a counter cannot be read",
    ],
  ]);

  test("what a piece counts, counters beyond 2^53, and figures", () => {
    const big = {
      role: "total" as const,
      id: "total",
      modulus: 2n ** 64n,
      pieces: 5,
      pollMs: 1000,
    };
    const subject = { ...PRESS, counters: [big] };
    const before = { total: "9223372036854775808" };
    const after = { total: "9223372036854775810" };
    const { outcome } = play(
      stepOf("count", subject),
      [
        [0, before],
        [1, before, ""],
        [3, before],
        [20, after, "10"],
        [22, after],
      ],
      subject,
    );
    expect(outcome).toEqual({
      ...{ result: "pass", seen: "total +10" },
      figures: {
        ...{ totalBefore: before.total, totalAfter: after.total },
        ...{ totalPieces: 10, totalEntered: 10 },
      },
    });
  });

  test("a complaint keeps the question open", () => {
    const trial = play(stepOf("count"), [...READY, [20, {}, "ten"]]);
    expect(trial.phase).toBe("ask");
    expect(trial.complaint).toMatch(/whole numbers/);
  });

  test("without counters there is nothing to count", () => {
    const { outcome } = begin(stepOf("count", { ...PRESS, counters: [] }), sight(0));
    expect(outcome).toMatchObject({ result: "skipped", seen: "no counter is configured" });
  });
});

/** Debounce, pulses and lost edges, on time stamps alone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Change,
  isOn,
  isSettling,
  isUnsteady,
  type Line,
  newLine,
  settle,
  settlesAt,
  takeEdge,
  takeReading,
} from "../../../drivers/gpio/edges.ts";

const DEBOUNCE = 20;

/** A line that was low at 0, with these options. */
function low(options: Partial<Line> = {}): Line {
  const line = newLine({ activeLow: false, debounceMs: DEBOUNCE, ...options });
  takeReading(line, false, 0);
  return line;
}

/** `up 100`, `down 130`: what came out of these edges, and what had settled long after. */
function play(line: Line, edges: [level: boolean, at: number][], until = 1e6): string[] {
  const changes: Change[] = edges.flatMap(([level, at]) => takeEdge(line, level, at));
  changes.push(...settle(line, until));
  return changes.map(({ isOn: on, at, pulses }) => `${on ? "on" : "off"} ${at} #${pulses}`);
}

describe("debounce", () => {
  test.each<[string, [boolean, number][], string[]]>([
    [
      "a clean pulse",
      [
        [true, 100],
        [false, 200],
      ],
      ["on 100 #1", "off 200 #1"],
    ],
    [
      "contacts bounce at both ends",
      [
        [true, 100],
        [false, 103],
        [true, 109],
        [false, 200],
        [true, 201],
        [false, 215],
      ],
      ["on 109 #1", "off 215 #1"],
    ],
    [
      "a disturbance is no pulse",
      [
        [true, 100],
        [false, 110],
      ],
      [],
    ],
    [
      "a dropout splits no pulse",
      [
        [true, 100],
        [false, 150],
        [true, 165],
        [false, 300],
      ],
      ["on 100 #1", "off 300 #1"],
    ],
    [
      "exactly as long as the debounce",
      [
        [true, 100],
        [false, 120],
      ],
      ["on 100 #1", "off 120 #1"],
    ],
    [
      "shorter by a moment",
      [
        [true, 100],
        [false, 119.999],
      ],
      [],
    ],
  ])("%s", (_, edges, expected) => expect(play(low(), edges)).toEqual(expected));

  test("none: every edge counts at once", () => {
    const line = low({ debounceMs: 0 });
    expect(takeEdge(line, true, 5)).toEqual([{ at: 5, isOn: true, pulses: 1 }]);
    expect(takeEdge(line, false, 5.1)).toEqual([{ at: 5.1, isOn: false, pulses: 1 }]);
  });

  test("says when it will be certain", () => {
    const line = low();
    expect(settlesAt(line)).toBeNull();
    takeEdge(line, true, 100);
    expect(settlesAt(line)).toBe(120);
    expect(settle(line, 119)).toEqual([]);
    expect(settle(line, 120)).toEqual([{ at: 100, isOn: true, pulses: 1 }]);
    expect(settlesAt(line)).toBeNull();
  });

  test("a long one is dated at most 100 ms before it is certain", () => {
    expect(play(low({ debounceMs: 500 }), [[true, 1000]])).toEqual(["on 1400 #1"]);
  });

  test("active low turns levels and pulses around", () => {
    const line = newLine({ activeLow: true, debounceMs: DEBOUNCE });
    takeReading(line, true, 0);
    expect(isOn(line)).toBe(false);
    expect(
      play(line, [
        [false, 100],
        [true, 200],
      ]),
    ).toEqual(["on 100 #1", "off 200 #1"]);
  });

  test("without a first reading the first edge is where it stands", () => {
    const line = newLine({ activeLow: false, debounceMs: 0 });
    expect(takeEdge(line, true, 5)).toEqual([]);
    expect([isOn(line), line.pulses]).toEqual([true, 0]);
  });
});

describe("lost edges", () => {
  test("two rises in a row: the fall between came soon after the first, the pulse counts", () => {
    const line = low();
    expect(
      play(line, [
        [true, 100],
        [true, 300],
      ]),
    ).toEqual(["on 100 #1", "off 130 #1", "on 300 #2"]);
    expect(line.lost).toBe(1);
  });

  test("not before the last reading that saw the line high", () => {
    const line = low();
    takeEdge(line, true, 100);
    takeReading(line, true, 250);
    expect(play(line, [[true, 300]])).toEqual(["on 100 #1", "off 275 #1", "on 300 #2"]);
  });

  test("within a bounce it is bounce", () => {
    const line = low();
    expect(
      play(line, [
        [true, 100],
        [true, 105],
        [false, 200],
      ]),
    ).toEqual(["on 105 #1", "off 200 #1"]);
  });

  test("a reading that contradicts is the edge that was lost", () => {
    const line = low();
    takeEdge(line, true, 100);
    expect(takeReading(line, true, 500)).toEqual([]);
    takeReading(line, false, 10_500);
    expect(settle(line, 10_520)).toEqual([{ at: 10_500, isOn: false, pulses: 1 }]);
    expect(line.lost).toBe(1);
  });
});

test.each([
  [20, 100, true],
  [20, 119, true],
  [500, 499, false],
  [500, 500, true],
])(
  "debounce %i: %i ms after time began, its edge at 100 may still contradict: %s",
  (debounceMs, now, expected) => {
    const line = low({ debounceMs });
    takeEdge(line, true, 100);
    expect(isSettling(line, now)).toBe(expected);
  },
);

describe("unsteady", () => {
  test("bounces for longer than a second, and is fine again once it stands", () => {
    const line = low();
    for (let at = 1000; at <= 1900; at++) takeEdge(line, at % 2 === 0, at);
    expect(isUnsteady(line, 1901)).toBe(false);
    for (let at = 1901; at <= 2500; at++) takeEdge(line, at % 2 === 0, at);
    expect(isUnsteady(line, 2501)).toBe(true);
    expect(line.pulses).toBe(0);
    expect(isUnsteady(line, 2521)).toBe(false);
  });

  test("a fast pulse train within the debounce's limits is steady", () => {
    const line = low({ debounceMs: 5 });
    for (let k = 0; k < 1000; k++) takeEdge(line, k % 2 === 0, 1000 + k * 10);
    expect(isUnsteady(line, 10_995)).toBe(false);
    expect(line.pulses).toBe(500);
  });
});

describe("pulses above twice the debounce", () => {
  /** Offsets of bounces after an edge: an even number, all within less than the debounce. */
  const bounce = fc
    .array(fc.double({ min: 0.01, max: DEBOUNCE - 0.1, noNaN: true }), { maxLength: 8 })
    .map((times) => times.slice(0, times.length & ~1).sort((a, b) => a - b));
  const phase = fc.record({
    ms: fc.double({ min: 2.01 * DEBOUNCE, max: 500, noNaN: true }),
    bounce,
  });

  /** Edges of alternating phases, beginning low, each edge with its bounce. */
  function train(phases: { ms: number; bounce: number[] }[]): [boolean, number][] {
    const edges: [boolean, number][] = [];
    let at = 100;
    for (const [k, { ms, bounce: offsets }] of phases.entries()) {
      const level = k % 2 === 0;
      edges.push([level, at]);
      for (const [i, offset] of offsets.entries())
        edges.push([i % 2 === 0 ? !level : level, at + offset]);
      at += ms;
    }
    return edges;
  }

  test("none is lost and none is doubled, however contacts bounce", () => {
    fc.assert(
      fc.property(fc.array(phase, { maxLength: 60 }), (phases) => {
        const line = low();
        const changes = train(phases).flatMap(([level, at]) => takeEdge(line, level, at));
        changes.push(...settle(line, 1e9));
        expect(line.pulses).toBe(Math.ceil(phases.length / 2));
        expect(line.lost).toBe(0);
        expect(changes.map(({ isOn: on }) => on)).toEqual(phases.map((_, k) => k % 2 === 0));
        expect(changes.map(({ at }) => at)).toEqual(
          changes.map(({ at }) => at).toSorted((a, b) => a - b),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("any one edge may get lost: the count is right again at the next edge of the line", () => {
    fc.assert(
      fc.property(fc.array(phase, { minLength: 3, maxLength: 30 }), fc.nat(), (phases, choice) => {
        const clean = train(phases.map(({ ms }) => ({ ms, bounce: [] })));
        const gone = choice % (clean.length - 1);
        const line = low();
        for (const [i, [level, at]] of clean.entries()) if (i !== gone) takeEdge(line, level, at);
        settle(line, 1e9);
        expect(line.lost).toBe(1);
        expect(line.pulses).toBe(Math.ceil(phases.length / 2));
      }),
      { numRuns: 300 },
    );
  });
});

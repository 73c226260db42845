/** Any history of a machine and its people: clocks that add up, acts that count once, a state that can be put down and taken up. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IncidentBody } from "../../../agent/core/incident/body.ts";
import type { IncidentModel } from "../../../agent/core/incident/model.ts";
import { closing, replay, SPANS, type Step, steps } from "./history.ts";

const check = (
  holds: (history: Step[], how: IncidentModel["closing"]) => void,
  numRuns = 60,
): void => fc.assert(fc.property(steps, closing, holds), { numRuns });

/** Calendar and covered time of `[from, to)` outside the holds, the slow way. */
function counted(
  { holds, coverage }: IncidentBody,
  from: number,
  to: number,
  now: number,
): [number, number] {
  const cut = (pieces: [number, number][], a: number, b: number): [number, number][] =>
    pieces
      .flatMap(([x, y]): [number, number][] => [
        [x, Math.min(y, a)],
        [Math.max(x, b), y],
      ])
      .filter(([x, y]) => x < y);
  let pieces: [number, number][] = from < to ? [[from, to]] : [];
  for (const hold of holds) pieces = cut(pieces, hold.from, hold.to ?? now);
  const length = (all: [number, number][]): number => all.reduce((sum, [x, y]) => sum + y - x, 0);
  if (coverage === null) return [length(pieces), length(pieces)];
  const covered = SPANS.filter(({ schedule }) => schedule === "scheduled").map((span) =>
    length(
      pieces
        .map(([x, y]): [number, number] => [Math.max(x, span.from), Math.min(y, span.to)])
        .filter(([x, y]) => x < y),
    ),
  );
  return [length(pieces), covered.reduce((a, b) => a + b, 0)];
}

describe("clocks", () => {
  test("are what the instants and holds of the message say, never negative, covered at most calendar at most elapsed", () => {
    check((history, how) => {
      for (const { at, body } of replay(history, how)) {
        const { clocks, faultAt, openedAt, restoredAt, closedAt } = body;
        const over = restoredAt ?? closedAt ?? at;
        const ends = {
          detect: [faultAt, body.detectedAt],
          acknowledge: [openedAt, body.acknowledgedAt ?? over],
          respond: [openedAt, body.respondedAt ?? over],
          restore: [faultAt, over],
          resolve: [openedAt, closedAt ?? at],
        } as const;
        for (const name of ["detect", "acknowledge", "respond", "restore", "resolve"] as const) {
          const { elapsedMs, calendarMs, coveredMs } = clocks[name];
          expect([calendarMs, coveredMs]).toEqual(counted(body, ...ends[name], at));
          expect(
            Math.min(coveredMs, calendarMs - coveredMs, elapsedMs - calendarMs),
          ).toBeGreaterThanOrEqual(0);
        }
      }
    });
  });
});

describe("messages", () => {
  test("count up, go forward, and no step is told twice", () => {
    check((history, how) => {
      const told = replay(history, how);
      const versions = new Map<string, number>();
      const steps = new Set<string>();
      for (const [i, { at, body }] of told.entries()) {
        expect(at).toBeGreaterThanOrEqual(told[i - 1]?.at ?? 0);
        expect(body.version).toBe((versions.get(body.id) ?? 0) + 1);
        versions.set(body.id, body.version);
        if (!body.escalation) continue;
        const key = `${body.id} ${body.escalation.limit} ${body.escalation.at}`;
        expect(steps.has(key)).toBe(false);
        steps.add(key);
      }
      expect([...versions.keys()]).toEqual(Array.from(versions.keys(), (_, i) => `i-${i + 1}`));
    });
  });

  test("do not depend on how often deadlines are looked at", () => {
    check((history, how) => {
      const often = replay(history, how, {
        between: (play, at) => {
          for (let due = play.due(); due < at; due = play.due()) play.run(due);
          play.run(Math.max(at - 1, play.state.now));
        },
      });
      expect(often).toEqual(replay(history, how));
    });
  });

  test("do not depend on what calendars forget", () => {
    check((history, how) => {
      expect(replay(history, how, { forget: true })).toEqual(replay(history, how));
    });
  });

  test("are the same when the state went through JSON at any step", () => {
    fc.assert(
      fc.property(steps, closing, fc.nat(59), (history, how, roundTrip) => {
        expect(replay(history, how, { roundTrip })).toEqual(replay(history, how));
      }),
      { numRuns: 60 },
    );
  });

  test("are the same for any repetition of an act", () => {
    check((history, how) => {
      expect(replay(history, how, { twice: true })).toEqual(replay(history, how));
    });
  });

  test("of one asset do not depend on another's", () => {
    fc.assert(
      fc.property(steps, steps, closing, (one, two, how) => {
        const alone = replay(one, how);
        replay(two, how, { asset: "press-02" });
        expect(
          replay(one, how, { between: () => replay(two, how, { asset: "press-02" }) }).length,
        ).toBe(alone.length);
        expect(replay(one, how)).toEqual(alone);
      }),
      { numRuns: 5 },
    );
  });
});

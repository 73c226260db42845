/** Properties of the accounting (metrics reference C4) over random timelines of two machines. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { WindowBody } from "../../agent/core/fact.ts";
import { measure } from "../../agent/core/window/measure.ts";
import {
  addPieces,
  emptySums,
  noPieces,
  type Pieces,
  type WindowSums,
} from "../../agent/core/window/sums.ts";
import { type Played, play } from "../support/play.ts";
import { DAY, HOUR } from "../support/story.ts";
import { type Act, acts, inputsOf, START, steadyActs } from "../support/tale.ts";

const RUNS = { numRuns: 30, endOnFailure: true };

const windowsOf = ({ records }: Played, asset?: string): WindowBody[] =>
  records.flatMap((fact) =>
    fact.class === "window" && (asset === undefined || fact.asset === asset) ? [fact.body] : [],
  );

/** The newest revision of each final window of a kind, by begin. */
function finals(played: Played, asset: string, kind: string): WindowBody[] {
  const newest = new Map<number, WindowBody>();
  for (const window of windowsOf(played, asset))
    if (window.kind === kind && window.final) newest.set(window.from, window);
  return [...newest.values()].sort((a, b) => a.from - b.from);
}

const total = (map: Record<string, number>): number =>
  Object.values(map).reduce((sum, ms) => sum + ms, 0);

function numbers(value: unknown, path = ""): [string, number][] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbers(inner, `${path}/${key}`));
}

const forEvery = (check: (played: Played, told: Act[]) => void): void =>
  fc.assert(
    fc.property(acts, (told) => check(play(inputsOf(told)), told)),
    RUNS,
  );

describe("conservation", () => {
  test("every axis of every window sums to its length", () => {
    forEvery((played) => {
      for (const { from, to, sums } of windowsOf(played)) {
        const { conditionMs, scheduleMs, attributionMs, unknownMs, loadingMs } = sums;
        for (const axis of [conditionMs, scheduleMs, attributionMs])
          expect(total(axis)).toBe(to - from);
        expect(total(unknownMs)).toBe(conditionMs.unknown);
        expect(loadingMs).toBe(scheduleMs.scheduled);
        const { upMs, downMs, excludedMs, blindMs } = sums;
        expect(upMs + downMs + excludedMs + blindMs).toBe(loadingMs);
      }
    });
  });

  test("intervals tile the time from the first window on", () => {
    forEvery(({ intervals }) => {
      for (const asset of ["press-01", "saw-02"]) {
        const own = intervals.filter((interval) => interval.asset === asset);
        for (const [i, { from, to }] of own.entries()) {
          expect(to).toBeGreaterThan(from);
          if (i > 0) expect(from).toBe(own[i - 1]?.to);
        }
      }
    });
  });

  test("hours follow each other without a gap, each provisional and then final", () => {
    forEvery((played) => {
      const hours = windowsOf(played, "press-01").filter(({ kind }) => kind === "hour");
      const begins = finals(played, "press-01", "hour").map(({ from }) => from);
      for (const [i, from] of begins.entries()) {
        if (i > 0) expect(from).toBe((begins[i - 1] ?? 0) + HOUR);
        const revisions = hours
          .filter((hour) => hour.from === from)
          .map(({ revision }) => revision);
        expect(revisions).toEqual(revisions.map((_, n) => n));
        expect(revisions.length).toBeGreaterThanOrEqual(2);
      }
    });
  });

  test("no number is negative, not finite, or a fraction where an integer is promised", () => {
    forEvery((played) => {
      for (const { sums } of windowsOf(played)) {
        const { recipes: _, outside: __, ...plain } = sums;
        expect(numbers(plain).filter(([, n]) => !Number.isSafeInteger(n) || n < 0)).toEqual([]);
        expect(numbers(measure(sums)).filter(([, n]) => !Number.isFinite(n) || n < 0)).toEqual([]);
      }
    });
  });
});

test("A·P·Q = Σ ideal·good / observed loading", () => {
  forEvery((played) => {
    for (const { sums } of windowsOf(played)) {
      const { oee } = measure(sums);
      const { availability, performance, quality } = oee;
      if (availability === null || performance === null || quality === null) continue;
      const product = availability * performance * quality;
      const slack = 2e-6 * (1 + performance) * (1 + quality);
      expect(Math.abs(product - (oee.oee ?? Number.NaN))).toBeLessThan(slack);
      expect(oee.oee).toBeCloseTo(
        (oee.idealGoodUs ?? Number.NaN) / (oee.observedLoadingMs * 1000),
        6,
      );
    }
  });
});

/** The fields of which a whole is the sum of its parts. */
function additive(windows: { sums: WindowSums }[]): Record<string, unknown> {
  const sums = new Map<string, number>();
  const rows = new Map<string, { producingMs: number; made: Pieces; recovered: Pieces }>();
  for (const { sums: part } of windows) {
    const {
      recipes,
      // a stop that turns into a failure after its first hour is final counts in the day alone
      failures: _failures,
      open: _open,
      seen: _seen,
      unbridged: _unbridged,
      clock,
      flags: _flags,
      ...rest
    } = part;
    for (const [path, n] of numbers({ ...rest, heldMs: clock.heldMs }))
      sums.set(path, (sums.get(path) ?? 0) + n);
    for (const [key, row] of Object.entries(recipes)) {
      const known = rows.get(key) ?? { producingMs: 0, made: noPieces(), recovered: noPieces() };
      known.producingMs += row.producingMs;
      addPieces(known.made, row);
      addPieces(known.recovered, row.recovered);
      rows.set(key, known);
    }
  }
  const byKey = <T>(map: Map<string, T>): [string, T][] =>
    [...map].filter(([, v]) => v !== 0).sort(([a], [b]) => (a < b ? -1 : 1));
  // A counter that was read and did not move may leave a row in the hour alone: it holds nothing.
  const held = byKey(rows).filter(([, row]) => numbers(row).some(([, n]) => n !== 0));
  return { sums: byKey(sums), rows: held };
}

test("the hours of a UTC day sum to the day, revisions included", () => {
  fc.assert(
    fc.property(acts, (told) => {
      const midnight = Math.floor(START / DAY) * DAY;
      const played = play([...inputsOf(told), { kind: "tick", at: midnight + DAY + HOUR }]);
      const day = finals(played, "press-01", "day").find(({ from }) => from === midnight);
      const hours = finals(played, "press-01", "hour").filter(({ from }) => from < midnight + DAY);
      expect(day === undefined).toBe(hours.length === 0);
      if (!day) return;
      // before the first input there are no hours, and the day is blind
      const before = { sums: emptySums() };
      const blindMs = (hours[0]?.from ?? 0) - midnight;
      before.sums.conditionMs.unknown = blindMs;
      before.sums.unknownMs["agent-stopped"] = blindMs;
      before.sums.scheduleMs.scheduled = blindMs;
      before.sums.attributionMs.none = blindMs;
      before.sums.loadingMs = blindMs;
      before.sums.blindMs = blindMs;
      expect(additive([before, ...hours])).toEqual(additive([day]));
    }),
    RUNS,
  );
});

test("OEE does not depend on the micro-stop limit", () => {
  fc.assert(
    fc.property(steadyActs, fc.integer({ min: 1, max: 600 }), (told, limit) => {
      // a counter that stays bad after a blind span may cross it before or after the span is settled
      const inputs = inputsOf(told.filter(({ act }) => act !== "config" && act !== "bad"));
      const end = { kind: "tick" as const, at: START + 8 * HOUR };
      const ratios = (microStopMs: number) => {
        const changed = inputs.map((input) => {
          if (input.kind !== "config") return input;
          const assets = input.model.assets.map((asset) => ({ ...asset, microStopMs }));
          return { ...input, model: { ...input.model, assets } };
        });
        const played = play([...changed, end]);
        return [...finals(played, "press-01", "hour"), ...finals(played, "saw-02", "hour")]
          .filter(({ to }) => to < START + 5 * HOUR)
          .map(({ from, sums }) => {
            const { oee, oeeMin, oeeMax, idealTotalUs } = measure(sums).oee;
            return { from, oee, oeeMin, oeeMax, idealTotalUs };
          });
      };
      expect(ratios(limit * 1000)).toEqual(ratios(120_000));
    }),
    RUNS,
  );
});

test("all pieces booked are the difference of the first and the last reading", () => {
  fc.assert(
    fc.property(steadyActs, (told) => {
      const inputs = inputsOf(told.filter(({ act }) => act !== "reset" && act !== "scrap"));
      const seen = inputs.flatMap((input) =>
        input.kind === "cycle" &&
        input.asset === "press-01" &&
        !input.failure &&
        !("total" in input.bad)
          ? (input.values["total"] ?? [])
          : [],
      );
      const end = inputs.at(-1)?.at ?? 0;
      const played = play([...inputs, { kind: "tick", at: end + 2 * HOUR }]);
      const booked = noPieces();
      for (const { sums } of finals(played, "press-01", "hour")) {
        addPieces(booked, sums.outside);
        for (const row of Object.values(sums.recipes)) {
          addPieces(booked, row);
          addPieces(booked, row.recovered);
        }
      }
      expect(booked.total).toBe(Number(seen.at(-1) ?? 0) - Number(seen[0] ?? 0));
    }),
    RUNS,
  );
});

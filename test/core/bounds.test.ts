/** Properties of one hour (metrics reference C4): more downtime is never better, and the bounds hold the truth. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Measures, measure } from "../../agent/core/window/measure.ts";
import { bench } from "../support/plant.ts";
import { EXTERNAL, FAULT, HOUR, IDLE, MAINTENANCE, machine, RUN, SETUP } from "../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const POLL = 10_000;
const POLLS = HOUR / POLL;
const RUNS = { numRuns: 80 };

/** A status for each of the 360 polls of an hour and the one that ends it. */
const hour = fc
  .array(
    fc.record({
      polls: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 10, max: 90 })),
      status: fc.constantFrom(RUN, RUN, RUN, IDLE, FAULT, SETUP, MAINTENANCE, EXTERNAL),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((runs) => {
    const told = runs.flatMap(({ polls, status }) => Array<number>(polls).fill(status));
    return Array.from({ length: POLLS + 1 }, (_, i) => told[i] ?? RUN);
  });

/** Spans of lost polls, each longer than the hold limit of 30 s, none at the hour's edges. */
const gaps = fc.array(
  fc.record({
    from: fc.integer({ min: 1, max: POLLS - 60 }),
    polls: fc.integer({ min: 3, max: 50 }),
  }),
  { minLength: 1, maxLength: 4 },
);

/** What the hour comes to when the polls of `lost` are missing. One good piece a producing poll of 10 s. */
function account(statuses: number[], lost: (poll: number) => boolean = () => false): Measures {
  const plant = bench(SIX, machine(10_000_000, {}, POLL));
  let pieces = 0;
  for (const [i, status] of statuses.entries()) {
    pieces += status === RUN && i > 0 ? 1 : 0;
    if (!lost(i)) plant.cycle(SIX + i * POLL, { status, total: pieces, good: pieces });
  }
  plant.tick(SIX + 3 * HOUR);
  return measure(plant.sums("hour", SIX));
}

const atMost = (low: number | null, high: number | null): void => {
  if (low !== null && high !== null) expect(low).toBeLessThanOrEqual(high);
};

test("adding downtime never raises availability or uptime", () => {
  fc.assert(
    fc.property(hour, fc.nat(POLLS), fc.integer({ min: 1, max: 90 }), (statuses, from, polls) => {
      const worse = statuses.map((status, i) =>
        status === RUN && i >= from && i < from + polls ? FAULT : status,
      );
      const [before, after] = [account(statuses), account(worse)];
      atMost(after.oee.availability, before.oee.availability);
      atMost(after.uptime.value, before.uptime.value);
    }),
    RUNS,
  );
});

describe("the bounds of a blinded hour hold the truth", () => {
  const blinded = (check: (truth: Measures, seen: Measures) => void): void =>
    fc.assert(
      fc.property(hour, gaps, (statuses, spans) => {
        const lost = (poll: number): boolean =>
          spans.some(({ from, polls }) => poll >= from && poll < from + polls);
        check(account(statuses), account(statuses, lost));
      }),
      RUNS,
    );

  test("availability", () => {
    blinded((truth, seen) => {
      atMost(seen.oee.availabilityMin, truth.oee.availability);
      atMost(truth.oee.availability, seen.oee.availabilityMax);
      atMost(seen.oee.availabilityMin, seen.oee.availability);
      expect(seen.coverage.value).toBeLessThan(1);
    });
  });

  test("uptime", () => {
    blinded((truth, seen) => {
      atMost(seen.uptime.min, truth.uptime.value);
      atMost(truth.uptime.value, seen.uptime.max);
    });
  });

  test("OEE: every span lies in the hour and is bridged by its counter, so the bounds are the truth", () => {
    blinded((truth, seen) => {
      expect(seen.oee.oeeMin).toBe(truth.oee.oee);
      expect(seen.oee.oeeMax).toBe(truth.oee.oee);
      const { total, recovered } = seen.counts;
      expect(Number(total) + Number(recovered.total)).toBe(truth.counts.total);
    });
  });
});

test("gaps within the hold limit: wrong by no more than the edges and the runs that were missed", () => {
  fc.assert(
    fc.property(
      hour,
      fc.array(fc.integer({ min: 1, max: POLLS - 3 }), { maxLength: 12 }),
      (statuses, missing) => {
        const lost = (poll: number): boolean =>
          missing.some((from) => poll === from || poll === from + 1);
        const usable = (poll: number): boolean => !lost(poll) || lost(poll - 1) !== lost(poll + 1);
        fc.pre(statuses.every((_, i) => usable(i)));
        const sums = (skip: (poll: number) => boolean) => {
          const plant = bench(SIX, machine(10_000_000, {}, POLL));
          for (const [i, status] of statuses.entries())
            if (!skip(i)) plant.cycle(SIX + i * POLL, { status, total: 0, good: 0 });
          plant.tick(SIX + 3 * HOUR);
          return plant.sums("hour", SIX);
        };
        const [truth, seen] = [sums(() => false), sums(lost)];
        expect(seen.conditionMs.unknown).toBe(0);
        // a run that lies wholly in a gap leaves no trace: at most the gap itself
        const unseen = statuses.filter((_, i) => lost(i)).length * POLL;
        for (const [condition, ms] of Object.entries(truth.conditionMs))
          expect(Math.abs(ms - seen.conditionMs[condition as "idle"])).toBeLessThanOrEqual(
            Math.max(seen.edgeUncertaintyMs, unseen),
          );
      },
    ),
    { numRuns: 60 },
  );
});

/** Key figures of issue to resolution: worked example 41, censoring, limits, and sums that add up. */
import { describe, expect, test } from "vitest";
import {
  clockSums,
  fixRates,
  hitRate,
  incidentKpis,
  openedIn,
  outcomes,
  preventiveToReactive,
  repairs,
} from "../../../agent/core/incident/kpi.ts";
import type { Clock, IncidentOutcome } from "../../../agent/core/incident/outcome.ts";
import { ALWAYS, DAY, faulted, HOUR, MIN, model, T0 } from "./scene.ts";

const clock = (over: Partial<Clock> = {}): Clock => ({
  state: "reached",
  elapsedMs: HOUR,
  calendarMs: HOUR,
  coveredMs: HOUR,
  limitMs: null,
  met: null,
  ...over,
});

function outcome(
  n: number,
  openedAt: number,
  over: Partial<IncidentOutcome> = {},
): IncidentOutcome {
  return {
    asset: "press-01",
    id: `i-${n}`,
    trigger: "fault",
    mode: "fault:17",
    severity: "s1",
    attribution: "supplier",
    clock: "covered",
    faultAt: openedAt,
    openedAt,
    restoredAt: openedAt + HOUR,
    closedAt: openedAt + HOUR,
    visits: { remote: 0, onSite: 1 },
    relapses: 0,
    repeatOf: null,
    clocks: {
      detect: clock(),
      acknowledge: clock(),
      respond: clock(),
      restore: clock(),
      resolve: clock(),
    },
    ...over,
  };
}

const running = { closedAt: null, restoredAt: null };

describe("example 41: 20 jobs, 16 on the first visit, 3 of these recur within 30 d", () => {
  const jobs = Array.from({ length: 20 }, (_, i) =>
    outcome(i + 1, T0 + i * HOUR, i < 16 ? {} : running),
  );
  const repeats = [1, 2, 3].map((n) => outcome(20 + n, T0 + 40 * DAY, { repeatOf: `i-${n}` }));
  const all = [...jobs, ...repeats];
  const span = { from: T0, to: T0 + 20 * HOUR };

  test("naive .80, effective .65, repeat rate 3/16", () => {
    expect(fixRates(openedIn(all, span), all, T0 + 90 * DAY, 30 * DAY)).toEqual({
      jobs: 20,
      firstVisit: 16,
      firstVisitRepeated: 3,
      naive: 0.8,
      effective: 0.65,
      closed: 16,
      repeated: 3,
      repeatRate: 0.1875,
      watched: 0,
    });
  });

  test("asked early, 13 more can still repeat", () => {
    const known = fixRates(jobs, all, T0 + 30 * DAY, 30 * DAY);
    expect(known.watched).toBe(13);
  });

  test("the same number of another machine is no repeat", () => {
    const others = repeats.map((each) => ({ ...each, asset: "press-02" }));
    expect(fixRates(jobs, [...jobs, ...others], T0 + 90 * DAY, 30 * DAY).repeated).toBe(0);
  });

  test("two visits are no first-time fix, nobody's visit is no job, a signal is no repair", () => {
    const of = [
      outcome(1, T0, { visits: { remote: 1, onSite: 1 } }),
      outcome(2, T0, { visits: { remote: 2, onSite: 0 } }),
      outcome(3, T0, { visits: { remote: 0, onSite: 0 } }),
      outcome(4, T0, { trigger: "signal" }),
    ];
    expect(fixRates(of, of, T0, DAY)).toMatchObject({ jobs: 2, firstVisit: 1, closed: 3 });
  });
});

test("a clock over many: sums, longest, what still runs, what met its limit", () => {
  const respond = (over: Partial<Clock>) => {
    const clocks = { ...outcome(1, T0).clocks, respond: clock(over) };
    return outcome(1, T0, { clocks });
  };
  const sums = clockSums(
    [
      respond({ calendarMs: 4 * HOUR, coveredMs: HOUR, met: true }),
      respond({ calendarMs: 9 * HOUR, coveredMs: 5 * HOUR, met: false }),
      respond({ state: "running", calendarMs: 7 * HOUR, coveredMs: 6 * HOUR, met: false }),
      respond({ state: "running", calendarMs: HOUR, coveredMs: 0 }),
      respond({ state: "ended", calendarMs: 99 * HOUR }),
    ],
    "respond",
  );
  expect(sums).toEqual({
    n: 2,
    calendarMs: 13 * HOUR,
    coveredMs: 6 * HOUR,
    maxCalendarMs: 9 * HOUR,
    maxCoveredMs: 5 * HOUR,
    running: 2,
    runningCalendarMs: 8 * HOUR,
    runningCoveredMs: 6 * HOUR,
    met: 1,
    missed: 2,
  });
  expect(hitRate(sums)).toBe(0.333333);
  expect(hitRate(clockSums([], "respond"))).toBeNull();
});

test("repairs with one under way, as example 40", () => {
  const restore = (state: Clock["state"], ms: number) =>
    outcome(1, T0, {
      clocks: { ...outcome(1, T0).clocks, restore: clock({ state, calendarMs: ms }) },
    });
  const all = [
    restore("reached", 2 * HOUR),
    restore("reached", 4 * HOUR),
    restore("running", 10 * HOUR),
  ];
  expect(repairs(all, "calendarMs")).toMatchObject({
    closed: 2,
    open: 1,
    closedMeanMs: 3 * HOUR,
    likelyMs: 8 * HOUR,
  });
});

test("preventive to reactive, by hours and by count", () => {
  const reactive = { ms: 4 * HOUR, count: 8 };
  const both = preventiveToReactive({ ms: 6 * HOUR, count: 2 }, reactive);
  expect([both.byTime, both.byCount]).toEqual([1.5, 0.25]);
  expect(preventiveToReactive(reactive, { ms: 0, count: 0 })).toMatchObject({
    byTime: null,
    byCount: null,
  });
});

test("of a state: closed ones and open ones as they stand, by the span they were opened in", () => {
  const limits = { acknowledge: 30 * MIN, respond: 4 * HOUR, restore: 12 * HOUR };
  const [terms] = model().severities;
  const play = faulted(model({ severities: [{ ...terms!, limits }] }));
  play.act(T0 + 10 * MIN, "respond");
  play
    .see(T0 + HOUR, "producing")
    .see(T0 + 5 * HOUR, "fault", { reason: "17" })
    .run(T0 + 6 * HOUR);
  const all = outcomes(play.state, T0 + 6 * HOUR, ALWAYS);
  expect(all.map(({ id, repeatOf }) => [id, repeatOf])).toEqual([
    ["i-1", null],
    ["i-2", "i-1"],
  ]);
  const kpis = incidentKpis(all, { from: T0, to: T0 + 6 * HOUR }, T0 + 6 * HOUR, 30 * DAY);
  expect(kpis).toMatchObject({
    opened: 2,
    open: 1,
    acknowledge: {
      n: 1,
      calendarMs: 5 * MIN,
      running: 1,
      runningCalendarMs: 55 * MIN,
      met: 1,
      missed: 1,
    },
    restore: { n: 1, calendarMs: HOUR, running: 1, runningCalendarMs: HOUR, met: 1, missed: 0 },
    hits: { acknowledge: 0.5, respond: 1, restore: 1 },
    fixes: { jobs: 1, firstVisit: 1, firstVisitRepeated: 1, effective: 0, repeatRate: 1 },
  });
  const later = incidentKpis(all, { from: T0 + HOUR, to: T0 + 2 * HOUR }, T0 + 6 * HOUR, DAY);
  expect(later).toMatchObject({ opened: 0, hits: { acknowledge: null }, fixes: { naive: null } });
});

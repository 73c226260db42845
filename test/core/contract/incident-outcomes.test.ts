/** Outcomes made of incidents: in time, and repeats. */
import { describe, expect, test } from "vitest";
import { inTime, repeats } from "../../../agent/core/contract/response.ts";
import type { Clock, IncidentOutcome } from "../../../agent/core/incident/outcome.ts";
import {
  booked,
  HOUR,
  MINUTE,
  MONDAY,
  model,
  outcome,
  percent,
  period,
  timeline,
  verdictOf,
} from "./desk.ts";

const DAY = period(MONDAY, MONDAY + 24 * HOUR);

const clock = (state: Clock["state"], calendarMs: number, coveredMs = calendarMs): Clock => ({
  state,
  elapsedMs: calendarMs,
  calendarMs,
  coveredMs,
  limitMs: null,
  met: null,
});

const incident = (id: string, more: Partial<IncidentOutcome>, respond: Clock): IncidentOutcome => ({
  id,
  trigger: "fault",
  mode: "fault jam",
  severity: "s1",
  attribution: "pending",
  clock: "covered",
  asset: "press-01",
  faultAt: MONDAY,
  openedAt: MONDAY + HOUR,
  restoredAt: null,
  closedAt: null,
  visits: { remote: 0, onSite: 0 },
  relapses: 0,
  repeatOf: null,
  clocks: { detect: respond, acknowledge: respond, respond, restore: respond, resolve: respond },
  ...more,
});

describe("outcomes in incidents", () => {
  const response = outcome({ metric: "response", limitMs: 4 * HOUR, severity: "s1" });
  const share = ({ n, d }: { n: bigint; d: bigint }): number => Number(n) / Number(d);

  test("example 38: covered hours keep a promise that the calendar breaks", () => {
    const weekend = [incident("a", {}, clock("reached", 61.75 * HOUR, 105 * MINUTE))];
    const { value } = inTime(response, weekend, DAY);
    expect(share(value)).toBe(1);
    const calendar = { ...response, clock: "calendar" as const };
    expect(share(inTime(calendar, weekend, DAY).value)).toBe(0);
  });

  test("an open one past its limit is a miss, one within it is neither", () => {
    const { value, min, max } = inTime(
      response,
      [
        incident("a", {}, clock("reached", 4 * HOUR)),
        incident("b", {}, clock("reached", 4 * HOUR + 1)),
        incident("c", {}, clock("running", 5 * HOUR)),
        incident("d", {}, clock("running", HOUR)),
        incident("e", {}, clock("ended", HOUR)),
        incident("f", { severity: "s2" }, clock("running", 9 * HOUR)),
        incident("g", { openedAt: DAY.to }, clock("running", 9 * HOUR)),
      ],
      DAY,
    );
    expect([value, min, max].map(share)).toEqual([1 / 3, 1 / 4, 2 / 4]);
  });

  test("example 41: three of sixteen come back", () => {
    const closed = Array.from({ length: 16 }, (_, i) =>
      incident(`i${i}`, { closedAt: MONDAY + 2 * HOUR }, clock("reached", HOUR)),
    );
    const again = [0, 1, 2].map((i) =>
      incident(
        `r${i}`,
        { repeatOf: `i${i}`, openedAt: MONDAY + 20 * 24 * HOUR },
        clock("running", 0),
      ),
    );
    const rate = outcome({ metric: "repeat-rate", withinMs: 30 * 24 * HOUR });
    const all = [...closed, ...again];
    const later = repeats(rate, all, DAY, MONDAY + 60 * 24 * HOUR);
    expect([later.value, later.max].map(share)).toEqual([3 / 16, 3 / 16]);
    expect(share(repeats(rate, all, DAY, MONDAY + 24 * HOUR - 1).max)).toBe(1);
    expect(share(repeats({ ...rate, withinMs: 24 * HOUR }, all, DAY, MONDAY).value)).toBe(0);
  });

  test("nothing due is nothing broken; a repeat rate is better when lower", () => {
    const contract = model({
      outcomes: [
        { ...response, target: percent("100"), minimum: null },
        outcome({
          metric: "repeat-rate",
          target: percent("10"),
          minimum: percent("20"),
          withinMs: HOUR,
        }),
      ],
    });
    const day = timeline([{ is: "producing", ms: 24 * HOUR }]);
    const verdicts = (incidents: IncidentOutcome[]) =>
      verdictOf(contract, booked(contract, day, DAY), {
        incidents: { "press-01": incidents },
      }).outcomes.map(({ verdict }) => verdict);
    expect(verdicts([])).toEqual(["met", "met"]);
    const late = incident("a", { closedAt: MONDAY + 2 * HOUR }, clock("reached", 5 * HOUR));
    expect(verdicts([late])).toEqual(["below-target", "met"]);
    const again = incident(
      "b",
      { openedAt: MONDAY + 3 * HOUR, repeatOf: "a" },
      clock("reached", 0),
    );
    expect(verdicts([late, again])).toEqual(["below-target", "below-minimum"]);
  });
});

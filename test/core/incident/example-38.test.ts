/** Worked example 38 of the reference: response and restoration over a weekend, on covered hours with a hold. */
import { expect, test } from "vitest";
import { coverageOf } from "../../../agent/core/incident/coverage.ts";
import type { IncidentModel } from "../../../agent/core/incident/model.ts";
import { HOUR, MIN, model, scene, severity } from "./scene.ts";

/** Berlin local time in June is UTC+2. */
const berlin = (text: string): number => Date.parse(`${text}:00+02:00`);
const cover = (day: string) => ({
  from: berlin(`${day}T07:00`),
  to: berlin(`${day}T19:00`),
  schedule: "scheduled" as const,
});
/** Mon–Fri 07–19 around the weekend of 2025-06-14, as a calendar resolves it. */
const service = {
  spans: [
    cover("2025-06-12"),
    {
      from: berlin("2025-06-12T19:00"),
      to: berlin("2025-06-13T07:00"),
      schedule: "unscheduled" as const,
    },
    cover("2025-06-13"),
    {
      from: berlin("2025-06-13T19:00"),
      to: berlin("2025-06-16T07:00"),
      schedule: "unscheduled" as const,
    },
    cover("2025-06-16"),
    cover("2025-06-17"),
  ],
};

const rules: IncidentModel["rules"] = [
  { id: "fault", severity: "s1", on: "fault", forMs: 0, reasons: null },
];
const limits = { acknowledge: 30 * MIN, respond: 105 * MIN, restore: 4 * HOUR };
const severities = [severity("s1", { coverage: "service", limits })];

test.each([
  ["at one go", []],
  [
    "with the calendar forgetting what is past",
    ["2025-06-13T18:45", "2025-06-15T12:00", "2025-06-16T08:40"],
  ],
])("example 38: response covered 105 min, restore covered 225 min, %s", (_, forgotten) => {
  const calendar = { spans: service.spans };
  const coverage = coverageOf({ service: calendar });
  const play = scene(model({ rules, severities }), coverage);
  const forget = (until: string): void => {
    for (const at of forgotten.filter((each) => each <= until).map(berlin)) {
      const needed = play.settle(at);
      calendar.spans = calendar.spans.filter(({ to }) => to > needed);
    }
  };
  play.see(berlin("2025-06-13T09:00"), "producing");
  play.see(berlin("2025-06-13T18:30"), "fault", { reason: "E17" });
  play.act(berlin("2025-06-13T18:40"), "acknowledge");
  forget("2025-06-13T20:00");
  forget("2025-06-15T20:00");
  play.act(berlin("2025-06-16T08:15"), "respond");
  play.act(berlin("2025-06-16T08:30"), "hold", { why: "no access", party: "supplier" });
  forget("2025-06-16T09:00");
  play.act(berlin("2025-06-16T09:15"), "release");
  play.see(berlin("2025-06-16T11:00"), "producing");
  play.run(berlin("2025-06-16T11:01"));

  expect(play.statuses()).toEqual([
    "opened",
    "acknowledged",
    "responded",
    "held",
    "released",
    "restored",
  ]);
  const { clocks, restoredAt, openedAt, faultAt } = play.last();
  expect([faultAt, openedAt, restoredAt]).toEqual([
    berlin("2025-06-13T18:30"),
    berlin("2025-06-13T18:30"),
    berlin("2025-06-16T11:00"),
  ]);
  expect(clocks.acknowledge).toMatchObject({
    calendarMs: 10 * MIN,
    coveredMs: 10 * MIN,
    met: true,
  });
  expect(clocks.respond).toMatchObject({
    elapsedMs: 61.75 * HOUR,
    calendarMs: 61.75 * HOUR,
    coveredMs: 105 * MIN,
    met: true,
  });
  expect(clocks.restore).toMatchObject({
    elapsedMs: 64.5 * HOUR,
    calendarMs: 64.5 * HOUR - 45 * MIN,
    coveredMs: 225 * MIN,
    met: true,
  });
});

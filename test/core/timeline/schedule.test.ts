/** Accounting rule 10: what was planned. Breaks, holidays, plans before and after their start. */
import { describe, expect, test } from "vitest";
import type { CalendarSpec } from "../../../agent/calendar/spec.ts";
import { edges } from "../../support/edges.ts";
import { type Bench, bench, press } from "../../support/plant.ts";
import { HOUR, IDLE, MINUTE, RUN, shifts } from "../../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const NINE = SIX + 3 * HOUR;
const EARLY = shifts({
  id: "early",
  start: "07:00",
  end: "09:00",
  breaks: [{ start: "08:00", end: "08:15" }],
});

const plantOf = (calendar: CalendarSpec | null = EARLY): Bench =>
  bench(
    SIX,
    press({
      calendar: calendar && "work",
      microStopMs: 5000,
      sources: [{ id: "main", pollMs: 10_000, holdMs: 30_000 }],
    }),
    calendar,
  );

/** Runs to 10:00, polled every 10 s; a stretch may be silent. */
function run(plant: Bench, silent: [number, number] = [0, 0]): string[] {
  for (let t = 0; t <= 4 * HOUR; t += 10_000)
    if (t < silent[0] || t >= silent[1]) plant.cycle(SIX + t, { status: RUN, total: 0, good: 0 });
  return schedule(plant);
}
const schedule = (plant: Bench): string[] =>
  edges(plant, SIX, SIX + 4 * HOUR, (interval) => interval.schedule).map((line) => {
    const [ms, word] = line.split(" ");
    return `${Number(ms) / MINUTE} ${word}`;
  });

const plan = (
  plant: Bench,
  at: number,
  from: number,
  to: number,
  word: "planned-stop" | "no-demand" = "no-demand",
): void =>
  plant.feed({
    kind: "plan",
    at: SIX + at * MINUTE,
    asset: "press-01",
    from: SIX + from * MINUTE,
    to: SIX + to * MINUTE,
    schedule: word,
    by: "planner",
    why: "service",
  });

const DAILY = [
  "0 unscheduled",
  "60 scheduled",
  "120 planned-stop",
  "135 scheduled",
  "180 unscheduled",
];

describe("the calendar", () => {
  test("breaks are planned stops, outside shifts nothing is scheduled", () => {
    expect(run(plantOf())).toEqual(DAILY);
  });

  test("no calendar: always scheduled", () => {
    expect(run(plantOf(null))).toEqual(["0 scheduled"]);
  });

  test("a holiday is unscheduled", () => {
    expect(run(plantOf({ ...EARLY, holidays: ["2026-11-23"] }))).toEqual(["0 unscheduled"]);
  });

  test("a machine silent in unscheduled time is no loss, inside it is unknown", () => {
    const plant = plantOf();
    run(plant, [30 * MINUTE, 90 * MINUTE]);
    const outside = plant.sums("hour", SIX);
    expect([outside.blindMs, outside.conditionMs.unknown]).toEqual([0, 30 * MINUTE + 10_000]);
    const inside = plant.sums("hour", SIX + HOUR);
    expect([inside.blindMs, inside.upMs, inside.downMs]).toEqual([30 * MINUTE, 30 * MINUTE, 0]);
  });

  test("the state is told anew when the schedule changes", () => {
    const plant = plantOf();
    run(plant);
    const states = plant
      .records()
      .flatMap((fact) =>
        fact.class === "state" && fact.time < SIX + 4 * HOUR
          ? [[(fact.time - SIX) / MINUTE, fact.body.schedule]]
          : [],
      );
    expect(states).toEqual(DAILY.map((line) => [Number(line.split(" ")[0]), line.split(" ")[1]]));
  });
});

describe("plans", () => {
  test("entered before its start it holds, after its end the calendar does", () => {
    const plant = plantOf();
    plan(plant, 0, 70, 100);
    expect(run(plant)).toEqual([
      "0 unscheduled",
      "60 scheduled",
      "70 no-demand",
      "100 scheduled",
      ...DAILY.slice(2),
    ]);
  });

  test.each([
    ["at its start", 0],
    ["after its start", 1],
  ])("entered %s it does not count", (_, late) => {
    const plant = plantOf(null);
    plant.cycle(SIX, { status: RUN, total: 0, good: 0 });
    plan(plant, 10 + late, 10, 30, "planned-stop");
    expect(run(plant)).toEqual(["0 scheduled"]);
  });

  test("a plan does not make unscheduled time planned", () => {
    const plant = plantOf();
    plan(plant, 0, 30, 70, "planned-stop");
    expect(run(plant).slice(0, 3)).toEqual(["0 unscheduled", "60 planned-stop", "70 scheduled"]);
  });

  test("of overlapping plans the one entered last holds", () => {
    const plant = plantOf(null);
    plan(plant, 0, 10, 40, "planned-stop");
    plan(plant, 1, 20, 30, "no-demand");
    expect(run(plant)).toEqual([
      "0 scheduled",
      "10 planned-stop",
      "20 no-demand",
      "30 planned-stop",
      "40 scheduled",
    ]);
  });

  test("a plan over the ends of windows is loading of neither", () => {
    const plant = plantOf(null);
    plan(plant, 0, 50, 70, "planned-stop");
    run(plant);
    expect(plant.sums("hour", SIX).loadingMs).toBe(50 * MINUTE);
    expect(plant.sums("hour", SIX + HOUR).loadingMs).toBe(50 * MINUTE);
  });

  test("a plan entered long before the first input of the machine counts", () => {
    const plant = plantOf(null);
    plan(plant, 0, 60, 90, "planned-stop");
    for (let t = HOUR; t <= 2 * HOUR; t += 10_000)
      plant.cycle(SIX + t, { status: IDLE, total: 0, good: 0 });
    plant.tick(NINE + HOUR);
    expect(plant.sums("hour", SIX + HOUR).scheduleMs["planned-stop"]).toBe(30 * MINUTE);
  });
});

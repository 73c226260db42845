/** Calendar cases of the metrics reference (C3 33 and 34), with the real calendar feed. */
import { describe, expect, test } from "vitest";
import type { AssetModel } from "../../agent/core/model.ts";
import { type Bench, bench } from "../support/plant.ts";
import { DAY, FAULT, HOUR, IDLE, MINUTE, machine, RUN, shifts, story } from "../support/story.ts";

const night = shifts({ id: "night", start: "22:00", end: "06:00" });
const at = (text: string): number => Date.parse(text);

/** Runs through `from` to `to` without a stop, polled every minute. */
function through(from: string, to: string, zone: string, changes: Partial<AssetModel>): Bench {
  const asset = machine(1_000_000, { zone, ...changes }, MINUTE);
  const plant = bench(at(from), asset, null, zone);
  story(plant, at(from), MINUTE)
    .run(at(to) - at(from), RUN)
    .end();
  plant.tick(at(to) + DAY);
  return plant;
}

describe("33 daylight saving", () => {
  test.each([
    ["Europe/Berlin", "2025-03-29T23:00Z", "2025-03-30T22:00Z", 23],
    ["Europe/Berlin", "2025-10-25T22:00Z", "2025-10-26T23:00Z", 25],
    ["America/New_York", "2025-03-09T05:00Z", "2025-03-10T04:00Z", 23],
    ["America/New_York", "2025-11-02T04:00Z", "2025-11-03T05:00Z", 25],
  ])("%s %s has its elapsed hours", (zone, from, to, hours) => {
    const plant = through(from, to, zone, { windows: ["day", "hour"] });
    const day = plant.window("day", at(from), 1);
    expect(day.to - day.from).toBe(hours * HOUR);
    expect(day.sums.conditionMs.producing).toBe(hours * HOUR);
    const parts = plant
      .records()
      .flatMap((fact) =>
        fact.class === "window" && fact.body.kind === "hour" && fact.body.final ? [fact.body] : [],
      )
      .filter((hour) => hour.from >= day.from && hour.to <= day.to);
    expect(parts).toHaveLength(hours);
    expect(parts.reduce((sum, hour) => sum + hour.sums.conditionMs.producing, 0)).toBe(
      hours * HOUR,
    );
  });

  test.each([
    ["2025-02-28T23:00Z", 743, "2025-03-31T22:00Z"],
    ["2025-09-30T22:00Z", 745, "2025-10-31T23:00Z"],
  ])("the month from %s has %i h", (from, hours, to) => {
    const plant = through(from, to, "Europe/Berlin", { windows: ["month"] });
    const month = plant.window("month", at(from), 1);
    expect(month.to - month.from).toBe(hours * HOUR);
    expect(month.sums.conditionMs.producing).toBe(hours * HOUR);
  });

  test.each([
    ["2025-03-29T21:00Z", 7, "2025-03-29", 0.9],
    ["2025-10-25T20:00Z", 9, "2025-10-25", 0.922222],
  ])("the night shift from %s lasts %i h; 42 min down", (from, hours, date, availability) => {
    const asset = machine(1_000_000, {
      calendar: "work",
      windows: ["shift"],
      zone: "Europe/Berlin",
    });
    const plant = bench(at(from), asset, night, "Europe/Berlin");
    story(plant, at(from))
      .run(3 * HOUR, RUN)
      .run(42 * MINUTE, FAULT)
      .run(hours * HOUR - 3 * HOUR - 42 * MINUTE, RUN)
      .end();
    const { from: begin, to, localDate, shift } = plant.window("shift", at(from), 1);
    expect(to - begin).toBe(hours * HOUR);
    expect([localDate, shift]).toEqual([date, { calendar: "work", id: "night" }]);
    expect(plant.measures("shift", at(from)).oee.availability).toBe(availability);
  });

  test("local 02:30 exists twice: hours are keyed by UTC", () => {
    const plant = through("2025-10-25T22:00Z", "2025-10-26T04:00Z", "Europe/Berlin", {});
    const first = plant.window("hour", at("2025-10-26T00:00Z"), 1);
    const second = plant.window("hour", at("2025-10-26T01:00Z"), 1);
    expect(first.localDate).toBe(second.localDate);
    expect([first.to - first.from, second.to - second.from]).toEqual([HOUR, HOUR]);
    expect(first.sums.conditionMs.producing + second.sums.conditionMs.producing).toBe(2 * HOUR);
  });
});

test("34 shift over midnight: a stop belongs to the shift of the day before, the day splits at 00:00", () => {
  const from = at("2026-11-23T22:00Z");
  const midnight = at("2026-11-24T00:00Z");
  const asset = machine(1_000_000, { calendar: "work", windows: ["shift", "day"] });
  const plant = bench(from, asset, night);
  story(plant, from)
    .run(3.5 * HOUR, RUN)
    .run(0.5 * HOUR, FAULT)
    .run(4 * HOUR, RUN)
    .run(16 * HOUR, IDLE)
    .run(4 * HOUR, RUN)
    .end();
  plant.tick(midnight + 2 * DAY);
  const shift = plant.window("shift", from, 1);
  expect([shift.localDate, shift.shift?.id]).toEqual(["2026-11-23", "night"]);
  expect(shift.sums.downMs).toBe(30 * MINUTE);
  const before = plant.window("day", at("2026-11-23T00:00Z"), 1);
  const after = plant.window("day", midnight, 1);
  // the night before was scheduled until 06:00 and nobody looked
  expect([before.localDate, before.sums.downMs, before.sums.upMs]).toEqual([
    "2026-11-23",
    0,
    2 * HOUR,
  ]);
  expect([before.sums.loadingMs, before.sums.blindMs]).toEqual([8 * HOUR, 6 * HOUR]);
  expect([after.localDate, after.sums.downMs, after.sums.loadingMs]).toEqual([
    "2026-11-24",
    30 * MINUTE,
    8 * HOUR,
  ]);
});

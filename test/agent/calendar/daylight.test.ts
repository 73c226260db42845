/** Metrics example 33: the two nights of the year on which local time and elapsed time part. */
import { describe, expect, it } from "vitest";
import { resolveCalendar } from "../../../agent/calendar/resolve.ts";
import { calendar, HOUR, range, shift, spans, utc, windows } from "./spec.ts";

const BERLIN = "Europe/Berlin";
const NEW_YORK = "America/New_York";
const night = calendar({ shifts: [shift("night", "22:00", "06:00")] });

describe("example 33, daylight saving", () => {
  it.each([
    [BERLIN, "2025-03-30", "2025-03-29T23:00Z", "2025-03-30T22:00Z", 23],
    [BERLIN, "2025-10-26", "2025-10-25T22:00Z", "2025-10-26T23:00Z", 25],
    [NEW_YORK, "2025-03-09", "2025-03-09T05:00Z", "2025-03-10T04:00Z", 23],
    [NEW_YORK, "2025-11-02", "2025-11-02T04:00Z", "2025-11-03T05:00Z", 25],
  ])("%s %s lasts from %s to %s, %i hours of one hour", (zone, date, from, to, hours) => {
    expect(windows("day", null, zone, range(from, to))).toEqual([
      `${date} - ${from} ${to} ${hours} h`,
    ]);
    const found = resolveCalendar(null, zone, range(from, to)).frames.filter(
      (frame) => frame.kind === "hour",
    );
    expect(found).toHaveLength(hours);
    expect(new Set(found.map((frame) => frame.to - frame.from))).toEqual(new Set([HOUR]));
    expect(new Set(found.map((frame) => frame.localDate))).toEqual(new Set([date]));
    expect(found[0]?.from).toBe(Date.parse(from));
  });

  it("makes the night shift of spring 7 hours and that of autumn 9", () => {
    expect(
      windows("shift", night, BERLIN, range("2025-03-29T12:00Z", "2025-03-30T12:00Z")),
    ).toEqual(["2025-03-29 night 2025-03-29T21:00Z 2025-03-30T04:00Z 7 h"]);
    expect(
      windows("shift", night, BERLIN, range("2025-10-25T12:00Z", "2025-10-26T12:00Z")),
    ).toEqual(["2025-10-25 night 2025-10-25T20:00Z 2025-10-26T05:00Z 9 h"]);
  });

  it("makes March 743 hours and October 745", () => {
    const year = range("2025-01-01T00:00Z", "2026-01-01T00:00Z");
    const months = windows("month", null, BERLIN, year);
    expect(months).toHaveLength(12);
    expect(months).toContain("2025-03-01 - 2025-02-28T23:00Z 2025-03-31T22:00Z 743 h");
    expect(months).toContain("2025-10-01 - 2025-09-30T22:00Z 2025-10-31T23:00Z 745 h");
  });

  it("gives the repeated hour of autumn two windows", () => {
    expect(windows("hour", null, BERLIN, range("2025-10-25T23:30Z", "2025-10-26T01:30Z"))).toEqual([
      "2025-10-26 - 2025-10-26T00:00Z 2025-10-26T01:00Z 1 h",
      "2025-10-26 - 2025-10-26T01:00Z 2025-10-26T02:00Z 1 h",
    ]);
  });
});

describe("local times that do not exist, or exist twice", () => {
  const spring = range("2025-03-30T00:00Z", "2025-03-30T06:00Z");
  const autumn = range("2025-10-25T22:00Z", "2025-10-26T04:00Z");

  it("moves a start in the gap forward by its length", () => {
    const spec = calendar({ shifts: [shift("a", "02:15", "06:00")] });
    expect(windows("shift", spec, BERLIN, spring)).toEqual([
      "2025-03-30 a 2025-03-30T01:15Z 2025-03-30T04:00Z 2.75 h",
    ]);
  });

  it("takes the earlier of two", () => {
    const spec = calendar({ shifts: [shift("a", "02:15", "06:00")] });
    expect(windows("shift", spec, BERLIN, autumn)).toEqual([
      "2025-10-26 a 2025-10-26T00:15Z 2025-10-26T05:00Z 4.75 h",
    ]);
  });

  it("never gives one millisecond to two shifts", () => {
    const spec = calendar({ shifts: [shift("a", "22:00", "02:30"), shift("b", "03:00", "10:00")] });
    expect(windows("shift", spec, BERLIN, range("2025-03-29T20:00Z", "2025-03-30T06:00Z"))).toEqual(
      [
        "2025-03-29 a 2025-03-29T21:00Z 2025-03-30T01:00Z 4 h",
        "2025-03-30 b 2025-03-30T01:00Z 2025-03-30T08:00Z 7 h",
      ],
    );
  });

  it("drops a shift and a break that lie wholly in the gap", () => {
    const spec = calendar({
      shifts: [
        shift("in-gap", "02:30", "03:00"),
        shift("early", "06:00", "14:00", { breaks: [{ start: "10:00", end: "10:30" }] }),
      ],
    });
    expect(windows("shift", spec, BERLIN, spring)).toEqual([
      "2025-03-30 early 2025-03-30T04:00Z 2025-03-30T12:00Z 8 h",
    ]);
    const broken = calendar({
      shifts: [shift("n", "22:00", "06:00", { breaks: [{ start: "02:30", end: "03:00" }] })],
    });
    expect(spans(broken, BERLIN, range("2025-03-29T21:00Z", "2025-03-30T04:00Z"))).toEqual([
      "scheduled 2025-03-29T21:00Z 2025-03-30T04:00Z",
    ]);
  });

  it("keeps day windows seamless when the day starts inside the gap", () => {
    const spec = calendar({ dayStart: "02:30" });
    expect(windows("day", spec, BERLIN, range("2025-03-29T00:00Z", "2025-03-31T00:00Z"))).toEqual([
      "2025-03-29 - 2025-03-29T01:30Z 2025-03-30T01:30Z 24 h",
      "2025-03-30 - 2025-03-30T01:30Z 2025-03-31T00:30Z 23 h",
    ]);
  });
});

describe("zones that are not whole hours", () => {
  it.each([
    ["Asia/Kolkata", "2025-06-10T00:30Z"],
    ["Asia/Kathmandu", "2025-06-10T00:15Z"],
    ["Pacific/Chatham", "2025-06-10T00:15Z"],
  ])("starts hours on the local full hour in %s", (zone, first) => {
    const hours = resolveCalendar(
      null,
      zone,
      range("2025-06-10T00:00Z", "2025-06-11T00:00Z"),
    ).frames.filter((frame) => frame.kind === "hour");
    expect(hours).toHaveLength(24);
    expect(utc(hours[0]?.from ?? 0)).toBe(first);
    expect(hours.every((frame) => frame.to - frame.from === HOUR)).toBe(true);
  });

  it("makes one hour of Lord Howe's spring night 30 minutes", () => {
    expect(
      windows("hour", null, "Australia/Lord_Howe", range("2025-10-04T14:00Z", "2025-10-04T17:00Z")),
    ).toEqual([
      "2025-10-05 - 2025-10-04T14:30Z 2025-10-04T15:30Z 1 h",
      "2025-10-05 - 2025-10-04T15:30Z 2025-10-04T16:00Z 0.5 h",
      "2025-10-05 - 2025-10-04T16:00Z 2025-10-04T17:00Z 1 h",
    ]);
  });

  it("makes one hour of Lord Howe's autumn night 90 minutes", () => {
    expect(
      windows("hour", null, "Australia/Lord_Howe", range("2026-04-04T13:00Z", "2026-04-04T16:00Z")),
    ).toEqual([
      "2026-04-05 - 2026-04-04T13:00Z 2026-04-04T14:00Z 1 h",
      "2026-04-05 - 2026-04-04T14:00Z 2026-04-04T15:30Z 1.5 h",
      "2026-04-05 - 2026-04-04T15:30Z 2026-04-04T16:30Z 1 h",
    ]);
  });
});

describe("Apia, which skipped 2011-12-30", () => {
  const week = range("2011-12-29T00:00Z", "2012-01-01T12:00Z");

  it("has no day window of that date, and no gap", () => {
    expect(windows("day", null, "Pacific/Apia", week)).toEqual([
      "2011-12-29 - 2011-12-29T10:00Z 2011-12-30T10:00Z 24 h",
      "2011-12-31 - 2011-12-30T10:00Z 2011-12-31T10:00Z 24 h",
      "2012-01-01 - 2011-12-31T10:00Z 2012-01-01T10:00Z 24 h",
      "2012-01-02 - 2012-01-01T10:00Z 2012-01-02T10:00Z 24 h",
    ]);
  });

  it("starts no shift on it", () => {
    const spec = calendar({
      shifts: [shift("early", "06:00", "14:00"), shift("n", "22:00", "06:00")],
    });
    expect(
      windows("shift", spec, "Pacific/Apia", range("2011-12-29T12:00Z", "2011-12-31T10:00Z")),
    ).toEqual([
      "2011-12-29 early 2011-12-29T16:00Z 2011-12-30T00:00Z 8 h",
      "2011-12-29 n 2011-12-30T08:00Z 2011-12-30T16:00Z 8 h",
      "2011-12-31 early 2011-12-30T16:00Z 2011-12-31T00:00Z 8 h",
      "2011-12-31 n 2011-12-31T08:00Z 2011-12-31T16:00Z 8 h",
    ]);
  });
});

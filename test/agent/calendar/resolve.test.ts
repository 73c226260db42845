/** Accounting rule 12 on ordinary days: shifts, breaks, holidays, business days. DST is in daylight.test.ts. */
import { describe, expect, it } from "vitest";
import { resolveCalendar } from "../../../agent/calendar/resolve.ts";
import { calendar, EVERY_DAY, range, shift, spans, windows } from "./spec.ts";

const BERLIN = "Europe/Berlin";
const UTC = "UTC";
const WEEKDAYS = [1, 2, 3, 4, 5];

describe("example 34, a shift over midnight", () => {
  const spec = calendar({ shifts: [shift("night", "22:00", "06:00")] });

  it("belongs to its start date, while the day splits at midnight", () => {
    const within = range("2025-06-10T20:00Z", "2025-06-11T04:00Z", true);
    expect(windows("shift", spec, UTC, within)).toEqual([
      "2025-06-10 night 2025-06-10T22:00Z 2025-06-11T06:00Z 8 h",
    ]);
    expect(windows("day", spec, UTC, within)).toEqual([
      "2025-06-10 - 2025-06-10T00:00Z 2025-06-11T00:00Z 24 h",
      "2025-06-11 - 2025-06-11T00:00Z 2025-06-12T00:00Z 24 h",
    ]);
  });

  it("is the shift of a stop at 01:30 of the next date", () => {
    const stop = range("2025-06-11T01:30Z", "2025-06-11T02:00Z", true);
    expect(windows("shift", spec, UTC, stop)[0]).toMatch(/^2025-06-10 night/);
    expect(windows("day", spec, UTC, stop)[0]).toMatch(/^2025-06-11/);
  });
});

describe("days and holidays", () => {
  const spec = calendar({
    shifts: [shift("night", "22:00", "06:00", { days: [1, 2, 3, 4] })],
    holidays: ["2026-12-24"],
  });

  it("belong to the date the shift starts on", () => {
    // Monday 21 to Sunday 27 December 2026, the 24th a holiday.
    expect(windows("shift", spec, UTC, range("2026-12-21T00:00Z", "2026-12-28T00:00Z"))).toEqual([
      "2026-12-21 night 2026-12-21T22:00Z 2026-12-22T06:00Z 8 h",
      "2026-12-22 night 2026-12-22T22:00Z 2026-12-23T06:00Z 8 h",
      "2026-12-23 night 2026-12-23T22:00Z 2026-12-24T06:00Z 8 h",
    ]);
  });

  it("leave the morning of the holiday to the shift of the evening before", () => {
    expect(spans(spec, UTC, range("2026-12-23T12:00Z", "2026-12-28T12:00Z"))).toEqual([
      "unscheduled 2026-12-23T12:00Z 2026-12-23T22:00Z",
      "scheduled 2026-12-23T22:00Z 2026-12-24T06:00Z",
      "unscheduled 2026-12-24T06:00Z 2026-12-28T12:00Z",
    ]);
  });

  it("empty a calendar without shifts from day start to day start", () => {
    const open = calendar({ dayStart: "06:00", holidays: ["2026-12-25"] });
    expect(spans(open, UTC, range("2026-12-24T00:00Z", "2026-12-27T00:00Z"))).toEqual([
      "scheduled 2026-12-24T00:00Z 2026-12-25T06:00Z",
      "unscheduled 2026-12-25T06:00Z 2026-12-26T06:00Z",
      "scheduled 2026-12-26T06:00Z 2026-12-27T00:00Z",
    ]);
  });
});

describe("breaks", () => {
  it("are planned stops inside the shift", () => {
    const spec = calendar({
      shifts: [
        shift("early", "06:00", "14:00", {
          days: WEEKDAYS,
          breaks: [
            { start: "12:00", end: "12:15" },
            { start: "09:00", end: "09:30" },
          ],
        }),
      ],
    });
    expect(spans(spec, BERLIN, range("2026-06-05T00:00Z", "2026-06-06T10:00Z"))).toEqual([
      "unscheduled 2026-06-05T00:00Z 2026-06-05T04:00Z",
      "scheduled 2026-06-05T04:00Z 2026-06-05T07:00Z",
      "planned-stop 2026-06-05T07:00Z 2026-06-05T07:30Z",
      "scheduled 2026-06-05T07:30Z 2026-06-05T10:00Z",
      "planned-stop 2026-06-05T10:00Z 2026-06-05T10:15Z",
      "scheduled 2026-06-05T10:15Z 2026-06-05T12:00Z",
      "unscheduled 2026-06-05T12:00Z 2026-06-06T10:00Z",
    ]);
  });

  it.each([
    ["23:50", "00:20", "2025-06-10T23:50Z", "2025-06-11T00:20Z"],
    ["02:00", "02:30", "2025-06-11T02:00Z", "2025-06-11T02:30Z"],
    ["05:30", "06:30", "2025-06-11T05:30Z", "2025-06-11T06:00Z"],
  ])("of a night shift from %s to %s last from %s to %s", (start, end, from, to) => {
    const spec = calendar({ shifts: [shift("n", "22:00", "06:00", { breaks: [{ start, end }] })] });
    expect(spans(spec, UTC, range("2025-06-10T22:00Z", "2025-06-11T06:00Z"))).toContain(
      `planned-stop ${from} ${to}`,
    );
  });
});

describe("ends", () => {
  it.each([
    ["14:00", "22:00", 8],
    ["16:00", "24:00", 8],
    ["22:00", "06:00", 8],
    ["06:00", "06:00", 24],
    ["00:00", "24:00", 24],
  ])("from %s to %s is %i h", (start, end, hours) => {
    const spec = calendar({ shifts: [shift("s", start, end)] });
    const [first] = windows("shift", spec, UTC, range("2025-06-10T00:00Z", "2025-06-11T00:00Z"));
    expect(first).toMatch(new RegExp(` ${hours} h$`));
  });
});

describe("dayStart 06:00", () => {
  const spec = calendar({ dayStart: "06:00", shifts: [shift("n", "02:00", "05:00")] });
  const within = range("2025-06-10T01:00Z", "2025-06-10T07:00Z", true);

  it("bounds day and month, and gives hours the date of their day window", () => {
    expect(windows("day", spec, UTC, within)).toEqual([
      "2025-06-09 - 2025-06-09T06:00Z 2025-06-10T06:00Z 24 h",
      "2025-06-10 - 2025-06-10T06:00Z 2025-06-11T06:00Z 24 h",
    ]);
    expect(windows("month", spec, UTC, within)).toEqual([
      "2025-06-01 - 2025-06-01T06:00Z 2025-07-01T06:00Z 720 h",
    ]);
    expect(windows("hour", spec, UTC, within).map((line) => line.slice(0, 30))).toEqual([
      "2025-06-09 - 2025-06-10T01:00Z",
      "2025-06-09 - 2025-06-10T02:00Z",
      "2025-06-09 - 2025-06-10T03:00Z",
      "2025-06-09 - 2025-06-10T04:00Z",
      "2025-06-09 - 2025-06-10T05:00Z",
      "2025-06-10 - 2025-06-10T06:00Z",
    ]);
  });

  it("leaves the date of a shift alone", () => {
    expect(windows("shift", spec, UTC, within)[0]).toMatch(/^2025-06-10 n /);
  });
});

describe("the ends of the year and of February", () => {
  it("carries a night shift and its month over New Year", () => {
    const spec = calendar({ shifts: [shift("n", "22:00", "06:00")] });
    const within = range("2026-12-31T22:30Z", "2027-01-01T06:00Z", true);
    expect(windows("shift", spec, UTC, within)).toEqual([
      "2026-12-31 n 2026-12-31T22:00Z 2027-01-01T06:00Z 8 h",
    ]);
    expect(windows("month", spec, UTC, within)).toEqual([
      "2026-12-01 - 2026-12-01T00:00Z 2027-01-01T00:00Z 744 h",
      "2027-01-01 - 2027-01-01T00:00Z 2027-02-01T00:00Z 744 h",
    ]);
  });

  it("knows 29 February", () => {
    const leap = range("2028-02-28T00:00Z", "2028-03-02T00:00Z", true);
    expect(windows("day", null, UTC, leap).map((line) => line.slice(0, 10))).toEqual([
      "2028-02-28",
      "2028-02-29",
      "2028-03-01",
    ]);
    expect(windows("month", null, UTC, leap)[0]).toMatch(/ 696 h$/);
  });
});

describe("a range", () => {
  it("takes the windows that begin in it, and with first those still open", () => {
    const inside = range("2025-06-10T10:30Z", "2025-06-10T12:30Z");
    expect(resolveCalendar(null, UTC, inside).frames.map((frame) => frame.kind)).toEqual([
      "hour",
      "hour",
    ]);
    expect(
      resolveCalendar(null, UTC, { ...inside, first: true }).frames.map((frame) => frame.kind),
    ).toEqual(["month", "day", "hour", "hour", "hour"]);
  });

  it("is always scheduled without a calendar", () => {
    expect(spans(null, BERLIN, range("2025-03-01T00:00Z", "2025-04-01T00:00Z"))).toEqual([
      "scheduled 2025-03-01T00:00Z 2025-04-01T00:00Z",
    ]);
  });

  it("uses the calendar's own zone before the gateway's, and refuses an unknown one", () => {
    const spec = calendar({
      zone: "Asia/Tokyo",
      shifts: [shift("s", "08:00", "16:00", { days: EVERY_DAY })],
    });
    expect(windows("shift", spec, BERLIN, range("2025-06-10T00:00Z", "2025-06-10T12:00Z"))).toEqual(
      [],
    );
    expect(windows("shift", spec, BERLIN, range("2025-06-09T12:00Z", "2025-06-10T00:00Z"))).toEqual(
      ["2025-06-10 s 2025-06-09T23:00Z 2025-06-10T07:00Z 8 h"],
    );
    expect(() =>
      spans(null, "Europe/Bärlin", range("2025-06-10T00:00Z", "2025-06-11T00:00Z")),
    ).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});

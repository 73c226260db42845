/** The feed: always two days ahead, and the same calendar however time is cut. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calendarFeed, LEAD_MS } from "../../../agent/calendar/feed.ts";
import { resolveCalendar } from "../../../agent/calendar/resolve.ts";
import type { CalendarSpec } from "../../../agent/calendar/spec.ts";
import type { CalendarInput } from "../../../agent/core/input.ts";
import { calendar, HOUR, shift, utc } from "./spec.ts";

const DAY = 24 * HOUR;
const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/New_York",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Africa/Casablanca",
  "America/Santiago",
];
const SPECS: (CalendarSpec | null)[] = [
  null,
  calendar({
    dayStart: "06:00",
    holidays: ["2025-03-29", "2025-10-26"],
    shifts: [
      shift("early", "06:00", "14:00", { breaks: [{ start: "10:00", end: "10:30" }] }),
      shift("night", "22:00", "06:00", { breaks: [{ start: "01:45", end: "02:30" }] }),
    ],
  }),
  calendar({ dayStart: "02:30", shifts: [shift("long", "02:15", "02:15")] }),
];

type Content = Pick<CalendarInput, "spans" | "frames">;

/** Neighbors of one kind become one span: where a call ends leaves no trace. */
function merged(parts: Content[]): Content {
  const spans: CalendarInput["spans"] = [];
  for (const span of parts.flatMap((part) => part.spans)) {
    const last = spans.at(-1);
    if (last?.schedule === span.schedule && last.to === span.from) last.to = span.to;
    else spans.push({ ...span });
  }
  return { spans, frames: parts.flatMap((part) => part.frames) };
}

const arbitrary = {
  zone: fc.constantFrom(...ZONES),
  spec: fc.constantFrom(...SPECS),
  // Starts anywhere in 2025, around the changes of clocks in particular.
  from: fc.oneof(
    fc.integer({ min: Date.parse("2025-01-01"), max: Date.parse("2026-01-01") }),
    fc
      .tuple(
        fc.constantFrom(
          "2025-03-09",
          "2025-03-30",
          "2025-04-05",
          "2025-10-04",
          "2025-10-26",
          "2011-12-30",
        ),
        fc.integer({ min: -2 * DAY, max: DAY }),
      )
      .map(([date, shifted]) => Date.parse(date) + shifted),
  ),
};

describe("resolving", () => {
  it("gives the same union however the range is split", () => {
    fc.assert(
      fc.property(
        arbitrary.zone,
        arbitrary.spec,
        arbitrary.from,
        fc.array(fc.integer({ min: 1, max: 40 * HOUR }), { minLength: 1, maxLength: 6 }),
        (zone, spec, from, lengths) => {
          const parts: Content[] = [];
          let at = from;
          for (const length of lengths) {
            parts.push(
              resolveCalendar(spec, zone, { from: at, horizon: at + length, first: at === from }),
            );
            at += length;
          }
          const whole = resolveCalendar(spec, zone, { from, horizon: at, first: true });
          expect(merged(parts).spans).toEqual(whole.spans);
          expect(new Set(merged(parts).frames.map((f) => JSON.stringify(f)))).toEqual(
            new Set(whole.frames.map((f) => JSON.stringify(f))),
          );
          expect(merged(parts).frames).toHaveLength(whole.frames.length);
        },
      ),
      { numRuns: 150 },
    );
  });

  it("tiles the range with spans, and with hours, days and months", () => {
    fc.assert(
      fc.property(arbitrary.zone, arbitrary.spec, arbitrary.from, (zone, spec, from) => {
        const range = { from, horizon: from + 3 * DAY, first: true };
        const { spans, frames } = resolveCalendar(spec, zone, range);
        expect(spans[0]?.from).toBe(from);
        expect(spans.at(-1)?.to).toBe(range.horizon);
        for (const kind of ["hour", "day", "month"] as const) {
          const tiles = frames.filter((frame) => frame.kind === kind);
          expect(tiles[0]?.from).toBeLessThanOrEqual(from);
          expect(tiles.at(-1)?.to).toBeGreaterThanOrEqual(range.horizon);
          expectSeamless(tiles);
        }
        expectSeamless(spans);
        const shifts = frames.filter((frame) => frame.kind === "shift");
        shifts.slice(1).forEach((next, i) => {
          expect(next.from).toBeGreaterThanOrEqual(shifts[i]?.to ?? Number.NaN);
        });
      }),
      { numRuns: 150 },
    );
  });
});

function expectSeamless(tiles: { from: number; to: number }[]): void {
  for (const [i, tile] of tiles.entries()) {
    expect(tile.to).toBeGreaterThan(tile.from);
    if (i > 0) expect(tile.from).toBe(tiles[i - 1]?.to);
  }
}

describe("calendarFeed", () => {
  const berlin = (spec: CalendarSpec | null = null) => ({ id: "c", spec, zone: "Europe/Berlin" });
  const start = Date.parse("2025-03-28T09:15Z");

  it("begins with every open window and the schedule back to the earliest of them", () => {
    const [first, ...rest] = calendarFeed(berlin(), null).until(start);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ kind: "calendar", id: "c", at: start });
    expect(first?.tzdata).toMatch(/^\d{4}[a-z]/);
    expect(utc(first?.from ?? 0)).toBe("2025-02-28T23:00Z");
    expect(first?.spans).toEqual([
      { from: first?.from, to: first?.horizon, schedule: "scheduled" },
    ]);
    expect(first?.frames.every((frame) => frame.to > start)).toBe(true);
    expect(first?.frames.filter((frame) => frame.from <= start).map((frame) => frame.kind)).toEqual(
      ["month", "day", "hour"],
    );
  });

  it("reaches back to a shift that began in the month before", () => {
    const spec = calendar({ shifts: [shift("n", "22:00", "06:00")] });
    const [first] = calendarFeed(berlin(spec), null).until(Date.parse("2025-06-30T23:30Z"));
    expect(utc(first?.from ?? 0)).toBe("2025-06-30T20:00Z");
  });

  it("is two days ahead whenever it is asked, and yields nothing for the past", () => {
    const feed = calendarFeed(berlin(), null);
    let horizon = 0;
    for (let at = start; at < start + 10 * DAY; at += 7 * HOUR) {
      for (const input of feed.until(at)) {
        if (horizon > 0) expect(input.from).toBe(horizon);
        expect(input.at).toBeLessThanOrEqual(at);
        horizon = input.horizon;
      }
      expect(horizon).toBeGreaterThanOrEqual(at + LEAD_MS);
      expect(feed.until(at - DAY)).toEqual([]);
    }
  });

  it("yields the same inputs asked once or every minute, and none dated before an earlier call", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 * DAY }), { minLength: 1, maxLength: 12 }),
        (steps) => {
          const asked = calendarFeed(berlin(SPECS[1]), null);
          const inputs = asked.until(start);
          let at = start;
          for (const step of steps) {
            const more = asked.until(at + step);
            for (const input of more) expect(input.at).toBeGreaterThanOrEqual(at);
            inputs.push(...more);
            at += step;
          }
          const once = calendarFeed(berlin(SPECS[1]), null);
          expect(inputs).toEqual([...once.until(start), ...once.until(at)]);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("goes on from a journaled horizon as if it had never stopped", () => {
    const whole = calendarFeed(berlin(), null);
    const [first] = whole.until(start);
    const resumed = calendarFeed(berlin(), first?.horizon ?? 0);
    expect(resumed.until(start + 9 * DAY)).toEqual(whole.until(start + 9 * DAY));
  });
});

/** Periods of contracts as local calendars have them: lengths over changes of the clock, and when they are told. */
import { describe, expect, test } from "vitest";
import { periodFeed, type Term } from "../../../agent/calendar/period.ts";
import { asset } from "../../core/contract/desk.ts";
import { shifts } from "../../support/story.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const night = shifts({ id: "night", start: "22:00", end: "06:00" });
const calendars = [
  { id: "", spec: null, zone: "Europe/Berlin" },
  { id: "ulm", spec: night, zone: "Europe/Berlin" },
  { id: "detroit", spec: { ...night, zone: "America/New_York" }, zone: "Europe/Berlin" },
];
const term = (period: Term["period"], from: string | null, ...ids: string[]): Term => ({
  id: "acme",
  period,
  effective: { from, to: null },
  assets: ids.map((calendar, i) => asset(`m-${i}`, { calendar })),
});
const hours = (spans: { from: number; to: number }[]): number =>
  spans.reduce((sum, { from, to }) => sum + to - from, 0) / HOUR;
const first = (of: Term, at: string) => periodFeed(of, calendars, null).until(Date.parse(at))[0]!;
const bounds = ({ from, to }: { from: number; to: number }): string[] =>
  [from, to].map((at) => new Date(at).toISOString().slice(0, 16));

describe("a period that holds an instant", () => {
  test.each<[Term["period"], string | null, string, [string, string], number]>([
    ["month", null, "2025-03-15T12:00Z", ["2025-02-28T23:00", "2025-03-31T22:00"], 743],
    ["month", null, "2025-10-01T00:00Z", ["2025-09-30T22:00", "2025-10-31T23:00"], 745],
    [
      "quarter",
      null,
      "2025-03-31T21:59:59Z",
      ["2024-12-31T23:00", "2025-03-31T22:00"],
      90 * 24 - 1,
    ],
    ["quarter", null, "2025-03-31T22:00:00Z", ["2025-03-31T22:00", "2025-06-30T22:00"], 91 * 24],
    [
      "contract-year",
      "2024-03-15",
      "2025-03-14T22:00Z",
      ["2024-03-14T23:00", "2025-03-14T23:00"],
      365 * 24,
    ],
    [
      "contract-year",
      "2024-03-15",
      "2025-03-14T23:00Z",
      ["2025-03-14T23:00", "2026-03-14T23:00"],
      365 * 24,
    ],
    [
      "contract-year",
      "2024-02-29",
      "2025-03-01T12:00Z",
      ["2025-02-28T23:00", "2026-02-28T23:00"],
      365 * 24,
    ],
  ])("%s from %s at %s", (period, from, at, expected, length) => {
    const span = first(term(period, from, "ulm"), at);
    expect(bounds(span)).toEqual(expected);
    expect((span.to - span.from) / HOUR).toBe(length);
  });

  test("begins by the machines' calendar where they share one, else by the gateway's", () => {
    expect(bounds(first(term("month", null, "detroit"), "2025-03-15T12:00Z"))).toEqual([
      "2025-03-01T05:00",
      "2025-04-01T04:00",
    ]);
    expect(bounds(first(term("month", null, "detroit", "ulm"), "2025-03-15T12:00Z"))).toEqual([
      "2025-02-28T23:00",
      "2025-03-31T22:00",
    ]);
  });
});

test("scheduled time counts the short nights: 8 h × 31 less one in Ulm's month, and in Detroit's", () => {
  const { scheduled } = first(term("month", null, "ulm", "detroit"), "2025-03-15T12:00Z");
  // 6 h on the 1st, 29 nights of 8 h, one of 7 h, 2 h on the 31st
  expect(hours(scheduled["ulm"] ?? [])).toBe(247);
  expect(hours(scheduled["detroit"] ?? [])).toBe(247);
});

test("each period is told once, two days ahead, and goes on where a run before ended", () => {
  const feed = periodFeed(term("month", null, "ulm"), calendars, null);
  const [march] = feed.until(Date.parse("2025-03-15T12:00Z"));
  expect(feed.until(march!.to - 2 * DAY - 1)).toEqual([]);
  const [april] = feed.until(march!.to - 2 * DAY);
  expect(april).toMatchObject({
    at: march!.to - 2 * DAY,
    from: march!.to,
    localDate: "2025-04-01",
  });
  const again = periodFeed(term("month", null, "ulm"), calendars, march!.to);
  expect(again.until(march!.to - 2 * DAY)).toEqual([april]);
  // after a long stop every period between is told
  expect(again.until(Date.parse("2025-07-15T00:00Z")).map(({ localDate }) => localDate)).toEqual([
    "2025-05-01",
    "2025-06-01",
    "2025-07-01",
  ]);
});

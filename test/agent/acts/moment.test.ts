/** Times as a technician types them: the gateway's zone, its days, its two odd nights. */
import { expect, test } from "vitest";
import { momentOf } from "../../../agent/acts/moment.ts";

const NOW = Date.parse("2026-11-23T14:00:00Z");
const at = (text: string, now = NOW): string | null => {
  const moment = momentOf(text, now, "Europe/Berlin");
  return moment === null ? null : new Date(moment).toISOString();
};

test.each([
  ["now", "2026-11-23T14:00:00.000Z"],
  ["14:05", "2026-11-23T13:05:00.000Z"],
  ["6:05", "2026-11-23T05:05:00.000Z"],
  ["today 00:00", "2026-11-22T23:00:00.000Z"],
  ["yesterday 22:00", "2026-11-22T21:00:00.000Z"],
  ["tomorrow 06:00", "2026-11-24T05:00:00.000Z"],
  ["2026-07-01 12:00", "2026-07-01T10:00:00.000Z"],
  ["2026-07-01T12:00", "2026-07-01T10:00:00.000Z"],
  ["2026-07-01T12:00:00Z", "2026-07-01T12:00:00.000Z"],
  ["2026-07-01T12:00+09:00", "2026-07-01T03:00:00.000Z"],
  ["20min ago", "2026-11-23T13:40:00.000Z"],
  ["in 2h", "2026-11-23T16:00:00.000Z"],
  ["+1.5h", "2026-11-23T15:30:00.000Z"],
  // The hour that the clocks skip, and the one that they repeat.
  ["2026-03-29 02:30", "2026-03-29T01:30:00.000Z"],
  ["2026-10-25 02:30", "2026-10-25T00:30:00.000Z"],
])("%s", (text, utc) => {
  expect(at(text)).toBe(utc);
});

test("`14:05` just after local midnight is of the new day", () => {
  expect(at("00:05", Date.parse("2026-11-22T23:10:00Z"))).toBe("2026-11-22T23:05:00.000Z");
});

test.each([
  "",
  "24:00",
  "12:60",
  "noon",
  "2026-02-30 10:00",
  "2026-13-01T00:00Z",
  "5 ago",
  "in",
  "-5min",
  "1732370700000",
])("%j is no time", (text) => {
  expect(at(text)).toBeNull();
});

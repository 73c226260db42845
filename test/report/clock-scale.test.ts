/** Axes of local clock time: hours line up on days with a change of the clock, none is skipped and none is drawn elsewhere. */
import { describe, expect, test } from "vitest";
import { clockScale } from "../../agent/report/html/clock-scale.ts";

const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);
const hours = (from: string, to: string, zone = "Europe/Berlin") => {
  const span = { from: at(from), to: at(to) };
  const { position, changeMs } = clockScale(span, zone);
  return { changeMs, hour: (t: string) => position(at(t)) * 24 };
};

describe("a day of the clock", () => {
  test("of 24 hours is as it elapses", () => {
    const { hour, changeMs } = hours("2025-06-01T22:00Z", "2025-06-02T22:00Z");
    expect(changeMs).toBe(0);
    expect(hour("2025-06-02T04:30Z")).toBe(6.5);
  });

  test("of 23 hours leaves the hour out that the clock skips", () => {
    const { hour, changeMs } = hours("2025-03-29T23:00Z", "2025-03-30T22:00Z");
    expect(changeMs).toBe(-HOUR);
    expect(hour("2025-03-30T00:59:59.999Z")).toBeCloseTo(2, 5);
    expect(hour("2025-03-30T01:00Z")).toBeCloseTo(3, 9);
    expect(hour("2025-03-30T04:00Z")).toBeCloseTo(6, 9);
    expect(hour("2025-03-30T22:00Z")).toBe(24);
  });

  test("of 25 hours holds both hours of one name, one after the other", () => {
    const { hour, changeMs } = hours("2025-10-25T22:00Z", "2025-10-26T23:00Z");
    expect(changeMs).toBe(HOUR);
    const told = ["00:00", "00:30", "01:00", "01:30", "02:00", "05:00", "23:00"];
    expect(told.map((t) => Number(hour(`2025-10-26T${t}Z`).toFixed(6)))).toEqual([
      2, 2.25, 2.5, 2.75, 3, 6, 24,
    ]);
  });

  test("never runs back, whatever the span and the zone", () => {
    for (const zone of ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"])
      for (const from of [
        at("2025-03-08T20:00Z"),
        at("2025-04-05T10:00Z"),
        at("2025-10-26T00:15Z"),
      ]) {
        const span = { from, to: from + 20 * HOUR };
        const { position } = clockScale(span, zone);
        expect([position(span.from), position(span.to)]).toEqual([0, 1]);
        for (let t = from; t < span.to; t += 600_000)
          expect(position(t + 600_000)).toBeGreaterThanOrEqual(position(t));
      }
  });
});

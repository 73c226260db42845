/** Lines of one instant (DESIGN 5.3): equal `at` and source is one cycle, and what is good or bad in it. */
import { describe, expect, test } from "vitest";
import { MINUTE, polls, replayed, SIX, states } from "../support/line-plant.ts";

describe("merging", () => {
  const at = SIX;
  test("lines of equal instant and source are one cycle", () => {
    const split = replayed([
      { at, asset: "press-01", point: "status", value: 6 },
      { at: "2026-11-23T05:00:00Z", asset: "press-01", point: "power", value: 5 },
      { at, asset: "press-01", values: { total: 1 } },
      { at, asset: "press-01", values: { good: 1 } },
      ...polls(10_000, 60_000),
    ]);
    const whole = replayed([
      { at, asset: "press-01", values: { status: 6, power: 5, total: 1, good: 1 } },
      ...polls(10_000, 60_000),
    ]);
    expect(JSON.stringify(split)).toBe(JSON.stringify(whole));
    expect(states(split)).toEqual(["0 producing"]);
  });

  test("a bad line and a good one of the same point: the later one holds", () => {
    const lines = (one: object, two: object): string[] =>
      states(replayed([one, two], SIX + MINUTE));
    const good = { at, asset: "press-01", values: { status: 8 } };
    const bad = {
      at,
      asset: "press-01",
      point: "status",
      quality: "bad",
      reason: "MODBUS_EXCEPTION_2",
    };
    expect(lines(bad, good)[0]).toBe("0 fault");
    expect(lines(good, bad)[0]).toBe("0 unknown read-rejected");
  });

  test("a bad single point refreshes nothing else; bad lasts until the next value", () => {
    const lines: object[] = polls(0, 10_000);
    for (let t = 20_000; t <= 120_000; t += 10_000)
      lines.push(
        { at: SIX + t, asset: "press-01", source: "main" },
        { at: SIX + t, asset: "press-01", source: "meter" },
      );
    const bad = {
      at: SIX + 15_000,
      asset: "press-01",
      point: "power",
      quality: "bad",
      reason: "MODBUS_EXCEPTION_2",
    };
    expect(states(replayed(lines))).toEqual(["0 producing"]);
    expect(states(replayed([...lines.slice(0, 2), bad, ...lines.slice(2)]))).toEqual([
      "0 producing",
      "10 unknown read-rejected",
    ]);
  });
});

/** Lines in small, on the seeds of the bench (docs/signals.md): quiet ones are quiet, sick ones are called what they are. */
import { describe, expect, test } from "vitest";
import { healthyLines, sickLine } from "../../bench/signals/lines.ts";

test("24 months of healthy lines have at most one false alarm", () => {
  // 0.02 a month are 0.5 in 24.
  expect(healthyLines(24, 1000, 30_000).slice(1)).toEqual([]);
});

describe("lines and devices that go bad", () => {
  test.each([
    ["wiring", "wiring", 5],
    ["loose", "wiring", 5],
    ["slow", "device", 4],
  ] as const)("%s is called %s within %i doublings", (kind, reason, days) => {
    for (const seed of [3000, 3001, 3002, 3003]) {
      const found = sickLine(kind, seed, 30_000);
      expect(found.reason).toBe(reason);
      expect(found.days).toBeGreaterThan(0);
      expect(found.days).toBeLessThan(days);
    }
  });
});

/** Running time in the evidence of signals: what was seen, not what may have been in a gap. */
import { expect, test } from "vitest";
import { calendarFeeds } from "../../../agent/calendar/feeds.ts";
import { advance } from "../../../agent/core/advance.ts";
import { newCore } from "../../../agent/core/core.ts";
import type { Input } from "../../../agent/core/input.ts";
import { plantOf, YAML } from "../../support/line-plant.ts";

const T = Date.UTC(2026, 10, 23, 5);
const HOUR = 3_600_000;

test("a machine that produced before a stop of the agent and after it was not seen running between", () => {
  const watched = YAML.replace("type: float32 }", "type: float32, unit: A, signal: auto }");
  const plant = plantOf(watched);
  const core = newCore();
  const feeds = calendarFeeds(plant.calendars, {});
  const enter = (input: Input): void => {
    for (const known of feeds.until(input.at)) advance(core, known);
    advance(core, input);
  };
  enter({ kind: "config", at: T, hash: plant.hash, model: plant.model });
  const cycles = (from: number): void => {
    for (let i = 0; i <= 6; i++)
      for (const [source, values] of [
        ["main", { status: 6, total: 1n }],
        ["meter", { power: 2 }],
      ] as const) {
        const said = { asset: "press-01", source, values, bad: {}, failure: null };
        enter({ kind: "cycle", at: from + i * 10_000, ...said });
      }
  };
  cycles(T);
  const before = core.byId.get("press-01")?.watch?.runMs;
  expect(before).toBe(60_000);
  const at = T + 5 * HOUR;
  enter({ kind: "agent-started", at, lastAlive: T + 60_000, cause: "power-lost" });
  cycles(at);
  expect(core.byId.get("press-01")?.watch?.runMs).toBe(120_000);
});

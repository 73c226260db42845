/** The time per piece of a counter through the whole core: slow cycles are told, stops and resets are not. */
import { describe, expect, test } from "vitest";
import { calendarFeeds } from "../../../agent/calendar/feeds.ts";
import { advance } from "../../../agent/core/advance.ts";
import { coreOf, newCore } from "../../../agent/core/core.ts";
import type { Input } from "../../../agent/core/input.ts";
import type { SignalChange } from "../../../agent/core/signal/change.ts";
import { plantOf, YAML } from "../../support/line-plant.ts";
import { randomOf } from "./rig.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T = Date.UTC(2026, 10, 23, 5);
const POLL = 30_000;

const WATCHED = YAML.replaceAll("poll: 10s", "poll: 30s").replace(
  "    calendar: early\n",
  "    calendar: early\n    signals: [{ point: total, kind: cycle-time, learnDays: 2 }]\n",
);

interface Life {
  days: number;
  /** Factor on the time a piece takes. */
  slow?: (at: number) => number;
  /** Minutes of each hour that it stands still. */
  stopped?: (at: number) => number;
  /** The counter begins anew at this instant. */
  resetAt?: number;
  restartAt?: number;
}

/** What was told of a press that makes a piece in about 7 s, and its core at the end. */
function live({ days, slow = () => 1, stopped = () => 5, resetAt, restartAt }: Life) {
  const plant = plantOf(WATCHED);
  let core = newCore();
  const feeds = calendarFeeds(plant.calendars, {});
  const told: SignalChange[] = [];
  const enter = (input: Input): void => {
    const facts = [...feeds.until(input.at), input].flatMap((one) => advance(core, one));
    for (const fact of facts)
      if (fact.kind === "record" && fact.class === "signal") told.push(fact.body);
  };
  enter({ kind: "config", at: T, hash: plant.hash, model: plant.model });
  const random = randomOf(7);
  let [made, from] = [0, 0];
  for (let at = T + POLL; at < T + days * DAY; at += POLL) {
    if (at === restartAt) core = coreOf(structuredClone(core.state));
    const runs = (at - T) % HOUR >= stopped(at) * 60_000;
    if (runs) made += (POLL / 7000 / slow(at)) * (0.98 + 0.04 * random());
    if (at === resetAt) from = Math.floor(made);
    const values = { status: runs ? 6 : 2, total: BigInt(Math.floor(made) - from) };
    for (const [source, read] of [
      ["main", values],
      ["meter", { power: 5 }],
    ] as const) {
      const said = { asset: "press-01", source, values: read, bad: {}, failure: null };
      enter({ kind: "cycle", at, ...said });
    }
  }
  return { told, core };
}

describe("the time per piece of a counter", () => {
  test("a machine that slows by 4 % is told within a day, with its baseline; a restart changes nothing", () => {
    const slow = (at: number): number => (at > T + 3.5 * DAY ? 1.04 : 1);
    const { told, core } = live({ days: 5, slow });
    const [first] = told;
    expect(first?.id).toBe("cycle-time-drift");
    expect(first).toMatchObject({ status: "raised", channel: "total", detector: "drift" });
    expect(first?.at).toBeGreaterThan(T + 3.5 * DAY);
    expect(first?.at).toBeLessThan(T + 4.5 * DAY);
    expect(first?.baseline?.id).toBe("cycle-time/producing/default/1");
    expect(Math.exp(first?.baseline?.mean ?? 0)).toBeCloseTo(7, 1);
    expect(first?.evidence.effect).toBeGreaterThan(0.005);
    expect(first?.evidence.value).toBeGreaterThan(7.1);
    const again = live({ days: 5, slow, restartAt: T + 3.75 * DAY });
    expect(again.told).toEqual(told);
    expect(again.core.state).toEqual(core.state);
  });

  test("more and longer stops are not told, nor is a counter that begins anew", () => {
    const stopped = (at: number): number => (at > T + 3.5 * DAY ? 25 : 5);
    expect(live({ days: 5, stopped, resetAt: T + 3.75 * DAY }).told).toEqual([]);
  });
});

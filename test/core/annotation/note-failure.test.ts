/** A stop that turns into a fault long after its hour was final (accounting rules 7 and 11), and who answers for it. */
import { expect, test } from "vitest";
import { calendarFeeds } from "../../../agent/calendar/feeds.ts";
import type { Input } from "../../../agent/core/input.ts";
import { press } from "../../support/plant.ts";
import { play } from "../../support/play.ts";
import { FAULT, HOUR, MINUTE, RUN, SECOND, SETUP } from "../../support/story.ts";

const FIVE = Date.UTC(2026, 10, 23, 5);
const asset = press({ sources: [{ id: "main", pollMs: 30 * SECOND, holdMs: 90 * SECOND }] });
const root = { namespace: "uptime1", enterprise: "acme", site: "ulm" };
const model = { agent: "gw-1", zone: "UTC", clockSource: "ntp" as const, root, assets: [asset] };

/** Set-up from 5:30, a fault from 6:30 to 6:50, then a good run. */
function told(more: Input[], sum: "failures" | "restoredMs" = "failures"): number[] {
  const feeds = calendarFeeds([], {});
  const inputs: Input[] = [
    ...feeds.configure([{ id: "", spec: null, zone: "UTC" }], FIVE),
    { kind: "config", at: FIVE, hash: "sha256:a", model },
  ];
  for (let t = 0; t <= 4 * HOUR; t += 30 * SECOND) {
    const isSetup = t >= 30 * MINUTE && t < 90 * MINUTE;
    const isFault = t >= 90 * MINUTE && t < 110 * MINUTE;
    const values = { status: isSetup ? SETUP : isFault ? FAULT : RUN };
    const at = FIVE + t;
    inputs.push({
      kind: "cycle",
      at,
      asset: asset.id,
      source: "main",
      values,
      bad: {},
      failure: null,
    });
  }
  const all = [...inputs.flatMap((each) => [...feeds.until(each.at), each]), ...more]
    .map((input, i) => ({ input, at: input.kind === "calendar" ? FIVE : input.at, i }))
    .sort((a, b) => a.at - b.at || a.i - b.i);
  const { records } = play(all.map(({ input }) => input));
  const latest = new Map<number, number>();
  for (const record of records)
    if (record.class === "window" && record.body.final)
      latest.set(record.body.from, record.body.sums[sum]);
  return [...latest.values()];
}

const note = (attribution: "customer" | "supplier", n: number): Input => ({
  ...{ kind: "reason", at: FIVE + 4 * HOUR + n, asset: asset.id },
  ...{ from: FIVE + 90 * MINUTE, to: FIVE + 110 * MINUTE, reason: null, attribution },
  ...{ by: "lead", why: "seen" },
});

test("what was not known when its hour was final is neither counted in it nor taken off it", () => {
  expect(told([])).toEqual([0, 0, 0]);
  expect(told([note("customer", 1)])).toEqual([0, 0, 0]);
  expect(told([note("customer", 1), note("supplier", 2)])).toEqual([0, 0, 0]);
});

test("what is said of the time before a stop leaves the stop alone, also while it lasts", () => {
  const before: Input = {
    ...{
      kind: "reason",
      at: FIVE + 105 * MINUTE + 1,
      asset: asset.id,
      from: FIVE,
      to: FIVE + 20 * MINUTE,
    },
    ...{ reason: "agreed", attribution: "customer", by: "lead", why: "seen" },
  };
  expect(told([before], "restoredMs")).toEqual([0, 80 * MINUTE, 0]);
  expect(told([before])).toEqual(told([]));
});

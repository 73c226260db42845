/** A small plant for tests of the core: one press by default, and a driver that feeds inputs with their calendars. */
import { type CalendarFeed, calendarFeed } from "../../agent/calendar/feed.ts";
import type { CalendarSpec } from "../../agent/calendar/spec.ts";
import { advance, finish } from "../../agent/core/advance.ts";
import { type Core, newCore } from "../../agent/core/core.ts";
import type { Fact, RecordFact, WindowBody } from "../../agent/core/fact.ts";
import type { CycleInput, Input } from "../../agent/core/input.ts";
import type { AssetModel, PlantModel, Value } from "../../agent/core/model.ts";
import type { Millis } from "../../agent/core/time.ts";
import { type Measures, measure } from "../../agent/core/window/measure.ts";
import type { WindowSums } from "../../agent/core/window/sums.ts";

const rate = { count: 5, perMs: 1000 };

/** status, total, good, guard on one source polled at 1 s, hold 3 s; status 6 produces, 8 and 9 fault, 3 setup. */
export function press(changes: Partial<AssetModel> = {}): AssetModel {
  return {
    id: "press-01",
    name: "Press 1",
    area: "press",
    line: "l1",
    sources: [{ id: "main", pollMs: 1000, holdMs: 3000 }],
    points: [
      { id: "status", source: 0, counter: null, channel: false, unit: null },
      {
        id: "total",
        source: 0,
        counter: { modulus: 2n ** 32n, maxRate: rate, pieces: 1 },
        channel: false,
        unit: null,
      },
      {
        id: "good",
        source: 0,
        counter: { modulus: 2n ** 32n, maxRate: rate, pieces: 1 },
        channel: false,
        unit: null,
      },
      { id: "guard", source: 0, counter: null, channel: false, unit: null },
    ],
    rules: [
      rule("fault", { op: "in", point: 0, values: [8, 9] }),
      rule("producing", { op: "equals", point: 0, value: 6 }),
      rule("setup", { op: "equals", point: 0, value: 3 }),
      rule("maintenance", { op: "equals", point: 0, value: 12 }),
      rule("external-fault", { op: "equals", point: 0, value: 13 }),
      rule("idle", null),
    ],
    attribution: {},
    counts: { total: 1, good: 2, reject: null },
    recipes: [{ id: "default", when: null, idealCycleUs: 1_200_000, validFrom: 0 }],
    microStopMs: 300_000,
    calendar: null,
    zone: "UTC",
    windows: ["hour"],
    ...changes,
  };
}

export function rule(
  is: AssetModel["rules"][number]["is"],
  when: AssetModel["rules"][number]["when"],
  changes: Partial<AssetModel["rules"][number]> = {},
): AssetModel["rules"][number] {
  return { is, when, reason: null, attribution: null, forMs: 0, ...changes };
}

export interface Bench {
  core: Core;
  facts: Fact[];
  feed(input: Input): void;
  cycle(at: Millis, values: Record<string, Value>, bad?: Record<string, string>): void;
  fail(at: Millis, reason: string): void;
  tick(at: Millis): void;
  /** Records so far, with those of the present instant. */
  records(): RecordFact[];
  window(kind: string, from: Millis, revision: number): WindowBody;
  sums(kind: string, from: Millis, revision?: number): WindowSums;
  measures(kind: string, from: Millis, revision?: number): Measures;
}

export function bench(
  start: Millis,
  asset: AssetModel = press(),
  calendar: CalendarSpec | null = null,
  zone = "UTC",
): Bench {
  const core = newCore();
  const facts: Fact[] = [];
  const id = asset.calendar ?? "";
  const feeds: CalendarFeed[] = [calendarFeed({ id, spec: calendar, zone }, null)];
  const model: PlantModel = {
    agent: "gw-1",
    zone,
    clockSource: "ntp",
    root: { namespace: "uptime1", enterprise: "acme", site: "ulm" },
    assets: [asset],
  };
  const feed = (input: Input): void => {
    for (const source of feeds)
      for (const known of source.until(input.at)) facts.push(...advance(core, known));
    facts.push(...advance(core, input));
  };
  feed({ kind: "config", at: start, hash: "sha256:test", model });
  const cycle = (
    at: Millis,
    values: Record<string, Value>,
    bad: Record<string, string> = {},
  ): void => {
    const input: CycleInput = {
      kind: "cycle",
      at,
      asset: asset.id,
      source: "main",
      values,
      bad,
      failure: null,
    };
    feed(input);
  };
  const found = (kind: string, from: Millis, revision: number): WindowBody => {
    const hit = facts.find(
      (fact) =>
        fact.kind === "record" &&
        fact.class === "window" &&
        fact.body.kind === kind &&
        fact.body.from === from &&
        fact.body.revision === revision,
    );
    if (hit?.kind !== "record" || hit.class !== "window")
      throw new Error(
        `no ${kind} window from ${new Date(from).toISOString()} revision ${revision}`,
      );
    return hit.body;
  };
  return {
    core,
    facts,
    feed,
    cycle,
    fail: (at, reason) =>
      feed({
        kind: "cycle",
        at,
        asset: asset.id,
        source: "main",
        values: {},
        bad: {},
        failure: reason,
      }),
    tick: (at) => feed({ kind: "tick", at }),
    records: () => {
      facts.push(...finish(core));
      return facts.filter((fact) => fact.kind === "record");
    },
    window: found,
    sums: (kind, from, revision = 1) => found(kind, from, revision).sums,
    measures: (kind, from, revision = 1) => measure(found(kind, from, revision).sums),
  };
}

/** A timeline sampled every second from `from` to `to` inclusive: the last step at or before the instant holds. */
export function drive(
  plant: Bench,
  from: Millis,
  to: Millis,
  values: (at: Millis) => Record<string, Value> | null,
  everyMs: Millis = 1000,
): void {
  for (let at = from; at <= to; at += everyMs) {
    const read = values(at);
    if (read) plant.cycle(at, read);
  }
}

/** Random timelines of a small plant as inputs of the core: two machines, three sources, everything that can happen to them. */
import fc from "fast-check";
import { calendarFeeds } from "../../agent/calendar/feeds.ts";
import type { Input } from "../../agent/core/input.ts";
import type { AssetModel, PlantModel, PointModel, Value } from "../../agent/core/model.ts";
import type { Millis } from "../../agent/core/time.ts";
import { press, rule } from "./plant.ts";
import { HOUR, MINUTE, SECOND, shifts } from "./story.ts";

export const START = Date.UTC(2026, 10, 23, 3, 20);

const point = (
  id: string,
  source: number,
  modulus: bigint | null = null,
  perSecond = 2,
): PointModel => ({
  id,
  source,
  counter:
    modulus === null ? null : { modulus, maxRate: { count: perSecond, perMs: 1000 }, pieces: 1 },
  channel: false,
  unit: null,
});

/** Produces while it says so and draws power; a good counter; two recipes; a dwell on set-up. */
const PRESS: AssetModel = press({
  sources: [
    { id: "main", pollMs: 10_000, holdMs: 30_000 },
    { id: "meter", pollMs: 30_000, holdMs: 60_000 },
  ],
  points: [
    point("status", 0),
    point("total", 0, 1n << 32n, 2000),
    point("good", 0, 1n << 32n, 2000),
    point("recipe", 0),
    point("power", 1),
  ],
  rules: [
    rule("fault", { op: "in", point: 0, values: [8, 9] }, { reason: { point: 0 } }),
    rule("setup", { op: "equals", point: 0, value: 3 }, { forMs: 45_000 }),
    rule("producing", {
      op: "all",
      of: [
        { op: "equals", point: 0, value: 6 },
        { op: "above", point: 4, limit: 2, hysteresis: 1 },
      ],
    }),
    rule("idle", null),
  ],
  recipes: [
    { id: "a", when: { op: "equals", point: 3, value: 1 }, idealCycleUs: 9_000_000, validFrom: 0 },
    { id: "b", when: { op: "equals", point: 3, value: 2 }, idealCycleUs: 4_000_000, validFrom: 0 },
  ],
  microStopMs: 120_000,
  windows: ["hour", "day"],
});

/** Produces while its counter moves; a small modulus; rejects; a calendar with shifts and breaks. */
const SAW: AssetModel = {
  ...press(),
  id: "saw-02",
  sources: [{ id: "main", pollMs: 20_000, holdMs: 60_000 }],
  points: [point("status", 0), point("total", 0, 1000n), point("reject", 0, 1000n)],
  rules: [
    rule("fault", { op: "equals", point: 0, value: 8 }, { attribution: "supplier" }),
    rule("producing", { op: "moving", point: 1, withinMs: 70_000 }),
    rule("external-fault", { op: "equals", point: 0, value: 9 }),
    rule("idle", null),
  ],
  counts: { total: 1, good: null, reject: 2 },
  recipes: [{ id: "default", when: null, idealCycleUs: 8_000_000, validFrom: 0 }],
  calendar: "work",
  zone: "Europe/Berlin",
  microStopMs: 180_000,
  windows: ["hour", "shift", "day"],
};

const WORK = shifts(
  { id: "early", start: "05:00", end: "09:00", breaks: [{ start: "06:30", end: "06:50" }] },
  { id: "late", start: "09:00", end: "13:30" },
);

const plant = (assets: AssetModel[]): PlantModel => ({
  agent: "gw-1",
  zone: "UTC",
  clockSource: "ntp",
  root: { namespace: "uptime1", enterprise: "acme", site: "ulm" },
  assets,
});

const MODELS = [plant([PRESS, SAW]), plant([{ ...PRESS, microStopMs: 200_000 }, SAW])];

export type Act =
  | { act: "poll"; ms: Millis; status: number; perPoll: number; scrap: number; power: number }
  | { act: "silent"; ms: Millis }
  | { act: "failing"; ms: Millis; reason: string }
  | { act: "bad"; ms: Millis; point: string }
  | { act: "stopped"; ms: Millis }
  | { act: "killed"; ms: Millis; lost: Millis; cause: "agent-stopped" | "power-lost" }
  | { act: "clock"; stepMs: Millis; quality: "synced" | "holdover" | "unsynced" }
  | { act: "plan"; inMs: Millis; ms: Millis; schedule: "planned-stop" | "no-demand" }
  | { act: "reason"; agoMs: Millis; ms: Millis; attribution: "customer" | "supplier" }
  | { act: "scrap"; hoursAgo: number; reject: number }
  | { act: "reset" }
  | { act: "recipe"; recipe: number }
  | { act: "config"; model: number };

const short = fc.integer({ min: 1, max: 300 }).map((s) => s * SECOND + (s % 7) * 13);
const long = fc.integer({ min: 1, max: 40 }).map((m) => m * MINUTE);
const length = fc.oneof(short, long);

const poll: fc.Arbitrary<Act> = fc.record({
  act: fc.constant("poll" as const),
  ms: length,
  status: fc.constantFrom(6, 6, 6, 8, 9, 3, 0),
  perPoll: fc.constantFrom(0, 1, 1, 2),
  scrap: fc.constantFrom(0, 0, 1),
  power: fc.constantFrom(5, 5, 5, 1.5, 0),
});

const blind: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant("silent" as const), ms: length }),
  fc.record({
    act: fc.constant("failing" as const),
    ms: length,
    reason: fc.constantFrom("MODBUS_TIMEOUT", "MODBUS_CLOSED", "MODBUS_EXCEPTION_2"),
  }),
  fc.record({
    act: fc.constant("bad" as const),
    ms: length,
    point: fc.constantFrom("status", "total"),
  }),
  fc.record({ act: fc.constant("stopped" as const), ms: length }),
  fc.record({
    act: fc.constant("killed" as const),
    ms: length,
    lost: fc.integer({ min: 0, max: 20_000 }),
    cause: fc.constantFrom("agent-stopped" as const, "power-lost" as const),
  }),
);

const other: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    act: fc.constant("plan" as const),
    inMs: fc.integer({ min: -20, max: 60 }).map((m) => m * MINUTE),
    ms: long,
    schedule: fc.constantFrom("planned-stop" as const, "no-demand" as const),
  }),
  fc.record({
    act: fc.constant("reason" as const),
    agoMs: fc.integer({ min: 0, max: 180 }).map((m) => m * MINUTE),
    ms: long,
    attribution: fc.constantFrom("customer" as const, "supplier" as const),
  }),
  fc.record({
    act: fc.constant("scrap" as const),
    hoursAgo: fc.integer({ min: 0, max: 3 }),
    reject: fc.integer({ min: 1, max: 3 }),
  }),
  fc.constant({ act: "reset" as const }),
  fc.record({ act: fc.constant("recipe" as const), recipe: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ act: fc.constant("config" as const), model: fc.integer({ min: 0, max: 1 }) }),
);

const clock: fc.Arbitrary<Act> = fc.record({
  act: fc.constant("clock" as const),
  stepMs: fc.oneof(fc.constant(0), fc.integer({ min: -600_000, max: 600_000 })),
  quality: fc.constantFrom(
    "synced" as const,
    "synced" as const,
    "holdover" as const,
    "unsynced" as const,
  ),
});

/** Everything that keeps the clock. */
export const steadyActs = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: poll },
    { weight: 2, arbitrary: blind },
    { weight: 1, arbitrary: other },
  ),
  { minLength: 3, maxLength: 30 },
);

/** Everything. */
export const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: poll },
    { weight: 2, arbitrary: blind },
    { weight: 2, arbitrary: other },
    { weight: 1, arbitrary: clock },
  ),
  { minLength: 3, maxLength: 30 },
);

/** The acts as inputs, calendars included, in an order of time that goes back only at a step back. */
export function inputsOf(told: Act[]): Input[] {
  const inputs: Input[] = [];
  const feeds = calendarFeeds([], {});
  let at = START;
  let recipe = 1;
  const made = { press: 0, good: 0, saw: 0, reject: 0 };
  const add = (input: Input): void => {
    const reach = input.kind === "clock" ? input.at + Math.max(0, input.stepMs) : input.at;
    inputs.push(...feeds.until(reach), input);
  };
  const configure = (index: number): void => {
    const model = MODELS[index] as PlantModel;
    const calendars = [
      { id: "", spec: null, zone: "UTC" },
      { id: "work", spec: WORK, zone: "Europe/Berlin" },
    ];
    inputs.push(...feeds.configure(calendars, at));
    inputs.push({ kind: "config", at, hash: `sha256:${index}`, model });
  };
  const cycle = (
    when: Millis,
    asset: string,
    source: string,
    values: Record<string, Value>,
    failure: string | null,
    bad: string | null,
  ): void =>
    add({
      kind: "cycle",
      at: when,
      asset,
      source,
      values,
      bad: bad !== null && bad in values ? { [bad]: "VALUE_SENTINEL" } : {},
      failure,
    });
  let last: Extract<Act, { act: "poll" }> = {
    act: "poll",
    ms: 0,
    status: 6,
    perPoll: 1,
    scrap: 0,
    power: 5,
  };
  const sample = (ms: Millis, failure: string | null, bad: string | null): void => {
    for (let t = 0; t < ms; t += 10_000) {
      const when = at + t;
      const n = Math.floor(t / 10_000);
      made.press += last.status === 6 ? last.perPoll : 0;
      made.good += last.status === 6 && n % 5 !== last.scrap ? last.perPoll : 0;
      const values = { status: last.status, total: made.press, good: made.good, recipe };
      cycle(when, "press-01", "main", values, failure, bad);
      if (n % 3 === 1) cycle(when + 400, "press-01", "meter", { power: last.power }, failure, null);
      if (n % 2 === 1) continue;
      made.saw = (made.saw + (last.status === 6 ? last.perPoll * 2 : 0)) % 1000;
      made.reject = (made.reject + (n % 20 === 0 ? last.scrap : 0)) % 1000;
      cycle(
        when + 900,
        "saw-02",
        "main",
        { status: last.status, total: made.saw, reject: made.reject },
        failure,
        bad,
      );
    }
    at += Math.max(ms, 1000);
  };
  configure(0);
  for (const act of told)
    switch (act.act) {
      case "poll":
        last = act;
        sample(act.ms, null, null);
        break;
      case "silent":
        at += act.ms;
        break;
      case "failing":
        sample(act.ms, act.reason, null);
        break;
      case "bad":
        sample(act.ms, null, act.point);
        break;
      case "stopped":
        add({ kind: "agent-stopped", at });
        at += act.ms;
        add({ kind: "agent-started", at, lastAlive: at - act.ms, cause: "agent-stopped" });
        break;
      case "killed":
        at += act.ms;
        add({ kind: "agent-started", at, lastAlive: at - act.ms - act.lost, cause: act.cause });
        break;
      case "clock":
        add({ kind: "clock", at, stepMs: act.stepMs, quality: act.quality });
        at += act.stepMs + 1;
        break;
      case "plan": {
        const from = at + act.inMs;
        const span = { from, to: from + act.ms, schedule: act.schedule };
        add({ kind: "plan", at, asset: "saw-02", ...span, by: "planner", why: "service" });
        break;
      }
      case "reason": {
        const from = at - act.agoMs;
        const span = { from, to: from + act.ms, attribution: act.attribution };
        for (const asset of ["press-01", "saw-02"])
          add({ kind: "reason", at, asset, ...span, reason: "agreed", by: "lead", why: "seen" });
        break;
      }
      case "scrap": {
        const from = (Math.floor(at / HOUR) - act.hoursAgo) * HOUR;
        const { reject } = act;
        add({
          kind: "counts",
          at,
          asset: "press-01",
          window: "hour",
          from,
          reject,
          by: "lab",
          why: "late",
        });
        break;
      }
      case "reset":
        made.press = made.good = made.saw = made.reject = 0;
        break;
      case "recipe":
        recipe = act.recipe;
        break;
      case "config":
        configure(act.model);
        break;
    }
  add({ kind: "clock", at, stepMs: 0, quality: "synced" });
  at += 40 * MINUTE;
  add({ kind: "tick", at });
  return inputs;
}

/** Random timelines of a small plant as inputs of the core: everything that can happen to two machines. */
import fc from "fast-check";
import { calendarFeeds } from "../../agent/calendar/feeds.ts";
import type { CycleInput, Input } from "../../agent/core/input.ts";
import type { PlantModel } from "../../agent/core/model.ts";
import type { Millis } from "../../agent/core/time.ts";
import { HOUR, MINUTE, SECOND } from "./story.ts";
import { MODELS, WORK } from "./tale-plant.ts";

export const START = Date.UTC(2026, 10, 23, 3, 20);

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

interface Made {
  press: number;
  good: number;
  saw: number;
  reject: number;
}

type Poll = Extract<Act, { act: "poll" }>;
type Read = Pick<CycleInput, "asset" | "source" | "values"> & { after: Millis };
const FIRST: Poll = { act: "poll", ms: 0, status: 6, perPoll: 1, scrap: 0, power: 5 };

/** What the machines make until poll `n`. */
function produce(made: Made, { status, perPoll, scrap }: Poll, n: number): void {
  const pieces = status === 6 ? perPoll : 0;
  made.press += pieces;
  made.good += n % 5 === scrap ? 0 : pieces;
  if (n % 2 === 1) return;
  made.saw = (made.saw + pieces * 2) % 1000;
  made.reject = (made.reject + (n % 20 === 0 ? scrap : 0)) % 1000;
}

/** The reads of poll `n`: the press each time, its meter every third, the saw every second. */
function due(n: number, made: Made, { status, power }: Poll, recipe: number): Read[] {
  const press = { status, total: made.press, good: made.good, recipe };
  const saw = { status, total: made.saw, reject: made.reject };
  const reads: (Read & { is: boolean })[] = [
    { is: true, after: 0, asset: "press-01", source: "main", values: press },
    { is: n % 3 === 1, after: 400, asset: "press-01", source: "meter", values: { power } },
    { is: n % 2 === 0, after: 900, asset: "saw-02", source: "main", values: saw },
  ];
  return reads.filter(({ is }) => is);
}

/** The acts as inputs, calendars included, in an order of time that goes back only at a step back. */
export function inputsOf(told: Act[]): Input[] {
  const inputs: Input[] = [];
  const feeds = calendarFeeds([], {});
  let at = START;
  let recipe = 1;
  const made: Made = { press: 0, good: 0, saw: 0, reject: 0 };
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
  let last = FIRST;
  const sample = (ms: Millis, failure: string | null, bad: string | null): void => {
    const end = at + ms;
    for (let n = 0; n * 10_000 < ms; n++) {
      produce(made, last, n);
      for (const { after, asset, source, values } of due(n, made, last, recipe)) {
        const wrong = bad !== null && bad in values ? { [bad]: "VALUE_SENTINEL" } : {};
        const when = end - ms + n * 10_000 + after;
        add({ kind: "cycle", at: when, asset, source, values, bad: wrong, failure });
        at = when + 1;
      }
    }
    at = Math.max(at, end);
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
        const named = { asset: "press-01", window: "hour" as const, from, reject };
        add({ kind: "counts", at, ...named, by: "lab", why: "late" });
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

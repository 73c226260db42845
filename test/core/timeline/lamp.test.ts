/** Stack lights (DESIGN 5.1): on, off or flashing, decided 2 s after an edge and dated back to it. */
import { describe, expect, test } from "vitest";
import type { AssetModel, Leaf, RuleModel } from "../../../agent/core/model.ts";
import { firstLamp, lampDue, seeLamp, settleLamp } from "../../../agent/core/timeline/lamp.ts";
import { edges } from "../../support/edges.ts";
import { type Bench, bench, press, rule } from "../../support/plant.ts";

const T0 = Date.UTC(2026, 10, 23, 6);
const COLORS = ["red", "yellow", "green"] as const;
type Color = (typeof COLORS)[number];

const lamp = (color: Color, shows: "on" | "off" | "flashing"): Leaf => {
  return { op: "lamp", point: COLORS.indexOf(color), shows };
};
const pattern = (is: RuleModel["is"], shows: Record<Color, "on" | "off" | "flashing">): RuleModel =>
  rule(is, { op: "all", of: COLORS.map((color) => lamp(color, shows[color])) });

const RULES = [
  pattern("fault", { red: "on", yellow: "off", green: "off" }),
  pattern("maintenance", { red: "flashing", yellow: "off", green: "off" }),
  pattern("starved", { red: "off", yellow: "flashing", green: "off" }),
  pattern("idle", { red: "off", yellow: "on", green: "off" }),
  pattern("setup", { red: "off", yellow: "off", green: "flashing" }),
  pattern("producing", { red: "off", yellow: "off", green: "on" }),
];

/** A stack light of three lamps, polled at 1 s with hold 3 s: every pattern is named, none is a default. */
const stack = (changes: Partial<AssetModel> = {}): Bench =>
  bench(
    T0,
    press({
      points: COLORS.map((id) => {
        return { id, source: 0, counter: null, channel: false, unit: null };
      }),
      rules: RULES,
      counts: null,
      microStopMs: 0,
      ...changes,
    }),
  );

const lit = (...on: Color[]) =>
  Object.fromEntries(COLORS.map((color) => [color, on.includes(color)]));

interface Step {
  at: number;
  values: Record<string, boolean>;
}

/** Edges of a lamp that toggles every `halfMs` from `from`, first to `level`, `n` times. */
const toggles = (color: Color, from: number, halfMs: number, n: number, level: boolean): Step[] =>
  Array.from({ length: n }, (_, k) => {
    return { at: from + k * halfMs, values: { [color]: (k % 2 === 0) === level } };
  });

/** Feeds edges, and a good cycle without change every second, as the driver does. */
function feed(plant: Bench, steps: Step[], until: number): void {
  const polls = Array.from({ length: Math.floor(until / 1000) + 1 }, (_, k) => {
    return { at: k * 1000, values: {} };
  });
  const all = [...steps, ...polls].sort((a, b) => a.at - b.at);
  for (const { at, values } of all) plant.cycle(T0 + at, values);
}

const timeline = (plant: Bench, until: number) => edges(plant, T0, T0 + until);
/** State records up to `until`, before the end of the story turns everything stale. */
const states = (plant: Bench, until: number) =>
  plant.records().flatMap((fact) => {
    if (fact.class !== "state" || fact.time > T0 + until) return [];
    return [`${fact.time - T0} ${fact.body.condition} since ${fact.body.since - T0}`];
  });

describe("flashing", () => {
  test.each([
    [0.5, 1000, 20],
    [1, 500, 40],
    [2, 250, 80],
    [5, 100, 200],
  ])("at %d Hz is dated at its first edge and ends at its last", (_hz, halfMs, n) => {
    const plant = stack();
    feed(
      plant,
      [{ at: 0, values: lit("green") }, ...toggles("green", 10_000, halfMs, n, false)],
      40_000,
    );
    const last = 10_000 + (n - 1) * halfMs;
    expect(timeline(plant, 40_000)).toEqual(["0 producing", "10000 setup", `${last} producing`]);
    expect(states(plant, 40_000)).toEqual([
      "0 producing since 0",
      "12000 setup since 10000",
      `${last + 2000} producing since ${last}`,
    ]);
  });

  test.each([
    ["0.5 Hz, lit a tenth of the time", 200, 1800],
    ["0.5 Hz, dark a tenth of the time", 1800, 200],
    ["1 Hz strobe", 40, 960],
  ])("%s", (_, onMs, offMs) => {
    const plant = stack();
    const steps: Step[] = [{ at: 0, values: lit() }];
    for (let at = 10_000; at < 30_000; at += onMs + offMs)
      steps.push({ at, values: { red: true } }, { at: at + onMs, values: { red: false } });
    feed(plant, steps, 31_000);
    expect(timeline(plant, 28_000)).toEqual(["0 unknown rule-undecided", "10000 maintenance"]);
  });

  test.each([
    ["0.25 Hz is on and off", 2000],
    ["slower as well", 3000],
  ])("%s", (_, halfMs) => {
    const plant = stack();
    const steps = toggles("yellow", 10_000, halfMs, 4, true);
    feed(plant, [{ at: 0, values: lit() }, ...steps], 10_000 + 4 * halfMs + 3000);
    expect(timeline(plant, 10_000 + 4 * halfMs)).toEqual([
      "0 unknown rule-undecided",
      "10000 idle",
      `${10_000 + halfMs} unknown rule-undecided`,
      `${10_000 + 2 * halfMs} idle`,
      `${10_000 + 3 * halfMs} unknown rule-undecided`,
    ]);
  });

  test("above 5 Hz it shows nothing, until it slows down", () => {
    const plant = stack();
    const fast = toggles("green", 10_000, 10, 1000, false);
    const slow = toggles("green", 20_000, 500, 20, false);
    feed(plant, [{ at: 0, values: lit("green") }, ...fast, ...slow], 34_000);
    const [first, second, third, ...rest] = timeline(plant, 29_000);
    expect([first, second, rest]).toEqual(["0 producing", "10000 unknown rule-undecided", []]);
    // flashing again once at most 21 edges lie in the last 2 s
    expect(third).toBe("22000 setup");
  });

  test("a lamp that flashed when it was first seen flashed from then on", () => {
    const plant = stack();
    feed(
      plant,
      [{ at: 0, values: lit("green") }, ...toggles("green", 300, 500, 40, false)],
      20_000,
    );
    expect(timeline(plant, 19_000)).toEqual(["0 setup"]);
  });
});

describe("single edges", () => {
  test("the condition before goes on while a lamp is watched, then the change is dated back", () => {
    const plant = stack();
    const change = { at: 10_000, values: lit("red") };
    feed(plant, [{ at: 0, values: lit("green") }, change], 20_000);
    expect(timeline(plant, 20_000)).toEqual(["0 producing", "10000 fault"]);
    expect(states(plant, 20_000)).toEqual(["0 producing since 0", "12000 fault since 10000"]);
  });

  test("a blip shorter than 2 s is two edges", () => {
    const plant = stack();
    feed(
      plant,
      [{ at: 0, values: lit("green") }, ...toggles("green", 10_000, 700, 2, false)],
      20_000,
    );
    expect(timeline(plant, 20_000)).toEqual(["0 producing", "10000 setup", "10700 producing"]);
  });

  test("an edge soon after the first value is dated at itself", () => {
    const plant = stack();
    feed(
      plant,
      [
        { at: 0, values: lit("green") },
        { at: 1500, values: lit("yellow") },
      ],
      10_000,
    );
    expect(timeline(plant, 10_000)).toEqual(["0 producing", "1500 idle"]);
  });

  test("lamps that hand over at different instants leave the time between without a pattern", () => {
    const plant = stack();
    const steps = [
      { at: 0, values: lit("green") },
      { at: 10_000, values: { green: false } },
      { at: 10_300, values: { red: true } },
    ];
    feed(plant, steps, 20_000);
    expect(timeline(plant, 20_000)).toEqual([
      "0 producing",
      "10000 unknown rule-undecided",
      "10300 fault",
    ]);
  });

  test("the edge is as uncertain as the previous good cycle, though it was decided later", () => {
    const plant = stack();
    feed(
      plant,
      [
        { at: 0, values: lit("green") },
        { at: 10_400, values: lit("red") },
      ],
      3_700_000,
    );
    plant.tick(T0 + 3_700_000);
    expect(plant.sums("hour", T0).edgeUncertaintyMs).toBe(400);
  });
});

describe("what no pattern names is unknown", () => {
  test.each([
    ["lamp test: all lit at once", lit("red", "yellow", "green")],
    ["a dead lamp, or none lit", lit()],
    ["two at once", lit("red", "green")],
  ])("%s", (_, values) => {
    const plant = stack();
    const back = { at: 15_000, values: lit("green") };
    feed(plant, [{ at: 0, values: lit("green") }, { at: 10_000, values }, back], 30_000);
    expect(timeline(plant, 30_000)).toEqual([
      "0 producing",
      "10000 unknown rule-undecided",
      "15000 producing",
    ]);
  });
});

describe("lost from sight", () => {
  test("while it is watched: not known since the edge, not since the last good cycle", () => {
    const plant = stack({ sources: [{ id: "main", pollMs: 200, holdMs: 600 }] });
    for (let at = 0; at <= 10_000; at += 200) plant.cycle(T0 + at, at === 0 ? lit("green") : {});
    plant.cycle(T0 + 10_100, { green: false });
    plant.cycle(T0 + 10_300, {});
    for (let at = 10_500; at <= 15_000; at += 200) plant.fail(T0 + at, "GPIO_GONE");
    plant.tick(T0 + 20_000);
    expect(timeline(plant, 20_000)).toEqual(["0 producing", "10100 unknown link-down"]);
  });

  test("a gap begins it anew: what it shows then is believed at once", () => {
    const plant = stack();
    feed(plant, [{ at: 0, values: lit("green") }], 10_000);
    for (let at = 11_000; at <= 20_000; at += 1000) plant.fail(T0 + at, "GPIO_GONE");
    for (let at = 21_000; at <= 30_000; at += 1000) plant.cycle(T0 + at, lit("red"));
    expect(timeline(plant, 30_000)).toEqual([
      "0 producing",
      "10000 unknown link-down",
      "21000 fault",
    ]);
  });

  test("a stop of the agent within the 2 s leaves the undecided part unknown", () => {
    const plant = stack();
    feed(
      plant,
      [
        { at: 0, values: lit("green") },
        { at: 10_000, values: lit("red") },
      ],
      10_000,
    );
    plant.feed({ kind: "agent-stopped", at: T0 + 10_900 });
    plant.feed({
      kind: "agent-started",
      at: T0 + 11_500,
      lastAlive: T0 + 10_900,
      cause: "agent-stopped",
    });
    for (let at = 11_600; at <= 20_000; at += 1000) plant.cycle(T0 + at, lit("red"));
    expect(timeline(plant, 19_000)).toEqual([
      "0 producing",
      "10000 unknown device-silent",
      "10900 unknown agent-stopped",
      "11600 fault",
    ]);
  });
});

test("the settle time holds the lamp's 2 s like a `within`", () => {
  const plant = stack({ microStopMs: 5000 });
  const plan = plant.core.plan.assets.get("press-01");
  expect(plan?.settleMs).toBe(5000 + 3000 + 2000 + 1000);
});

test("a watch ends exactly 2 s after its first edge, half-open", () => {
  const instant = (mono: number) => ({ at: mono, mono, edgeFrom: null });
  const one = firstLamp(false, instant(0));
  expect(settleLamp(one)).toBeNull();
  expect(lampDue(one)).toBeNull();
  seeLamp(one, true, instant(5000));
  expect(one.shows).toBe("off");
  expect(lampDue(one)).toBe(7000);
  expect(settleLamp(one)?.mono).toBe(5000);
  expect(one.shows).toBe("on");
  expect(settleLamp(one)).toBeNull();
});

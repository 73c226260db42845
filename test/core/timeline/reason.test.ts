/** What the machine says, and when it has nothing to do, from a configuration to the records: reason tree, order signal, overlap with plans. */
import { describe, expect, test } from "vitest";
import { replay } from "../../../agent/replay/replay.ts";
import { plantOf } from "../../support/line-plant.ts";
import type { Payload } from "../../support/records.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SIX = Date.UTC(2026, 10, 23, 6);

const yaml = (more: string): string => `version: 1
gateway: { id: gw-1, enterprise: acme, site: ulm, timezone: UTC }
mqtt: { url: "mqtt://127.0.0.1:1883" }
connections: { plc: { driver: modbus-tcp, host: 127.0.0.1 } }
assets:
  press-01:
    area: press
    line: l1
    sources:
      main: { connection: plc, unit: 1, poll: 30s }
      orders: { connection: plc, unit: 2, poll: 30s }
    points:
      status: { table: holding, address: 0, type: uint16 }
      code: { table: holding, address: 1, type: uint16 }
      guard: { table: discrete, address: 3, type: bool }
      order: { source: orders, table: holding, address: 8, type: uint16 }
    condition:
      - { is: fault, when: { point: status, equals: 9 }, reason: { point: code } }
      - { is: producing, when: { point: status, equals: 6 } }
      - { is: maintenance, when: { point: status, equals: 12 } }
      - { is: idle, reason: waits }
    microStop: 5min
${more}`;

type Value = number | boolean;

/** A replay from 06:00; a line of text for each of `told`, with its minute. */
function records(more: string, told: [number, object][], until: number): Payload[] {
  const printed: Payload[] = [];
  const plant = plantOf(yaml(more));
  const run = replay({
    plant,
    load: () => plant,
    print: (line) => void printed.push(JSON.parse(line).payload),
  });
  for (const [minute, line] of told)
    run.line(JSON.stringify({ at: SIX + minute * MINUTE, asset: "press-01", ...line }));
  run.end(SIX + until);
  return printed;
}

/** Polled every 30 s: the values of the newest entry, by minute. */
function polls(entries: [number, Record<string, Value>][], minutes: number): [number, object][] {
  return Array.from({ length: minutes * 2 }, (_, n): [number, object] => {
    const minute = n / 2;
    return [minute, { values: entries.findLast(([from]) => from <= minute)?.[1] ?? {} }];
  });
}

const part = (payload: Payload | undefined, key: string) =>
  payload?.[key] as Record<string, unknown>;
const hour = (all: Payload[], from = SIX): Payload | undefined =>
  all.findLast(
    (each) =>
      each.schema === "uptime.window/1" &&
      part(each, "window")["kind"] === "hour" &&
      part(each, "window")["from"] === new Date(from).toISOString(),
  );

describe("the reason tree", () => {
  const TREE = `    reasons:
      - { code: 17, when: { point: guard, equals: true }, is: safety/door, attribution: customer }
      - { code: [17, 18], is: mechanical/pump, attribution: supplier }
      - { pattern: "2?", is: electrical }
      - { pattern: "wait*", is: operator/waits, attribution: customer }
`;

  test.each<[string, Record<string, Value>, string, string]>([
    ["a code", { status: 9, code: 18, guard: false }, "mechanical/pump", "supplier"],
    [
      "a code and a point, the first that matches",
      { status: 9, code: 17, guard: true },
      "safety/door",
      "customer",
    ],
    [
      "a code whose point says no",
      { status: 9, code: 17, guard: false },
      "mechanical/pump",
      "supplier",
    ],
    [
      "a pattern of one character each",
      { status: 9, code: 23, guard: false },
      "electrical",
      "pending",
    ],
    [
      "a pattern that is too short for it",
      { status: 9, code: 231, guard: false },
      "231",
      "pending",
    ],
    ["a text of a rule", { status: 2, code: 17, guard: true }, "operator/waits", "customer"],
  ])("understands %s", (_, values, reason, attribution) => {
    const all = records(
      TREE,
      polls(
        [
          [0, { status: 6, code: 0, guard: false }],
          [20, values],
        ],
        90,
      ),
      2 * HOUR,
    );
    const stop = all.findLast(({ schema }) => schema === "uptime.state/1");
    const told = all
      .filter(({ schema }) => schema === "uptime.state/1")
      .map((each) => part(each, "state"));
    expect(stop).toBeDefined();
    expect(told.some((state) => state["reason"] === reason)).toBe(true);
    const key = attribution === "pending" ? "pending" : attribution;
    expect(part(hour(all), "attributionMs")[key]).toBe(40 * MINUTE);
  });

  test("says nothing of producing, and a condition that is not known matches nothing", () => {
    const lines = polls(
      [
        [0, { status: 6, code: 17 }],
        [20, { status: 9, code: 17 }],
      ],
      90,
    );
    const all = records(TREE, lines, 2 * HOUR);
    const told = all
      .filter(({ schema }) => schema === "uptime.state/1")
      .map((each) => part(each, "state"));
    const reasons = told.map((state) => [state["condition"], state["reason"] ?? null]);
    expect(reasons).toContainEqual(["producing", null]);
    expect(reasons).toContainEqual(["fault", "mechanical/pump"]);
  });
});

describe("no demand by an order signal", () => {
  const SIGNAL = "    noDemand: { point: order, equals: 0 }\n";
  const schedule = (told: [number, object][]) => {
    const all = records(
      SIGNAL,
      told.toSorted(([a], [b]) => a - b),
      2 * HOUR,
    );
    const { scheduled, noDemand, plannedStop } = part(hour(all), "scheduleMs") as Record<
      string,
      number
    >;
    return {
      scheduled: scheduled! / MINUTE,
      noDemand: noDemand! / MINUTE,
      plannedStop: plannedStop! / MINUTE,
    };
  };
  const machine = polls([[0, { status: 6, code: 0, guard: false }]], 90);
  const orders = (entries: [number, number][], minutes = 90): [number, object][] =>
    polls(
      entries.map(([from, order]) => [from, { order }]),
      minutes,
    ).map(([at, line]) => [at, { source: "orders", ...line }]);

  test("lasts from the sample that shows it to the one that shows an order", () => {
    expect(
      schedule([
        ...machine,
        ...orders([
          [0, 4],
          [10, 0],
          [35, 2],
        ]),
      ]),
    ).toEqual({ scheduled: 35, noDemand: 25, plannedStop: 0 });
  });

  test("is not assumed while the signal cannot be seen", () => {
    // the last good read is at 19:30; nothing is known from there on
    const lost = Array.from({ length: 141 }, (_, n): [number, object] => [
      20 + n / 2,
      { source: "orders", quality: "bad", reason: "MODBUS_TIMEOUT" },
    ]);
    const { noDemand, scheduled } = schedule([
      ...machine,
      ...orders(
        [
          [0, 4],
          [10, 0],
        ],
        20,
      ),
      ...lost,
    ]);
    expect(noDemand).toBe(9.5);
    expect(scheduled).toBe(50.5);
  });

  test("yields to a plan that somebody entered", () => {
    const plan = {
      event: "plan",
      from: SIX + 20 * MINUTE,
      to: SIX + 30 * MINUTE,
      schedule: "planned-stop",
      by: "planner",
      why: "clean",
    };
    const told: [number, object][] = [
      ...machine,
      ...orders([
        [0, 4],
        [10, 0],
        [35, 2],
      ]),
      [5.25, plan],
    ];
    expect(schedule(told)).toEqual({ scheduled: 35, noDemand: 15, plannedStop: 10 });
  });
});

describe("example 24: a fault from 6:30 to 7:30 meets a plan from 7:00 to 8:00", () => {
  const plan = {
    event: "plan",
    from: SIX + HOUR,
    to: SIX + 2 * HOUR,
    schedule: "planned-stop",
    by: "planner",
    why: "service",
  };
  const lines: [number, object][] = [
    [0.25, plan],
    ...polls(
      [
        [0, { status: 6 }],
        [30, { status: 9 }],
        [90, { status: 12 }],
        [120, { status: 6 }],
      ],
      480,
    ),
  ];
  lines.sort(([a], [b]) => a - b);
  const sums = (overlap: string): number[] => {
    const all = records(`    overlap: ${overlap}\n    windows: [hour]\n`, lines, 9 * HOUR);
    const hours = Array.from({ length: 8 }, (_, n) => hour(all, SIX + n * HOUR));
    const sum = (key: string, word: string): number =>
      hours.reduce((ms, each) => ms + (part(each, key)[word] as number), 0) / MINUTE;
    return [sum("scheduleMs", "scheduled"), sum("uptime", "downMs")];
  };

  test("the plan wins: 420 minutes of loading, 30 down", () => {
    expect(sums("plan-first")).toEqual([420, 30]);
  });

  test("the fault wins until it ends: 450 minutes of loading, 60 down", () => {
    expect(sums("fault-first")).toEqual([450, 60]);
  });
});

/** The whole core over recorded lines (DESIGN 5.3): what is merged, refused and printed, and in which order. */
import { describe, expect, test } from "vitest";
import {
  classOf,
  HOUR,
  MINUTE,
  of,
  type Printed,
  part,
  plantOf,
  polls,
  replayed,
  type Section,
  SIX,
  states,
  YAML,
} from "../support/line-plant.ts";
import { violations } from "../support/records.ts";

const SETTLE = MINUTE + 30_000 + 1000;

const windows = (printed: Printed[], asset = "press-01"): string[] =>
  of(printed, asset, "window/").map((record) => {
    const { kind, from, revision } = part(record, "window");
    return `${kind} ${(Date.parse(String(from)) - SIX) / HOUR}/${revision} at ${(Date.parse(record.payload.time) - SIX) / 1000}`;
  });

describe("output", () => {
  const printed = replayed(
    [
      ...polls(0, 30 * MINUTE),
      { at: SIX + 30 * MINUTE + 5000, asset: "saw-02", values: { status: 6 } },
      ...polls(30 * MINUTE + 10_000, 40 * MINUTE, 8, 181),
      { at: SIX + 40 * MINUTE + 1000, asset: "press-01", quality: "bad", reason: "MODBUS_CLOSED" },
      ...polls(45 * MINUTE, 90 * MINUTE, 6, 300),
      {
        at: SIX + 91 * MINUTE,
        asset: "press-01",
        event: "reason",
        from: SIX + 30 * MINUTE,
        to: SIX + 45 * MINUTE,
        reason: "jam",
        attribution: "customer",
        by: "lead",
        why: "seen",
      },
      {
        at: SIX + 92 * MINUTE,
        asset: "press-01",
        event: "counts",
        kind: "hour",
        from: SIX,
        reject: 3,
        by: "lab",
        why: "cracks",
      },
      { at: SIX + 93 * MINUTE, event: "agent-stopped" },
      {
        at: SIX + 94 * MINUTE,
        event: "agent-started",
        lastAlive: SIX + 93 * MINUTE,
        cause: "agent-stopped",
      },
      { at: SIX + 95 * MINUTE, event: "clock", quality: "synced", stepMs: 60_000 },
      ...polls(97 * MINUTE, 110 * MINUTE, 6, 700),
    ],
    SIX + 20 * HOUR,
  );

  test("every payload is of its schema", () => {
    expect(violations(printed.map(({ payload }) => payload))).toEqual([]);
    const classes = new Set(
      printed.map(({ payload }) => /^uptime\.(\w+)/.exec(payload.schema)?.[1]),
    );
    expect([...classes].sort()).toEqual(["event", "meta", "state", "window"]);
  });

  test("`seq` from 1 without a gap, `replayed`, no status", () => {
    expect(printed.map(({ payload }) => payload.seq)).toEqual(printed.map((_, i) => i + 1));
    expect(printed.every(({ payload }) => payload["replayed"] === true)).toBe(true);
    expect(printed.filter(({ payload }) => payload.schema.startsWith("uptime.status"))).toEqual([]);
  });

  test("time never runs back, ids are unique", () => {
    const times = printed.map(({ payload }) => payload.time);
    expect(times).toEqual([...times].sort());
    expect(new Set(printed.map(({ payload }) => payload.id)).size).toBe(printed.length);
  });

  test("records of one instant: asset, then event, state, window by kind and begin", () => {
    const rank = (record: Printed): string => {
      const name = classOf(record).split("/")[0] ?? "";
      const order = ["meta", "event", "state", "window"].indexOf(name);
      const window = record.payload["window"] as Section | undefined;
      const kind = ["hour", "shift", "day"].indexOf(String(window?.["kind"]));
      return `${record.payload.asset ?? ""} ${order} ${kind} ${window?.["from"]} ${window?.["revision"]}`;
    };
    for (const time of new Set(printed.map(({ payload }) => payload.time))) {
      const ranks = printed.filter(({ payload }) => payload.time === time).map(rank);
      expect(ranks).toEqual([...ranks].sort());
    }
    const eight = printed.filter(({ payload }) => payload.time === "2026-11-23T07:00:00.000Z");
    expect(eight.map((record) => `${record.payload.asset} ${classOf(record)}`)).toEqual([
      "press-01 state",
      "press-01 window/hour",
      "press-01 window/shift",
      "saw-02 window/hour",
    ]);
  });

  test("revisions supersede, the numbers of the hour are right", () => {
    const first = of(printed, "press-01", "window/hour").filter(
      (record) => part(record, "window")["from"] === "2026-11-23T05:00:00.000Z",
    );
    expect(first.map((record) => part(record, "window")["revision"])).toEqual([0, 1, 2, 3]);
    expect(first.map((record) => part(record, "uptime")["downMs"])).toEqual([
      590_000, 590_000, 0, 0,
    ]);
    expect(part(first[3] as Printed, "counts")["reject"]).toBe(3);
    expect(part(first[1] as Printed, "unknownMs")["linkDown"]).toBe(300_000);
  });

  test("the same lines again give the same bytes", () => {
    const lines = polls(0, 20 * MINUTE);
    expect(JSON.stringify(replayed(lines, SIX + HOUR))).toBe(
      JSON.stringify(replayed(lines, SIX + HOUR)),
    );
  });
});

describe("order of lines", () => {
  test("empty lines are skipped, and counted", () => {
    expect(states(replayed(["", "  ", ...polls(0, 20_000)]))).toEqual(["0 producing"]);
    expect(() => replayed(["", ...polls(0, 0), "", "{"])).toThrow(/^line 4: is not JSON/);
  });

  test("`at` goes backward: refused with the line number", () => {
    expect(() => replayed([...polls(0, 10_000), { at: SIX + 9999, asset: "press-01" }])).toThrow(
      /^line 3: .*backward/,
    );
  });

  test("an act on a signal that nobody raised: refused with the line number", () => {
    const act = { at: SIX + 10_000, event: "signal-act", asset: "press-01", by: "jo", why: "seen" };
    expect(() =>
      replayed([...polls(0, 10_000), { ...act, signal: "x-drift", act: "acknowledge" }]),
    ).toThrow(/^line 3: no signal "x-drift" is raised/);
    expect(() => replayed([...polls(0, 10_000), { ...act, act: "maintenance" }])).not.toThrow();
  });

  test("after a step back it may, by that much", () => {
    const back = { at: SIX + 60_000, event: "clock", stepMs: -30_000 };
    const lines = [...polls(0, 50_000), back];
    expect(() => replayed([...lines, { at: SIX + 30_000, asset: "press-01" }])).not.toThrow();
    expect(() => replayed([...lines, { at: SIX + 29_999, asset: "press-01" }])).toThrow(
      /^line 8: .*backward/,
    );
  });

  test("64-bit counters keep their last digit", () => {
    const printed = replayed(polls(0, HOUR), SIX + 2 * HOUR);
    const [, final] = of(printed, "press-01", "window/hour");
    expect(part(final as Printed, "counts")).toMatchObject({ total: 359, good: 359 });
  });
});

describe("until", () => {
  const lines = polls(0, HOUR + 30_000);
  test("inclusive: a window is final when its end and the settle time have been reached", () => {
    const end = HOUR + SETTLE;
    expect(windows(replayed(lines, SIX + end))).toEqual([
      `hour 0/0 at 3600`,
      `hour 0/1 at ${end / 1000}`,
    ]);
    expect(windows(replayed(lines, SIX + end - 1))).toEqual(["hour 0/0 at 3600"]);
  });

  test("without it core time stops at the last line", () => {
    expect(windows(replayed(lines))).toEqual(["hour 0/0 at 3600"]);
    expect(windows(replayed(polls(0, HOUR)))).toEqual(["hour 0/0 at 3600"]);
    expect(windows(replayed(polls(0, HOUR - 10_000)))).toEqual([]);
  });

  test("lines may end before: core time goes on through the days", () => {
    const days = windows(replayed(lines, SIX + 40 * HOUR)).filter((line) => line.startsWith("day"));
    expect(days.map((line) => line.split(" at ")[0])).toEqual(["day -6/0", "day -6/1"]);
  });
});

describe("a configuration switch", () => {
  const other = plantOf(
    YAML.replace("power, above: 1", "power, above: 7").replace(
      "microStop: 1min",
      "microStop: 2min",
    ),
  );
  const lines = [
    ...polls(0, 10 * MINUTE),
    { at: SIX + 10 * MINUTE + 5000, event: "config", file: "b.yaml" },
    ...polls(10 * MINUTE + 10_000, HOUR, 6, 61),
  ];
  const printed = replayed(lines, SIX + 2 * HOUR, { "b.yaml": other });

  test("rules change at that instant, not before", () => {
    expect(states(printed)[0]).toBe("0 producing");
    expect(states(printed)).toContain("610 idle");
  });

  test("records name the configuration they were made with", () => {
    const plant = plantOf();
    const hashes = of(printed, "press-01", "meta").map(({ payload }) => payload["configHash"]);
    expect(hashes).toEqual([plant.hash, other.hash]);
    const limits = of(printed, "press-01", "meta").map(
      (record) => part(record, "meta")["microStopMs"],
    );
    expect(limits).toEqual([60_000, 120_000]);
    const hour = of(printed, "press-01", "window/hour")[0];
    expect(hour?.payload["flags"]).toContain("CONFIG_CHANGED");
    expect(hour?.payload["configHash"]).toBe(other.hash);
    expect(violations(printed.map(({ payload }) => payload))).toEqual([]);
  });

  test("what was made before the switch is told under its own configuration", () => {
    const soon = [
      ...polls(0, 0),
      { at: SIX + 5000, event: "config", file: "b.yaml" },
      ...polls(10_000, 20_000, 6, 1),
    ];
    const metas = of(replayed(soon, null, { "b.yaml": other }), "press-01", "meta");
    expect(metas.map((record) => part(record, "meta")["microStopMs"])).toEqual([60_000, 120_000]);
  });

  test("the old configuration again is no third one", () => {
    const same = replayed(
      [
        ...polls(0, 10_000),
        { at: SIX + 15_000, event: "config", file: "a.yaml" },
        ...polls(20_000, 30_000),
      ],
      null,
      { "a.yaml": plantOf() },
    );
    expect(of(same, "press-01", "meta")).toHaveLength(1);
  });
});

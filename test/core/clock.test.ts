/** Accounting rule 13: steps forward and back, holdover, and the first synchronization of a boot. */
import { describe, expect, test } from "vitest";
import type { AssetModel, Expr } from "../../agent/core/model.ts";
import type { ClockQuality } from "../../agent/core/vocabulary.ts";
import { recount } from "../../agent/core/window/recount.ts";
import { edges } from "../support/edges.ts";
import { type Bench, bench, press, rule } from "../support/plant.ts";
import { HOUR, IDLE, MINUTE, RUN } from "../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const plantOf = (changes: Partial<AssetModel> = {}): Bench =>
  bench(SIX, press({ microStopMs: 5000, ...changes }));
/** Produces while it says so and draws power, which another source reads. */
function metered(): AssetModel {
  const { points, sources, ...base } = press({ microStopMs: 5000, windows: ["hour", "day"] });
  const power = { id: "power", source: 1, counter: null, channel: false, unit: null };
  const running: Expr[] = [
    { op: "equals", point: 0, value: RUN },
    { op: "above", point: points.length, limit: 2, hysteresis: 1 },
  ];
  return {
    ...base,
    sources: [...sources, { id: "meter", pollMs: 1000, holdMs: 3000 }],
    points: [...points, power],
    rules: [rule("producing", { op: "all", of: running }), rule("idle", null)],
  };
}
const total = (map: Record<string, number>): number =>
  Object.values(map).reduce((a, b) => a + b, 0);

/** Polls each second of UTC; the counter makes one piece a second of real time. */
const polls = (plant: Bench, from: number, to: number, status = RUN, made = 0): number => {
  let n = made;
  for (let t = from; t <= to; t += 1000, n++) plant.cycle(SIX + t, { status, total: n, good: n });
  return n;
};
const clock = (plant: Bench, t: number, stepMs: number, quality: ClockQuality = "synced"): void =>
  plant.feed({ kind: "clock", at: SIX + t, stepMs, quality });
const events = (plant: Bench): unknown[] =>
  plant
    .records()
    .flatMap((fact) =>
      fact.class === "event" && fact.body.type === "clock"
        ? [[fact.time - SIX, fact.body.start - SIX, (fact.body.end ?? 0) - SIX, fact.body.detail]]
        : [],
    );

describe("a step forward", () => {
  test("the time jumped over is untrusted, nothing else", () => {
    const plant = plantOf();
    const made = polls(plant, 0, 60_000);
    clock(plant, 60_500, 600_000);
    polls(plant, 661_000, 700_000, RUN, made);
    expect(edges(plant, SIX, SIX + 700_000)).toEqual([
      "0 producing",
      "60500 unknown clock-untrusted",
      "660500 producing",
    ]);
    const { clock: seen, conditionMs } = plant.sums("hour", SIX);
    expect(seen).toEqual({ quality: "synced", maxStepMs: 600_000, heldMs: 0 });
    expect(total(conditionMs)).toBe(HOUR);
    expect(events(plant)).toEqual([
      [60_500, 60_500, 660_500, { quality: "synced", stepMs: 600_000 }],
    ]);
  });

  test("an edge after it is in doubt since the step at most, in hours as in the day", () => {
    const plant = bench(SIX, metered());
    const read = (t: number, values: Record<string, number>, source = "main"): void =>
      plant.feed({
        kind: "cycle",
        at: SIX + t,
        asset: "press-01",
        source,
        values,
        bad: {},
        failure: null,
      });
    for (let t = 0; t <= HOUR - 4000; t += 1000) {
      read(t, { power: 0 }, "meter");
      read(t, { status: RUN });
    }
    clock(plant, HOUR - 3500, 403_500);
    // the status decides with the held power, then the meter shows another one
    read(HOUR + 400_100, { status: RUN });
    read(HOUR + 400_600, { power: 5 }, "meter");
    read(HOUR + 401_600, { power: 5 }, "meter");
    read(HOUR + 402_000, { status: RUN });
    plant.tick(SIX + 24 * HOUR);
    expect(edges(plant, SIX + HOUR, SIX + HOUR + 401_600).slice(1)).toEqual([
      "400000 idle",
      "400600 producing",
    ]);
    const intervals = plant.facts.filter((fact) => fact.kind === "interval");
    const windows = [
      plant.window("hour", SIX, 1),
      plant.window("hour", SIX + HOUR, 1),
      plant.window("day", SIX - 6 * HOUR, 1),
    ];
    const doubt = [0, 600, 600];
    expect(windows.map(({ sums }) => sums.edgeUncertaintyMs)).toEqual(doubt);
    const anew = windows.map((window) => recount(window.sums, window, intervals, [], [], 5000));
    expect(anew.map((sums) => sums.edgeUncertaintyMs)).toEqual(doubt);
  });

  test("the freshness of values is judged by real time, not by the step", () => {
    const plant = plantOf();
    polls(plant, 0, 60_000);
    clock(plant, 60_500, HOUR);
    // 2.9 s of real time after the last good cycle
    plant.cycle(SIX + HOUR + 62_900, { status: RUN });
    plant.cycle(SIX + HOUR + 63_900, { status: RUN });
    expect(edges(plant, SIX, SIX + HOUR + 63_900)).toEqual([
      "0 producing",
      "60500 unknown clock-untrusted",
      `${HOUR + 60_500} producing`,
    ]);
  });

  test("over the ends of windows: they are made, the part is untrusted", () => {
    const plant = plantOf();
    polls(plant, 0, 50 * MINUTE);
    clock(plant, 50 * MINUTE + 500, 2 * HOUR);
    polls(plant, 50 * MINUTE + 2 * HOUR + 1000, 3 * HOUR);
    plant.tick(SIX + 4 * HOUR);
    expect(plant.sums("hour", SIX).unknownMs["clock-untrusted"]).toBe(10 * MINUTE - 500);
    expect(plant.sums("hour", SIX + HOUR).unknownMs["clock-untrusted"]).toBe(HOUR);
    expect(plant.sums("hour", SIX + 2 * HOUR).unknownMs["clock-untrusted"]).toBe(50 * MINUTE + 500);
  });

  test("a delta across the step is recovered, and plausible by real time", () => {
    const plant = plantOf();
    const made = polls(plant, 0, 60_000);
    clock(plant, 60_500, 600_000);
    polls(plant, 661_000, 700_000, RUN, made);
    plant.tick(SIX + 2 * HOUR);
    const { counts } = plant.measures("hour", SIX);
    expect(Number(counts.total) + Number(counts.recovered.total)).toBe(made - 1 + 40);
    expect(counts.recovered.total).toBe(1);
  });
});

describe("a step back", () => {
  test("the axis stands, no ms is booked twice, counters go on", () => {
    const plant = plantOf();
    const made = polls(plant, 0, 60_000);
    clock(plant, 60_500, -30_000);
    // 30 s of real time on the standing axis
    const more = polls(plant, 31_000, 60_000, RUN, made);
    polls(plant, 61_000, 100_000, RUN, more);
    plant.tick(SIX + 2 * HOUR);
    expect(edges(plant, SIX, SIX + 100_000)).toEqual(["0 producing"]);
    const sums = plant.sums("hour", SIX);
    expect(sums.clock).toEqual({ quality: "synced", maxStepMs: 30_000, heldMs: 30_000 });
    expect(total(sums.conditionMs)).toBe(HOUR);
    expect(plant.measures("hour", SIX).counts.total).toBe(61 + 30 + 40 - 1);
    expect(events(plant)).toEqual([
      [60_500, 60_500, 60_500, { quality: "synced", stepMs: -30_000 }],
    ]);
  });

  test("a change while the axis stands takes effect where it stands", () => {
    const plant = plantOf();
    polls(plant, 0, 60_000);
    clock(plant, 60_500, -30_000);
    polls(plant, 31_000, 40_000);
    polls(plant, 41_000, 80_000, IDLE);
    expect(edges(plant, SIX, SIX + 80_000)).toEqual(["0 producing", "60500 idle"]);
  });

  test("silence while the axis stands is noticed by real time", () => {
    const plant = plantOf();
    polls(plant, 0, 60_000);
    clock(plant, 60_500, -30_000);
    plant.cycle(SIX + 31_000, { status: RUN });
    plant.tick(SIX + 36_000);
    plant.tick(SIX + 80_000);
    expect(edges(plant, SIX, SIX + 80_000)).toEqual(["0 producing", "60500 unknown device-silent"]);
  });

  test("over the end of a window: windows tile, none is made twice", () => {
    const plant = plantOf();
    polls(plant, HOUR - 60_000, HOUR + 20_000);
    clock(plant, HOUR + 20_500, -60_000);
    polls(plant, HOUR - 39_000, HOUR + 60_000);
    plant.tick(SIX + 3 * HOUR - 1);
    const ids = plant
      .records()
      .flatMap((fact) =>
        fact.class === "window" ? [`${fact.body.from - SIX}/${fact.body.revision}`] : [],
      );
    expect(ids).toEqual(["0/0", "0/1", `${HOUR}/0`, `${HOUR}/1`]);
    expect(plant.sums("hour", SIX).clock.heldMs).toBe(0);
    expect(plant.sums("hour", SIX + HOUR).clock.heldMs).toBe(60_000);
  });
});

describe("unsynced", () => {
  test("no window is final meanwhile, all are afterwards", () => {
    const plant = plantOf();
    clock(plant, 0, 0, "unsynced");
    for (let t = 0; t <= 2.5 * HOUR; t += 2000) plant.cycle(SIX + t, { status: RUN });
    const revisions = (): string[] =>
      plant
        .records()
        .flatMap((fact) =>
          fact.class === "window" ? [`${(fact.body.from - SIX) / HOUR}/${fact.body.revision}`] : [],
        );
    expect(revisions()).toEqual(["0/0", "1/0"]);
    clock(plant, 2.5 * HOUR + 500, 0);
    plant.tick(SIX + 2.5 * HOUR + 60_000);
    expect(revisions()).toEqual(["0/0", "1/0", "0/1", "1/1"]);
    expect(plant.sums("hour", SIX).clock.quality).toBe("unsynced");
    expect(plant.sums("hour", SIX).conditionMs.producing).toBe(HOUR);
  });

  test("the first synchronization shifts the whole boot segment", () => {
    const plant = plantOf();
    clock(plant, 0, 0, "unsynced");
    polls(plant, 0, 20_000);
    polls(plant, 21_000, 40_000, IDLE);
    clock(plant, 40_500, 5 * HOUR);
    polls(plant, 5 * HOUR + 41_000, 5 * HOUR + 60_000);
    expect(edges(plant, SIX + 5 * HOUR, SIX + 5 * HOUR + 60_000)).toEqual([
      "0 producing",
      "21000 idle",
      "41000 producing",
    ]);
    expect(plant.sums("hour", SIX + 5 * HOUR).unknownMs["clock-untrusted"]).toBe(0);
  });

  test("shifted while an hour ends: the hour of the first input exists, nothing is published twice", () => {
    const plant = plantOf();
    clock(plant, 0, 0, "unsynced");
    polls(plant, 30 * MINUTE, HOUR + 10_000);
    clock(plant, HOUR + 10_500, 20 * MINUTE);
    polls(plant, HOUR + 20 * MINUTE + 11_000, HOUR + 30 * MINUTE, RUN, 1811);
    plant.tick(SIX + 3 * HOUR - 1);
    const ids = plant
      .records()
      .flatMap((fact) =>
        fact.class === "window" ? [`${(fact.body.from - SIX) / HOUR}/${fact.body.revision}`] : [],
      );
    expect(ids).toEqual(["0/0", "0/1", "1/0", "1/1"]);
    const first = plant.sums("hour", SIX);
    expect([first.conditionMs.producing, first.unknownMs["agent-stopped"]]).toEqual([
      10 * MINUTE,
      50 * MINUTE,
    ]);
    expect([first.clock.quality, first.seen.total]).toEqual(["unsynced", true]);
    expect(plant.sums("hour", SIX + HOUR).conditionMs.producing).toBe(30 * MINUTE);
  });

  test("time booked by an earlier boot stays", () => {
    const plant = plantOf();
    polls(plant, 0, 20_000);
    plant.feed({
      kind: "agent-started",
      at: SIX + 21_000,
      lastAlive: SIX + 20_000,
      cause: "power-lost",
    });
    clock(plant, 21_000, 0, "unsynced");
    polls(plant, 22_000, 40_000);
    clock(plant, 40_500, HOUR);
    polls(plant, HOUR + 41_000, HOUR + 60_000);
    expect(edges(plant, SIX, SIX + HOUR + 60_000)).toEqual([
      "0 producing",
      "20000 unknown power-lost",
      `${HOUR + 22_000} producing`,
    ]);
  });

  test("holdover does not hold windows back; the window says the worst quality", () => {
    const plant = plantOf();
    polls(plant, 0, 20_000);
    clock(plant, 20_500, 0, "holdover");
    polls(plant, 21_000, 40_000);
    clock(plant, 40_500, 0, "synced");
    plant.tick(SIX + 2 * HOUR);
    expect(plant.sums("hour", SIX).clock.quality).toBe("holdover");
  });
});

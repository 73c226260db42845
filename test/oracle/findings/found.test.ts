/** Minimal cases that the accounting oracle found. Expected values are worked out by hand from DESIGN section 4. */
import { describe, expect, it } from "vitest";
import { bench, drive, press, rule } from "../../support/plant.ts";

const T0 = Date.UTC(2026, 10, 23, 5);
const END = T0 + 3 * 3_600_000;
const s = (seconds: number): number => T0 + seconds * 1000;

/** One source with its own poll and hold, in seconds. */
const polled = (poll: number, hold: number, microStop: number) => ({
  sources: [{ id: "main", pollMs: poll * 1000, holdMs: hold * 1000 }],
  microStopMs: microStop * 1000,
  counts: null,
});

describe("what turns unknown later leaves no trace in a window", () => {
  it("a fault whose only sample ran out of its hold is no failure", () => {
    const plant = bench(T0, press(polled(20, 60, 60)));
    for (let t = 10; t < 200; t += 20) plant.cycle(s(t), { status: 0 });
    plant.cycle(s(200), { status: 8 });
    plant.tick(END);
    expect(plant.sums("hour", T0).conditionMs).toMatchObject({ idle: 190_000, fault: 0 });
    expect(plant.sums("hour", T0)).toMatchObject({ failures: 0, restoredMs: 0, open: 0 });
  });

  it("an edge into a fault that never was is not uncertain", () => {
    const plant = bench(T0, press(polled(60, 180, 120)));
    for (let t = 60; t <= 600; t += 60) plant.cycle(s(t), { status: 6 });
    plant.fail(s(660), "MODBUS_TIMEOUT");
    plant.fail(s(720), "MODBUS_TIMEOUT");
    plant.cycle(s(780), { status: 8 });
    for (let t = 840; t <= 1200; t += 60) plant.tick(s(t));
    plant.tick(END);
    expect(plant.sums("hour", T0).conditionMs).toMatchObject({ producing: 720_000, fault: 0 });
    expect(plant.sums("hour", T0).edgeUncertaintyMs).toBe(0);
  });
});

describe("edges of a counter that stands still", () => {
  it("the end of moving is as uncertain as its beginning", () => {
    const rules = [
      rule("producing", { op: "moving", point: 1, withinMs: 30_000 }),
      rule("idle", null),
    ];
    const plant = bench(T0, press({ rules }));
    drive(plant, T0, T0 + 600_000, (at) => ({ total: Math.min((at - T0) / 1000, 100) }));
    plant.tick(END);
    expect(plant.sums("hour", T0).conditionMs.producing).toBe(99_000);
    expect(plant.sums("hour", T0).edgeUncertaintyMs).toBe(2000);
  });
});

describe("bounds of OEE", () => {
  it("a correction before a blind span does not make the span ambiguous", () => {
    const plant = bench(T0);
    drive(plant, T0, T0 + 3_599_000, (at) => {
      const t = (at - T0) / 1000;
      if (t > 110 && t < 150) return null;
      const total = t < 100 ? 500 : t < 150 ? 498 : 518;
      return { status: 6, total, good: total };
    });
    drive(plant, T0 + 3_600_000, T0 + 4_200_000, () => ({ status: 6, total: 518, good: 518 }));
    plant.tick(END);
    const { counts, oee } = plant.measures("hour", T0);
    expect(counts.recovered).toEqual({ total: 20, good: 20 });
    expect(oee.oeeMax).toBe(oee.oeeMin);
  });

  it("a counter that was read across a span that turns unknown afterwards bridges it", () => {
    const rules = [
      rule("blocked", { op: "moving", point: 1, withinMs: 10_000 }),
      rule("producing", { op: "equals", point: 0, value: 6 }),
    ];
    const plant = bench(T0, press({ rules }));
    // Moving until 5 s, known at 15 s; what the machine did from 5 to 8 s is unknown, its counter stood still.
    drive(plant, T0, s(4200), (at) => {
      const total = Math.min((at - T0) / 1000, 5);
      return at < s(8) ? { total, good: total } : { status: 6, total, good: total };
    });
    plant.tick(END);
    expect(plant.sums("hour", T0).conditionMs).toMatchObject({ blocked: 4000, unknown: 4000 });
    const { oee } = plant.measures("hour", T0);
    expect(oee.oeeMax).toBe(oee.oeeMin);
  });

  it("a total that was read and did not move gives OEE 0, also without a counter of good pieces", () => {
    const plant = bench(T0, press({ counts: { total: 1, good: null, reject: null } }));
    drive(plant, T0, T0 + 4_000_000, () => ({ status: 6, total: 500 }));
    plant.tick(END);
    const { oee } = plant.measures("hour", T0);
    expect(oee).toMatchObject({ performance: 0, quality: null, oee: 0, oeeMin: 0, oeeMax: 0 });
  });

  it("more rejects than pieces leave no upper bound where a blind span is not bridged", () => {
    const plant = bench(T0, press({ counts: { total: 1, good: null, reject: 2 } }));
    drive(plant, T0, s(3000), (at) => {
      const t = (at - T0) / 1000;
      if (t > 1800 && t < 1850) return null;
      return { status: 6, total: t < 1850 ? 100 : 120, good: t < 10 ? 0 : 2 };
    });
    plant.tick(END);
    const { counts, oee } = plant.measures("hour", T0);
    expect(counts).toMatchObject({ total: 0, good: null, recovered: { total: 20 } });
    expect(oee).toMatchObject({ oee: null, oeeMax: null });
  });
});

describe("counters", () => {
  it("an unchanged value after a long gap may hide whole wraps", () => {
    const counter = { modulus: 1000n, maxRate: { count: 5, perMs: 1000 }, pieces: 1 };
    const asset = press();
    const points = asset.points.map((point) =>
      point.id === "total" ? { ...point, counter } : point,
    );
    const plant = bench(T0, { ...asset, points });
    plant.cycle(s(0), { status: 6, total: 204 });
    plant.cycle(s(480), { status: 6, total: 204 });
    plant.tick(END);
    // 480 s at 5/s: up to 2401, so two wraps of 1000 fit.
    expect(plant.sums("hour", T0).excess).toBe(2000);
    expect(plant.sums("hour", T0).flags).toEqual(["COUNT_UNCERTAIN"]);
  });
});

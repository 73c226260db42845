import { describe, expect, it } from "vitest";
import { bench, drive, press } from "../../support/plant.ts";

const T0 = Date.UTC(2026, 10, 23, 5);
const HOUR = 3_600_000;

describe("the window of DESIGN 5.4", () => {
  it("has the published numbers", () => {
    const plant = bench(T0);
    // producing 05:00-05:20, fault 420 s, producing, 60 s cable pull with 50 good pieces made meanwhile
    let total = 0;
    drive(plant, T0, T0 + 1_200_000 - 1000, (at) => ({
      status: 6,
      total,
      good: total,
      guard: true,
      at: at,
    }));
    drive(plant, T0 + 1_200_000, T0 + 1_620_000 - 1000, () => ({ status: 8, total, good: total }));
    drive(plant, T0 + 1_620_000, T0 + 1_800_000, () => ({
      status: 6,
      total: ++total > 100 ? 100 : total,
      good: Math.min(total, 100),
    }));
    for (let at = T0 + 1_801_000; at < T0 + 1_860_000; at += 1000) plant.fail(at, "MODBUS_CLOSED");
    drive(plant, T0 + 1_860_000, T0 + HOUR + 400_000, () => ({ status: 6, total: 150, good: 150 }));
    plant.tick(T0 + HOUR + 500_000);
    const sums = plant.sums("hour", T0);
    expect(sums.conditionMs).toMatchObject({
      producing: 3_120_000,
      fault: 420_000,
      unknown: 60_000,
    });
    expect(sums.unknownMs).toMatchObject({ "link-down": 60_000 });
    expect(sums.edgeUncertaintyMs).toBe(2000);
    const m = plant.measures("hour", T0);
    expect(m.counts).toEqual({
      total: 100,
      good: 100,
      reject: 0,
      uncertainHigh: null,
      recovered: { total: 50, good: 50 },
    });
    expect(m.oee.availability).toBe(0.881356);
    expect(m.oee.availabilityMin).toBe(0.866667);
    expect(m.oee.availabilityMax).toBe(0.883333);
    expect(m.uptime).toEqual({
      upMs: 3120000,
      downMs: 420000,
      excludedMs: 0,
      value: 0.881356,
      min: 0.866667,
      max: 0.883333,
    });
    expect(m.oee.oeeMin).toBe(m.oee.oeeMax);
    expect(sums.failures).toBe(1);
    expect(sums.restoredMs).toBe(420_000);
  });
});
void press;

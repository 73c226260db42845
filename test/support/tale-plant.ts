/** The small plant of the random timelines: a press with two sources, a saw with a calendar and a small counter. */
import type { AssetModel, PlantModel, PointModel } from "../../agent/core/model.ts";
import { press, rule } from "./plant.ts";
import { shifts } from "./story.ts";

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

export const WORK = shifts(
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

export const MODELS = [plant([PRESS, SAW]), plant([{ ...PRESS, microStopMs: 200_000 }, SAW])];

/** Worked examples of the standards (metrics reference C2), as printed and from a timeline that was lived through. */
import { expect, test } from "vitest";
import type { IntervalFact } from "../../../agent/core/fact.ts";
import { type Cell, cellsOf } from "../../../agent/core/projection/cell.ts";
import { e10, e10Times } from "../../../agent/core/projection/e10.ts";
import { iso22400, isoTimes } from "../../../agent/core/projection/iso22400.ts";
import { effectiveness } from "../../../agent/core/projection/teep.ts";
import { vdi3423, vdiTimes } from "../../../agent/core/projection/vdi3423.ts";
import type { Span } from "../../../agent/core/time.ts";
import { type Bench, bench } from "../../support/plant.ts";
import {
  DAY,
  EXTERNAL,
  FAULT,
  HOUR,
  IDLE,
  MAINTENANCE,
  MINUTE,
  machine,
  RUN,
  SETUP,
  shifts,
  story,
} from "../../support/story.ts";

const SIX = Date.UTC(2026, 10, 23, 6);
const SHIFT = { calendar: "work", windows: ["shift" as const] };
const early = (end: string) => shifts({ id: "early", start: "06:00", end });

const cellsIn = (plant: Bench, span: Span): Cell[] =>
  cellsOf(
    plant.facts.filter((fact): fact is IntervalFact => fact.kind === "interval"),
    span,
  );

const ISO = {
  availability: 0.8,
  effectiveness: 0.9,
  qualityRatio: 0.972222,
  oee: 0.7,
  nee: 0.738889,
  allocationEfficiency: 0.933333,
  utilizationEfficiency: 0.857143,
  technicalEfficiency: 0.9,
  setupRatio: 0.052632,
};

test("14 ISO 22400, as printed", () => {
  const min = MINUTE;
  const times = { POT: 450 * min, PBT: 450 * min, APT: 360 * min, AUST: 20 * min };
  const ideal = { idealTotalUs: 648 * 30_000_000, idealGoodUs: 630 * 30_000_000 };
  const pieces = { ...ideal, PQ: 648, GQ: 630 };
  expect(iso22400({ ...times, ADET: 40 * min, ADOT: 30 * min }, pieces)).toEqual(ISO);
});

test("14 ISO 22400: OEE and NEE of one timeline", () => {
  const plant = bench(SIX, machine(30_000_000, SHIFT), early("13:30"));
  story(plant, SIX)
    .run(20 * MINUTE, SETUP)
    .run(200 * MINUTE, RUN, 348, 340)
    .run(40 * MINUTE, FAULT)
    .run(160 * MINUTE, RUN, 300, 290)
    .run(30 * MINUTE, IDLE)
    .end();
  const { oee, counts } = plant.measures("shift", SIX);
  const times = isoTimes(cellsIn(plant, { from: SIX, to: SIX + 450 * MINUTE }));
  expect(times.POT).toBe(450 * MINUTE);
  expect(iso22400(times, { ...oee, PQ: counts.total, GQ: counts.good })).toEqual(ISO);
  expect(oee).toMatchObject({ availability: 0.8, performance: 0.9, quality: 0.972222, oee: 0.7 });
});

test("15 E10, as printed", () => {
  const states = { PRD: 100, SBY: 20, ENG: 10, SDT: 14, UDT: 16, NST: 8, unknown: 0 };
  const delays = { userDelay: 4, supplierDelay: 3, outOfSpecInput: 1, facilities: 2 };
  expect(e10({ ...states, ...delays, failures: 4 })).toEqual({
    operationsMs: 160,
    uptimeMs: 130,
    operationalUptime: 0.8125,
    totalUptime: 0.77381,
    operationalUtilization: 0.625,
    totalUtilization: 0.595238,
    supplierDependentUptime: 0.849673,
    equipmentDependentUptime: 0.866667,
    mtbfMs: 25,
  });
});

/** SEMI E10, minutes for hours: 160 of operations; user delay, out-of-spec input and facilities are not the supplier's. */
function e10Plant(): Bench {
  // Hours of the example are minutes here; what counts as a micro-stop shrinks with them.
  const windows = ["hour" as const, "shift" as const];
  const asset = { ...machine(1_000_000, { ...SHIFT, windows }), microStopMs: 5_000 };
  const plant = bench(SIX, asset, early("08:40"));
  const reasons = [
    { from: 50, to: 54, attribution: "customer" as const, reason: "waits for operator" },
    { from: 90, to: 91, attribution: "customer" as const, reason: "input out of specification" },
    { from: 120, to: 122, attribution: "third-party" as const, reason: "facilities" },
  ];
  const told = story(plant, SIX);
  /** A chapter; what is known of it is entered as it begins. */
  const chapter = (minutes: number, status: number): void => {
    const now = told.now();
    for (const { from, to, ...why } of reasons) {
      if (SIX + from * MINUTE !== now) continue;
      const said = { from: now, to: SIX + to * MINUTE, ...why, by: "shift lead", why: "agreed" };
      plant.feed({ kind: "reason", at: now, asset: "press-01", ...said });
    }
    told.run(minutes * MINUTE, status);
  };
  chapter(50, RUN);
  chapter(4, FAULT); // 50-54: waits for the operator
  chapter(5, FAULT); // 54-59
  chapter(20, RUN);
  chapter(11, IDLE); // 79-90
  chapter(1, FAULT); // 90-91: out of specification
  chapter(4, FAULT); // 91-95
  chapter(14, MAINTENANCE); // 95-109
  chapter(11, RUN); // 109-120
  chapter(2, EXTERNAL); // 120-122, facilities
  chapter(19, RUN); // 122-141
  chapter(19, IDLE); // 141-160
  told.end();
  return plant;
}

test("15 E10 of a timeline: its supplier-dependent uptime is the contract's", () => {
  const plant = e10Plant();
  const cells = cellsIn(plant, { from: SIX, to: SIX + 168 * MINUTE });
  const times = e10Times(cells, plant.sums("shift", SIX).failures);
  expect(times).toMatchObject({ PRD: 100 * MINUTE, SBY: 30 * MINUTE, NST: 8 * MINUTE });
  expect(times).toMatchObject({ userDelay: 5 * MINUTE, facilities: 2 * MINUTE, unknown: 0 });
  expect(e10(times)).toMatchObject({
    operationalUptime: 0.8125,
    totalUptime: 0.77381,
    operationalUtilization: 0.625,
    supplierDependentUptime: 0.849673,
    equipmentDependentUptime: null,
  });
  const { uptime } = plant.measures("shift", SIX);
  expect(uptime).toMatchObject({
    upMs: 130 * MINUTE,
    downMs: 23 * MINUTE,
    excludedMs: 7 * MINUTE,
    value: 0.849673,
  });
});

const VDI = {
  AT: 0.05,
  AO: 0.075,
  AW: 0.025,
  NG: 0.85,
  technicalAvailability: 0.95,
  technicalAvailabilityWithTW: 0.925,
};

test("16 VDI 3423: technical availability and use degree", () => {
  expect(vdi3423({ TB: 160, TN: 136, TT: 8, TO: 12, TW: 4 })).toEqual(VDI);
  const plant = bench(SIX, machine(1_000_000, SHIFT), early("08:40"));
  story(plant, SIX)
    .run(70 * MINUTE, RUN)
    .run(8 * MINUTE, FAULT)
    .run(40 * MINUTE, RUN)
    .run(12 * MINUTE, IDLE)
    .run(25 * MINUTE, RUN)
    .run(4 * MINUTE, MAINTENANCE)
    .run(1 * MINUTE, RUN)
    .end();
  const cells = cellsIn(plant, { from: SIX, to: SIX + 160 * MINUTE });
  expect(vdi3423(vdiTimes(cells))).toEqual(VDI);
  // our uptime counts maintenance outside its plan as down
  expect(plant.measures("shift", SIX).uptime.value).toBe(0.925);
});

test("19 TEEP and OOE from the same sums", () => {
  // February 2026: 672 h, 20 working days of 24 h with 4 h of breaks
  const first = Date.UTC(2026, 1, 1);
  const asset = machine(12_000_000, { calendar: "work", windows: ["month"] }, MINUTE);
  const plant = bench(first, asset, {
    ...shifts({
      id: "all",
      days: [1, 2, 3, 4, 5],
      start: "00:00",
      end: "24:00",
      breaks: [{ start: "20:00", end: "24:00" }],
    }),
  });
  const month = story(plant, first, MINUTE).run(DAY, IDLE);
  for (let day = 1; day < 28; day++)
    if (day % 7 === 0 || day % 7 === 6) month.run(DAY, IDLE);
    else month.run(20 * HOUR, RUN, 4200).run(4 * HOUR, IDLE);
  month.end();
  const { scheduleMs } = plant.sums("month", first);
  const { oee } = plant.measures("month", first);
  expect(oee.idealGoodUs).toBe(280 * HOUR * 1000);
  const clocks = {
    loadingMs: scheduleMs.scheduled,
    shiftMs: scheduleMs.scheduled + scheduleMs["planned-stop"],
    calendarMs: 672 * HOUR,
  };
  expect(clocks).toMatchObject({ loadingMs: 400 * HOUR, shiftMs: 480 * HOUR });
  expect(effectiveness(oee.idealGoodUs, clocks)).toEqual({
    oee: 0.7,
    ooe: 0.583333,
    teep: 0.416667,
    utilization: 0.595238,
  });
});

/** Incidents in a report: a lived-through day with two faults, one of them answered, and a call that is still open. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { standingsOf } from "../../agent/cli/report-contract.ts";
import type { ActInput } from "../../agent/core/annotation/entered.ts";
import type { Input } from "../../agent/core/input.ts";
import { loadPlant } from "../../agent/plant.ts";
import { reportDocument } from "../../agent/report/document.ts";
import { reportPage } from "../../agent/report/html/page.ts";
import { type IncidentFigures, outcomesOf } from "../../agent/report/incidents.ts";
import { materialOf, type Report, reportOf } from "../../agent/report/report.ts";
import { inkFor } from "../../agent/report/table.ts";
import { reportText } from "../../agent/report/text.ts";
import { storePaths } from "../../agent/storage.ts";
import { openReader, type Reader } from "../../agent/store/read.ts";
import { END, ENTERED, MINUTE, PLANT, type ReportSite, reportSite, START } from "./site.ts";

const OURS = PLANT.replace(
  "    calendar: two-shift\n    windows",
  "    calendar: two-shift\n    incidents: {}\n    windows",
).concat("      - { metric: response, severity: s1, limit: 1h, target: 90% }\n");

const act = (minute: number, what: ActInput["act"], more: Partial<ActInput> = {}): Input => ({
  ...{ kind: "act", id: `act-${minute}`, at: START + minute * MINUTE, asset: "press-01" },
  ...{ incident: null, act: what, mode: null, party: "supplier", by: "technician" },
  ...{ why: "", via: "cli", ...more },
});

/** The fault from minute 183 to 225 is an incident at 188; that from 695 to 713, at 700. */
const ACTS = [
  act(190, "acknowledge"),
  act(198, "respond", { mode: "on-site" }),
  act(1000, "open", { severity: "s2", party: "customer", why: "leaks" }),
  act(1100, "hold", { party: "customer", why: "no access" }),
];

let site: ReportSite;
let reader: Reader;
beforeAll(async () => {
  const entered = [...ENTERED, ...ACTS].sort((a, b) => a.at - b.at);
  site = await reportSite(entered, OURS);
  reader = openReader(storePaths(loadPlant(site.config)).database);
}, 60_000);
afterAll(() => {
  reader.close();
  site.remove();
});

function report(from: number, to: number): Report {
  const span = { kind: "span", from: START + from * MINUTE, to: START + to * MINUTE } as const;
  return reportOf(materialOf(reader, { assets: null, line: null, span }, END), reader);
}

const BESIDE = { levels: [], standings: [], terms: null };
const press = (whole: Report) => whole.incidents?.assets["press-01"] as IncidentFigures;

test("the newest record of each counts, clocks of open ones run on, held ones stand", () => {
  const { known } = materialOf(
    reader,
    { assets: null, line: null, span: { kind: "last-day" } },
    END,
  );
  const outcomes = outcomesOf(reader, known, END);
  expect(
    outcomes.map(({ id, trigger, repeatOf, closedAt }) => [
      ...[id, trigger, repeatOf, closedAt === null ? "open" : "closed"],
    ]),
  ).toEqual([
    ["i-1", "fault", null, "closed"],
    ["i-2", "fault", "i-1", "closed"],
    ["i-3", "called", null, "open"],
  ]);
  const [first, , called] = outcomes;
  expect(first).toMatchObject({
    ...{ asset: "press-01", severity: "s1", visits: { remote: 0, onSite: 1 } },
    ...{ faultAt: START + 183 * MINUTE, openedAt: START + 188 * MINUTE },
    restoredAt: START + 225 * MINUTE,
  });
  expect(called?.clocks.restore).toMatchObject({
    ...{ state: "running", elapsedMs: END - (START + 1000 * MINUTE), calendarMs: 100 * MINUTE },
  });
});

test("an open one misses its limit once it is beyond it, though no record says so", () => {
  const asked = { assets: null, line: null, span: { kind: "last-day" } } as const;
  const { known } = materialOf(reader, asked, END);
  const callAt = (minute: number, coverage: string) => {
    const evidence: Reader["evidence"] = (after, limit) =>
      reader
        .evidence(after, limit)
        .filter(({ payload }) => payload.includes("/incident/i-3/1"))
        .map((row) => ({ ...row, payload: row.payload.replace('"coverage":null', coverage) }));
    return outcomesOf({ evidence }, known, START + minute * MINUTE)[0]?.clocks.acknowledge;
  };
  const always = '"coverage":null';
  expect(callAt(1060, always)).toMatchObject({ coveredMs: 60 * MINUTE, met: null });
  expect(callAt(1061, always)).toMatchObject({ coveredMs: 61 * MINUTE, met: false });
  // The late shift ends 20 minutes after the call.
  expect(callAt(1061, '"coverage":"two-shift"')).toMatchObject({
    ...{ calendarMs: 61 * MINUTE, coveredMs: 20 * MINUTE, met: null },
  });
});

test("one that was missed and is still open is due, and no hit", () => {
  expect(press(report(900, 1010))).toMatchObject({
    acknowledge: { n: 0, running: 1, missed: 1 },
    hits: { acknowledge: 0 },
  });
});

test("figures are of the incidents opened in the span", () => {
  const figures = press(report(0, 600));
  expect(figures).toMatchObject({
    ...{ opened: 1, open: 0 },
    acknowledge: { n: 1, calendarMs: 2 * MINUTE, met: 1 },
    respond: { n: 1, calendarMs: 10 * MINUTE, met: 1 },
    restore: { n: 1, calendarMs: 42 * MINUTE, met: 1 },
    // answered on one visit, but it came back
    fixes: { jobs: 1, naive: 1, effective: 0, closed: 1, repeatRate: 1, watched: 0 },
    repairs: { closed: 1, closedMs: 42 * MINUTE, open: 0, floorMs: 42 * MINUTE },
    work: { reactive: { ms: 42 * MINUTE, count: 1 }, byTime: 0, byCount: 0 },
  });
});

test("an open repair is censored: closed mean, floor and most likely value differ", () => {
  const { repairs, fixes } = press(report(0, 1080));
  const open = 100 * MINUTE;
  expect(repairs).toMatchObject({
    ...{ closed: 2, closedMeanMs: 30 * MINUTE, open: 1, openMs: open },
    floorMs: Math.round((60 * MINUTE + open) / 3),
    likelyMs: 80 * MINUTE,
  });
  expect(fixes).toMatchObject({ closed: 2, repeated: 1, repeatRate: 0.5, watched: 1 });
});

test("shown of machines that have incidents, together too; undefined is a dash", () => {
  const whole = report(800, 900);
  expect(Object.keys(whole.incidents?.assets ?? {})).toEqual(["press-01"]);
  expect(press(whole)).toMatchObject({ opened: 0, hits: { respond: null } });
  const text = reportText(whole, BESIDE, inkFor(false));
  expect(text).toContain("incidents opened in this span  press-01");
  expect(text.find((line) => line.startsWith("time to respond"))).toMatch(/ –$/);
  expect(reportPage(whole, [], [])).toContain("<h2>Incidents</h2>");
  const document = JSON.parse(JSON.stringify(reportDocument(whole, BESIDE)));
  expect(document.assets[0].incidents).toMatchObject({
    opened: 0,
    asOf: "2026-11-23T23:30:00.000Z",
  });
  expect(document.assets[1].incidents).toBeUndefined();
  expect(document.together.incidents.opened).toBe(0);
  expect(document.together.incidents.work).toEqual(document.assets[0].incidents.work);
});

test("a site without incidents says nothing of them", () => {
  const whole = { ...report(0, 600), incidents: null };
  expect(reportText(whole, BESIDE, inkFor(false)).join("\n")).not.toContain("incidents");
  expect(reportPage(whole, [], [])).not.toContain("Incidents");
  expect(JSON.stringify(reportDocument(whole, BESIDE))).not.toContain('"incidents"');
});

test("outcomes made of incidents are in the standing of the contract", () => {
  const plant = loadPlant(site.config);
  const material = materialOf(
    reader,
    { assets: null, line: null, span: { kind: "last-day" } },
    END,
  );
  const [standing] = standingsOf(reader, material, plant, END, (slice) => slice);
  const told = standing?.outcomes.find(({ metric }) => metric === "response");
  expect(told).toMatchObject({ value: 1, min: 1, max: 1 });
});

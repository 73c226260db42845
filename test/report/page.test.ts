/** The printable page: sound markup, nothing fetched, every number also as text, whatever names and reasons hold. */
import { expect, test } from "vitest";
import type { StandingBody } from "../../agent/core/contract/body.ts";
import type { IntervalFact } from "../../agent/core/journal.ts";
import { emptySums } from "../../agent/core/window/sums.ts";
import { type AssetReport, assetReport, together } from "../../agent/report/build.ts";
import { scaleStart } from "../../agent/report/html/gauge.ts";
import { text } from "../../agent/report/html/markup.ts";
import { reportPage } from "../../agent/report/html/page.ts";
import { rungsOf } from "../../agent/report/html/waterfall.ts";
import { type LevelRow, levelRows } from "../../agent/report/level.ts";
import type { Report } from "../../agent/report/report.ts";
import type { Slice } from "../../agent/report/slice.ts";
import { press } from "../support/plant.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FROM = Date.UTC(2026, 10, 23, 5);

function pieces(chapters: [number, Partial<IntervalFact>][]): IntervalFact[] {
  let at = FROM;
  return chapters.map(([minutes, more]) => {
    at += minutes * MINUTE;
    return {
      ...{ kind: "interval", asset: "press-01", from: at - minutes * MINUTE, to: at, cause: null },
      ...{ condition: "producing", schedule: "scheduled", attribution: "none", recipe: "a" },
      ...{ idealCycleUs: 1_000_000, reason: null, rule: 1, stop: "none", stopPrime: "none" },
      ...{ stopFrom: null, edgeFrom: null, ...more },
    };
  });
}

function slice(more: Partial<Slice> = {}): Slice {
  const fault = { condition: "fault", stop: "stop", stopFrom: FROM + 60 * MINUTE } as const;
  const evidence = emptySums();
  evidence.seen = { total: true, good: true, reject: null };
  return {
    ...{ asset: press({ name: `Press <1> & "co"` }), from: FROM, to: FROM + 8 * HOUR, label: "x" },
    settledTo: FROM + 8 * HOUR,
    intervals: pieces([
      [60, {}],
      [30, { ...fault, reason: "</title><script>alert(1)</script>" }],
      [90, {}],
      [20, { condition: "unknown", cause: "link-down" }],
      [280, {}],
    ]),
    counts: [
      {
        ...{ kind: "count", asset: "press-01", at: FROM, recipe: "a", idealCycleUs: 1_000_000 },
        ...{ place: "loading", total: 20_000, good: 19_500, reject: 0 },
      },
    ],
    ...{ notes: [], unsettled: [], plans: [], evidence, exact: null, windows: [], ...more },
  };
}

function reportOf(assets: AssetReport[]): Report {
  const basis = { configHashes: ["sha256:a"], tzdata: ["2025c"], calcVersion: "1" };
  return {
    ...{
      agent: "gw-1",
      enterprise: "acme",
      site: "ulm",
      zone: "Europe/Berlin",
      label: "day 2026-11-23",
      assets,
    },
    incidents: null,
    ...{ all: together(assets), basis: { ...basis, settledTo: FROM + 8 * HOUR }, without: [] },
  };
}

const pageOf = (more: Partial<Slice> = {}, standings: StandingBody[] = []): string => {
  const assets = [assetReport(slice(more), [{ id: "gw-1/press-01/day/x/1", hash: "sha256:b" }])];
  return reportPage(reportOf(assets), [level()], standings);
};

const level = (more: Partial<LevelRow> = {}): LevelRow => ({
  ...{ contract: "acme", metric: "uptime", target: 0.97, minimum: 0.92, minCoverage: 0.95 },
  ...{ value: 0.93, min: 0.9, max: 0.96, coverage: 0.99, stand: "open", machines: 1, ...more },
});

/** Names of elements that are not closed in order; entities and attributes that XML would not take. */
function faultsOf(page: string): string[] {
  const faults: string[] = [];
  const open: string[] = [];
  const body = page.replace(/<!DOCTYPE html>/, "").replace(/<style>[\s\S]*?<\/style>/, "<style />");
  const elements = /<(\/?)([a-z0-9]+)((?: [a-zA-Z][\w:-]*="[^"<]*")*)( ?\/)?>|<[^>]*>/g;
  for (const [whole, close, name, attributes = "", single] of body.matchAll(elements)) {
    if (name === undefined) faults.push(whole);
    else if (close && open.pop() !== name) faults.push(`</${name}>`);
    else if (!close && !single) open.push(name);
    const names = [...attributes.matchAll(/ ([\w:-]+)="[^"]*"/g)].map(([, key]) => key);
    if (new Set(names).size !== names.length) faults.push(attributes);
  }
  const strays = body.replace(/<[^>]*>/g, "").match(/&(?!(amp|lt|gt|quot);)/g) ?? [];
  return [...faults, ...open, ...strays];
}

test("is well-formed, fetches nothing and runs nothing", () => {
  const page = pageOf();
  expect(faultsOf(page)).toEqual([]);
  const links = page.replaceAll(/xmlns="[^"]*"/g, "");
  expect(links).not.toMatch(
    /https?:|\/\/[a-z]|@import|<(script|link|img|iframe|object)|\bon[a-z]+=/i,
  );
  expect(links.match(/url\([^)]*\)/g)?.every((url) => url === "url(#blind)")).toBe(true);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain("&lt;script&gt;alert(1)");
  expect(text('a\u0000\u001bb<&>"')).toBe("ab&lt;&amp;&gt;&quot;");
});

test("shows a title, a description and a table for every picture", () => {
  const page = pageOf();
  const pictures = page.match(/<svg [^>]*role="img"/g) ?? [];
  expect(
    page.match(/<title id="[^"]+-t">[^<]+<\/title><desc id="[^"]+-d">[^<]+<\/desc>/g),
  ).toHaveLength(pictures.length);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const words of [
    "0:30:00",
    "breakdowns",
    "not observed: link-down",
    "gw-1/press-01/day/x/1",
    "sha256:b",
    "Supplier: name, date, signature",
  ])
    expect(page).toContain(words);
});

test("a machine that counts nothing has dashes, and no picture of pieces", () => {
  const evidence = emptySums();
  const page = pageOf({ counts: [], evidence, asset: press({ counts: null }) });
  expect(faultsOf(page)).toEqual([]);
  expect(page).toContain("nothing is counted");
  expect(page).not.toContain("good pieces × ideal cycle");
  expect(page).not.toMatch(/NaN|undefined</);
});

test("nothing settled yet is said, not drawn", () => {
  const page = pageOf({ settledTo: FROM, intervals: [], counts: [] });
  expect(faultsOf(page)).toEqual([]);
  expect(page).toContain("press-01 is settled to");
  expect(page).not.toMatch(/NaN|Infinity/);
});

test("a month has a row for each local day, the autumn night among them, and stays small", () => {
  const from = Date.UTC(2026, 8, 30, 22);
  const to = Date.UTC(2026, 9, 31, 23);
  const many: [number, Partial<IntervalFact>][] = Array.from({ length: 14_900 }, (_, i) => [
    3,
    i % 2 === 0 ? {} : { condition: "idle", stop: "micro", stopPrime: "micro", stopFrom: 0 },
  ]);
  const shift = from - FROM;
  const line = pieces(many).map((one) => ({ ...one, from: one.from + shift, to: one.to + shift }));
  const asset = press({ zone: "Europe/Berlin" });
  const page = pageOf({ asset, from, to, settledTo: to, intervals: line });
  expect(faultsOf(page)).toEqual([]);
  expect(page.match(/>(Mon|Tue|Wed|Thu|Fri|Sat|Sun) 10-\d\d</g)).toHaveLength(31);
  expect(page.length).toBeLessThan(4_000_000);
});

test("the waterfall takes each loss from the rung above and ends at the good pieces", () => {
  const rungs = rungsOf(assetReport(slice(), []));
  let rest = 0;
  for (const { name, from, to, us, total } of rungs) {
    if (total) {
      if (rest !== 0) expect([name, us]).toEqual([name, rest]);
      rest = us;
    } else {
      expect([name, us < 0 ? from : to]).toEqual([name, rest]);
      rest -= us;
    }
  }
  expect(rest).toBe(19_500 * 1_000_000);
});

test.each([
  [{ min: 0.97, max: 0.99 }, 0.99, "met"],
  [{ min: 0.9, max: 0.98 }, 0.99, "open"],
  [{ min: 0.93, max: 0.96 }, 0.99, "below-target"],
  [{ min: 0.9, max: 0.96 }, 0.99, "minimum-open"],
  [{ min: 0.8, max: 0.91 }, 0.99, "below-minimum"],
  [{ min: 0.97, max: 0.99 }, 0.94, "open"],
])("a span with bounds %j and coverage %d stands %s", (bounds, coverage, stand) => {
  const report = assetReport(slice(), []);
  const [lowUs, highUs] = [bounds.min * 1e12, bounds.max * 1e12];
  const pieces = {
    ...report.totals.pieces,
    loadingMs: 1e9,
    blindMs: 0,
    idealGoodUs: 0,
    lowUs,
    highUs,
  };
  const blindMs = Math.round((1 - coverage) * 1e9);
  const totals = { ...report.totals, loadingMs: 1e9, blindMs, pieces };
  const promise = {
    target: { n: 97, d: 100 },
    minimum: { n: 92, d: 100 },
    minCoverage: { n: 95, d: 100 },
  };
  const contract = {
    id: "c",
    assets: [{ id: "press-01" }],
    outcomes: [{ metric: "oee", ...promise }],
  };
  const [row] = levelRows([contract as never], [{ ...report, totals }]);
  expect(row?.stand).toBe(stand);
});

test("a gauge begins below everything it shows", () => {
  expect(scaleStart(level())).toBe(0.8);
  expect(scaleStart(level({ min: 0.03 }))).toBe(0);
  expect(scaleStart(level({ min: null, value: null, max: null }))).toBe(0.8);
});

/** The report of a lived-through day: golden forms, sums that add up, published windows that are told as published. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askedOf, contractsOf } from "../../agent/cli/report-asked.ts";
import { measure } from "../../agent/core/window/measure.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import { type AssetReport, assetReport, sumsOf, together } from "../../agent/report/build.ts";
import { reportCsv } from "../../agent/report/csv.ts";
import { reportDocument } from "../../agent/report/document.ts";
import { levelRows } from "../../agent/report/level.ts";
import { type Material, materialOf, type Report, reportOf } from "../../agent/report/report.ts";
import type { SpanAsked } from "../../agent/report/scope.ts";
import type { Slice } from "../../agent/report/slice.ts";
import { inkFor } from "../../agent/report/table.ts";
import { reportText } from "../../agent/report/text.ts";
import { addTotals, ratiosOf, type Totals } from "../../agent/report/totals.ts";
import { storePaths } from "../../agent/storage.ts";
import { openReader, type Reader } from "../../agent/store/read.ts";
import { END, ENTERED, HOUR, MINUTE, type ReportSite, reportSite, SHIFT, START } from "./site.ts";

let site: ReportSite;
let reader: Reader;
let plant: Plant;
beforeAll(async () => {
  site = await reportSite(ENTERED);
  plant = loadPlant(site.config);
  reader = openReader(storePaths(plant).database);
}, 60_000);
afterAll(() => {
  reader.close();
  site.remove();
});

const material = (span: SpanAsked, assets: string[] | null = null): Material =>
  materialOf(reader, { assets, line: null, span }, reader.lastCommitAt() ?? 0);
const report = (span: SpanAsked, assets: string[] | null = null): Report =>
  reportOf(material(span, assets), reader);
const between = (from: number, to: number): SpanAsked => ({ kind: "span", from, to });
const DAY: SpanAsked = { kind: "day", date: "2026-11-23" };
const MIDNIGHT = START - 5 * HOUR;

const beside = (whole: Report) => ({
  ...{ levels: levelRows(contractsOf(plant), whole.assets), standings: [], terms: null },
});

describe("golden", () => {
  test("text", async () => {
    const whole = report(DAY);
    const text = reportText(whole, beside(whole), inkFor(false));
    // Time zone rules come with Node.
    const stable = text.join("\n").replace(process.versions["tz"] ?? "", "TZDATA");
    await expect(`${stable}\n`).toMatchFileSnapshot("golden/day.txt");
  });

  test("CSV", async () => {
    await expect(`${reportCsv(report(DAY)).join("\n")}\n`).toMatchFileSnapshot("golden/day.csv");
  });

  test("JSON", async () => {
    const whole = report({ kind: "shift", id: "early", date: "2026-11-23" });
    const document = reportDocument(whole, beside(whole));
    // hashes are those of whole records, which may gain fields
    const stable = JSON.stringify(
      document,
      (key, value) => (/^(hash|configHashes|tzdata|calcVersion)$/.test(key) ? undefined : value),
      2,
    );
    await expect(`${stable}\n`).toMatchFileSnapshot("golden/shift.json");
  });
});

/** Everything that may be added up over spans. */
const additive = ({
  open: _o,
  pieces: { lowUs: _l, highUs: _h, ...pieces },
  ...totals
}: Totals) => ({
  ...totals,
  pieces: { ...pieces, machines: 0 },
  machines: 0,
});

describe("sums", () => {
  test("of a day are those of its hours, and of a shift of any parts", () => {
    const whole = report(DAY);
    const hours = Array.from({ length: 24 }, (_, i) =>
      report(between(MIDNIGHT + i * HOUR, MIDNIGHT + (i + 1) * HOUR)),
    );
    for (const [i, asset] of whole.assets.entries()) {
      const parts = hours.map((hour) => (hour.assets[i] as AssetReport).totals);
      expect(additive(addTotals(parts))).toEqual(additive(asset.totals));
      const reasons = hours.flatMap((hour) => hour.assets[i]?.reasons ?? []);
      const count = (rows: { count: number }[]) => rows.reduce((sum, row) => sum + row.count, 0);
      expect(count(reasons)).toBe(count(asset.reasons));
    }
    // late scrap belongs to its whole hour, which no cut may part
    const cuts = [0, 7, 55.5, 125, 163.25, 270, 300, 421, 440.4, 480].map(
      (m) => SHIFT + m * MINUTE,
    );
    const all = report(between(SHIFT, SHIFT + 480 * MINUTE), ["press-01"]);
    const pieces = cuts.slice(1).map((to, i) => report(between(cuts[i] ?? 0, to), ["press-01"]));
    const sum = addTotals(pieces.map((piece) => piece.all.totals));
    expect(additive(sum)).toEqual(additive(all.all.totals));
  });

  test("of machines are those of each, and ratios come from the sums", () => {
    const { assets, all } = report(DAY);
    expect(all.totals).toEqual(addTotals(assets.map(({ totals }) => totals)));
    expect(all.ratios).toEqual(ratiosOf(all.totals));
    const mean = (assets[0]?.ratios.uptime.value ?? 0) + (assets[1]?.ratios.uptime.value ?? 0);
    expect(all.ratios.uptime.value).not.toBeCloseTo(mean / 2, 4);
    expect(together(assets).ladder.good).toBeNull();
    expect(assets[0]?.ladder.good).toBe(assets[0]?.totals.pieces.idealGoodUs);
  });

  test("keep every millisecond in one bucket", () => {
    for (const { totals } of report(DAY).assets) {
      const sum = (of: Record<string, number>) => Object.values(of).reduce((a, b) => a + b, 0);
      const axes = [totals.conditionMs, totals.scheduleMs, totals.attributionMs];
      for (const axis of axes) expect(sum(axis)).toBe(24 * HOUR);
    }
  });
});

describe("what was published", () => {
  test("is told: the last revision, with its hash, and its ratios to the digit", () => {
    const scrapped = between(SHIFT + HOUR, SHIFT + 2 * HOUR);
    const [press] = report(scrapped, ["press-01"]).assets as [AssetReport];
    const [exact] = material(scrapped, ["press-01"]).slices;
    expect(exact?.exact?.body).toMatchObject({ revision: 2, by: "lab", why: "cracks" });
    expect(press.totals.pieces.reject).toBeGreaterThan(25);
    expect(press.proofs).toEqual([
      {
        id: "gw-1/press-01/hour/2026-11-23T06:00:00.000Z/2",
        hash: expect.stringMatching(/^sha256:/),
      },
    ]);
    const { oee, uptime, coverage } = measure(exact?.exact?.body.sums as never);
    expect(press.ratios).toEqual({
      uptime: { value: uptime.value, min: uptime.min, max: uptime.max },
      availability: { value: oee.availability, min: oee.availabilityMin, max: oee.availabilityMax },
      ...{ performance: oee.performance, quality: oee.quality, coverage: coverage.value },
      oee: { value: oee.oee, min: oee.oeeMin, max: oee.oeeMax },
    });
  });

  test("is what the journal gives when it is counted anew", () => {
    const days = material(DAY).slices;
    const shifts = material({ kind: "shift", id: "early", date: "2026-11-23" }).slices;
    for (const slice of [...days, ...shifts]) {
      const anew = sumsOf({ ...slice, exact: null });
      expect(anew).toEqual({ ...sumsOf(slice), flags: anew.flags, unbridged: anew.unbridged });
    }
  });

  test("a span that is no window names the windows it is made of", () => {
    const [slice] = material(between(SHIFT, SHIFT + 2 * HOUR), ["press-01"]).slices;
    expect(slice?.windows.map(({ body }) => [body.kind, body.from])).toEqual([
      ["hour", SHIFT],
      ["hour", SHIFT + HOUR],
    ]);
  });
});

describe("machines and spans", () => {
  test("the last complete day is the default, and the reach of the journal is said", () => {
    expect(report({ kind: "last-day" }).label).toBe("day 2026-11-23");
    const [month] = report({ kind: "month", month: "2026-11" }, ["press-01"]).assets;
    expect(month?.settledTo).toBe(MIDNIGHT + 24 * HOUR);
    expect(month?.totals.lengthMs).toBe((month?.settledTo ?? 0) - (month?.from ?? 0));
    const [last] = report({ kind: "last", ms: 2 * HOUR }, ["press-01"]).assets;
    expect((last?.to ?? 0) - (last?.from ?? 0)).toBe(2 * HOUR);
  });

  test("a machine without the shift is left out, unless it was named", () => {
    const asked: SpanAsked = { kind: "shift", id: "early", date: "2026-11-23" };
    const whole = report(asked);
    expect(whole.assets.map(({ asset }) => asset.id)).toEqual(["press-01"]);
    expect(whole.without).toEqual([
      expect.stringContaining("no shift early of 2026-11-23 of pump-02"),
    ]);
    expect(() => report(asked, ["pump-02"])).toThrow("no shift early");
    expect(() => report({ kind: "day", date: "2025-01-01" })).toThrow("it knows 2026-11-23 to");
    expect(() => report(DAY, ["nobody"])).toThrow("there is no asset nobody");
  });

  test.each([
    [{ asset: "a", line: "b" }, "one of --asset, --line, --contract"],
    [{ contract: "nobody" }, "there is no contract nobody; the configuration has acme-2026"],
    [{ day: "2026-11-23", last: "2h" }, "say the span by one of"],
    [{ shift: "early" }, "--shift must be like early@2026-11-23"],
    [{ month: "11/2026" }, "--month must be like"],
    [{ from: "2026-11-23T06:00:00Z" }, "must both be RFC 3339"],
    [{ from: "2026-11-23T06:00:00Z", to: "2026-11-23T06:00:00Z" }, "--to must be after --from"],
    [{ last: "soon" }, "--last must be a duration"],
    [{ json: true, csv: true }, "print one of --json, --csv"],
    [{ json: true, html: "-" }, "print one of --json, --html -"],
    [{ explain: true, csv: true }, "--explain does not go with --csv"],
    [{ as: "b.yaml", html: "x.html" }, "--as does not go with --html"],
    [{ explain: true, as: "b.yaml" }, "--explain does not go with --as"],
  ])("%j is refused", (options, words) => {
    expect(() => askedOf({ config: site.config, ...options }, plant)).toThrow(words);
  });

  test("a contract names its machines", () => {
    const asked = askedOf({ config: site.config, contract: "acme-2026" }, plant);
    const span = { kind: "last-day" };
    expect(asked).toEqual({ assets: ["press-01"], line: null, span, ofContract: true });
    const line = materialOf(
      reader,
      { assets: null, line: "l2", span: DAY },
      reader.lastCommitAt() ?? 0,
    );
    expect(line.slices.map(({ asset }) => asset.id)).toEqual(["pump-02"]);
  });

  test("a span of which nothing is known is refused, and says what is", () => {
    const words = /^nothing is known yet of press-01 in .*: its journal is settled from 2026-1/;
    for (const days of [-400, 90]) {
      const from = MIDNIGHT + days * 24 * HOUR;
      expect(() => material(between(from, from + HOUR), ["press-01"])).toThrow(words);
      expect(() => material(between(from, from + HOUR))).toThrow(words);
    }
    expect(() => material({ kind: "last", ms: 0 })).toThrow(words);
    const early: SpanAsked = { kind: "shift", id: "early", date: "2026-11-23" };
    const all = ["press-01", "pump-02"];
    const asked = { assets: all, line: null, span: early, ofContract: true as const };
    expect(materialOf(reader, asked, END).without).toEqual([expect.stringContaining("pump-02")]);
  });

  test("nothing settled leaves everything undefined, not zero", () => {
    const [known] = material(DAY, ["press-01"]).slices;
    const nothing = { settledTo: known?.from, intervals: [], counts: [], exact: null, notes: [] };
    const empty = assetReport({ ...(known as Slice), ...(nothing as Partial<Slice>) } as Slice, []);
    expect(empty.totals.lengthMs).toBe(0);
    expect(empty.ratios.uptime).toEqual({ value: null, min: null, max: null });
    expect(empty.mtbf.meanMs).toBeNull();
  });
});

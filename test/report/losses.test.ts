/** Losses by class of a day whose reason tree names them: sums that close, in every form, and with a reason given later. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { contractsOf } from "../../agent/cli/report-asked.ts";
import { standingsOf } from "../../agent/cli/report-contract.ts";
import type { Input } from "../../agent/core/input.ts";
import { LOSSES } from "../../agent/core/projection/loss.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import { type AssetReport, assetReport, together } from "../../agent/report/build.ts";
import { reportCsv } from "../../agent/report/csv.ts";
import { reportPage } from "../../agent/report/html/page.ts";
import { rungsOf } from "../../agent/report/html/waterfall.ts";
import { materialOf, type Report, reportOf } from "../../agent/report/report.ts";
import { inkFor } from "../../agent/report/table.ts";
import { reportText } from "../../agent/report/text.ts";
import { whatIf } from "../../agent/report/what-if.ts";
import { storePaths } from "../../agent/storage.ts";
import { openReader, type Reader } from "../../agent/store/read.ts";
import { HOUR, MINUTE, PLANT, type ReportSite, reportSite, START } from "./site.ts";

const TREE = `    reasons:
      - { code: 21, is: tool/change, loss: setup, attribution: supplier }
      - { code: 4, is: jam, loss: breakdown }
      - { code: no blanks, is: material, loss: reduced-speed }
      - { code: 77, is: warm-up, loss: start-up }
`;
const VALUE = `    fees: { currency: EUR, base: 1000 }
    value: { press-01: { contributionPerGoodPiece: 0.5, costPerDownHour: 60 } }
`;
const WITH_TREE = PLANT.replace("    counts: {", `${TREE}    counts: {`).concat(VALUE);

/** Set-up of 09:00 turned out to be warming up. */
const LATER: Input[] = [
  {
    ...{ kind: "reason", at: START + 8 * HOUR, asset: "press-01", reason: "warm-up" },
    ...{ from: START + 330 * MINUTE, to: START + 355 * MINUTE, attribution: null },
    ...{ by: "shift lead", why: "heaters were cold" },
  },
];

let site: ReportSite;
let reader: Reader;
let plant: Plant;
let whole: Report;
beforeAll(async () => {
  site = await reportSite(LATER, WITH_TREE);
  plant = loadPlant(site.config);
  reader = openReader(storePaths(plant).database);
  whole = day();
}, 60_000);
afterAll(() => {
  reader.close();
  site.remove();
});

const day = (): Report => reportOf(material(), reader);
const end = (): number => reader.lastCommitAt() ?? 0;
const material = () =>
  materialOf(
    reader,
    { assets: null, line: null, span: { kind: "day", date: "2026-11-23" } },
    end(),
  );
const press = (): AssetReport => whole.assets[0] as AssetReport;
const lostMs = (loss: (typeof LOSSES)[number]): number => (press().lost[loss].us ?? -1) / 1000;

test("each class has the time of its reasons, be they given later; the rest is by condition", () => {
  // The long fault, 42 min less the break, and the one of 18 min; the set-up; two times starved; a jam of 2 min.
  expect(lostMs("setup")).toBe(60 * MINUTE);
  expect(lostMs("start-up")).toBe(25 * MINUTE);
  expect(lostMs("breakdown")).toBe(2 * MINUTE);
  expect(lostMs("minor-stop")).toBe(0);
  expect(lostMs("other-stop")).toBe(0);
  const { ladder } = press();
  expect(ladder.stops.speed).toBe(15 * MINUTE * 1000);
  expect(ladder.short).toMatchObject({ speed: 3 * MINUTE * 1000, breakdown: 2 * MINUTE * 1000 });
});

test("loading is what was not seen, all classes together, and the good pieces", () => {
  const { ladder, lost, ratios } = press();
  const classed = LOSSES.reduce((sum, loss) => sum + (lost[loss].us ?? Number.NaN), 0);
  expect(ladder.unknown + classed + (ladder.good ?? 0)).toBe(ladder.loading);
  expect(ladder.run / ladder.observed).toBeCloseTo(ratios.availability.value ?? 0, 6);
  const all = together(whole.assets).lost;
  const pump = whole.assets[1]?.lost as AssetReport["lost"];
  for (const loss of LOSSES) expect(all[loss].us).toBe((lost[loss].us ?? 0) + (pump[loss].us ?? 0));
});

test("text, CSV and page tell the same", () => {
  const standings = standingsOf(reader, material(), plant, end(), (slice) => slice);
  const text = reportText(whole, { levels: [], standings, terms: null }, inkFor(false)).join("\n");
  expect(text).toMatch(/^start-up +0:25:00 \(1\u202f?000\) +– +0:25:00/m);
  expect(text).toMatch(/^breakdowns +0:02:00 \(\d+\) +0:10:00 \(–\) +0:12:00/m);
  expect(text).toMatch(/press-01 start-up +0:25:00 +1\u202f000 pieces +500\.00 EUR/);
  expect(text).toMatch(/press-01 breakdowns +0:02:00 +80 pieces +42\.00 EUR/);

  const [head = "", first = ""] = reportCsv(whole);
  const cells = first.split(",");
  const cell = (name: string): string => cells[head.split(",").indexOf(name)] ?? "";
  expect(cell("lostUs.start-up")).toBe(String(25 * MINUTE * 1000));
  expect(cell("lostMicroPieces.start-up")).toBe("1000000000");

  const names = rungsOf(press()).map(({ name }) => name);
  expect(names).toContain("start-up (long)");
  expect(names).toContain("breakdowns (short)");
  const page = reportPage(whole, [], standings);
  expect(page).toContain("6 start-up");
  expect(page).toContain("press-01: start-up");
});

test("the waterfall comes down to the good pieces step by step", () => {
  let rest = 0;
  for (const { total, us, from, to } of rungsOf(press())) {
    if (total && rest !== 0) expect(us).toBe(rest);
    rest = total ? us : rest - us;
    if (!total) expect(Math.min(from, to)).toBe(Math.min(rest, rest + us));
  }
  expect(rest).toBe(press().ladder.good);
});

test("the record of the contract and the report say the same losses", () => {
  const [standing] = standingsOf(reader, material(), plant, end(), (slice) => slice);
  const told = standing?.losses[0]?.losses ?? [];
  const byClass = Object.fromEntries(told.map(({ class: name, lostMs }) => [name, lostMs]));
  expect(byClass).toMatchObject({ "start-up": lostMs("start-up"), breakdown: lostMs("breakdown") });
  expect(byClass["setup"]).toBe(lostMs("setup"));
  expect(contractsOf(plant)[0]?.assets[0]?.losses).toHaveLength(4);
});

test("under another configuration the same reasons may be other losses; what they are called stays", () => {
  const other = site.write(
    "other.yaml",
    WITH_TREE.replace("is: jam, loss: breakdown", "is: jam, loss: minor-stop"),
  );
  const { slices, cannot } = whatIf(material().slices, loadPlant(other));
  const [asset] = slices.map((slice) => assetReport(slice, []));
  expect([asset?.lost["minor-stop"].us, asset?.lost.breakdown.us]).toEqual([2 * MINUTE * 1000, 0]);
  expect(cannot).toEqual([]);
  const renamed = site.write("renamed.yaml", WITH_TREE.replace("is: jam", "is: blocked"));
  expect(whatIf(material().slices, loadPlant(renamed)).cannot).toEqual([
    expect.stringContaining("press-01: its reasons differ"),
  ]);
});

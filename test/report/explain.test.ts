/** What is shown for an interval, and what the same journal says under another configuration. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { reportCommand } from "../../agent/cli/report.ts";
import { contractsOf } from "../../agent/cli/report-asked.ts";
import { standingsOf } from "../../agent/cli/report-contract.ts";
import type { CycleInput } from "../../agent/core/input.ts";
import { loadPlant, type Plant } from "../../agent/plant.ts";
import type { AssetReport } from "../../agent/report/build.ts";
import { compareText, differences, type Side } from "../../agent/report/compare.ts";
import { exprText, ruleText } from "../../agent/report/explain/rule-text.ts";
import { samplesAround } from "../../agent/report/explain/samples.ts";
import { type Material, materialOf, reportOf } from "../../agent/report/report.ts";
import { inkFor } from "../../agent/report/table.ts";
import { type Term, type Terms, termsOf, termText } from "../../agent/report/terms.ts";
import { recut, whatIf } from "../../agent/report/what-if.ts";
import { storePaths } from "../../agent/storage.ts";
import { openReader, type Reader } from "../../agent/store/read.ts";
import { press, rule } from "../support/plant.ts";
import { ENTERED, PLANT, type ReportSite, reportSite } from "./site.ts";

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

const end = (): number => reader.lastCommitAt() ?? 0;
const day = (): Material =>
  materialOf(
    reader,
    { assets: null, line: null, span: { kind: "day", date: "2026-11-23" } },
    end(),
  );

/** Lines that a command printed. */
function printed(run: () => number): string[] {
  const write = process.stdout.write.bind(process.stdout);
  let text = "";
  process.stdout.write = (chunk: string | Uint8Array): boolean => {
    text += chunk;
    return true;
  };
  try {
    expect(run()).toBe(0);
  } finally {
    process.stdout.write = write;
  }
  return text.split("\n").filter((line) => line !== "");
}

const FAULT = { config: "", asset: "press-01", explain: true } as const;
const span = { from: "2026-11-23T07:00:00Z", to: "2026-11-23T08:00:00Z" };

describe("explain", () => {
  test("names rule, register, samples, doubt and who answers", () => {
    const lines = printed(() => reportCommand({ ...FAULT, ...span, config: site.config }));
    const at = lines.findIndex((line) => line.startsWith("2026-11-23 08:03:00"));
    expect(lines.slice(at, at + 6)).toEqual([
      "2026-11-23 08:03:00  0:12:00  press-01  fault (21) stop answers: pending, begun up to 20 s earlier",
      "  rule 0: fault when status in 8, 9; recipe a7; lost to breakdowns",
      "  status: plc unit 1 holding 0 uint16 at 127.0.0.1:5020",
      "  reason: plc unit 1 holding 1 uint16 at 127.0.0.1:5020",
      "  before 08:02:40.000: status 6, reason 0",
      "  shown by 08:03:00.000: status 8, reason 21",
    ]);
    expect(lines[at + 6]).toContain(
      "0:20:00  press-01  fault (no coil at hand) stop answers: customer",
    );
  });

  test("as NDJSON, one object an interval, and nothing between them is left out", () => {
    const lines = printed(() =>
      reportCommand({ ...FAULT, ...span, json: true, config: site.config }),
    );
    const rows = lines.map((line) => JSON.parse(line));
    for (const [i, row] of rows.entries()) if (i > 0) expect(row.from).toBe(rows[i - 1].to);
    expect(rows[1]).toMatchObject({
      ...{ from: "2026-11-23T07:03:00.000Z", condition: "fault", stop: "stop", edgeMs: 20_000 },
      rule: { index: 0, text: "fault when status in 8, 9" },
      registers: [{ point: "status", connection: "plc", unit: 1 }, { point: "reason" }],
      loss: "breakdown",
      ...{ otherConfig: false, configHash: plant.hash },
      before: { at: "2026-11-23T07:02:40.000Z", values: { status: 6, reason: 0 }, failure: null },
    });
  });

  test("without raw it shows the minutes around the edge, and says when registers are others", () => {
    const other = site.write(
      "moved.yaml",
      PLANT.replace("address: 0, type: uint16", "address: 50, type: uint16"),
    );
    rmSync(join(site.folder, "data", "raw"), { recursive: true });
    const lines = printed(() => reportCommand({ ...FAULT, ...span, config: other }));
    expect(lines).toContain("  minute 08:02 status: 6 to 6, last 6, 3 readings");
    expect(lines.some((line) => line.includes("(registers are of another configuration)"))).toBe(
      true,
    );
    expect(lines.join()).toContain("plc unit 1 holding 50 uint16");
  });

  test("every form of a rule has words", () => {
    const { points } = press();
    const leaf = { point: 0 };
    const all = [
      { ...leaf, op: "above" as const, limit: 3, hysteresis: 0.5 },
      { ...leaf, op: "below" as const, limit: 3, hysteresis: 0 },
      { ...leaf, op: "between" as const, low: 1, high: 2, hysteresis: 0 },
      { ...leaf, op: "bit" as const, bit: 3, equals: false },
      { ...leaf, op: "moving" as const, withinMs: 30_000 },
      { op: "not" as const, of: { ...leaf, op: "lamp" as const, shows: "flashing" as const } },
      { op: "any" as const, of: [{ ...leaf, op: "equals" as const, value: 1n }] },
    ];
    expect(exprText({ op: "all", of: all }, points)).toBe(
      "all of (status > 3 (hysteresis 0.5); status < 3; status from 1 to 2; bit 3 of status clear; status counted within 30 s; not (lamp status flashing); any of (status = 1))",
    );
    const rules = [
      rule("fault", { op: "equals", point: 3, value: true }, { forMs: 2000 }),
      rule("idle", null),
    ];
    expect(ruleText(press({ rules }), 0)?.text).toBe("fault when guard = true for 2 s");
    expect(ruleText(press({ rules }), 1)).toEqual({
      ...{ text: "idle when no rule above it is true", points: ["guard"] },
    });
    expect(ruleText(press({ rules }), null)).toBeNull();
  });

  test("samples: values carry over, another source shows nothing, an edge between cycles has what was before", () => {
    const cycle = (at: number, source: string, values: CycleInput["values"]): CycleInput => ({
      ...{ kind: "cycle", at, asset: "a", source, values, bad: {}, failure: null },
    });
    const edge = (at: number) => ({ asset: "a", at, source: "main", points: ["x"] });
    const inputs = [
      cycle(1, "main", { x: 1, y: 2 }),
      cycle(2, "main", {}),
      cycle(2, "meter", { x: 9 }),
      { kind: "tick" as const, at: 3 },
      cycle(5, "main", { x: 3 }),
    ];
    const [first, shown, between, after] = samplesAround(
      [edge(0), edge(2), edge(4), edge(9)],
      inputs,
    );
    expect(first).toEqual({ before: null, shown: null });
    expect(shown).toMatchObject({
      before: { at: 1, values: { x: 1 } },
      shown: { at: 2, values: { x: 1 } },
    });
    expect(between).toMatchObject({ before: { at: 2 }, shown: null });
    expect(after).toMatchObject({ before: { at: 5, values: { x: 3 } }, shown: null });
  });
});

describe("what if", () => {
  const sides = (text: string): { recorded: Side; other: Side; cannot: string[] } => {
    const other = loadPlant(site.write("other.yaml", text));
    const material = day();
    const { slices, cannot } = whatIf(material.slices, other);
    const standings = standingsOf(reader, material, plant, end(), (slice) => slice);
    const others = standingsOf(reader, material, other, end(), (slice) =>
      recut(
        slice,
        other.model.assets.find(({ id }) => id === slice.asset.id) ?? slice.asset,
        other,
      ),
    );
    return {
      recorded: { report: reportOf(material, reader), standings },
      other: { report: reportOf({ ...material, slices }, reader), standings: others },
      cannot,
    };
  };
  const changed = (text: string) => {
    const { recorded, other, cannot } = sides(text);
    const rows = differences(recorded, other).filter((row) => row.recorded !== row.other);
    return { rows, cannot, names: rows.map(({ of, name }) => `${of} ${name}`) };
  };

  test("the same configuration changes nothing", () => {
    expect(changed(PLANT)).toMatchObject({ rows: [], cannot: [] });
  });

  test("a longer micro-stop turns downtime into lost speed; OEE stays", () => {
    const { rows, names } = changed(
      PLANT.replace("calendar: two-shift", "calendar: two-shift\n    microStop: 50min"),
    );
    const of = (name: string) => rows.find((row) => row.of === "press-01" && row.name === name);
    expect(of("failures")).toMatchObject({ recorded: 2, other: 0 });
    expect(of("micro-stops")).toMatchObject({ recorded: 2, other: 5 });
    expect(names).not.toContain("press-01 OEE");
    expect(names).not.toContain("press-01 loading");
  });

  test("another calendar moves what was scheduled, and pieces with it", () => {
    const { rows } = changed(
      PLANT.replace('end: "14:00", breaks: [{ start: "10:00", end: "10:30" }]', 'end: "14:00"'),
    );
    const row = rows.find(({ of, name }) => of === "press-01" && name === "loading");
    expect([row?.recorded, row?.other]).toEqual([15.5 * 3_600_000, 16 * 3_600_000]);
  });

  test("another attribution and another contract are told by verdict and text", () => {
    const lenient = PLANT.replace(
      "target: 97%, minimum: 92%, minCoverage: 95%",
      "target: 50%, minimum: 40%",
    );
    const { recorded, other } = sides(
      lenient.replace(
        "    calendar: two-shift\n    windows",
        "    calendar: two-shift\n    attribution: { fault: third-party }\n    windows",
      ),
    );
    const rows = differences(recorded, other);
    const row = rows.find(({ of, name }) => of === "press-01" && name === "down");
    expect([row?.recorded, row?.other]).toEqual([(42 - 20 + 18) * 60_000, 0]);
    expect(contractsOf(plant)).toHaveLength(1);
    const text = compareText(rows, "other.yaml", inkFor(false));
    expect(text.find((line) => line.startsWith("  down"))).toMatch(/0:40:00 +0:00:00 +-0:40:00$/);
    expect(text.find((line) => line.startsWith("contract acme-2026"))).toBeDefined();
  });

  test("what needs readings is named", () => {
    const text = PLANT.replace("in: [8, 9]", "in: [8]")
      .replace("idealCycle: 1.5s", "idealCycle: 2s")
      .replace("pump-02:", "pump-03:");
    const { cannot } = changed(text);
    expect(cannot).toEqual([
      "press-01: its conditions differ, which intervals cannot show; try `uptime-agent replay --raw`",
      "press-01: its recipes and ideal cycles differ, which intervals cannot show; try `uptime-agent replay --raw`",
      "pump-02 is not in the other configuration and stays as recorded",
    ]);
  });
});

describe("terms", () => {
  const sumsIn = (terms: Terms, asset: AssetReport) => {
    const of = new Map(termsOf(terms, asset).map(({ name, value }) => [name, value]));
    return (...names: string[]) => names.reduce((sum, name) => sum + (of.get(name) ?? 0), 0);
  };

  test("the elements of each standard add up to the time that was observed", () => {
    for (const asset of reportOf(day(), reader).assets) {
      const observed = asset.totals.loadingMs - asset.totals.blindMs;
      expect(sumsIn("vdi3423", asset)("TN", "TT", "TO", "TW")).toBe(observed);
      expect(sumsIn("iso22400", asset)("APT", "AUST", "ADET", "ADOT")).toBe(observed);
      const states = ["PRD", "SBY", "ENG", "SDT", "UDT", "NST", "unknown"];
      expect(sumsIn("e10", asset)(...states)).toBe(asset.totals.lengthMs);
    }
  });

  test("OEE of ISO 22400 is ours, and what is undefined stays so", () => {
    const [press, pump] = reportOf(day(), reader).assets as [AssetReport, AssetReport];
    const oee = (asset: AssetReport) =>
      termsOf("iso22400", asset).find(({ name }) => name === "oee");
    expect(oee(press)).toEqual({ name: "oee", unit: "share", value: press.ratios.oee.value });
    expect(termText(oee(pump) as Term)).toBe("–");
  });
});

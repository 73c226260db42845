/** `report`: outcomes of machines over a span from the journal of a store, beside a running agent or without one, or from a bundle. */
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { StandingBody } from "../core/contract/body.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant, type Plant, plantOf } from "../plant.ts";
import { bundleSource } from "../report/bundle-source.ts";
import { compareText, differences, type Side } from "../report/compare.ts";
import { reportCsv } from "../report/csv.ts";
import { reportDocument } from "../report/document.ts";
import { reportPage } from "../report/html/page.ts";
import { levelRows } from "../report/level.ts";
import { type Material, materialOf, type Report, reportOf, type Source } from "../report/report.ts";
import { inkFor } from "../report/table.ts";
import { type Beside, reportText } from "../report/text.ts";
import { recut, whatIf } from "../report/what-if.ts";
import { storePaths } from "../storage.ts";
import { openReader, type Reader } from "../store/read.ts";
import { isColorful } from "./color.ts";
import { EXIT, print, say } from "./output.ts";
import { askedOf, contractsOf, type ReportOptions, termsAsked } from "./report-asked.ts";
import { standingsOf } from "./report-contract.ts";
import { printExplanation } from "./report-explain.ts";

export function reportCommand(options: ReportOptions): number {
  const journal =
    options.bundle === undefined ? storeJournal(options) : bundleJournal(options.bundle);
  const { plant, source, end } = journal;
  try {
    const asked = askedOf(options, plant);
    const terms = termsAsked(options.terms);
    const other = options.as === undefined ? null : loadPlant(options.as);
    if (end === null) throw new Fault("INPUT_UNREADABLE", `${journal.name} holds no journal yet`);
    const material = materialOf(source, asked, end);
    if (options.explain) {
      printExplanation(plant, material, journal, options.json === true);
      return EXIT.done;
    }
    const report = reportOf(material, source);
    const standings = standingsOf(source, material, plant, end, (slice) => slice);
    if (other) compare({ source, material, recorded: { report, standings }, other, end }, options);
    else {
      const levels = levelRows(contractsOf(plant), report.assets);
      show(report, { levels, standings, terms }, options);
    }
    return EXIT.done;
  } finally {
    journal.close();
  }
}

/** Where a report comes from. */
interface Journal extends Pick<Reader, "aggregates" | "close"> {
  name: string;
  plant: Plant;
  source: Source;
  end: number | null;
  raw: string | null;
}

function storeJournal({ config }: ReportOptions): Journal {
  const plant = loadPlant(config);
  const { database, raw } = storePaths(plant);
  const { aggregates, close, ...reader } = readerOf(database);
  const end = reader.lastCommitAt();
  return { name: database, plant, source: reader, end, raw, aggregates, close };
}

function bundleJournal(file: string): Journal {
  const { source, end, config } = bundleSource(file, bytesOf(file));
  const none = { raw: null, aggregates: () => [], close: () => {} };
  return { name: file, plant: plantOf(file, config), source, end, ...none };
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Fault("INPUT_UNREADABLE", `cannot read ${file}`, { file }, error);
  }
}

function readerOf(file: string): Reader {
  try {
    return openReader(file);
  } catch (error) {
    throw new Fault("INPUT_UNREADABLE", `there is no journal in ${file}`, { file }, error);
  }
}

function show(report: Report, beside: Beside, { json, csv, html }: ReportOptions): void {
  if (html !== undefined) writePage(html, reportPage(report, beside.levels, beside.standings));
  if (json) print(JSON.stringify(reportDocument(report, beside)));
  else if (csv) process.stdout.write(`${reportCsv(report).join("\r\n")}\r\n`);
  else if (html === undefined)
    for (const line of reportText(report, beside, inkFor(isColorful()))) print(line);
}

function writePage(file: string, page: string): void {
  if (file === "-") {
    process.stdout.write(page);
    return;
  }
  try {
    writeFileSync(file, page);
    say(`written: ${file}; print it from any browser`);
  } catch (error) {
    throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
  }
}

interface Comparison {
  source: Source;
  material: Material;
  recorded: Side & { standings: StandingBody[] };
  other: Plant;
  end: number;
}

/** `--as`: the same journal under another configuration, side by side. Writes nothing. */
function compare(
  { source, material, recorded, other, end }: Comparison,
  { as = "", json }: ReportOptions,
): void {
  const { slices, cannot } = whatIf(material.slices, other);
  const report = reportOf({ ...material, slices }, source);
  const standings = standingsOf(source, material, other, end, (slice) => {
    const asset = other.model.assets.find(({ id }) => id === slice.asset.id);
    return asset ? recut(slice, asset, other) : slice;
  });
  const rows = differences(recorded, { report, standings });
  for (const line of cannot) say(line);
  if (json) {
    const documentOf = (side: Side): Record<string, unknown> =>
      reportDocument(side.report, { levels: [], standings: side.standings, terms: null });
    const both = { recorded: documentOf(recorded), other: documentOf({ report, standings }) };
    print(
      JSON.stringify({ schema: "uptime.what-if/1", file: as, ...both, differences: rows, cannot }),
    );
  } else for (const line of compareText(rows, basename(as), inkFor(isColorful()))) print(line);
}

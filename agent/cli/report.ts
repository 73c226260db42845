/** `report`: outcomes of machines over a span from the journal of a store, beside a running agent or without one. */
import { writeFileSync } from "node:fs";
import { contractModels } from "../../config/contract.ts";
import { civilDay, zoneOf } from "../calendar/zone.ts";
import { duration, usage } from "../commission/target.ts";
import type { ContractModel } from "../core/contract/model.ts";
import { Fault } from "../core/fault.ts";
import { loadPlant, type Plant } from "../plant.ts";
import { instantOf } from "../replay/fields.ts";
import { reportCsv } from "../report/csv.ts";
import { reportDocument } from "../report/document.ts";
import { reportPage } from "../report/html/page.ts";
import { levelRows } from "../report/level.ts";
import { type Asked, materialOf, reportOf } from "../report/report.ts";
import type { SpanAsked } from "../report/scope.ts";
import { inkFor } from "../report/table.ts";
import { reportText } from "../report/text.ts";
import { storePaths } from "../storage.ts";
import { openReader, type Reader } from "../store/read.ts";
import { EXIT, type GlobalOptions, print } from "./output.ts";

export interface ReportOptions extends GlobalOptions {
  config: string;
  asset?: string;
  line?: string;
  contract?: string;
  shift?: string;
  day?: string;
  month?: string;
  from?: string;
  to?: string;
  last?: string;
  csv?: boolean;
  html?: string;
}

export function reportCommand(options: ReportOptions): number {
  const plant = loadPlant(options.config);
  const asked = askedOf(options, plant);
  const { database } = storePaths(plant);
  const reader = journalOf(database);
  try {
    const end = reader.lastCommitAt();
    if (end === null) throw new Fault("INPUT_UNREADABLE", `${database} holds no journal yet`);
    const report = reportOf(materialOf(reader, asked, end), reader);
    const rows = levelRows(contractsOf(plant), report.assets);
    if (options.json) print(JSON.stringify(reportDocument(report, rows)));
    else if (options.csv) process.stdout.write(`${reportCsv(report).join("\r\n")}\r\n`);
    else if (options.html !== undefined) writePage(options.html, reportPage(report, rows));
    else for (const line of reportText(report, rows, inkFor(isColorful()))) print(line);
    return EXIT.done;
  } finally {
    reader.close();
  }
}

function journalOf(file: string): Reader {
  try {
    return openReader(file);
  } catch (error) {
    throw new Fault("INPUT_UNREADABLE", `there is no journal in ${file}`, { file }, error);
  }
}

function writePage(file: string, page: string): void {
  if (file === "-") process.stdout.write(page);
  else
    try {
      writeFileSync(file, page);
    } catch (error) {
      throw new Fault("FILE_UNWRITABLE", `cannot write ${file}`, { file }, error);
    }
}

const contractsOf = ({ config }: Plant): ContractModel[] =>
  contractModels(config, (date, zone) => zoneOf(zone).resolve(civilDay(date), 0));

const isColorful = (): boolean =>
  process.stdout.isTTY === true && (process.stdout.getColorDepth?.() ?? 1) > 1;

/** Throws `USAGE_INVALID` for options that do not go together or say nothing. */
export function askedOf(options: ReportOptions, plant: Plant): Asked {
  const { asset, line = null, contract } = options;
  if ([asset, options.line, contract].filter((each) => each !== undefined).length > 1)
    throw usage("say which machines by one of --asset, --line, --contract");
  const assets =
    contract === undefined ? (asset?.split(",") ?? null) : assetsUnder(plant, contract);
  return { assets, line, span: spanOf(options) };
}

function assetsUnder({ config }: Plant, contract: string): string[] {
  const found = config.contracts[contract];
  if (found) return found.assets;
  const names = Object.keys(config.contracts).join(", ") || "none";
  throw usage(`there is no contract ${contract}; the configuration has ${names}`);
}

function spanOf({ shift, day, month, from, to, last }: ReportOptions): SpanAsked {
  const ways = [shift, day, month, from ?? to, last].filter((each) => each !== undefined);
  if (ways.length > 1)
    throw usage("say the span by one of --shift, --day, --month, --from and --to, --last");
  if (shift !== undefined) return shiftOf(shift);
  if (day !== undefined) return { kind: "day", date: matching("--day", day, DATE, "2026-11-23") };
  if (month !== undefined)
    return { kind: "month", month: matching("--month", month, MONTH, "2026-11") };
  if (last !== undefined) return { kind: "last", ms: duration("--last", last) };
  if (from === undefined && to === undefined) return { kind: "last-day" };
  return between(from, to);
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const MONTH = /^\d{4}-\d\d$/;

function matching(name: string, text: string, form: RegExp, example: string): string {
  if (form.test(text)) return text;
  throw usage(`${name} must be like ${example}, not ${text}`);
}

function shiftOf(text: string): SpanAsked {
  const [id = "", date = ""] = text.split("@");
  if (id !== "" && DATE.test(date)) return { kind: "shift", id, date };
  throw usage(`--shift must be like early@2026-11-23, not ${text}`);
}

function between(from: string | undefined, to: string | undefined): SpanAsked {
  const [begin, end] = [instantOf(from ?? ""), instantOf(to ?? "")];
  if (begin === null || end === null)
    throw usage("--from and --to must both be RFC 3339 times, such as 2026-11-23T06:00:00Z");
  if (end <= begin) throw usage("--to must be after --from");
  return { kind: "span", from: begin, to: end };
}

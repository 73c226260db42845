/** The options of `report` as what is asked: machines, span, terms. Refuses what does not go together. */
import { contractModels } from "../../config/contract.ts";
import { civilDay, zoneOf } from "../calendar/zone.ts";
import { duration, oneOf, usage } from "../commission/target.ts";
import type { ContractModel } from "../core/contract/model.ts";
import type { Plant } from "../plant.ts";
import { instantOf } from "../replay/fields.ts";
import type { Asked } from "../report/report.ts";
import type { SpanAsked } from "../report/scope.ts";
import { TERMS, type Terms } from "../report/terms.ts";
import type { GlobalOptions } from "./output.ts";

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
  explain?: boolean;
  as?: string;
  bundle?: string;
  terms?: string;
  csv?: boolean;
  html?: string;
}

export const contractsOf = ({ config }: Plant): ContractModel[] =>
  contractModels(config, (date, zone) => zoneOf(zone).resolve(civilDay(date), 0));

export const termsAsked = (text: string | undefined): Terms | null =>
  text === undefined ? null : oneOf("--terms", text, TERMS);

/** What is printed one way at a time; `--html FILE` may come beside `--json` or `--csv`. */
function refuseForms({ json, csv, html, explain, as, terms }: ReportOptions): void {
  const forms = [json && "--json", csv && "--csv", html === "-" && "--html -"].filter(Boolean);
  if (forms.length > 1) throw usage(`print one of ${forms.join(", ")}`);
  const what = explain ? "--explain" : as === undefined ? null : "--as";
  const both = explain && as !== undefined && "--as";
  const form = csv ? "--csv" : html !== undefined ? "--html" : terms !== undefined && "--terms";
  const other = both || form;
  if (what !== null && other) throw usage(`${what} does not go with ${other}`);
}

/** Throws `USAGE_INVALID` for options that do not go together or say nothing. */
export function askedOf(options: ReportOptions, plant: Plant): Asked {
  refuseForms(options);
  const { asset, line = null, contract } = options;
  if ([asset, options.line, contract].filter((each) => each !== undefined).length > 1)
    throw usage("say which machines by one of --asset, --line, --contract");
  const assets =
    contract === undefined ? (asset?.split(",") ?? null) : assetsUnder(plant, contract);
  const ofContract = contract === undefined ? {} : { ofContract: true as const };
  return { assets, line, span: spanOf(options), ...ofContract };
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

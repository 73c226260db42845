/**
 * Machine models: merges `template:` into assets and resolves the short form of `sources.main`.
 * Maps merge by key, lists are replaced whole, the asset wins. Works on unchecked data; checks nothing it need not.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSource, type SourceDocument } from "./document.ts";
import { explain } from "./explain.ts";
import { didYouMean } from "./nearest.ts";
import { type Finding, type Problem, pathText } from "./problem.ts";
import type { Template } from "./types.ts";
import { violations } from "./validator.ts";

export type Data = Record<string, unknown>;

export const isData = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const SHORT_FORMS = ["connection", "unit", "poll", "holdLast"];

const SHIPPED = fileURLToPath(new URL("./templates/", import.meta.url));

/** Template names: those beside the configuration (`templates/`), then the shipped ones. Sorted. */
export function templateNames(directory: string): string[] {
  const folders = [join(directory, "templates"), SHIPPED].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder));
  const names = files.filter((file) => file.endsWith(".yaml")).map((file) => file.slice(0, -5));
  return [...new Set(names)].sort();
}

/** The parsed file of a template, the local one first; null when there is none of that name. */
export function openTemplate(name: string, directory: string): SourceDocument | null {
  for (const folder of [join(directory, "templates"), SHIPPED]) {
    const file = join(folder, `${name}.yaml`);
    if (existsSync(file)) return parseSource(file, readFileSync(file, "utf8"));
  }
  return null;
}

/** True for the files that come with the agent. */
export const isShipped = (file: string): boolean => file.startsWith(SHIPPED);

/** How a name becomes a file; tests and `template lint` put their own in its place. */
export type OpenTemplate = typeof openTemplate;

export interface Merged {
  /** A copy of the configuration with all assets complete; `template` keys stay. */
  data: unknown;
  /** Which file to blame, by asset id. */
  templates: Map<string, SourceDocument>;
  findings: Finding[];
  /** Problems of the template files themselves. */
  problems: Problem[];
}

/** Completes every asset. `directory` is that of the configuration file. */
export function mergeTemplates(
  data: unknown,
  directory: string,
  open: OpenTemplate = openTemplate,
): Merged {
  const merged: Merged = { data, templates: new Map(), findings: [], problems: [] };
  if (!isData(data) || !isData(data["assets"])) return merged;
  const opened = new Map<string, SourceDocument | null>();
  // Many machines of one model share one parsed file.
  const once: OpenTemplate = (name, folder) => {
    const known = opened.get(name);
    const document = known === undefined ? open(name, folder) : known;
    opened.set(name, document);
    return document;
  };
  const assets = Object.entries(data["assets"]).map(([id, asset]) => {
    return [id, isData(asset) ? complete(id, asset, directory, merged, once) : asset];
  });
  merged.data = { ...data, assets: Object.fromEntries(assets) };
  return merged;
}

function complete(
  id: string,
  asset: Data,
  directory: string,
  merged: Merged,
  open: OpenTemplate,
): Data {
  const own = expanded(id, asset, merged.findings);
  const name = asset["template"];
  if (typeof name !== "string" || !/^[a-z0-9-]{1,32}$/.test(name)) return own;
  const document = open(name, directory);
  if (!document) {
    const hint = didYouMean(name, templateNames(directory));
    merged.findings.push({
      path: ["assets", id, "template"],
      message: `there is no template ${name}`,
      hint,
    });
    return own;
  }
  const read = readTemplate(document);
  merged.problems.push(...read.problems);
  if (!read.asset) return own;
  merged.templates.set(id, document);
  return merge(expanded(id, read.asset, merged.findings), own) as Data;
}

export interface ReadTemplate {
  /** Null while the file has problems. */
  template: Template | null;
  /** The part of it that assets share, problems elsewhere or not. */
  asset: Data | null;
  problems: Problem[];
}

/** A template's file against its schema; defaults are filled in. Its asset is checked where it is used. */
export function readTemplate(document: SourceDocument): ReadTemplate {
  if (document.problems.length > 0) {
    return { template: null, asset: null, problems: document.problems };
  }
  const problems = violations("template.json", document.data).map((violation): Problem => {
    const { path, message, hint = null, at = "value" } = explain(violation);
    const place = document.locate(path, at) ?? { line: 1, col: 1 };
    return { file: document.file, ...place, path: pathText(path), message, hint };
  });
  const asset = isData(document.data) ? document.data["asset"] : null;
  const template = problems.length === 0 ? (document.data as Template) : null;
  return { template, asset: isData(asset) ? asset : null, problems };
}

/** `connection`, `unit`, `poll`, `holdLast` of the asset become those of `sources.main`. */
function expanded(id: string, asset: Data, findings: Finding[]): Data {
  const short = SHORT_FORMS.filter((key) => Object.hasOwn(asset, key));
  const sources = asset["sources"] ?? {};
  const main = isData(sources) ? (sources["main"] ?? {}) : null;
  if (short.length === 0 || !isData(sources) || !isData(main)) return asset;
  const rest = Object.fromEntries(Object.entries(asset).filter(([key]) => !short.includes(key)));
  const given = Object.fromEntries(short.map((key) => [key, asset[key]]));
  for (const key of short.filter((each) => Object.hasOwn(main, each))) {
    const message = "is given twice: here and in sources.main";
    findings.push({ path: ["assets", id, key], at: "key", message, hint: "keep one of the two" });
  }
  return { ...rest, sources: { ...sources, main: { ...given, ...main } } };
}

/** Maps by key, all else replaced. */
export function merge(base: unknown, over: unknown): unknown {
  if (!isData(base) || !isData(over)) return over;
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    entries.set(key, entries.has(key) ? merge(entries.get(key), value) : value);
  }
  return Object.fromEntries(entries);
}

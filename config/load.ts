/**
 * From a file to a checked configuration, or to everything that is wrong with it, at once and with positions.
 * Parses, merges templates, validates, cross-checks; compiles nothing and acts on nothing.
 */
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { Fault } from "../agent/core/fault.ts";
import { crossCheck } from "./cross/plant.ts";
import { parseSource, type SourceDocument } from "./document.ts";
import { draftOf } from "./draft.ts";
import { explain } from "./explain.ts";
import { pointTroubles } from "./point.ts";
import { type Finding, type Path, type Problem, pathText } from "./problem.ts";
import { type Merged, mergeTemplates, type OpenTemplate, SHORT_FORMS } from "./template.ts";
import type { Config } from "./types.ts";
import { type Violation, violations } from "./validator.ts";

export interface LoadOptions {
  /** Drivers that this agent really has; a connection with another one is a warning. */
  drivers?: readonly string[];
  /** Where templates come from. Default: `templates/` beside the file, then the shipped ones. */
  openTemplate?: OpenTemplate;
}

export type Loaded =
  | { ok: true; config: Config; warnings: Problem[] }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/** Reads and checks a file. Throws `CONFIG_UNREADABLE` and nothing else. Relative paths inside begin at its directory. */
export function loadConfig(file: string, options: LoadOptions = {}): Loaded {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Fault("CONFIG_UNREADABLE", `cannot read ${file}`, { file }, cause);
  }
  return parseConfig(file, text, options);
}

/** As {@link loadConfig} for text at hand; `file` names it in problems, and its directory is searched for `templates/`. Never throws. */
export function parseConfig(file: string, text: string, options: LoadOptions = {}): Loaded {
  const document = parseSource(file, text);
  if (document.problems.length > 0) {
    return { ok: false, problems: sorted(document.problems), warnings: [] };
  }
  const merged = mergeTemplates(document.data, dirname(file), options.openTemplate);
  const data = structuredClone(merged.data);
  const schemaViolations = violations("plant.json", data);
  const troubles = pointTroubles(data);
  const broken = [...schemaViolations, ...troubles.map(({ violation }) => violation)];
  const draft = draftOf(data, broken.flatMap(brokenPath));
  const cross = crossCheck(draft, options.drivers ?? ["modbus-tcp"]);
  const findings = [
    ...merged.findings,
    ...schemaViolations.map(explain),
    ...troubles.map(({ finding }) => finding),
    ...cross.errors,
  ];
  const place = (finding: Finding): Problem => placed(finding, document, merged);
  const problems = sorted([...merged.problems, ...findings.map(place)]);
  const warnings = sorted(cross.warnings.map(place));
  if (problems.length > 0) return { ok: false, problems, warnings };
  return { ok: true, config: filled(data as Config), warnings };
}

/** An unknown or badly named key is wrong, but breaks nothing around it. */
function brokenPath({ keyword, key, path, params }: Violation): Path[] {
  if (key !== null || keyword === "additionalProperties") return [];
  return keyword === "required" ? [[...path, String(params["missingProperty"])]] : [path];
}

/** Defaults that follow from other values. */
function filled(config: Config): Config {
  config.mqtt.clientId ??= config.gateway.id;
  for (const [id, asset] of Object.entries(config.assets)) asset.name ??= id;
  return config;
}

function placed(finding: Finding, document: SourceDocument, merged: Merged): Problem {
  const { path, message, hint = null } = finding;
  const template = path[0] === "assets" ? merged.templates.get(String(path[1])) : undefined;
  const files = template ? [document, template] : [document];
  const text = pathText(usesShortForm(path, files) ? shortForm(path) : path);
  for (let length = path.length; length >= 0; length--) {
    const at = length < path.length ? "key" : (finding.at ?? "value");
    const place = placeOf(path.slice(0, length), at, files);
    if (place) return { ...place, path: text, message, hint };
  }
  return { file: document.file, line: 1, col: 1, path: text, message, hint };
}

/** The configuration first, then the template of the asset; both may use the short form of `sources.main`. */
function placeOf(path: Path, at: "value" | "key", files: SourceDocument[]) {
  for (const [index, source] of files.entries()) {
    for (const form of [path, shortForm(path)]) {
      const place = source.locate(index === 0 ? form : inTemplate(form), at);
      if (place) return { file: source.file, ...place };
    }
  }
  return null;
}

const inTemplate = (path: Path): Path => ["asset", ...path.slice(2)];

function shortForm(path: Path): Path {
  const [, , sources, main, key] = path;
  const isShort = sources === "sources" && main === "main" && SHORT_FORMS.includes(String(key));
  return isShort ? [...path.slice(0, 2), ...path.slice(4)] : path;
}

const usesShortForm = (path: Path, files: SourceDocument[]): boolean =>
  path[2] === "sources" && placeOf(path.slice(0, 4), "value", files) === null;

/** By place, each once: two assets with one template share its mistakes. */
function sorted(problems: Problem[]): Problem[] {
  const unique = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, col, message, path } = problem;
    const leaf = path.slice(path.lastIndexOf(".") + 1);
    const key = `${file}\0${line}\0${col}\0${leaf}\0${message}`;
    if (!unique.has(key)) unique.set(key, problem);
  }
  return [...unique.values()].sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.col - b.col,
  );
}

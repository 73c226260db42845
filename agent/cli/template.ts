/** `template list | show | lint`: the machine models that ship and those beside the configuration. Reads no device. */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type CatalogEntry, catalog } from "../../config/catalog.ts";
import { parseSource, type SourceDocument } from "../../config/document.ts";
import { didYouMean } from "../../config/nearest.ts";
import { formatProblem } from "../../config/problem.ts";
import { isData, isShipped, openTemplate, templateNames } from "../../config/template.ts";
import { Fault } from "../core/fault.ts";
import { lintTemplate } from "../template/lint.ts";
import type { Lint } from "../template/lint-report.ts";
import { EXIT, type GlobalOptions, print, say } from "./output.ts";

type Options = GlobalOptions & { config: string };

/** Throws `TEMPLATE_MISSING` where there is none of that name. */
export function namedTemplate(name: string, config: string): SourceDocument {
  const directory = dirname(config);
  const document = openTemplate(name, directory);
  if (document) return document;
  const hint = didYouMean(name, templateNames(directory));
  const more = hint === null ? "" : ` (${hint})`;
  throw new Fault("TEMPLATE_MISSING", `there is no template ${name}${more}`, { template: name });
}

export function listTemplates(options: Options): number {
  const entries = catalog(dirname(options.config));
  if (options.json) {
    print(JSON.stringify({ templates: entries.map(plain) }));
    return EXIT.done;
  }
  const rows = entries.map(({ name, file, template }) => [
    name,
    template?.grade ?? "-",
    template?.vendor ?? "-",
    isShipped(file) ? "shipped" : "local",
    template ? template.products.join(", ") : `broken: uptime-agent template lint ${name}`,
  ]);
  for (const line of table([["template", "grade", "vendor", "from", "products"], ...rows])) {
    print(line);
  }
  say("next: `uptime-agent template show NAME`, then `template: NAME` in an asset");
  return EXIT.done;
}

function plain({ name, file, template, problems }: CatalogEntry): object {
  const points = template?.asset["points" as keyof typeof template.asset];
  return {
    name,
    file,
    shipped: isShipped(file),
    grade: template?.grade ?? null,
    vendor: template?.vendor ?? null,
    products: template?.products ?? [],
    description: template?.description ?? null,
    points: isData(points) ? Object.keys(points) : [],
    fixtures: template?.fixtures.map((fixture) => fixture.name) ?? [],
    problems,
  };
}

/** Columns as wide as their widest cell; the last one is cut to 60 characters. */
function table(rows: string[][]): string[] {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === columns - 1 ? cut(cell) : cell.padEnd(widths[column] ?? 0),
    );
    return cells.join("  ").trimEnd();
  });
}

const cut = (cell: string): string => (cell.length > 60 ? `${cell.slice(0, 59)}…` : cell);

/** The file as it stands; where it is and what it rests on goes to stderr. */
export function showTemplate(name: string, options: Options): number {
  const { file, data } = namedTemplate(name, options.config);
  if (options.json) {
    print(JSON.stringify({ name, file, shipped: isShipped(file), template: data ?? null }));
    return EXIT.done;
  }
  process.stdout.write(readFileSync(file, "utf8"));
  say(`${file} (${isShipped(file) ? "shipped" : "local"})`);
  const entry = catalog(dirname(options.config)).find((each) => each.name === name);
  for (const { title, edition, place, url } of entry?.template?.sources ?? []) {
    say(`source: ${[title, edition, place, url].filter((part) => part !== undefined).join(", ")}`);
  }
  for (const caveat of entry?.template?.caveats ?? []) say(`mind: ${caveat}`);
  return EXIT.done;
}

/** `what`: names and files; none: all there are. 0 when nothing was found. */
export function lintTemplates(what: string[], options: Options): number {
  const wanted = what.length > 0 ? what : templateNames(dirname(options.config));
  const lints = wanted.map((each) => {
    const document = isFile(each) ? fileOf(each) : namedTemplate(each, options.config);
    return { file: document.file, ...lintTemplate(document) };
  });
  const count = lints.reduce((sum, lint) => sum + lint.errors.length + lint.warnings.length, 0);
  if (options.json) print(JSON.stringify({ ok: count === 0, templates: lints }));
  else {
    lints.forEach(printLint);
    say(`${counted(lints.length, "template")}, ${counted(count, "finding")}`);
  }
  return count === 0 ? EXIT.done : EXIT.failed;
}

function printLint({ errors, warnings }: Lint): void {
  for (const problem of errors) print(formatProblem(problem));
  for (const problem of warnings) print(`${formatProblem(problem)} [warning]`);
}

const counted = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? "" : "s"}`;

const isFile = (what: string): boolean => /[/\\]|\.ya?ml$/.test(what);

function fileOf(file: string): SourceDocument {
  if (!existsSync(file)) throw new Fault("CONFIG_UNREADABLE", `cannot read ${file}`, { file });
  return parseSource(file, readFileSync(file, "utf8"));
}

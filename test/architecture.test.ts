/** The shape of ARCHITECTURE.md, enforced: who may import whom, a pure core, small files, nothing of one machine. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join, normalize } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const APART = /^(\.git|node_modules|dist[^/]*|coverage|data)$/;

function* walk(folder: string): Generator<string> {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !APART.test(entry.name)) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

const files = new Map([...walk(".")].map((path) => [path, readFileSync(join(root, path), "utf8")]));
const code = [...files].filter(([path]) => /\.(ts|mjs)$/.test(path));
const sources = code.filter(([path]) => /^(agent|drivers|config|simulator)\//.test(path));
const IMPORT =
  /^(?:import|export)\b(?:[^;'"=]*?\bfrom)?\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm;

const importsOf = (text: string): string[] =>
  [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? "");
const target = (from: string, name: string): string => normalize(join(dirname(from), name));
const packageName = (name: string): string =>
  name.split("/", name.startsWith("@") ? 2 : 1).join("/");
const isBuiltin = (name: string): boolean =>
  name.startsWith("node:") || builtinModules.includes(name);

/** Parts, the most special first, with what they may import beside themselves. */
const PARTS: { part: string; may: RegExp; packages: string[] }[] = [
  { part: "agent/core/", may: /^$/, packages: [] },
  { part: "agent/store/", may: /^agent\/core\//, packages: ["better-sqlite3"] },
  {
    part: "agent/",
    may: /^(agent\/(core|store)|drivers|config)\//,
    packages: ["mqtt", "pino", "commander", "@js-temporal/polyfill"],
  },
  {
    part: "drivers/",
    may: /^agent\/core\//,
    packages: ["modbus-serial", "serialport", "onoff"],
  },
  {
    part: "config/",
    may: /^(agent\/core\/|drivers\/driver\.ts$)/,
    packages: ["ajv", "yaml", "json-schema-to-typescript"],
  },
  {
    part: "simulator/",
    may: /^(agent\/core\/|config\/|drivers\/driver\.ts)/,
    packages: ["modbus-serial", "aedes"],
  },
];
/** The simulator's entry points and what only they use; the rest of the simulator knows no agent. */
const STARTS_AN_AGENT = /^simulator\/(main|demo\/[a-z]+)\.ts$/;

const partOf = (path: string) => PARTS.find(({ part }) => path.startsWith(part));

describe("imports", () => {
  test("every part imports only what the table allows", () => {
    const wrong = sources.flatMap(([path, text]) =>
      importsOf(text)
        .filter((name) => !isAllowed(path, name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(wrong).toEqual([]);
  });

  function isAllowed(path: string, name: string): boolean {
    const row = partOf(path);
    if (!row) return false;
    if (isBuiltin(name)) return row.part !== "agent/core/" && name.startsWith("node:");
    if (!name.startsWith(".")) return row.packages.includes(packageName(name));
    const to = target(path, name);
    if (STARTS_AN_AGENT.test(path)) return /^(agent|drivers|config|simulator)\//.test(to);
    return (partOf(to) === row && !STARTS_AN_AGENT.test(to)) || row.may.test(to);
  }

  test("a package is imported by one file of its part", () => {
    const users = new Map<string, Set<string>>();
    for (const [path, text] of sources) {
      for (const name of importsOf(text)) {
        if (name.startsWith(".") || isBuiltin(name)) continue;
        const key = `${partOf(path)?.part} ${packageName(name)}`;
        users.set(key, (users.get(key) ?? new Set()).add(path));
      }
    }
    expect([...users].filter(([, paths]) => paths.size > 1)).toEqual([]);
  });

  test("the packages of package.json are exact, and those for run time are used", () => {
    const pkg = JSON.parse(files.get("package.json") ?? "{}");
    const runtime = { ...pkg.dependencies, ...pkg.optionalDependencies };
    const versions = Object.values({ ...runtime, ...pkg.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(String(version)))).toEqual([]);
    const used = new Set(sources.flatMap(([, text]) => importsOf(text).map(packageName)));
    expect(Object.keys(runtime).filter((name) => !used.has(name))).toEqual([]);
  });

  test("there is no cycle, type imports included", () => {
    const graph = new Map(
      code.map(([path, text]) => [
        path,
        importsOf(text).flatMap((name) => (name.startsWith(".") ? [target(path, name)] : [])),
      ]),
    );
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (path: string, trail: string[]): void => {
      if (trail.includes(path))
        cycles.push([...trail.slice(trail.indexOf(path)), path].join(" → "));
      if (done.has(path) || trail.includes(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    };
    for (const path of graph.keys()) visit(path, []);
    expect(cycles).toEqual([]);
  });
});

describe("the core is pure", () => {
  const IMPURE =
    /\b(Date|setTimeout|setInterval|setImmediate|queueMicrotask|Math\.random|process|performance\.(?:now|timeOrigin)|crypto|globalThis|console|Promise|async|await|Intl)\b/;
  const core = sources.filter(([path]) => path.startsWith("agent/core/"));

  test.each(core)("%s knows no clock, chance or outside", (_, text) => {
    const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "").replace(/"[^"\n]*"/g, '""');
    expect(IMPURE.exec(bare)?.[0]).toBeUndefined();
  });
});

describe("files", () => {
  const isGenerated = (text: string): boolean => /generated/i.test(text.slice(0, 200));
  const isTable = (path: string): boolean => path === "agent/core/fault.ts";
  const where = (list: [string, string][], wrong: (path: string, text: string) => boolean) =>
    list.filter(([path, text]) => wrong(path, text)).map(([path]) => path);

  test("are small", () => {
    const limit = (path: string): number => (/^(test|bench)\//.test(path) ? 300 : 250);
    const long = where(code, (path, text) => text.split("\n").length - 1 > limit(path));
    expect(long.filter((path) => !isTable(path) && !isGenerated(files.get(path) ?? ""))).toEqual(
      [],
    );
  });

  test("are named for what they are about", () => {
    const vague = /^(utils?|helpers?|common|manager|services?|base|misc|index)\./;
    expect(where(code, (path) => vague.test(basename(path)))).toEqual([]);
  });

  test("open with what they are for", () => {
    const product = code.filter(([path]) => !path.startsWith("test/"));
    expect(where(product, (_, text) => !/^(#!.*\n)?(\/\*|\/\/)/.test(text))).toEqual([]);
  });

  test("export by name and mock no module", () => {
    const config = (path: string): boolean => path === "vitest.config.ts";
    expect(where(code, (path, text) => /^export default/m.test(text) && !config(path))).toEqual([]);
    expect(where(code, (_, text) => /\bvi\.(mock|doMock)\(/.test(text))).toEqual([]);
  });

  test("open no database that is not held (docs/decisions/0006)", () => {
    const loose = /(?<!\bhold\(\s*)\bnew Database\(/;
    expect(where(code, (path, text) => path.endsWith(".ts") && loose.test(text))).toEqual([]);
  });

  test("name no machine's paths and no registry", () => {
    const local = /(^|[\s"'`(=:])\/(work|root|home|tmp\/bash)\/|\bregistry\.[a-z]+\.(org|com)\b/m;
    expect(where([...files], (_, text) => local.test(text))).toEqual([]);
    expect(files.get("package-lock.json")).not.toContain('"resolved"');
  });
});

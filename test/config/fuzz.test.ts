/** Whatever a file holds, loading answers with a result; and what loads can be compiled, hashed and polled. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { calendarsOf } from "../../config/calendar.ts";
import { compile } from "../../config/compile.ts";
import { canonical, configHash } from "../../config/hash.ts";
import { parseConfig } from "../../config/load.ts";
import { longestTopicOf } from "../../config/longest-topic.ts";
import { connectionsOf, sourcesOf } from "../../config/source.ts";

const file = join(import.meta.dirname, "../../config/examples/full.yaml");
const text = readFileSync(file, "utf8");
const loaded = parseConfig(file, text);
if (!loaded.ok) throw new Error("the example does not load");

type Tree = Record<string, unknown>;

/** Every place in a tree: its parent and key. */
function places(tree: unknown): [parent: Tree, key: string][] {
  if (typeof tree !== "object" || tree === null) return [];
  const parent = tree as Tree;
  return Object.keys(parent).flatMap((key) => [
    [parent, key] as [Tree, string],
    ...places(parent[key]),
  ]);
}

function isUsable(source: string): void {
  const result = parseConfig(file, source);
  for (const problem of [...(result.ok ? [] : result.problems), ...result.warnings]) {
    expect(problem.line).toBeGreaterThan(0);
    expect(problem.col).toBeGreaterThan(0);
    expect(problem.message).not.toMatch(/undefined|\[object|NaN/);
  }
  if (!result.ok) {
    expect(result.problems.length).toBeGreaterThan(0);
    return;
  }
  const model = compile(result.config, (date) => Date.parse(`${date}T00:00:00Z`));
  expect(model.assets.flatMap(({ points }) => points.map(({ source }) => source))).not.toContain(
    -1,
  );
  expect(
    JSON.stringify(model.assets, (_, value) => (typeof value === "bigint" ? "" : value)),
  ).not.toContain('"point":-1');
  sourcesOf(result.config);
  connectionsOf(result.config);
  calendarsOf(result.config);
  expect(longestTopicOf(result.config).length).toBeLessThanOrEqual(200);
  configHash(result.config);
}

const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    "x",
    "__proto__",
    "constructor",
    0,
    -1,
    0.5,
    1e300,
    "1s",
    "0s",
    "5/s",
    "0/s",
    "100%",
    "main",
    "status",
    "24:00",
    "mon-sun",
    "2026-02-30",
    [],
    {},
    [null],
    { a: 1 },
    "18446744073709551616",
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

test("any value in any place", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(), junk), { minLength: 1, maxLength: 4 }), (edits) => {
      const copy: unknown = structuredClone(loaded.config);
      for (const [pick, value] of edits) {
        const all = places(copy);
        const [parent, key] = all[pick % all.length]!;
        parent[key] = structuredClone(value);
      }
      isUsable(JSON.stringify(copy));
    }),
    { numRuns: 400 },
  );
});

test("any key renamed, copied or removed", () => {
  const name = fc.constantFrom(
    "x",
    "__proto__",
    "constructor",
    "point",
    "all",
    "when",
    "template",
    "connection",
    "1",
    "",
  );
  fc.assert(
    fc.property(fc.nat(), fc.option(name), fc.boolean(), (pick, renamed, remove) => {
      const copy: unknown = structuredClone(loaded.config);
      const all = places(copy);
      const [parent, key] = all[pick % all.length]!;
      const value = parent[key];
      if (remove) delete parent[key];
      if (renamed !== null) {
        Object.defineProperty(parent, renamed, { value, enumerable: true, configurable: true });
      }
      isUsable(JSON.stringify(copy));
    }),
    { numRuns: 400 },
  );
});

test("any cut of the text, and any character anywhere", () => {
  const character = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    ":",
    "-",
    "*",
    "&",
    "\t",
    "\n",
    "'",
    '"',
    "#",
    "?",
    "!",
    "|",
    "\0",
    "…",
    "<<: ",
  );
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(40), character, (at, length, inserted) => {
      isUsable(text.slice(0, at) + inserted + text.slice(at + length));
    }),
    { numRuns: 400 },
  );
});

test("any text at all", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), isUsable), {
    numRuns: 300,
  });
});

test("the hash does not change with the order of keys, and changes with every value", () => {
  const { config } = loaded;
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, each]) => [key, reversed(each)]),
    );
  };
  expect(configHash(reversed(config) as typeof config)).toBe(configHash(config));
  expect(configHash(config)).toMatch(/^sha256:[0-9a-f]{64}$/);
  const count = places(config).length;
  const hashes = new Set([canonical(config)]);
  for (let pick = 0; pick < count; pick++) {
    const copy = structuredClone(config);
    const [parent, key] = places(copy)[pick]!;
    parent[key] = "changed";
    hashes.add(canonical(copy));
  }
  expect(hashes.size).toBe(count + 1);
});

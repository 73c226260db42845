/** The schema files themselves: valid, described, bundled without loose ends; what is made from them is not stale. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { generate } from "../../config/generate.ts";
import {
  bundledSchema,
  type JsonSchema,
  readSchema,
  referenced,
  schemaNames,
} from "../../config/schemas.ts";
import { templateNames } from "../../config/template.ts";

const FILES = [...new Set([...referenced("plant"), ...referenced("template")])];

test("every schema can be listed and read", () => {
  expect(schemaNames()).toEqual(expect.arrayContaining(FILES));
  expect(schemaNames().every((name) => readSchema(name) !== undefined)).toBe(true);
  expect(readSchema("../package")).toBeUndefined();
  expect(readSchema("no-such")).toBeUndefined();
});

test.each(FILES)("%s is a valid schema of draft 2020-12 with its own name as id", (name) => {
  const schema = readSchema(name)!;
  expect(schema["$id"]).toBe(`${name}.json`);
  const ajv = new Ajv2020({ strict: false });
  expect(ajv.validateSchema(schema)).toBe(true);
});

/** Every property of every object, with the name of where it is. */
function properties(node: unknown, at: string): [string, JsonSchema][] {
  if (typeof node !== "object" || node === null) return [];
  const own = Object.entries(
    ((node as JsonSchema)["properties"] ?? {}) as Record<string, JsonSchema>,
  );
  return [
    ...own.map(([key, value]) => [`${at}.${key}`, value] as [string, JsonSchema]),
    ...Object.entries(node).flatMap(([key, value]) => properties(value, `${at}/${key}`)),
  ];
}

describe("descriptions are the manual", () => {
  const all = FILES.flatMap((name) => properties(readSchema(name), name));

  test("every key has one, or refers to what has one", () => {
    expect(all.length).toBeGreaterThan(100);
    const mute = all.filter(([, value]) => !value["description"] && !value["$ref"]);
    expect(mute.map(([at]) => at)).toEqual([]);
  });

  test("every pattern says in words what it wants", () => {
    const mute = all.filter(([, value]) => "pattern" in value && !("x-say" in value));
    expect(mute.map(([at]) => at)).toEqual([]);
  });
});

test("a bundled schema stands alone", () => {
  const bundle = bundledSchema("plant")!;
  const ajv = new Ajv2020({ strict: false, discriminator: true });
  const validate = ajv.compile(bundle);
  expect(validate({})).toBe(false);
  expect(bundledSchema("no-such")).toBeUndefined();
});

test("types and reference are what the schemas say", async () => {
  for (const [path, content] of Object.entries(await generate())) {
    const committed = readFileSync(join(import.meta.dirname, "../..", path), "utf8");
    expect(committed === content, `${path} is stale: npm run docs`).toBe(true);
  }
});

test("templates are listed, the local folder's and the shipped ones", () => {
  expect(templateNames("/nowhere")).toEqual(expect.arrayContaining(["packml", "simulated"]));
});

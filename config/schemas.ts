/**
 * The JSON Schema files that ship with the agent, by name. They are the one source of types, reference and checks.
 * Reads files beside this module only, from sources and from the built package alike. Validates nothing.
 */
import { readdirSync, readFileSync } from "node:fs";

const ROOT = new URL("./schema/", import.meta.url);

/** A schema as data; keywords are looked up by name. */
export type JsonSchema = { [keyword: string]: unknown };

const read = new Map<string, JsonSchema>();

/** Names without `.json`, folders included (`plant`, `records/window`), sorted. */
export function schemaNames(): string[] {
  return readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length).replaceAll("\\", "/"))
    .sort();
}

/** The schema of that name, or undefined. Callers must not change it. */
export function readSchema(name: string): JsonSchema | undefined {
  const known = read.get(name);
  if (known) return known;
  if (!schemaNames().includes(name)) return undefined;
  const schema = JSON.parse(readFileSync(new URL(`${name}.json`, ROOT), "utf8")) as JsonSchema;
  read.set(name, schema);
  return schema;
}

/** As {@link readSchema}, for names that are written in the code. Throws when the package is incomplete. */
export function schema(name: string): JsonSchema {
  const found = readSchema(name);
  if (!found) throw new Error(`the package has no schema ${name}`);
  return found;
}

/** Names of all files that a schema refers to, directly or not, itself first. */
export function referenced(name: string): string[] {
  const names = [name];
  for (const next of names) {
    for (const [, file] of JSON.stringify(schema(next)).matchAll(/"\$ref":"([^"#]+)\.json/g)) {
      if (file && !names.includes(file)) names.push(file);
    }
  }
  return names;
}

/** One self-contained document: every schema it refers to is embedded under `$defs` (JSON Schema 2020-12, 9.3). */
export function bundledSchema(name: string): JsonSchema | undefined {
  const root = readSchema(name);
  if (!root) return undefined;
  const [, ...others] = referenced(name);
  if (others.length === 0) return root;
  const embedded = others.map((other) => [`${other}.json`, schema(other)]);
  return {
    ...root,
    $defs: { ...(root["$defs"] as JsonSchema | undefined), ...Object.fromEntries(embedded) },
  };
}

/** The schema that a `$ref` in `file` names, and the file it stands in. */
export function follow(ref: string, file: string): [JsonSchema, string] {
  const [name = "", pointer = ""] = ref.split("#");
  const targetFile = name === "" ? file : name.replace(/\.json$/, "");
  let target = schema(targetFile);
  for (const step of pointer.split("/").slice(1)) target = target[step] as JsonSchema;
  return [target, targetFile];
}

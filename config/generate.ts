/**
 * Makes `config/types.ts` and `docs/config.md` from the schemas, `docs/templates.md` from the templates. Development only: nothing of the agent imports it,
 * and it writes no file itself.
 */
import { compile } from "json-schema-to-typescript";
import { reference } from "./reference.ts";
import { follow, type JsonSchema, referenced, schema } from "./schemas.ts";
import { templatesPage } from "./templates-page.ts";

const BANNER = `/**
 * The configuration after templates, short forms and defaults have been resolved.
 * Generated from config/schema/*.json by \`npm run docs\`; do not edit.
 */`;

/** Contents by path, relative to the top of the repository. */
export async function generate(): Promise<Record<string, string>> {
  return {
    "config/types.ts": await types(),
    "docs/config.md": reference(),
    "docs/templates.md": templatesPage(),
  };
}

async function types(): Promise<string> {
  const named: Record<string, JsonSchema> = {};
  for (const file of new Set([...referenced("plant"), ...referenced("template")])) {
    const root = schema(file);
    const inner = Object.entries((root["$defs"] ?? {}) as Record<string, JsonSchema>);
    for (const [, def] of inner) if (titleOf(def)) named[titleOf(def)] = resolved(def, file);
    const { $defs: _, $id: _id, $schema: _schema, ...self } = root;
    if ("type" in self) named[titleOf(root)] = resolved(self, file);
  }
  const { Config: top, ...definitions } = named;
  const text = await compile({ ...top, $defs: definitions }, "Config", {
    bannerComment: BANNER,
    additionalProperties: false,
    unreachableDefinitions: true,
    ignoreMinAndMaxItems: true,
    format: true,
    style: { printWidth: 110, trailingComma: "all", bracketSpacing: true },
  });
  return text
    .replace(/(\n \*)?\n \* This interface was referenced by .*\n \* via the .*/g, "")
    .replace(/\/\*\*\n\s*\* ([^\n]*)\n\s*\*\//g, "/** $1 */");
}

const titleOf = (node: JsonSchema): string =>
  typeof node["title"] === "string" ? node["title"] : "";

/** A schema as it holds after loading: keys with a default are always there, short forms never are. */
function resolved(node: unknown, file: string): JsonSchema {
  if (Array.isArray(node))
    return node.map((each: unknown) => resolved(each, file)) as unknown as JsonSchema;
  if (typeof node !== "object" || node === null) return node as JsonSchema;
  const { $ref: ref, discriminator: _, ...own } = node as JsonSchema;
  if (typeof ref === "string") {
    const [target, targetFile] = follow(ref, file);
    if (titleOf(target))
      return { tsType: titleOf(target), description: own["description"] ?? target["description"] };
    return resolved({ ...target, ...own }, targetFile);
  }
  const result: JsonSchema = {};
  for (const [key, value] of Object.entries(own)) {
    if (key === "properties") continue;
    result[key] = key === "default" || key === "enum" ? value : resolved(value, file);
  }
  if (typeof own["properties"] === "object") {
    const properties = own["properties"] as Record<string, JsonSchema>;
    const kept = Object.entries(properties).filter(([, value]) => value["x-shorthand"] !== true);
    const always = kept
      .filter(([, value]) => "default" in value || value["x-filled"] === true)
      .map(([key]) => key);
    result["properties"] = Object.fromEntries(
      kept.map(([key, value]) => [key, resolved(value, file)]),
    );
    result["required"] = [...new Set([...((own["required"] ?? []) as string[]), ...always])];
  }
  return result;
}

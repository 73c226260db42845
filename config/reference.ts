/**
 * The configuration reference as Markdown, from the descriptions in the schemas: every key with type, default, meaning.
 * Text only; `generate.ts` decides where it goes.
 */
import { follow, type JsonSchema, referenced, schema } from "./schemas.ts";

const INTRO = `# Configuration reference

Generated from \`config/schema/*.json\` by \`npm run docs\`; do not edit. \`uptime-agent check -c FILE\` lists every mistake of a
file at once, and \`uptime-agent schema plant\` prints the schema for your editor. A complete example is
[config/examples/full.yaml](../config/examples/full.yaml).

Durations are a decimal with a unit (\`us ms s min h d\`), sizes likewise (\`B kB MB GB KiB MiB GiB\`), rates are pieces per time
(\`5/s\`, \`420/min\`, \`2.4/h\`). Ids are 1 to 32 lower-case letters, digits and hyphens. Secrets are never in the file: name a file
with \`passwordFile\` or \`keyFile\`. Unknown keys are errors.
`;

interface Section {
  title: string;
  node: JsonSchema;
  file: string;
}

/** The whole reference. */
export function reference(): string {
  const parts = sections().map(({ title, node, file }) => {
    const lines = [`## ${title}`, "", String(node["description"] ?? "")];
    const choices = (node["oneOf"] ?? node["anyOf"] ?? []) as JsonSchema[];
    if (choices.length > 0)
      lines.push("", `One of: ${choices.map((each) => typeText(each, file)).join(", ")}.`);
    const properties = Object.entries((node["properties"] ?? {}) as Record<string, JsonSchema>);
    if (properties.length > 0) {
      lines.push("", "| key | type | default | meaning |", "|---|---|---|---|");
      const required = (node["required"] ?? []) as string[];
      for (const [key, property] of properties)
        lines.push(row(key, property, file, required.includes(key)));
    }
    return lines.join("\n");
  });
  return `${INTRO}\n${parts.join("\n\n")}\n`;
}

/** Every titled schema with keys, in the order in which the configuration names them. */
function sections(): Section[] {
  const found: Section[] = [];
  for (const file of [...referenced("plant"), "template"]) {
    const root = schema(file);
    const defs = Object.values((root["$defs"] ?? {}) as Record<string, JsonSchema>);
    for (const node of [root, ...defs]) collect(node, file, found);
  }
  return found;
}

function collect(node: JsonSchema, file: string, found: Section[]): void {
  const properties = Object.values((node["properties"] ?? {}) as Record<string, JsonSchema>);
  const choices = "oneOf" in node || "anyOf" in node;
  if (typeof node["title"] === "string" && (properties.length > 0 || choices)) {
    found.push({ title: node["title"], node, file });
  }
  for (const property of properties) if (!("$ref" in property)) collect(property, file, found);
}

function row(key: string, property: JsonSchema, file: string, required: boolean): string {
  const [target] = "$ref" in property ? follow(String(property["$ref"]), file) : [property];
  const text = property["description"] ?? target["description"] ?? "";
  const fallback = property["default"] ?? target["default"];
  const plain =
    fallback !== undefined &&
    JSON.stringify(fallback) !== "{}" &&
    JSON.stringify(fallback) !== "[]";
  const shown = required ? "**required**" : plain ? `\`${shownDefault(fallback)}\`` : "";
  return `| \`${key}\` | ${typeText(property, file)} | ${shown} | ${String(text).replaceAll("|", "\\|")} |`;
}

const shownDefault = (value: unknown): string =>
  Array.isArray(value) ? `[${value.join(", ")}]` : String(value);

function typeText(node: JsonSchema, file: string): string {
  if (typeof node["$ref"] === "string") {
    const [target, targetFile] = follow(node["$ref"], file);
    const title = target["title"];
    if (typeof title !== "string") return typeText(target, targetFile);
    const hasSection = "properties" in target || "oneOf" in target || "anyOf" in target;
    return hasSection
      ? `[${title}](#${title.toLowerCase()})`
      : (WORDS[title] ?? typeText(target, targetFile));
  }
  const values = node["enum"];
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (node["type"] === "array") return `list of ${typeText(node["items"] as JsonSchema, file)}`;
  if (node["type"] === "object" && typeof node["additionalProperties"] === "object") {
    return `map of ${typeText(node["additionalProperties"] as JsonSchema, file)}`;
  }
  if (node["type"] === "object" && typeof node["title"] === "string") {
    return `[${node["title"]}](#${node["title"].toLowerCase()})`;
  }
  const range =
    "minimum" in node && "maximum" in node
      ? ` ${String(node["minimum"])}–${String(node["maximum"])}`
      : "";
  return [node["type"]]
    .flat()
    .map((type) => (TYPES[String(type)] ?? String(type)) + range)
    .join(" or ");
}

const WORDS: Record<string, string> = {
  Duration: "duration",
  Size: "size",
  RateText: "rate",
  Percent: "percentage",
  Days: "days",
};

const TYPES: Record<string, string> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "true or false",
  object: "map",
  array: "list",
};

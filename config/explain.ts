/**
 * Turns schema violations into sentences for a technician: what must stand there, what stands there, and what may be meant.
 * Knows JSON Schema keywords, but no part of the configuration except the words for secrets.
 */
import { didYouMean } from "./nearest.ts";
import type { Finding, Path } from "./problem.ts";
import type { JsonSchema } from "./schemas.ts";
import type { Violation } from "./validator.ts";

/** One finding per violation. */
export function explain(violation: Violation): Finding {
  const { keyword, params, schema, path, value } = violation;
  if (violation.key !== null) {
    return { path: [...path, violation.key], at: "key", message: `is not ${wanted(schema)}` };
  }
  switch (keyword) {
    case "additionalProperties":
      return unknownKey(path, String(params["additionalProperty"]), schema);
    case "required": {
      const missing = String(params["missingProperty"]);
      const property = ((schema["properties"] ?? {}) as Record<string, JsonSchema>)[missing];
      return {
        path: [...path, missing],
        at: "key",
        message: "is missing",
        hint: firstSentence(property),
      };
    }
    case "discriminator": {
      const tag = String(params["tag"]);
      const choices = alternatives(schema);
      if (params["error"] === "tag") {
        return {
          path: [...path, tag],
          at: "key",
          message: "is missing",
          hint: `one of ${choices.join(", ")}`,
        };
      }
      const given = params["tagValue"];
      const message = `must be one of ${choices.join(", ")}, not ${shown(given)}`;
      return { path: [...path, tag], message, hint: didYouMean(String(given), choices) };
    }
    case "uniqueItems":
      return {
        path: [...path, Number(params["i"])],
        message: "is listed twice",
        hint: "remove one of the two",
      };
    case "minProperties":
    case "minItems":
      if (Array.isArray(value) ? value.length > 0 : false) break;
      return { path, at: "key", message: "needs at least one entry" };
  }
  return {
    path,
    message: `must be ${wanted(schema)}, not ${shown(value)}`,
    hint: hintFor(schema, value),
  };
}

function unknownKey(path: Path, key: string, schema: JsonSchema): Finding {
  const known = Object.keys((schema["properties"] ?? {}) as JsonSchema);
  const finding: Finding = { path: [...path, key], at: "key", message: "is not a known key" };
  if (/^(password|passwd|passphrase|secret|token|key)$/i.test(key)) {
    const file = known.includes("passwordFile") && !/key/i.test(key) ? "passwordFile" : "keyFile";
    const hint = known.includes(file)
      ? `write it to a file that only the agent may read and name that with \`${file}\``
      : "write it to a file that only the agent may read";
    return { ...finding, message: "is a secret, and secrets are never in this file", hint };
  }
  if (/^(rejectUnauthorized|insecure|skipVerify)$/i.test(key)) {
    return {
      ...finding,
      hint: "the broker's certificate is always verified; name your certificate authority with `ca`",
    };
  }
  return { ...finding, hint: didYouMean(key, known, "known keys") };
}

/** Names of the branches of a discriminated union: the files they stand in. */
export const alternatives = (schema: JsonSchema): string[] =>
  ((schema["oneOf"] ?? []) as JsonSchema[]).map((branch) =>
    String(branch["$ref"]).replace(/\.json.*$/, ""),
  );

/** What a schema asks for, as words that follow "must be". */
function wanted(schema: JsonSchema): string {
  const say = schema["x-say"];
  if (typeof say === "string") return say;
  const values = schema["enum"];
  if (Array.isArray(values))
    return values.length === 1 ? String(values[0]) : `one of ${values.join(", ")}`;
  const types = [schema["type"]].flat().map((type) => TYPE_WORDS[String(type)] ?? String(type));
  return types.join(" or ") + range(schema);
}

const TYPE_WORDS: Record<string, string> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "a map of keys and values",
  array: "a list",
};

function range(schema: JsonSchema): string {
  const low = schema["minimum"];
  const high = schema["maximum"];
  if (low !== undefined && high !== undefined) return ` from ${String(low)} to ${String(high)}`;
  if (low !== undefined) return ` of at least ${String(low)}`;
  return high === undefined ? "" : ` of at most ${String(high)}`;
}

/** A value as it reads in the file, cut to a few words. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string")
    return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return `the ${typeof value === "number" ? "number " : "value "}${String(value)}`;
}

function hintFor(schema: JsonSchema, value: unknown): string | null {
  const values = (schema["enum"] ?? []) as unknown[];
  if (typeof value === "string" && values.length > 0) {
    const words = values.map(String);
    if (!words.includes(value)) return didYouMean(value, words)?.replace(/^known: .*/, "") || null;
    return "write it without quotes";
  }
  if (values.some((each) => String(each) === String(value))) return "write it in quotes";
  if (schema["type"] === "boolean" && /^(yes|on)$/i.test(String(value)))
    return "did you mean `true`?";
  if (schema["type"] === "boolean" && /^(no|off)$/i.test(String(value)))
    return "did you mean `false`?";
  const pattern = schema["pattern"];
  if (typeof value === "number" && typeof pattern === "string" && /ms\|s\|min/.test(pattern))
    return `add a unit: ${value}s?`;
  return null;
}

function firstSentence(schema: JsonSchema | undefined): string | null {
  const text = schema?.["description"];
  if (typeof text !== "string") return null;
  return text.replace(/\.( .*)?$/s, "");
}

/** The record schemas are strict, agree with the closed word lists, and accept their own examples. */
import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import {
  ATTRIBUTIONS,
  CONDITIONS,
  SCHEDULES,
  UNKNOWN_CAUSES,
  WINDOW_KINDS,
} from "../../agent/core/vocabulary.ts";

type Json = Record<string, unknown>;
interface Schema extends Json {
  properties: Record<string, Json & { properties: Record<string, Json>; required: string[] }>;
  required: string[];
  examples: Json[];
}

const folder = new URL("../../config/schema/records/", import.meta.url);
const schemas = new Map<string, Schema>(
  // Acceptance records are documents of their own: they travel as files, not in the envelope of a message.
  readdirSync(folder)
    .filter((file) => file !== "acceptance.json")
    .map((file) => [
      file.replace(/\.json$/, ""),
      JSON.parse(readFileSync(new URL(file, folder), "utf8")),
    ]),
);
const strict = { strict: true, allowUnionTypes: true, allErrors: true } as const;
const validators = new Map<string, ValidateFunction>(
  [...schemas].map(([name, schema]) => [name, new Ajv2020(strict).compile(schema)]),
);
const schemaOf = (name: string): Schema => schemas.get(name)!;
const accepts = (name: string, record: unknown): boolean => validators.get(name)!(record) === true;

/** The example of a schema with values replaced by path; undefined takes a key away. */
function variant(name: string, changes: Record<string, unknown>): Json {
  const copy = structuredClone(schemaOf(name).examples[0]!);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop()!;
    const into = keys.reduce((at: Json, key) => at[key] as Json, copy);
    if (value === undefined) delete into[last];
    else into[last] = value;
  }
  return copy;
}

const camel = (word: string): string => word.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const ENVELOPE = [
  "schema",
  "id",
  "agent",
  "asset",
  "seq",
  "time",
  "configHash",
  "calcVersion",
  "replayed",
];

test("every class has a schema", () => {
  const names = ["contract", "event", "incident", "meta", "signal", "state", "status", "window"];
  expect([...schemas.keys()]).toEqual(names);
});

describe.each([...schemas.keys()])("%s", (name) => {
  test("accepts its example, which has every key", () => {
    expect(accepts(name, schemaOf(name).examples[0])).toBe(true);
    expect(Object.keys(schemaOf(name).examples[0]!)).toEqual(schemaOf(name).required);
  });

  test("has the envelope, and no key may be missing or unknown", () => {
    expect(schemaOf(name).required.slice(0, ENVELOPE.length)).toEqual(ENVELOPE);
    for (const key of schemaOf(name).required) {
      expect(accepts(name, variant(name, { [key]: undefined }))).toBe(false);
    }
    expect(accepts(name, variant(name, { surprise: 1 }))).toBe(false);
    expect(accepts(name, variant(name, { time: "2026-11-23T06:05:16Z" }))).toBe(false);
    expect(accepts(name, variant(name, { configHash: "sha256:abc" }))).toBe(false);
  });

  test("describes every key, and closes every object", () => {
    const walk = (node: unknown, path: string): string[] => {
      if (typeof node !== "object" || node === null) return [];
      const { properties, additionalProperties } = node as Json;
      const isOpen = properties && !/allOf/.test(path) && additionalProperties !== false;
      const here = isOpen ? [path] : [];
      return here.concat(
        Object.entries(node)
          .filter(([key]) => key !== "examples")
          .flatMap(([key, value]) => walk(value, `${path}/${key}`)),
      );
    };
    expect(walk(schemaOf(name), "")).toEqual([]);
    for (const [key, value] of Object.entries(schemaOf(name).properties)) {
      if (key !== "schema") expect(value["description"], key).toMatch(/\.$/);
    }
  });
});

test("the words of windows and states are the words of the accounting", () => {
  const keys = (part: string): string[] => schemaOf("window").properties[part]!.required;
  expect(keys("conditionMs")).toEqual(CONDITIONS.map(camel));
  expect(keys("scheduleMs")).toEqual(SCHEDULES.map(camel));
  expect(keys("attributionMs")).toEqual(ATTRIBUTIONS.map(camel));
  expect(keys("unknownMs")).toEqual(UNKNOWN_CAUSES.map(camel));
  const state = schemaOf("state").properties["state"]!.properties;
  expect(state["condition"]!["enum"]).toEqual(CONDITIONS);
  expect(state["cause"]!["enum"]).toEqual([...UNKNOWN_CAUSES, null]);
  expect(state["schedule"]!["enum"]).toEqual(SCHEDULES);
  const { kind } = schemaOf("window").properties["window"]!.properties;
  expect(kind!["enum"]).toEqual(WINDOW_KINDS);
});

const provisional = {
  "window.revision": 0,
  "window.final": false,
  prev: null,
  hash: null,
};
const id = "gw-ulm-01/press-01/hour/2026-11-23T05:00:00.000Z/1";
const corrected = { "window.revision": 2, "window.supersedes": id };
const shift = { calendar: "two-shift", id: "early" };

test.each<[string, boolean, Record<string, unknown>]>([
  ["a provisional one without hash", true, provisional],
  ["a provisional one with hash", false, { ...provisional, hash: `sha256:${"0".repeat(64)}` }],
  ["a final one without hash", false, { hash: null }],
  ["the first final one of an asset", true, { prev: null }],
  ["a correction with who and why", true, { ...corrected, "window.by": "x", "window.why": "y" }],
  ["a correction without who", false, { ...corrected, "window.why": "y" }],
  ["a final one with who and why", false, { "window.by": "x", "window.why": "y" }],
  ["a shift", true, { "window.kind": "shift", "window.shift": shift }],
  ["a shift without its name", false, { "window.kind": "shift" }],
  ["an hour with a shift", false, { "window.shift": shift }],
  ["counts that were not seen", true, { "counts.total": null, "oee.quality": null }],
  ["a fraction of a millisecond", false, { "conditionMs.fault": 0.5 }],
  ["a percentage", false, { "uptime.value": 88.1 }],
  ["performance above 1", true, { "oee.performance": 1.2 }],
])("windows: %s", (_, isValid, changes) => {
  expect(accepts("window", variant("window", changes))).toBe(isValid);
});

test.each<[string, string, boolean, Record<string, unknown>]>([
  [
    "state",
    "unknown with its cause",
    true,
    { "state.condition": "unknown", "state.cause": "link-down" },
  ],
  ["state", "unknown without cause", false, { "state.condition": "unknown" }],
  ["state", "known with a cause", false, { "state.cause": "link-down" }],
  ["event", "of a machine", true, { asset: "press-01", id: "gw-ulm-01/press-01/event/4" }],
  ["event", "with nested detail", false, { "event.detail": { a: { b: 1 } } }],
  ["status", "with a number", false, { seq: 1 }],
  ["incident", "closed without hash", false, { "incident.status": "closed" }],
])("%s: %s", (name, _, isValid, changes) => {
  expect(accepts(name, variant(name, changes))).toBe(isValid);
});

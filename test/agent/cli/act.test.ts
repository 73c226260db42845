/** What the words and options of a verb say, as a document: short for people, complete for the desk. */
import { describe, expect, test } from "vitest";
import { readAct } from "../../../agent/acts/document.ts";
import { documentOf } from "../../../agent/cli/act.ts";
import { ACT_VERBS, wordsText } from "../../../agent/cli/act-verbs.ts";
import { schema } from "../../../config/schemas.ts";
import type { Config } from "../../../config/types.ts";

const NOW = Date.parse("2026-11-23T14:00:00Z");
const config = {
  gateway: { timezone: "Europe/Berlin" },
  assets: { "press-01": {} },
} as unknown as Config;

function said(line: string, options: Record<string, unknown> = {}): Record<string, unknown> {
  const words = line.split(" ");
  const verb = ACT_VERBS.find(({ group, name }) =>
    line.startsWith(group ? `${group} ${name}` : name),
  );
  if (!verb) throw new Error(`no verb: ${line}`);
  const given = words.slice(verb.group ? 2 : 1);
  return documentOf(verb, given, { by: "Jo", ...options }, { config }, NOW);
}

test("a machine and an incident are told apart by the configuration", () => {
  expect(said("incident ack press-01")).toEqual({
    act: "acknowledge",
    by: "Jo",
    asset: "press-01",
  });
  expect(said("incident ack press-01/i-4")).toMatchObject({ incident: "press-01/i-4" });
  expect(said("incident ack")).toEqual({ act: "acknowledge", by: "Jo" });
  expect(said("incident open press-01", { why: "smoke", severity: "s2" })).toMatchObject({
    act: "open",
    asset: "press-01",
    severity: "s2",
  });
});

test("the time is said once, by an incident or by its span", () => {
  expect(
    said("incident attribute press-01/i-4 customer", { why: "no air", party: "customer" }),
  ).toEqual({
    act: "attribute",
    by: "Jo",
    incident: "press-01/i-4",
    attribution: "customer",
    why: "no air",
    party: "customer",
  });
  const span = { asset: "press-01", from: "14:05", to: "5min ago", why: "door" };
  expect(said("incident attribute customer", span)).toMatchObject({
    attribution: "customer",
    asset: "press-01",
    from: "2026-11-23T13:05:00.000Z",
    to: "2026-11-23T13:55:00.000Z",
  });
});

test("numbers, lists and flags", () => {
  expect(
    said("scrap hour", { reject: "3", from: "14:00", asset: "press-01", why: "x" }),
  ).toMatchObject({ window: "hour", reject: 3 });
  expect(said("maintenance press-01", { points: "a,b", why: "x" })).toMatchObject({
    points: ["a", "b"],
  });
  expect(said("incident respond press-01", { remote: true })).toMatchObject({ mode: "remote" });
});

test("without --by it is whoever sits there", () => {
  expect(said("incident ack press-01", { by: undefined })["by"]).toMatch(/./);
});

describe("what cannot be meant is a usage error", () => {
  test.each([
    ["incident attribute", {}],
    ["incident ack press-01 now", {}],
    ["incident agree", {}],
    ["correct ideal press-01", {}],
    ["scrap hour", { reject: "-1" }],
    ["scrap hour", { from: "noon" }],
  ])("%s %j", (line, options) => {
    expect(() => said(line, options)).toThrow(expect.objectContaining({ code: "USAGE_INVALID" }));
  });
});

/** Words and options of a command line, as a shell and commander would give them. */
function typed(example: string, skip: number): [words: string[], options: Record<string, string>] {
  const parts = (example.match(/"[^"]*"|\S+/g) ?? []).map((part) => part.replaceAll(/["…]/g, ""));
  const words: string[] = [];
  const options: Record<string, string> = { why: "x" };
  for (let i = skip; i < parts.length; i++) {
    const part = parts[i] ?? "";
    const name = part.slice(2).replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    if (part.startsWith("--")) options[name] = parts[++i] ?? "";
    else words.push(part);
  }
  return [words, options];
}

test("every act has a verb", () => {
  const acts = (schema("common")["$defs"] as Record<string, { enum: string[] }>)["act"]?.enum;
  expect(new Set(ACT_VERBS.map(({ act }) => act))).toEqual(new Set(acts));
});

const EXAMPLES = ACT_VERBS.flatMap((verb) => verb.examples.map((text) => [text, verb] as const));

test.each(EXAMPLES)("the agent can read what `%s` says", (example, verb) => {
  const [words, options] = typed(example, verb.group ? 3 : 2);
  const document = documentOf(verb, words, options, { config }, NOW);
  expect(readAct(document), wordsText(verb)).toHaveProperty("act");
});

/**
 * Reads mappings of a scenario file by tables of fields and collects every mistake with its place.
 * Knows the types of fields, not what a scenario is (`scenario-file.ts` does); reads no files.
 */
import type { Millis } from "../agent/core/time.ts";
import { didYouMean } from "../config/nearest.ts";
import type { Finding, Path } from "../config/problem.ts";

export type Field =
  | { is: "duration"; optional?: true; signed?: true; zero?: true }
  | { is: "integer"; optional?: true; min: number; max: number }
  | { is: "number"; optional?: true }
  | { is: "id"; optional?: true }
  | { is: "instant" }
  | { is: "word"; optional?: true; of: readonly string[] }
  | { is: "words"; optional?: true; of: readonly string[] }
  | { is: "list"; optional?: true };

export type Shape = Record<string, Field>;

/** What was read: durations in milliseconds, instants in milliseconds UTC. Absent where wrong or left out. */
export type Values = Record<string, unknown>;

const UNITS: Record<string, number> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `90s`, `1.5h` or `-2h`; null when it is not a duration of whole milliseconds. */
export function durationOf(text: unknown): Millis | null {
  const match = typeof text === "string" ? /^(-?\d+(?:\.\d+)?) ?(ms|s|min|h|d)$/.exec(text) : null;
  if (!match) return null;
  const ms = Number(match[1]) * (UNITS[match[2] ?? ""] ?? Number.NaN);
  return Math.abs(ms - Math.round(ms)) < 1e-6 ? Math.round(ms) : null;
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads one mapping; mistakes are appended to `findings`. Never throws. */
export function readFields(data: unknown, path: Path, shape: Shape, findings: Finding[]): Values {
  const values: Values = {};
  if (!isMapping(data)) {
    findings.push({ path, message: "must be a mapping of keys and values" });
    return values;
  }
  for (const key of Object.keys(data)) {
    if (Object.hasOwn(shape, key)) continue;
    const hint = didYouMean(key, Object.keys(shape));
    findings.push({ path: [...path, key], message: "unknown key", hint, at: "key" });
  }
  for (const [key, field] of Object.entries(shape)) {
    const value = data[key];
    if (value === undefined) {
      const optional = "optional" in field && field.optional === true;
      if (!optional) findings.push({ path, message: `\`${key}\` is missing`, at: "key" });
      continue;
    }
    const read = readField(field, value);
    if ("ok" in read) values[key] = read.ok;
    else findings.push({ path: [...path, key], message: read.wrong, hint: read.hint ?? null });
  }
  return values;
}

type Read = { ok: unknown } | { wrong: string; hint?: string | null };

function readField(field: Field, value: unknown): Read {
  switch (field.is) {
    case "duration":
      return readDuration(value, field);
    case "integer": {
      const fits =
        Number.isInteger(value) && Number(value) >= field.min && Number(value) <= field.max;
      return check(value, fits, `must be an integer from ${field.min} to ${field.max}`);
    }
    case "number":
      return check(value, Number.isFinite(value), "must be a number");
    case "id":
      return check(
        value,
        typeof value === "string" && /^[a-z0-9-]{1,32}$/.test(value),
        "must be an id of 1 to 32 lower-case letters, digits and hyphens",
      );
    case "instant": {
      const ms = /Z$|[+-]\d\d:\d\d$/.test(String(value)) ? Date.parse(String(value)) : Number.NaN;
      const wanted = "must be RFC 3339 with a zone, such as 2026-11-23T05:00:00Z";
      return check(ms, !Number.isNaN(ms), wanted);
    }
    case "word":
      return readWord(field.of, value);
    case "words":
      return readWords(field.of, value);
    case "list":
      return check(value, Array.isArray(value), "must be a list");
  }
}

const check = (ok: unknown, fits: boolean, wrong: string): Read => (fits ? { ok } : { wrong });

function readDuration(value: unknown, field: { signed?: true; zero?: true }): Read {
  const ms = durationOf(value);
  if (ms === null) return { wrong: "must be a duration such as 90s, 12min or 1.5h" };
  const fits = ms > 0 || (ms === 0 && field.zero) || (ms < 0 && field.signed);
  return check(ms, fits === true, `must be longer than 0`);
}

function readWords(words: readonly string[], value: unknown): Read {
  if (!Array.isArray(value) || value.length === 0) return { wrong: "must be a list of names" };
  const wrong = value.map((word) => readWord(words, word)).find((read) => "wrong" in read);
  return wrong ?? { ok: value };
}

function readWord(words: readonly string[], value: unknown): Read {
  if (typeof value === "string" && words.includes(value)) return { ok: value };
  return {
    wrong: `\`${String(value)}\` is not defined here`,
    hint: didYouMean(String(value), words),
  };
}

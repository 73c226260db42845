/** Typed reading of the fields of one line of recorded input. Refuses what it does not understand. */
import type { AssetModel, PlantModel } from "../core/model.ts";
import type { Millis } from "../core/time.ts";

export type Fields = Record<string, unknown>;

/** RFC 3339 with an offset, or integer epoch milliseconds. */
export function instantOf(value: unknown): Millis | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== "string") return null;
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(value))
    return null;
  const at = Date.parse(value.replace(" ", "T"));
  return Number.isNaN(at) ? null : at;
}

/** The fields of a line; every method throws through `refuse`, which names the line. */
export interface FieldReader {
  fields: Fields;
  model: PlantModel;
  refuse(message: string): never;
  has(key: string): boolean;
  instant(key: string): Millis;
  text(key: string, fallback?: string): string;
  /** null where it is left out or null. */
  optionalText(key: string): string | null;
  oneOf<T extends string>(key: string, words: readonly T[], fallback?: T): T;
  optionalOneOf<T extends string>(key: string, words: readonly T[]): T | null;
  integer(key: string, fallback?: number): number;
  map(key: string): Fields;
  asset(): AssetModel;
  span(): { from: Millis; to: Millis };
}

export function readFields(
  fields: Fields,
  model: PlantModel,
  refuse: (message: string) => never,
): FieldReader {
  const has = (key: string): boolean => fields[key] !== undefined && fields[key] !== null;
  const text = (key: string, fallback?: string): string => {
    const value = fields[key] ?? fallback;
    return typeof value === "string" ? value : refuse(`"${key}" is missing or not text`);
  };
  const oneOf = <T extends string>(key: string, words: readonly T[], fallback?: T): T => {
    const value = fields[key] ?? fallback;
    const word = words.find((candidate) => candidate === value);
    return word ?? refuse(`"${key}" must be one of ${words.join(", ")}`);
  };
  const instant = (key: string): Millis =>
    instantOf(fields[key]) ??
    refuse(`"${key}" is not an RFC 3339 time in UTC or an integer of epoch ms`);
  return {
    ...{ fields, model, refuse, has, instant, text, oneOf },
    optionalText: (key) => (has(key) ? String(fields[key]) : null),
    optionalOneOf: (key, words) => (has(key) ? oneOf(key, words) : null),
    integer(key, fallback) {
      const value = fields[key] ?? fallback;
      return Number.isSafeInteger(value)
        ? (value as number)
        : refuse(`"${key}" is missing or not an integer`);
    },
    map(key) {
      const value = fields[key];
      if (value === undefined) return {};
      return typeof value === "object" && value !== null && !Array.isArray(value)
        ? (value as Fields)
        : refuse(`"${key}" is not an object`);
    },
    asset() {
      const id = text("asset");
      const asset = model.assets.find((candidate) => candidate.id === id);
      return asset ?? refuse(`asset "${id}" is not in the configuration`);
    },
    span() {
      const from = instant("from");
      const to = instant("to");
      return to > from ? { from, to } : refuse('"to" is not after "from"');
    },
  };
}

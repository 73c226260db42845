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

/** The fields of a line; every method throws through `refuse`, which names the line. A class, because lines are many. */
export class FieldReader {
  readonly fields: Fields;
  readonly model: PlantModel;
  readonly refuse: (message: string) => never;

  constructor(fields: Fields, model: PlantModel, refuse: (message: string) => never) {
    this.fields = fields;
    this.model = model;
    this.refuse = refuse;
  }

  has(key: string): boolean {
    return this.fields[key] !== undefined && this.fields[key] !== null;
  }

  instant(key: string): Millis {
    const at = instantOf(this.fields[key]);
    return at ?? this.refuse(`"${key}" is not an RFC 3339 time in UTC or an integer of epoch ms`);
  }

  text(key: string, fallback?: string): string {
    const value = this.fields[key] ?? fallback;
    return typeof value === "string" ? value : this.refuse(`"${key}" is missing or not text`);
  }

  /** null where it is left out or null. */
  optionalText(key: string): string | null {
    return this.has(key) ? String(this.fields[key]) : null;
  }

  oneOf<T extends string>(key: string, words: readonly T[], fallback?: T): T {
    const value = this.fields[key] ?? fallback;
    const word = words.find((candidate) => candidate === value);
    return word ?? this.refuse(`"${key}" must be one of ${words.join(", ")}`);
  }

  optionalOneOf<T extends string>(key: string, words: readonly T[]): T | null {
    return this.has(key) ? this.oneOf(key, words) : null;
  }

  integer(key: string, fallback?: number): number {
    const value = this.fields[key] ?? fallback;
    return Number.isSafeInteger(value)
      ? (value as number)
      : this.refuse(`"${key}" is missing or not an integer`);
  }

  /** An integer from 0; null where it is left out or null. */
  optionalCount(key: string): number | null {
    if (!this.has(key)) return null;
    const value = this.fields[key];
    return Number.isSafeInteger(value) && (value as number) >= 0
      ? (value as number)
      : this.refuse(`"${key}" is not an integer from 0`);
  }

  map(key: string): Fields {
    const value = this.fields[key];
    if (value === undefined) return {};
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : this.refuse(`"${key}" is not an object`);
  }

  asset(): AssetModel {
    const id = this.text("asset");
    const asset = this.model.assets.find((candidate) => candidate.id === id);
    return asset ?? this.refuse(`asset "${id}" is not in the configuration`);
  }

  span(): { from: Millis; to: Millis } {
    const from = this.instant("from");
    const to = this.instant("to");
    return to > from ? { from, to } : this.refuse('"to" is not after "from"');
  }
}

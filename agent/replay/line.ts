/**
 * One line of recorded input (DESIGN 5.3) as an input of the core. Refuses what it does not understand, with the
 * line number: recorded input is evidence, and a guess would falsify it.
 */
import { Fault } from "../core/fault.ts";
import type { CycleInput, Input } from "../core/input.ts";
import type { AssetModel, PlantModel, Value } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import { ATTRIBUTIONS, CLOCK_QUALITIES, WINDOW_KINDS } from "../core/vocabulary.ts";

/** A `config` line names a file; reading it is the caller's business. */
export interface ConfigLine {
  kind: "config-file";
  at: Millis;
  file: string;
}

export type LineInput =
  | Exclude<Input, { kind: "config" | "calendar" | "notice" | "tick" }>
  | ConfigLine;

type Fields = Record<string, unknown>;

/** The inputs of one line; a line about all sources of an asset gives one for each. Throws `INPUT_INVALID`. */
export function readLine(text: string, number: number, model: PlantModel): LineInput[] {
  const refuse = (message: string): never => {
    throw new Fault("INPUT_INVALID", `line ${number}: ${message}`, { line: number });
  };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return refuse("is not JSON");
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    return refuse("is not a JSON object");
  return new LineReader(parsed as Fields, model, refuse).read();
}

/** RFC 3339 with an offset, or integer epoch milliseconds. */
export function instantOf(value: unknown): Millis | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== "string") return null;
  if (!/^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(value))
    return null;
  const at = Date.parse(value.replace(" ", "T"));
  return Number.isNaN(at) ? null : at;
}

class LineReader {
  private readonly fields: Fields;
  private readonly model: PlantModel;
  private readonly refuse: (message: string) => never;

  constructor(fields: Fields, model: PlantModel, refuse: (message: string) => never) {
    this.fields = fields;
    this.model = model;
    this.refuse = refuse;
  }

  read(): LineInput[] {
    const at = this.instant("at");
    if (this.fields["event"] !== undefined) return [this.event(at)];
    return this.cycle(at, this.asset());
  }

  private instant(key: string): Millis {
    const at = instantOf(this.fields[key]);
    return at ?? this.refuse(`"${key}" is not an RFC 3339 time in UTC or an integer of epoch ms`);
  }

  private text(key: string, fallback?: string): string {
    const value = this.fields[key] ?? fallback;
    return typeof value === "string" ? value : this.refuse(`"${key}" is missing or not text`);
  }

  private oneOf<T extends string>(key: string, words: readonly T[], fallback?: T): T {
    const value = this.fields[key] ?? fallback;
    const word = words.find((candidate) => candidate === value);
    return word ?? this.refuse(`"${key}" must be one of ${words.join(", ")}`);
  }

  private integer(key: string, fallback?: number): number {
    const value = this.fields[key] ?? fallback;
    return Number.isSafeInteger(value)
      ? (value as number)
      : this.refuse(`"${key}" is missing or not an integer`);
  }

  private asset(): AssetModel {
    const id = this.text("asset");
    const asset = this.model.assets.find((candidate) => candidate.id === id);
    return asset ?? this.refuse(`asset "${id}" is not in the configuration`);
  }

  private map(key: string): Fields {
    const value = this.fields[key];
    if (value === undefined) return {};
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : this.refuse(`"${key}" is not an object`);
  }

  private sourceOf(asset: AssetModel, point: string): string {
    const model = asset.points.find((candidate) => candidate.id === point);
    if (!model) return this.refuse(`point "${point}" is not in asset "${asset.id}"`);
    return asset.sources[model.source]?.id ?? this.refuse(`point "${point}" has no source`);
  }

  private value(point: string, value: unknown): Value {
    const fits =
      typeof value === "boolean" ||
      typeof value === "string" ||
      (typeof value === "number" && Number.isFinite(value));
    return fits ? value : this.refuse(`the value of "${point}" is not a number, boolean or text`);
  }

  private declaredSource(asset: AssetModel): string | null {
    const { source } = this.fields;
    if (source === undefined) return null;
    const known = asset.sources.some((candidate) => candidate.id === source);
    return known ? String(source) : this.refuse(`asset "${asset.id}" has no source "${source}"`);
  }

  private cycle(at: Millis, asset: AssetModel): LineInput[] {
    const declared = this.declaredSource(asset);
    const reason = this.text("reason", "MODBUS_TIMEOUT");
    const isBad = this.oneOf("quality", ["good", "bad"], "good") === "bad";
    const { point } = this.fields;
    if (isBad && point === undefined) {
      const sources = declared ? [declared] : asset.sources.map(({ id }) => id);
      return sources.map((source) => blank(at, asset.id, source, reason));
    }
    const values = this.map("values");
    const bad = this.map("bad");
    if (point !== undefined) this.onePoint(isBad ? bad : values, isBad ? reason : undefined);
    const cycles = this.bySource(at, asset, declared, values, bad);
    if (point !== undefined && isBad) for (const cycle of cycles) cycle.lone = true;
    return cycles;
  }

  /** The short form `point` with `value` or `reason`, as an entry of the long one. */
  private onePoint(into: Fields, reason: string | undefined): void {
    const point = this.text("point");
    into[point] = reason ?? this.fields["value"] ?? this.refuse('"value" is missing');
  }

  /** One cycle for each source that the points belong to; without points, of the declared one. */
  private bySource(
    at: Millis,
    asset: AssetModel,
    declared: string | null,
    values: Fields,
    bad: Fields,
  ): CycleInput[] {
    const cycles = new Map<string, CycleInput>();
    const of = (point: string): CycleInput => {
      const source = this.sourceOf(asset, point);
      if (declared !== null && source !== declared)
        this.refuse(`point "${point}" belongs to source "${source}", not "${declared}"`);
      const known = cycles.get(source) ?? blank(at, asset.id, source, null);
      cycles.set(source, known);
      return known;
    };
    for (const [id, value] of Object.entries(values)) of(id).values[id] = this.value(id, value);
    for (const [id, why] of Object.entries(bad)) of(id).bad[id] = String(why);
    if (cycles.size > 0) return [...cycles.values()];
    return [blank(at, asset.id, declared ?? this.defaultSource(asset), null)];
  }

  private defaultSource(asset: AssetModel): string {
    const main = asset.sources.find(({ id }) => id === "main") ?? asset.sources[0];
    return main?.id ?? this.refuse(`asset "${asset.id}" has no source`);
  }

  private event(at: Millis): LineInput {
    const by = (): { by: string; why: string } => ({
      by: this.text("by", "unknown"),
      why: this.text("why", ""),
    });
    const kind = this.fields["event"];
    switch (kind) {
      case "agent-stopped":
        return { kind, at };
      case "agent-started": {
        const cause = this.oneOf("cause", ["agent-stopped", "power-lost"], "agent-stopped");
        return { kind, at, lastAlive: this.instant("lastAlive"), cause };
      }
      case "clock": {
        const quality = this.oneOf("quality", CLOCK_QUALITIES, "synced");
        return { kind, at, quality, stepMs: this.integer("stepMs", 0) };
      }
      case "plan": {
        const schedule = this.oneOf("schedule", ["planned-stop", "no-demand"]);
        return { kind, at, asset: this.asset().id, ...this.span(), schedule, ...by() };
      }
      case "reason": {
        const { reason, attribution } = this.fields;
        return {
          kind,
          at,
          asset: this.asset().id,
          ...this.span(),
          reason: reason === undefined || reason === null ? null : String(reason),
          attribution: attribution === undefined ? null : this.oneOf("attribution", ATTRIBUTIONS),
          ...by(),
        };
      }
      case "counts": {
        const window = this.oneOf("kind", WINDOW_KINDS);
        const from = this.instant("from");
        return {
          kind,
          at,
          asset: this.asset().id,
          window,
          from,
          reject: this.integer("reject"),
          ...by(),
        };
      }
      case "config":
        return { kind: "config-file", at, file: this.text("file") };
      default:
        return this.refuse(`event "${String(kind)}" is not known`);
    }
  }

  private span(): { from: Millis; to: Millis } {
    const from = this.instant("from");
    const to = this.instant("to");
    return to > from ? { from, to } : this.refuse('"to" is not after "from"');
  }
}

function blank(at: Millis, asset: string, source: string, failure: string | null): CycleInput {
  return { kind: "cycle", at, asset, source, values: {}, bad: {}, failure };
}

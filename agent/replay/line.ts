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
    const values = this.map("values");
    const bad = this.map("bad");
    const reason = this.text("reason", "MODBUS_TIMEOUT");
    const isBad = this.oneOf("quality", ["good", "bad"], "good") === "bad";
    const { point } = this.fields;
    if (point !== undefined) {
      if (typeof point !== "string") return this.refuse('"point" is not text');
      if (isBad) bad[point] = reason;
      else if (this.fields["value"] === undefined) return this.refuse('"value" is missing');
      else values[point] = this.fields["value"];
    } else if (isBad) {
      const sources = declared ? [declared] : asset.sources.map(({ id }) => id);
      return sources.map((source) => blank(at, asset.id, source, reason));
    }
    const cycles = new Map<string, CycleInput>();
    const of = (source: string): CycleInput => {
      const known = cycles.get(source) ?? blank(at, asset.id, source, null);
      cycles.set(source, known);
      return known;
    };
    const home = (id: string): string => {
      const source = this.sourceOf(asset, id);
      return declared === null || source === declared
        ? source
        : this.refuse(`point "${id}" belongs to source "${source}", not "${declared}"`);
    };
    for (const [id, value] of Object.entries(values))
      of(home(id)).values[id] = this.value(id, value);
    for (const [id, why] of Object.entries(bad)) of(home(id)).bad[id] = String(why);
    if (cycles.size === 0) of(declared ?? this.defaultSource(asset));
    if (point !== undefined && isBad) for (const cycle of cycles.values()) cycle.lone = true;
    return [...cycles.values()];
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

/** Equal `at` and source is one cycle: later lines add to earlier ones, and good news wins over a failed source. */
export function mergeCycles(inputs: LineInput[]): LineInput[] {
  const merged: LineInput[] = [];
  const open = new Map<string, CycleInput>();
  for (const input of inputs) {
    if (input.kind !== "cycle") {
      open.clear();
      merged.push(input);
      continue;
    }
    const key = `${input.asset} ${input.source}`;
    const first = open.get(key);
    if (first) join(first, input);
    else {
      open.set(key, input);
      merged.push(input);
    }
  }
  return merged;
}

function join(first: CycleInput, more: CycleInput): void {
  if (more.failure !== null) return;
  first.failure = null;
  for (const [id, value] of Object.entries(more.values)) {
    first.values[id] = value;
    delete first.bad[id];
  }
  for (const [id, reason] of Object.entries(more.bad)) {
    first.bad[id] = reason;
    delete first.values[id];
  }
  if (first.lone && !more.lone) delete first.lone;
}

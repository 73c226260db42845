/**
 * One line of recorded input (DESIGN 5.3) as an input of the core. Refuses what it does not understand, with the
 * line number: recorded input is evidence, and a guess would falsify it.
 */
import { Fault } from "../core/fault.ts";
import type { CycleInput } from "../core/input.ts";
import type { AssetModel, PlantModel, Value } from "../core/model.ts";
import type { Millis } from "../core/time.ts";
import { type LineInput, readEvent } from "./event.ts";
import { FieldReader, type Fields } from "./fields.ts";

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
  const line = new FieldReader(parsed as Fields, model, refuse);
  const at = line.instant("at");
  if (line.fields["event"] !== undefined) return [readEvent(line, at)];
  return readCycle(line, at, line.asset());
}

function readCycle(line: FieldReader, at: Millis, asset: AssetModel): LineInput[] {
  const declared = declaredSource(line, asset);
  const reason = line.text("reason", "MODBUS_TIMEOUT");
  const isBad = line.oneOf("quality", ["good", "bad"], "good") === "bad";
  const tookMs = line.optionalCount("tookMs");
  const { point } = line.fields;
  if (isBad && point === undefined) {
    const sources = declared ? [declared] : asset.sources.map(({ id }) => id);
    return sources.map((source) => blank(at, asset.id, source, reason));
  }
  const values = line.map("values");
  const bad = line.map("bad");
  if (point !== undefined) onePoint(line, isBad ? bad : values, isBad ? reason : undefined);
  const cycles = bySource(line, at, asset, declared, values, bad);
  if (point !== undefined && isBad) for (const cycle of cycles) cycle.lone = true;
  else if (tookMs !== null) tell(line, cycles, tookMs);
  return cycles;
}

/** What the answers took is known of one pass over one source. */
function tell(line: FieldReader, cycles: CycleInput[], tookMs: Millis): void {
  const [cycle, other] = cycles;
  if (other) line.refuse('"tookMs" is of one source, and the points belong to several');
  if (cycle) cycle.tookMs = tookMs;
}

/** The short form `point` with `value` or `reason`, as an entry of the long one. */
function onePoint(line: FieldReader, into: Fields, reason: string | undefined): void {
  const point = line.text("point");
  into[point] = reason ?? line.fields["value"] ?? line.refuse('"value" is missing');
}

/** One cycle for each source that the points belong to; without points, of the declared one. */
function bySource(
  line: FieldReader,
  at: Millis,
  asset: AssetModel,
  declared: string | null,
  values: Fields,
  bad: Fields,
): CycleInput[] {
  const cycles = new Map<string, CycleInput>();
  const of = (point: string): CycleInput => {
    const source = sourceOf(line, asset, point);
    if (declared !== null && source !== declared)
      line.refuse(`point "${point}" belongs to source "${source}", not "${declared}"`);
    const known = cycles.get(source) ?? blank(at, asset.id, source, null);
    cycles.set(source, known);
    return known;
  };
  for (const [id, value] of Object.entries(values)) of(id).values[id] = readValue(line, id, value);
  for (const [id, why] of Object.entries(bad)) of(id).bad[id] = String(why);
  if (cycles.size > 0) return [...cycles.values()];
  return [blank(at, asset.id, declared ?? defaultSource(line, asset), null)];
}

function defaultSource(line: FieldReader, asset: AssetModel): string {
  const main = asset.sources.find(({ id }) => id === "main") ?? asset.sources[0];
  return main?.id ?? line.refuse(`asset "${asset.id}" has no source`);
}

function sourceOf(line: FieldReader, asset: AssetModel, point: string): string {
  const model = asset.points.find((candidate) => candidate.id === point);
  if (!model) return line.refuse(`point "${point}" is not in asset "${asset.id}"`);
  return asset.sources[model.source]?.id ?? line.refuse(`point "${point}" has no source`);
}

function readValue(line: FieldReader, point: string, value: unknown): Value {
  const fits =
    typeof value === "boolean" ||
    typeof value === "string" ||
    (typeof value === "number" && Number.isFinite(value));
  return fits ? value : line.refuse(`the value of "${point}" is not a number, boolean or text`);
}

function declaredSource(line: FieldReader, asset: AssetModel): string | null {
  const { source } = line.fields;
  if (source === undefined) return null;
  const known = asset.sources.some((candidate) => candidate.id === source);
  return known ? String(source) : line.refuse(`asset "${asset.id}" has no source "${source}"`);
}

function blank(at: Millis, asset: string, source: string, failure: string | null): CycleInput {
  return { kind: "cycle", at, asset, source, values: {}, bad: {}, failure };
}

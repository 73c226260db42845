/** `report --explain`: every interval of a span with rule, registers and what the machine said around its edge. */
import type { Input } from "../core/input.ts";
import type { Plant } from "../plant.ts";
import { type Explained, explain, questionsOf } from "../report/explain/explain.ts";
import { explainedJson, explainedText } from "../report/explain/lines.ts";
import { samplesAround } from "../report/explain/samples.ts";
import type { Material } from "../report/report.ts";
import { inkFor } from "../report/table.ts";
import { pinDays, readRaw } from "../store/raw-reader.ts";
import type { Reader } from "../store/read.ts";
import { isColorful } from "./color.ts";
import { print } from "./output.ts";

const DAY_MS = 86_400_000;

/** `raw`: the folder of what the machines said; null where only the journal is at hand. */
export function printExplanation(
  plant: Plant,
  material: Material,
  { raw, aggregates }: Pick<Reader, "aggregates"> & { raw: string | null },
  json: boolean,
): void {
  const questions = questionsOf(material);
  const edges = questions.map(({ edge }) => edge);
  const { hash, sources, connections } = plant;
  const lines = explain(questions, {
    samples: samplesAround(edges, raw === null ? [] : rawBetween(raw, edges)),
    aggregates,
    bus: { hash, sources, connections },
  });
  const zones = new Map(material.slices.map(({ asset }) => [asset.id, asset.zone]));
  const ink = inkFor(isColorful());
  const textOf = (one: Explained): string[] =>
    explainedText(one, zones.get(one.interval.asset) ?? "UTC", ink);
  for (const one of lines)
    if (json) print(explainedJson(one));
    else for (const line of textOf(one)) print(line);
}

/** Pinned minutes where segments are gone, then the segments: one pass over the days that hold an edge. */
function* rawBetween(folder: string, edges: readonly { at: number }[]): Generator<Input> {
  const days = edges.map(({ at }) => Math.floor(at / DAY_MS));
  if (days.length === 0) return;
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const range = { from: { day: first, offset: 0 }, to: { day: last + 1, offset: 0 } };
  if (pinDays(folder).length > 0) yield* readRaw(folder, { ...range, kind: "pin" });
  yield* readRaw(folder, range);
}

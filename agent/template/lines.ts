/**
 * GPIO lines of a fixture as values of points over time: levels after `activeLow`, pulses as counts of edges to
 * active. What the driver makes of edges, without bounce; `debounce` is the driver's business.
 */
import type { TemplateFixture } from "../../config/types.ts";
import { durationMs } from "../../config/units.ts";
import type { PointOptions } from "../../drivers/driver.ts";
import type { Value } from "../core/model.ts";

export interface Change {
  /** Milliseconds since the fixture began. */
  at: number;
  /** Points with a new value. */
  values: Record<string, Value>;
}

export interface LineState {
  levels: Map<string, number>;
  counts: Map<string, number>;
}

export const noLines = (): LineState => ({ levels: new Map(), counts: new Map() });

/** Plays the lines of one fixture on `state`, which goes on into the next one. `counters` are ids of pulse counters. */
export function changesOf(
  fixture: TemplateFixture,
  points: readonly PointOptions[],
  counters: ReadonlySet<string>,
  state: LineState,
): Change[] {
  return (fixture.lines ?? []).map(({ at, set }) => {
    const values: Record<string, Value> = {};
    for (const point of points) {
      const line = String(point["line"]);
      const level = set[line];
      if (level === undefined) continue;
      const before = state.levels.get(line);
      const isOn = (level === 1) !== (point["activeLow"] === true);
      if (counters.has(point.id)) {
        const isPulse = before !== undefined && before !== level && isOn;
        const count = (state.counts.get(point.id) ?? 0) + (isPulse ? 1 : 0);
        state.counts.set(point.id, count);
        values[point.id] = count;
      } else values[point.id] = isOn;
    }
    for (const [line, level] of Object.entries(set)) state.levels.set(line, level);
    return { at: durationMs(at), values };
  });
}

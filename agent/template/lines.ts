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
      const level = set[String(point["line"])];
      if (level === undefined) continue;
      const isOn = (level === 1) !== (point["activeLow"] === true);
      values[point.id] = counters.has(point.id) ? counted(point, level, isOn, state) : isOn;
    }
    for (const [line, level] of Object.entries(set)) state.levels.set(line, level);
    return { at: durationMs(at), values };
  });
}

/** An edge to active is a pulse; the first level is none. */
function counted(point: PointOptions, level: number, isOn: boolean, state: LineState): number {
  const before = state.levels.get(String(point["line"])) ?? level;
  const count = (state.counts.get(point.id) ?? 0) + (isOn && before !== level ? 1 : 0);
  state.counts.set(point.id, count);
  return count;
}

/** Changes of several lines that belong together as one reading. Pure. */
import type { Value } from "../../agent/core/model.ts";

export interface PointChange {
  id: string;
  at: number;
  value: Value;
}

export interface Batch {
  /** The last change in it: all its values were true then. */
  at: number;
  values: Map<string, Value>;
}

/** Outputs that a controller switches in one scan change within this. Milliseconds. */
export const TOGETHER_MS = 10;

/**
 * Batches in order of time: changes within {@link TOGETHER_MS} of the first one, so that a pattern of lamps is never
 * seen half switched. A level that changes twice is two batches; a count that rises twice is one.
 */
export function gather(changes: PointChange[]): Batch[] {
  const sorted = changes.toSorted((a, b) => a.at - b.at);
  const batches: Batch[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const { id, at, value } of sorted) {
    const last = batches.at(-1);
    const joins = last && at - from < TOGETHER_MS;
    if (joins && (typeof value !== "boolean" || !last.values.has(id))) {
      last.values.set(id, value);
      last.at = at;
    } else {
      batches.push({ at, values: new Map([[id, value]]) });
      from = at;
    }
  }
  return batches;
}

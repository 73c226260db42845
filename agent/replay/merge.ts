/** Lines of one instant and source are one cycle (DESIGN 5.3). */
import type { CycleInput } from "../core/input.ts";
import type { LineInput } from "./event.ts";

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

/**
 * When an agent that got these inputs could not see an asset: what its `unknown` bucket must hold.
 * Follows accounting rules 3, 4 and 13 for whole cycles; single bad points are not its business.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import type { Sampled } from "./sample.ts";

export interface BlindWatch {
  see(input: Sampled): void;
  /** Spans of the agent's axis, ascending and disjoint, clipped to `to`. */
  spans(to: Millis): Span[];
  /** Axis instants of the first and last good cycle, null before any. */
  firstGood(): Millis | null;
  lastGood(): Millis | null;
}

/** Watches one asset from `from` (its windows begin there) with the given hold limit. */
export function blindWatch(asset: string, holdMs: Millis, from: Millis): BlindWatch {
  const spans: Span[] = [];
  let axis = from;
  let first: Millis | null = null;
  let last: Millis | null = null;
  /** Since when it has been blind for another reason than age. */
  let dark: Millis | null = from;

  const good = (): void => {
    if (dark !== null) add(spans, dark, axis);
    else if (last !== null && axis - last > holdMs) add(spans, last, axis);
    dark = null;
    first ??= axis;
    last = axis;
  };
  const started = (lastAlive: Millis): void => {
    const stale = last !== null && lastAlive - last > holdMs;
    dark ??= stale ? last : Math.min(lastAlive, axis);
  };
  return {
    see(input) {
      if (input.kind === "cycle") {
        axis = Math.max(axis, input.at);
        if (input.asset === asset && input.failure === null) good();
      } else if (input.kind === "agent-started") {
        started(input.lastAlive);
        axis = Math.max(axis, input.at);
      } else {
        const end = input.at + input.stepMs;
        if (end <= axis) return;
        add(spans, Math.max(axis, input.at), end);
        // Age is measured in elapsed time, which did not jump.
        if (last !== null) last += end - Math.max(axis, input.at);
        axis = end;
      }
    },
    spans(to) {
      const all = [...spans];
      if (dark !== null) add(all, dark, to);
      else if (last !== null && to - last > holdMs) add(all, last, to);
      return all
        .map((span) => ({ from: span.from, to: Math.min(span.to, to) }))
        .filter((span) => span.to > span.from);
    },
    firstGood: () => first,
    lastGood: () => last,
  };
}

/** Appends `[from, to)`, merged with what it overlaps at the end. */
function add(spans: Span[], from: Millis, to: Millis): void {
  if (to <= from) return;
  let start = from;
  let end = to;
  for (let last = spans.at(-1); last && last.to >= start; last = spans.at(-1)) {
    start = Math.min(start, last.from);
    end = Math.max(end, last.to);
    spans.pop();
  }
  spans.push({ from: start, to: end });
}

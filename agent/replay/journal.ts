/** What a replay remembers of its own output, so that annotations can be judged: the in-memory twin of the store's journal. */

import { concernOf } from "../core/annotation/decide.ts";
import { type History, isLate } from "../core/annotation/entered.ts";
import { windowKey } from "../core/annotation/history.ts";
import type { Core } from "../core/core.ts";
import type { CountFact, Fact, IntervalFact, WindowBody } from "../core/fact.ts";
import type { Input } from "../core/input.ts";
import type { Span } from "../core/time.ts";

interface AssetJournal {
  intervals: IntervalFact[];
  counts: CountFact[];
  /** Latest revision of each final window, by kind, begin and shift. */
  windows: Map<string, WindowBody>;
}

export interface Journal {
  keep(facts: Fact[]): void;
  /** What the core must know to judge an annotation of `[from, to)`. */
  history(asset: string, span: Span): History;
}

export function memoryJournal(): Journal {
  const assets = new Map<string, AssetJournal>();
  const of = (id: string): AssetJournal => {
    const known = assets.get(id) ?? { intervals: [], counts: [], windows: new Map() };
    assets.set(id, known);
    return known;
  };
  return {
    keep(facts) {
      for (const fact of facts) {
        if (fact.kind === "interval") of(fact.asset).intervals.push(fact);
        if (fact.kind === "count") of(fact.asset).counts.push(fact);
        if (fact.kind !== "record" || fact.class !== "window" || !fact.body.final) continue;
        of(fact.asset ?? "").windows.set(windowKey(fact.body), fact.body);
      }
    },
    history(asset, span) {
      const { intervals, counts, windows } = of(asset);
      const [first, end] = reach(intervals, span);
      const taken = intervals.slice(first, end);
      const from = Math.min(span.from, taken[0]?.from ?? span.from);
      const to = Math.max(span.to, taken.at(-1)?.to ?? span.to);
      return {
        intervals: taken,
        windows: [...windows.values()].filter((w) => w.from < to && from < w.to),
        counts: counts.filter(({ at }) => span.from <= at && at < span.to),
      };
    },
  };
}

/** The input with what the core needs to judge it. */
export function withHistory(core: Core, journal: Journal, input: Input): Input {
  if (!isLate(input)) return input;
  const span = concernOf(core, input);
  return span ? { ...input, history: journal.history(input.asset, span) } : input;
}

/** Indexes [first, end) of the intervals that meet the span, its stops whole, and the ones before and after. */
export function reach(intervals: readonly IntervalFact[], span: Span): [number, number] {
  let first = firstEnding(intervals, span.from);
  let end = first;
  while ((intervals[end]?.from ?? Number.MAX_SAFE_INTEGER) < span.to) end++;
  const begin = intervals[first]?.stopFrom ?? null;
  while (begin !== null && intervals[first - 1]?.stopFrom === begin) first--;
  const last = intervals[end - 1]?.stopFrom ?? null;
  while (last !== null && intervals[end]?.stopFrom === last) end++;
  return [Math.max(first - 1, 0), Math.min(end + 1, intervals.length)];
}

/** Index of the first interval that ends after `t`. */
function firstEnding(intervals: readonly IntervalFact[], t: number): number {
  let low = 0;
  let high = intervals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((intervals[middle]?.to ?? 0) > t) high = middle;
    else low = middle + 1;
  }
  return low;
}

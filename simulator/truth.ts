/**
 * The exact truth about a machine, for any window: milliseconds per condition, pieces per recipe, and every
 * true run. This is the oracle; it knows nothing of polls, links or agents.
 */
import type { Millis, Span } from "../agent/core/time.ts";
import { CONDITIONS, type Condition } from "../agent/core/vocabulary.ts";
import { advance, type Machine, type Pieces, piecesBefore, runAt } from "./machine.ts";

/** A maximal stretch of one condition, clipped to the window. */
export interface TrueRun extends Span {
  condition: Condition;
}

export interface Truth extends Span {
  asset: string;
  /** Sums exactly to `to - from`. */
  conditionMs: Record<Condition, Millis>;
  /** Pieces with an instant in the window. */
  counts: Pieces;
  /** The same by value of the recipe register. */
  recipes: Record<string, Pieces>;
  /** Ascending, without gaps, neighbors differ. */
  runs: TrueRun[];
}

/** Truth about `[from, to)`. Throws RangeError before the machine's start. */
export function truth(machine: Machine, from: Millis, to: Millis): Truth {
  if (from < machine.start || to < from) throw new RangeError(`no truth for [${from}, ${to})`);
  const conditionMs = Object.fromEntries(
    CONDITIONS.map((word) => [word, 0]),
  ) as Truth["conditionMs"];
  const recipes: Record<string, Pieces> = {};
  const runs: TrueRun[] = [];
  advance(machine, to);
  if (to > from) runAt(machine, from);
  let before = piecesBefore(machine, from);
  const first = before;
  for (let i = machine.cursor; i < machine.runs.length; i++) {
    const run = machine.runs[i];
    if (!run || run.from >= to) break;
    const start = Math.max(run.from, from);
    const end = Math.min(run.to, to);
    if (end <= start) continue;
    conditionMs[run.condition] += end - start;
    append(runs, { from: start, to: end, condition: run.condition });
    const after = piecesBefore(machine, end);
    const row = recipes[run.recipe] ?? { total: 0, good: 0 };
    row.total += after.total - before.total;
    row.good += after.good - before.good;
    recipes[run.recipe] = row;
    before = after;
  }
  const counts = { total: before.total - first.total, good: before.good - first.good };
  return { asset: machine.id, from, to, conditionMs, counts, recipes, runs };
}

function append(runs: TrueRun[], run: TrueRun): void {
  const last = runs.at(-1);
  if (last && last.condition === run.condition) last.to = run.to;
  else runs.push(run);
}

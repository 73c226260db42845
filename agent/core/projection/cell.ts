/**
 * A timeline as a table of milliseconds by everything that a standard may ask for. Cells of two disjoint spans add
 * up, so every projection of a whole is that of its parts. Judges nothing.
 */
import type { IntervalFact } from "../fact.ts";
import { type Millis, overlapMs, type Span } from "../time.ts";
import { type Loss, lossOf, type NamedLosses } from "./loss.ts";

export type Axes = Pick<
  IntervalFact,
  "condition" | "schedule" | "attribution" | "stop" | "cause" | "reason" | "recipe" | "idealCycleUs"
>;

/** So many milliseconds were like this. */
export interface Cell extends Axes {
  ms: Millis;
  /** What it is lost to, by the reason tree and rules of its machine; null: it is no loss. */
  loss: Loss | null;
}

const NONE: NamedLosses = new Map();

const keyOf = (axes: Axes): string =>
  JSON.stringify([
    ...[axes.condition, axes.schedule, axes.attribution, axes.stop, axes.cause],
    ...[axes.reason, axes.recipe, axes.idealCycleUs],
  ]);

/** The part of `pieces` inside `[from, to)`, in an order that depends on the content alone. `named`: by the reason tree. */
export function cellsOf(
  pieces: Iterable<Axes & Span>,
  { from, to }: Span,
  named: NamedLosses = NONE,
): Cell[] {
  const cells = new Map<string, Cell>();
  for (const piece of pieces) {
    const ms = overlapMs(piece, from, to);
    if (ms === 0) continue;
    const key = keyOf(piece);
    const cell = cells.get(key);
    if (cell) cell.ms += ms;
    else cells.set(key, { ...axesOf(piece), ms, loss: lossOf(piece, named) });
  }
  return sorted(cells);
}

export function sumMs(cells: readonly Cell[], isMeant: (cell: Cell) => boolean): Millis {
  let sum = 0;
  for (const cell of cells) if (isMeant(cell)) sum += cell.ms;
  return sum;
}

const axesOf = ({
  condition,
  schedule,
  attribution,
  stop,
  cause,
  reason,
  recipe,
  idealCycleUs,
}: Axes): Axes => ({
  ...{ condition, schedule, attribution, stop, cause, reason, recipe, idealCycleUs },
});

const sorted = (cells: Map<string, Cell>): Cell[] =>
  [...cells].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);

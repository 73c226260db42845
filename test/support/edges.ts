/** The settled timeline of a plant as short text, for tables of expectations. */
import type { IntervalFact } from "../../agent/core/fact.ts";
import type { Millis } from "../../agent/core/time.ts";
import type { Bench } from "./plant.ts";

type Word = (interval: IntervalFact) => string;

const conditionOf: Word = ({ condition, cause }) => (cause ? `${condition} ${cause}` : condition);

/** `ms word` for each change from `start` on, in milliseconds after `start`; before it nothing is listed. */
export function edges(
  plant: Bench,
  start: Millis,
  until: Millis,
  word: Word = conditionOf,
): string[] {
  plant.tick(until + 4 * 3_600_000);
  const changes: string[] = [];
  let last = "";
  for (const fact of plant.facts) {
    if (fact.kind !== "interval" || fact.to <= start || fact.from >= until) continue;
    const now = word(fact);
    if (now !== last) changes.push(`${Math.max(0, fact.from - start)} ${now}`);
    last = now;
  }
  return changes;
}

/** What the journal knows of a span and the stops and windows it meets: what the core needs to judge an annotation. */

import type { History } from "../core/annotation/entered.ts";
import type { IntervalFact, WindowBody } from "../core/fact.ts";
import type { Span } from "../core/time.ts";
import { readCounts, readIntervals } from "./read-journal.ts";
import type { Db } from "./sqlite.ts";
import type { Words } from "./words.ts";

/** No window is longer: a contract year, and a day for its time zone. */
const LONGEST_MS = 367 * 24 * 3_600_000;

/** Intervals that meet the span with their stops whole and the ones beside them, final windows they meet, counts in the span. */
export function readHistory(db: Db, words: Words, asset: string, span: Span): History {
  const intervals = wholeStops(db, words, asset, span);
  const from = Math.min(span.from, intervals[0]?.from ?? span.from);
  const to = Math.max(span.to, intervals.at(-1)?.to ?? span.to);
  return {
    intervals,
    windows: latestWindows(db, words, asset, { from, to }),
    counts: [...readCounts(db, words, asset, span.from, span.to)],
  };
}

function wholeStops(db: Db, words: Words, asset: string, { from, to }: Span): IntervalFact[] {
  const [first] = readIntervals(db, words, asset, from, to);
  const begin = Math.min(first?.stopFrom ?? from, from);
  const taken: IntervalFact[] = [];
  for (const interval of readIntervals(db, words, asset, begin - 1, Number.MAX_SAFE_INTEGER)) {
    const last = taken.at(-1);
    const goesOn = interval.stopFrom !== null && interval.stopFrom === last?.stopFrom;
    const isAfter = interval.from >= to && !goesOn;
    taken.push(interval);
    if (isAfter) break;
  }
  return taken;
}

function latestWindows(db: Db, words: Words, asset: string, { from, to }: Span): WindowBody[] {
  const rows = db
    .prepare(
      `SELECT body, max(revision) FROM windows
       WHERE from_ms > ? AND from_ms < ? AND to_ms > ? AND asset = ? AND final = 1
       GROUP BY from_ms, kind ORDER BY from_ms`,
    )
    .all(from - LONGEST_MS, to, from, words.find(asset)) as { body: string }[];
  return rows.map(({ body }) => JSON.parse(body) as WindowBody);
}

/** Rows of the journal back as the facts they were. Pages, so that a long span holds neither memory nor checkpoints. */
import type { AggregateFact, CountFact, IntervalFact, StopClass } from "../core/journal.ts";
import type { Millis } from "../core/time.ts";
import type { Attribution, Condition, Schedule, UnknownCause } from "../core/vocabulary.ts";
import { MINUTE_MS } from "./facts.ts";
import type { Db } from "./sqlite.ts";
import type { Words } from "./words.ts";

const PAGE = 1000;

type Row = Record<string, number | null>;

const numberOf = (row: Row, column: string): number => row[column] as number;

/** Intervals of an asset that touch `[from, to)`, in order, not clipped. */
export function* readIntervals(
  db: Db,
  words: Words,
  asset: string,
  from: Millis,
  to: Millis,
): Generator<IntervalFact> {
  const id = words.find(asset);
  const first = db
    .prepare(
      "SELECT from_ms FROM intervals WHERE from_ms <= ? AND asset = ? ORDER BY from_ms DESC LIMIT 1",
    )
    .get(from, id) as Row | undefined;
  const page = db.prepare(
    `SELECT * FROM intervals WHERE from_ms > ? AND from_ms < ? AND asset = ? ORDER BY from_ms LIMIT ${PAGE}`,
  );
  let after = (first ? numberOf(first, "from_ms") : from) - 1;
  for (;;) {
    const rows = page.all(after, to, id) as Row[];
    const last = rows.at(-1);
    if (!last) return;
    for (const row of rows) {
      const interval = toInterval(row, words, asset);
      if (interval.to > from) yield interval;
    }
    after = numberOf(last, "from_ms");
  }
}

/** Counts of an asset booked in `[from, to)`, in order. */
export function* readCounts(
  db: Db,
  words: Words,
  asset: string,
  from: Millis,
  to: Millis,
): Generator<CountFact> {
  const id = words.find(asset);
  const page = db.prepare(
    `SELECT * FROM counts WHERE at_ms >= ? AND at_ms < ? AND asset = ?
     AND (at_ms, recipe, ideal_us, place) > (?, ?, ?, ?)
     ORDER BY at_ms, recipe, ideal_us, place LIMIT ${PAGE}`,
  );
  let after = [from, -1, -1, -1];
  for (;;) {
    const rows = page.all(after[0], to, id, ...after) as Row[];
    const last = rows.at(-1);
    if (!last) return;
    for (const row of rows) yield toCount(row, words, asset);
    after = ["at_ms", "recipe", "ideal_us", "place"].map((column) => numberOf(last, column));
  }
}

/** Minutes of the condition channels of an asset that begin in `[from, to)`, in order. For spans of minutes, not of days. */
export function readAggregates(
  db: Db,
  words: Words,
  asset: string,
  from: Millis,
  to: Millis,
): AggregateFact[] {
  const rows = db
    .prepare(
      "SELECT * FROM aggregates WHERE minute >= ? AND minute < ? AND asset = ? ORDER BY minute, point",
    )
    .all(Math.ceil(from / MINUTE_MS), Math.ceil(to / MINUTE_MS), words.find(asset)) as Row[];
  return rows.map((row) => {
    const number = (column: string): number => numberOf(row, column);
    return {
      ...{ kind: "aggregate", asset, point: words.word(number("point")) },
      at: number("minute") * MINUTE_MS,
      ...{ min: number("low"), max: number("high"), sum: number("sum"), n: number("n") },
      last: number("last"),
    };
  });
}

function toInterval(row: Row, words: Words, asset: string): IntervalFact {
  const number = (column: string): number => numberOf(row, column);
  const word = (column: string): string => words.word(number(column));
  const before = (column: string): number | null =>
    row[column] === null ? null : number("from_ms") - number(column);
  return {
    kind: "interval",
    asset,
    from: number("from_ms"),
    to: number("from_ms") + number("length_ms"),
    condition: word("condition") as Condition,
    cause: row["cause"] === null ? null : (word("cause") as UnknownCause),
    schedule: word("schedule") as Schedule,
    attribution: word("attribution") as Attribution,
    recipe: word("recipe"),
    idealCycleUs: row["ideal_us"] as number | null,
    reason: row["reason"] === null ? null : word("reason"),
    rule: row["rule"] as number | null,
    stop: word("stop") as StopClass,
    stopPrime: word("stop_prime") as StopClass,
    stopFrom: before("stop_before_ms"),
    edgeFrom: before("edge_before_ms"),
  };
}

function toCount(row: Row, words: Words, asset: string): CountFact {
  const number = (column: string): number => numberOf(row, column);
  return {
    kind: "count",
    asset,
    at: number("at_ms"),
    recipe: words.word(number("recipe")),
    idealCycleUs: number("ideal_us") === 0 ? null : number("ideal_us"),
    place: words.word(number("place")) as CountFact["place"],
    total: number("total"),
    good: number("good"),
    reject: number("reject"),
  };
}

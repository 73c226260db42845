/** Writes facts into the journal, inside the transaction at hand. Adds nothing to what the core says. */
import type {
  AggregateFact,
  CountFact,
  Fact,
  IntervalFact,
  RecordFact,
  WindowBody,
} from "../core/fact.ts";
import type { Input } from "../core/input.ts";
import type { Head } from "./head.ts";
import type { Db } from "./sqlite.ts";
import { toTaggedJson } from "./tagged-json.ts";
import type { Words } from "./words.ts";

export interface Journal {
  fact(fact: Fact): void;
  input(input: Input): void;
  head(chain: string, head: Head): void;
}

/** A contract's period bears its name: two of them may begin together. */
export const kindOf = ({ kind, contract }: WindowBody): string =>
  contract === undefined ? kind : `${kind}:${contract}`;

export const MINUTE_MS = 60_000;

export function openJournal(db: Db, words: Words): Journal {
  const interval = db.prepare(`INSERT INTO intervals VALUES (${Array(15).fill("?").join(", ")})`);
  const count = db.prepare(
    `INSERT INTO counts VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     total = total + excluded.total, good = good + excluded.good, reject = reject + excluded.reject`,
  );
  // A minute may come in two parts, around a start.
  const aggregate = db.prepare(
    `INSERT INTO aggregates VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     low = min(low, excluded.low), high = max(high, excluded.high), sum = sum + excluded.sum,
     last = excluded.last, n = n + excluded.n`,
  );
  const window = db.prepare("INSERT INTO windows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const step = db.prepare("INSERT OR IGNORE INTO steps VALUES (?, ?)");
  const input = db.prepare("INSERT INTO inputs (at_ms, kind, json) VALUES (?, ?, ?)");
  const head = db.prepare("INSERT OR REPLACE INTO heads (asset, hash, seq) VALUES (?, ?, ?)");

  function addInterval(f: IntervalFact): void {
    interval.run(
      f.from,
      words.id(f.asset),
      f.to - f.from,
      words.id(f.condition),
      words.idOrNull(f.cause),
      words.id(f.schedule),
      words.id(f.attribution),
      words.id(f.recipe),
      f.idealCycleUs,
      words.idOrNull(f.reason),
      f.rule,
      words.id(f.stop),
      words.id(f.stopPrime),
      f.stopFrom === null ? null : f.from - f.stopFrom,
      f.edgeFrom === null ? null : f.from - f.edgeFrom,
    );
  }

  function addCount(f: CountFact): void {
    const recipe = words.id(f.recipe);
    const key = [f.at, words.id(f.asset), recipe, f.idealCycleUs ?? 0, words.id(f.place)];
    count.run(...key, f.total, f.good, f.reject);
  }

  function addAggregate(f: AggregateFact): void {
    const minute = Math.floor(f.at / MINUTE_MS);
    aggregate.run(minute, words.id(f.asset), words.id(f.point), f.min, f.max, f.sum, f.last, f.n);
  }

  /** All others live in intervals, inputs and the outbox already. */
  function addRecord(f: RecordFact): void {
    if (f.class === "incident" && f.asset !== null) step.run(f.time, words.id(f.asset));
    if (f.class !== "window" || f.asset === null) return;
    const { from, to, revision, final } = f.body;
    const key = [from, words.id(kindOf(f.body)), words.id(f.asset), revision];
    window.run(...key, to, final ? 1 : 0, f.time, words.id(f.configHash), JSON.stringify(f.body));
  }

  return {
    fact(fact) {
      switch (fact.kind) {
        case "interval":
          return addInterval(fact);
        case "count":
          return addCount(fact);
        case "aggregate":
          return addAggregate(fact);
        case "record":
          return addRecord(fact);
        default:
          // Later kinds of facts bring their own table.
          return fact satisfies never;
      }
    },
    input(entry) {
      input.run(entry.at, words.id(entry.kind), toTaggedJson(entry));
    },
    head(chain, { hash, seq }) {
      head.run(words.id(chain), hash, seq);
    },
  };
}

/** The journal of a bundle: the lines of its sections as something windows can be made anew from. Reads no file. */
import type { CountFact, IntervalFact } from "../core/fact.ts";
import type { Input } from "../core/input.ts";
import type { Millis } from "../core/time.ts";
import { kindOf } from "../record/window.ts";
import type { JournalSource } from "../replay/from-journal.ts";
import type { StoredWindow } from "../store/read.ts";
import { ofLine } from "./bundle.ts";

/** Lines by section, as read. */
export type Lines = (section: string) => string[];

/** Parsed when first asked for. Rows keep the order of the store: by time. */
export function excerptOf(lines: Lines): JournalSource {
  const inputs = later(() => lines("input").map(ofLine.input));
  const windows = later(() => lines("window").map(ofLine.window));
  const intervals = later(() => byAsset(lines("interval").map(ofLine.interval)));
  const counts = later(() => byAsset(lines("count").map(ofLine.count)));
  return {
    *inputs(from, to): Generator<Input> {
      for (const input of inputs()) if (from <= input.at && input.at < to) yield input;
    },
    windows: (asset, kind, from, to): StoredWindow[] =>
      windows().filter(
        (window) =>
          window.asset === asset &&
          kindOf(window.body) === kind &&
          from <= window.body.from &&
          window.body.from < to,
      ),
    *intervals(asset, from, to): Generator<IntervalFact> {
      const rows = intervals().get(asset) ?? [];
      for (let i = firstAfter(rows, from, (row) => row.to); i < rows.length; i++) {
        const row = rows[i] as IntervalFact;
        if (row.from >= to) return;
        yield row;
      }
    },
    *counts(asset, from, to): Generator<CountFact> {
      const rows = counts().get(asset) ?? [];
      for (let i = firstAfter(rows, from - 1, (row) => row.at); i < rows.length; i++) {
        const row = rows[i] as CountFact;
        if (row.at >= to) return;
        yield row;
      }
    },
  };
}

function later<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function byAsset<T extends { asset: string }>(rows: T[]): Map<string, T[]> {
  const assets = new Map<string, T[]>();
  for (const row of rows) {
    const known = assets.get(row.asset);
    if (known) known.push(row);
    else assets.set(row.asset, [row]);
  }
  return assets;
}

/** Index of the first row whose instant is after `at`; rows rise with it. */
function firstAfter<T>(rows: T[], at: Millis, instant: (row: T) => Millis): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (instant(rows[middle] as T) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

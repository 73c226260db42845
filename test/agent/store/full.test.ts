/** A full store gives up what the order of loss names, says so with a number, and never a waiting record. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AggregateFact, Fact, RecordFact } from "../../../agent/core/fact.ts";
import { emptySums } from "../../../agent/core/window/sums.ts";
import { createEngine } from "../../../agent/store/engine.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { CommitResult, Gap, Store, StoreOptions } from "../../../agent/store/port.ts";
import { openReader } from "../../../agent/store/read.ts";
import { diskError, faultyDisk } from "./faulty-disk.ts";
import { commitOf, cycle, interval, optionsFor, record, START, temporary } from "./plant.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

let place: ReturnType<typeof temporary>;
let store: Store;

beforeEach(() => {
  place = temporary();
});
afterEach(async () => {
  await store.close();
  place.remove();
});

async function open(more: Partial<StoreOptions>): Promise<void> {
  ({ store } = await openStore(optionsFor(place.folder, more)));
}

const keep = (
  at: number,
  facts: Fact[],
  records: ReturnType<typeof record>[] = [],
): Promise<CommitResult> => store.commit(commitOf(at, { facts, records }));

const aggregates = (minute: number): AggregateFact[] =>
  Array.from({ length: 20 }, (_, i) => ({
    ...{ kind: "aggregate", asset: "press-01", point: `p${i}`, at: START + minute * MINUTE_MS },
    ...{ min: 1.5, max: 2.5, sum: 120.5, n: 60, last: 2 },
  }));

const payload = "x".repeat(900);

/** Fills with waiting records until the store refuses; returns the highest seq that was kept, and all gaps. */
async function fillWithRecords(
  first: number,
): Promise<{ last: number; gaps: Gap[]; refusal: CommitResult }> {
  const gaps: Gap[] = [];
  for (let seq = first; ; seq += 10) {
    const rows = Array.from({ length: 10 }, (_, i) => record(seq + i, { payload }));
    const result = await keep(START + 2 * DAY_MS, [], rows);
    if (!result.ok) return { last: seq - 1, gaps, refusal: result };
    gaps.push(...result.gaps);
  }
}

const finalMonth = (to: number): RecordFact => ({
  ...{ kind: "record", class: "window", asset: "press-01", time: to, configHash: "sha256:c" },
  body: {
    ...{
      kind: "month",
      from: to - 30 * DAY_MS,
      to,
      localDate: "2026-10-01",
      shift: null,
      revision: 1,
    },
    ...{ final: true, supersedes: null, by: null, why: null, sums: emptySums() },
  },
});

/** An interval per minute. */
const days = (count: number): Fact[] =>
  Array.from({ length: count * 1440 }, (_, i) =>
    interval(START + i * MINUTE_MS, START + (i + 1) * MINUTE_MS),
  );

function journal(): { first: number | undefined; gaps: Gap[] } {
  const reader = openReader(optionsFor(place.folder).path);
  const [first] = reader.intervals("press-01", 0, START * 2);
  const gaps = reader.gaps();
  reader.close();
  return { first: first && (first.from - START) / HOUR_MS, gaps };
}

describe("at its size limit", () => {
  test("aggregates go first, an hour at a time, and every loss has a number", async () => {
    await open({ maxBytes: 1024 * 1024, whenFull: "stop-recording" });
    for (let minute = 0; minute < 300; minute += 1) {
      expect(await keep(START + minute * MINUTE_MS, aggregates(minute))).toMatchObject({
        ok: true,
      });
    }
    const { gaps } = await fillWithRecords(1);
    expect(gaps.map(({ n }) => n)).toEqual(gaps.map((_, i) => i + 1));
    expect(
      gaps.map(({ what, from, rows, why }) => ({
        what,
        hour: (from - START) / HOUR_MS,
        rows,
        why,
      })),
    ).toEqual(
      [0, 1, 2, 3, 4].map((hour) => ({ what: "aggregates", hour, rows: 1200, why: "quota" })),
    );
    expect(journal().gaps).toEqual(gaps);
  });

  test("then the journal up to the last final period, and no waiting record at all", async () => {
    await open({ maxBytes: 1024 * 1024 });
    // In the middle of an interval, which stays.
    const boundary = START + DAY_MS + 12 * HOUR_MS + 30_000;
    expect(await keep(START, [...days(2), finalMonth(boundary)])).toMatchObject({ ok: true });
    const { last, gaps, refusal } = await fillWithRecords(1);
    expect(gaps.map(({ what, from, to }) => [what, from, to])).toEqual([
      ["journal", boundary - 2 * DAY_MS, boundary - DAY_MS],
      ["journal", boundary - DAY_MS, boundary],
    ]);
    expect(refusal).toMatchObject({
      ok: false,
      snapshotNeeded: false,
      fault: { code: "STORE_FULL" },
    });
    expect(journal().first).toBe(36);
    expect(await store.take(0, 10_000)).toHaveLength(last);
  });

  test("nothing of the journal goes before a period is final, or when recording stops instead", async () => {
    for (const whenFull of ["drop-oldest-acknowledged", "stop-recording"] as const) {
      const path = join(place.folder, whenFull, "agent.db");
      await open({ maxBytes: 512 * 1024, whenFull, path });
      const facts =
        whenFull === "stop-recording" ? [...days(1), finalMonth(START + DAY_MS)] : days(1);
      await keep(START, facts);
      const { gaps, refusal } = await fillWithRecords(1);
      expect(gaps).toEqual([]);
      expect(refusal).toMatchObject({ ok: false, fault: { code: "STORE_FULL" } });
      if (whenFull !== "stop-recording") await store.close();
    }
  });

  test("it takes commits again when records were delivered", async () => {
    await open({ maxBytes: 512 * 1024 });
    const { last } = await fillWithRecords(1);
    await store.settle(Array.from({ length: 400 }, (_, i) => i + 1));
    await store.settle(Array.from({ length: 200 }, (_, i) => i + 401));
    expect(await keep(START, days(1).slice(0, 100), [record(last + 11)])).toMatchObject({
      ok: true,
    });
  });
});

describe("raw at its size limit", () => {
  test("gives up its oldest days, but not those a start needs", async () => {
    await open({ rawMaxBytes: 3 * 300 * 1024 });
    const gaps: Gap[] = [];
    for (let day = 0; day < 6; day += 1) {
      for (let i = 0; i < 60; i += 1) {
        store.append(cycle(START + day * DAY_MS + i, { text: "y".repeat(3000) + i }));
      }
      const result = await store.commit(
        commitOf(START + day * DAY_MS + 100, { snapshot: `${day}` }),
      );
      expect(result).toMatchObject({ ok: true, snapshotNeeded: false });
      if (result.ok) gaps.push(...result.gaps);
    }
    const left = readdirSync(join(place.folder, "data", "raw"));
    expect(left.at(-1)).toBe("2026-11-28.raw");
    expect(gaps).toHaveLength(6 - left.length);
    expect(gaps[0]).toMatchObject({
      n: 1,
      what: "raw",
      why: "quota",
      to: gaps[0] && gaps[0].from + DAY_MS,
    });
    expect(gaps.length).toBeGreaterThan(1);
  });

  test("within a day it stops, and snapshots stand in", async () => {
    await open({ rawMaxBytes: 100 * 1024 });
    store.append(cycle(START, { text: "z".repeat(200_000) }));
    expect(await keep(START, [])).toMatchObject({
      ok: false,
      snapshotNeeded: true,
      fault: { code: "STORE_FULL" },
    });
    const result = await store.commit(commitOf(START + 1, { snapshot: "s" }));
    expect(result).toMatchObject({ ok: true, gaps: [{ what: "raw", why: "quota", rows: 1 }] });
  });
});

describe("a full disk", () => {
  test("costs the ballast, then raw; both without a word of an error", async () => {
    const { disk, trap } = faultyDisk();
    ({ store } = await openStore(optionsFor(place.folder), createEngine(disk)));
    const ballast = join(place.folder, "data", "agent.ballast");
    expect(existsSync(ballast)).toBe(true);
    let full = true;
    trap.spring = (_, operation) => {
      if (operation === "remove") full = false;
      if (full && operation === "rename") throw diskError("ENOSPC");
    };
    expect(await keep(START, [], [record(1)])).toMatchObject({ ok: true });
    expect(full).toBe(false);
    expect(existsSync(ballast)).toBe(true);
  });
});

describe("what is past its time", () => {
  test("goes, a bit with each minute: raw, aggregates, journal, never a waiting record", async () => {
    await open({ rawKeepMs: DAY_MS, aggregatesKeepMs: DAY_MS, journalKeepMs: 2 * DAY_MS });
    store.append(cycle(START, { status: 1 }));
    await keep(START, [...aggregates(0), ...days(1)], [record(1), record(2, { keep: true })]);
    await store.settle([2]);
    for (let minute = 0; minute < 8; minute += 1) {
      const at = START + 4 * DAY_MS + minute * MINUTE_MS;
      store.append(cycle(at, { status: 1 }));
      expect(await store.commit(commitOf(at, { snapshot: "s" }))).toMatchObject({
        ok: true,
        gaps: [],
      });
    }
    expect(readdirSync(join(place.folder, "data", "raw"))).toEqual(["2026-11-27.raw"]);
    expect(journal().first).toBeUndefined();
    expect((await store.take(0, 10)).map(({ seq }) => seq)).toEqual([1]);
    const reader = openReader(optionsFor(place.folder).path);
    expect(reader.records(0, 10).map(({ seq }) => seq)).toEqual([1]);
    reader.close();
  });
});

/** A reader beside the running store gets back the very facts, inputs and records. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Fact, RecordFact } from "../../../agent/core/fact.ts";
import { emptySums } from "../../../agent/core/window/sums.ts";
import { openStore } from "../../../agent/store/open.ts";
import type { Store } from "../../../agent/store/port.ts";
import { openReader, type Reader } from "../../../agent/store/read.ts";
import {
  commitOf,
  count,
  cycle,
  interval,
  optionsFor,
  plan,
  record,
  START,
  temporary,
} from "./plant.ts";

let place: ReturnType<typeof temporary>;
let store: Store;
let reader: Reader;

beforeEach(async () => {
  place = temporary();
  ({ store } = await openStore(optionsFor(place.folder)));
  reader = openReader(optionsFor(place.folder).path);
});
afterEach(async () => {
  reader.close();
  await store.close();
  place.remove();
});

const keep = async (...facts: Fact[]): Promise<void> => {
  expect(await store.commit(commitOf(START, { facts }))).toMatchObject({ ok: true });
};

const window = (from: number, revision: number, final: boolean): RecordFact => ({
  kind: "record",
  class: "window",
  asset: "press-01",
  time: from + 3_700_000,
  configHash: "sha256:c",
  body: {
    ...{ kind: "hour", from, to: from + 3_600_000, localDate: "2026-11-23", shift: null },
    ...{ revision, final, supersedes: null, by: null, why: null, sums: emptySums() },
  },
});

describe("a reader", () => {
  test("gives the intervals that touch a span, as they were", async () => {
    const other = {
      ...interval(START, START + 9000, "press-02"),
      reason: "8",
      rule: null,
      edgeFrom: null,
    };
    const facts = [interval(START, START + 5000), interval(START + 5000, START + 7000), other];
    await keep(...facts);
    expect([...reader.intervals("press-01", START + 4999, START + 5001)]).toEqual(
      facts.slice(0, 2),
    );
    expect([...reader.intervals("press-01", START + 5000, START + 5001)]).toEqual([facts[1]]);
    expect([...reader.intervals("press-01", START - 9000, START)]).toEqual([]);
    expect([...reader.intervals("press-02", START + 8999, START + 1e9)]).toEqual([other]);
    expect([...reader.intervals("nobody", 0, START + 1e9)]).toEqual([]);
  });

  test("pages through more rows than fit one page", async () => {
    const facts = Array.from({ length: 2500 }, (_, i) =>
      interval(START + i * 10, START + i * 10 + 10),
    );
    await keep(...facts);
    expect([...reader.intervals("press-01", 0, START + 1e9)]).toEqual(facts);
    const counts = Array.from({ length: 2500 }, (_, i) => ({
      ...count(START + (i >> 2), i),
      recipe: `r${i % 4}`,
    }));
    await keep(...counts);
    expect([...reader.counts("press-01", 0, START + 1e9)]).toEqual(counts);
  });

  test("gives counts of a span; bookings of one key add up", async () => {
    await keep(count(START, 3), { ...count(START + 60_000, 4), idealCycleUs: 5, place: "outside" });
    await keep(count(START, 2));
    const [first, second] = [...reader.counts("press-01", START, START + 60_001)];
    expect(first).toEqual(count(START, 5));
    expect(second).toEqual({ ...count(START + 60_000, 4), idealCycleUs: 5, place: "outside" });
    expect([...reader.counts("press-01", START + 1, START + 60_000)]).toEqual([]);
  });

  test("gives the latest revision of each window", async () => {
    const next = START + 3_600_000;
    await keep(window(START, 0, false), window(START, 1, true), window(next, 0, false));
    const found = reader.windows("press-01", "hour", START, next + 1);
    expect(found.map(({ body }) => [body.from, body.revision])).toEqual([
      [START, 1],
      [next, 0],
    ]);
    expect(found[0]).toEqual({
      asset: "press-01",
      time: START + 3_700_000,
      configHash: "sha256:c",
      body: window(START, 1, true).body,
    });
    expect(reader.windows("press-01", "day", START, next)).toEqual([]);
  });

  test("gives inputs but no cycles, records with their state, gaps and heads", async () => {
    store.append(plan(START, "one"));
    store.append(cycle(START, { status: 1 }));
    store.append(plan(START + 5, "two"));
    const records = [
      record(1),
      record(2, { keep: true }),
      record(3, { asset: null, class: "event" }),
    ];
    await store.commit(
      commitOf(START + 9, { records, heads: { "press-01": { hash: "sha256:h", seq: 0 } } }),
    );
    await store.settle([1, 2]);
    await store.park(3, "too large");
    expect(reader.outbox()).toEqual({ depth: 2, oldestAt: START + 1, parked: 1 });
    await store.commit(commitOf(START + 10, { snapshot: "s" }));
    expect([...reader.inputs(START, START + 5)]).toEqual([plan(START, "one")]);
    expect([...reader.inputs(0, START + 6)]).toHaveLength(2);
    expect(reader.records(0, 10).map(({ seq, state, note }) => [seq, state, note])).toEqual([
      [2, "delivered", null],
      [3, "parked", "too large"],
    ]);
    expect(reader.outbox()).toEqual({ depth: 0, oldestAt: null, parked: 1 });
    expect(reader.heads()).toEqual({ "press-01": { hash: "sha256:h", seq: 0 } });
    expect(reader.lastCommitAt()).toBe(START + 10);
    expect(reader.snapshot()).toBe("s");
    expect(reader.gaps()).toEqual([]);
    const sizes = reader.sizes();
    expect(sizes).toEqual(await store.sizes());
    expect(Math.min(...Object.values(sizes))).toBeGreaterThan(0);
  });

  test("needs a store", () => {
    expect(() => openReader("nowhere/agent.db")).toThrow("does not exist");
  });
});
